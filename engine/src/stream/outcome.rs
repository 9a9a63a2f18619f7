//! What became of a segment.

use super::StreamId;
use std::time::Duration;

/// How a segment ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum End {
    /// Flushed, and every frame of it was heard.
    Played,
    /// Cut short by [`Writer::clear`](crate::Writer::clear) or [`Stream::interrupt`](crate::Stream::interrupt).
    Interrupted,
    /// Thrown away: the stream or the session was closed with [`Close::Discard`](crate::Close::Discard), or dropped.
    Discarded,
    /// Never flushed: its stream was closed, or its writer dropped, and what had been accepted was played out.
    Closed,
    /// A shutdown's drain reached its deadline first.
    DeadlineExceeded,
    /// The device went away with some of it, or all of it.
    DeviceLost,
}

/// What became of a segment: how it ended, how much of it was heard, and when.
///
/// With the feature `serde` it serialises, times as seconds. Frames are the stream's own, at [`rate`](Outcome::rate). `pushed == played + discarded`, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
#[must_use]
pub struct Outcome {
    /// The stream it belongs to.
    pub stream: StreamId,
    /// Counts a stream's segments from 0. A stream's outcomes arrive in this order.
    pub segment: u64,
    /// The caller's own number for it, see [`Writer::begin`](crate::Writer::begin).
    pub tag: u64,
    /// How it ended.
    #[cfg_attr(feature = "serde", serde(rename = "outcome"))]
    pub end: End,
    /// Frames accepted.
    pub pushed: u64,
    /// Frames heard: taken by the device and past its latency. Never too many.
    pub played: u64,
    /// Frames accepted and not heard.
    pub discarded: u64,
    /// Frames a second, in Hz.
    pub rate: u32,
    /// When its first frame was heard, on the session's clock. `None`: not one frame was.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::seconds::option::serialize"))]
    pub first_heard: Option<Duration>,
    /// When its last heard frame ended, on the session's clock.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::seconds::option::serialize"))]
    pub last_heard: Option<Duration>,
}
