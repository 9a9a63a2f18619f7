//! The account of a session.

use crate::{
    device::DeviceInfo,
    render::observed::Histogram,
    stream::{Late, Outcome},
};

/// Frames of a session or stream: `pushed == played + discarded`.
///
/// Frames of streams of different rates are added up as they are, each at its own rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Ledger {
    /// Accepted.
    pub pushed: u64,
    /// Heard.
    pub played: u64,
    /// Accepted and not heard.
    pub discarded: u64,
}

impl Ledger {
    pub(crate) fn add(&mut self, outcome: &Outcome) {
        self.pushed += outcome.pushed;
        self.played += outcome.played;
        self.discarded += outcome.discarded;
    }

    /// Whether it balances. It always does; this is what the tests ask.
    pub fn balances(&self) -> bool {
        self.pushed == self.played + self.discarded
    }
}

/// Times that an open segment ran dry and went on later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Underruns {
    /// How often.
    pub episodes: u64,
    /// Silence that it put into segments, in the streams' own frames.
    pub frames: u64,
}

/// What became of everything that a session accepted.
#[derive(Debug, Clone, PartialEq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
#[must_use]
pub struct Report {
    /// `false`: the session is not over (see [`Session::account`](crate::Session::account)), or control could not be
    /// asked in time: this is what was known.
    pub complete: bool,
    /// Every outcome, in the order in which they were settled; each stream's in the order of its segments.
    pub segments: Vec<Outcome>,
    /// Their sum.
    pub ledger: Ledger,
    /// Calls that came after a close.
    pub late: Late,
    /// Open segments that ran dry.
    pub underruns: Underruns,
    /// Faults that the device itself reported.
    pub xruns: u64,
    /// Events that did not fit a receiver.
    pub events_missed: u64,
    /// How long blocks took to render.
    pub render_time: Histogram,
    /// The device that was played to last.
    pub device: DeviceInfo,
}
