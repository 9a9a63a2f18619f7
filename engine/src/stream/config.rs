//! How a stream is set up.

use crate::{
    convert::ConvertError,
    graph::{Node, NodeId, StreamInput},
};
use std::{fmt, time::Duration};

/// A stream's number in its session, never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct StreamId(pub u64);

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "stream {}", self.0)
    }
}

/// What a stream is like: its format, and how much it holds.
///
/// ```
/// use codetta::StreamConfig;
/// use std::time::Duration;
///
/// let voice = StreamConfig::new(24_000, 1).prebuffer(Duration::from_millis(60));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct StreamConfig {
    pub(crate) sample_rate: u32,
    pub(crate) channels: usize,
    pub(crate) buffer: Duration,
    pub(crate) prebuffer: Duration,
    pub(crate) fade: Duration,
    pub(crate) max_segments: usize,
    pub(crate) input: Option<NodeId>,
}

/// Half a second holds a network's hiccup, and is 192 KiB for 48 kHz stereo.
const BUFFER: Duration = Duration::from_millis(500);
/// Two blocks of 10 ms: enough for a producer that is paced like the device.
const PREBUFFER: Duration = Duration::from_millis(20);
/// Long enough to hide the step, short enough to sound immediate.
const FADE: Duration = Duration::from_millis(5);
/// A shutdown waits for the fades.
const LONGEST_FADE: Duration = Duration::from_secs(2);
/// Segments accepted and not yet answered. A speech of 64 sentences can be queued ahead.
const MAX_SEGMENTS: usize = 64;

impl StreamConfig {
    /// Frames of `channels` (1 or 2) samples, `sample_rate` a second.
    pub fn new(sample_rate: u32, channels: usize) -> Self {
        Self {
            sample_rate,
            channels,
            buffer: BUFFER,
            prebuffer: PREBUFFER,
            fade: FADE,
            max_segments: MAX_SEGMENTS,
            input: None,
        }
    }

    /// How much audio it holds before a write says full: 500 ms unless told.
    pub fn buffer(mut self, buffer: Duration) -> Self {
        self.buffer = buffer;
        self
    }

    /// How much must be queued before a segment starts, unless it is flushed before: 20 ms unless told.
    pub fn prebuffer(mut self, prebuffer: Duration) -> Self {
        self.prebuffer = prebuffer;
        self
    }

    /// Length of the fades at interrupt, clear, pause, resume and around an underrun: 5 ms unless told.
    pub fn fade(mut self, fade: Duration) -> Self {
        self.fade = fade;
        self
    }

    /// How many segments may be accepted and not yet answered before a write says full: 64 unless told.
    pub fn max_segments(mut self, segments: usize) -> Self {
        self.max_segments = segments;
        self
    }

    /// Which input of the session's graph it goes into: that of [`Edit::streams`](crate::graph::Edit::streams) unless
    /// told, and also when this one has been removed. The input must be committed before the stream is made.
    pub fn input(mut self, input: &Node<StreamInput>) -> Self {
        self.input = Some(input.id());
        self
    }

    /// Checks what the types cannot.
    pub(crate) fn check(&self) -> Result<(), StreamError> {
        if !(1..=2).contains(&self.channels) {
            return Err(StreamError::Channels { channels: self.channels });
        }
        if !(Duration::from_millis(1)..=Duration::from_secs(600)).contains(&self.buffer) {
            return Err(StreamError::Buffer { buffer: self.buffer });
        }
        if self.prebuffer > self.buffer {
            return Err(StreamError::Prebuffer { prebuffer: self.prebuffer, buffer: self.buffer });
        }
        if self.fade > LONGEST_FADE {
            return Err(StreamError::Fade { fade: self.fade });
        }
        // The epoch in the lifecycle word comes round after 65,536 interrupted segments; far fewer may be outstanding.
        if !(1..=4096).contains(&self.max_segments) {
            return Err(StreamError::Segments { segments: self.max_segments });
        }
        Ok(())
    }
}

/// Why a stream could not be made. Nothing was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// Mono and stereo are taken; mix other layouts down first.
    #[error("a stream has 1 or 2 channels, not {channels}")]
    Channels {
        /// What was asked for.
        channels: usize,
    },
    /// The rate cannot be converted.
    #[error(transparent)]
    Rate(#[from] ConvertError),
    /// 1 ms to 10 minutes.
    #[error("a stream buffers 1 ms to 600 s, not {buffer:?}")]
    Buffer {
        /// What was asked for.
        buffer: Duration,
    },
    /// A segment would never start.
    #[error("a prebuffer of {prebuffer:?} does not fit in a buffer of {buffer:?}")]
    Prebuffer {
        /// What was asked for.
        prebuffer: Duration,
        /// What it has to fit in.
        buffer: Duration,
    },
    /// 0 to 2 s.
    #[error("a fade takes 0 to 2 s, not {fade:?}")]
    Fade {
        /// What was asked for.
        fade: Duration,
    },
    /// 1 to 4096.
    #[error("a stream keeps 1 to 4096 segments, not {segments}")]
    Segments {
        /// What was asked for.
        segments: usize,
    },
    /// Commit it first.
    #[error("{node} is no input of the graph: the edit that adds it must be committed first")]
    NoInput {
        /// What was asked for.
        node: NodeId,
    },
    /// Close one and let it play out, or start the session with a higher `max_streams`.
    #[error("the session has its {max} streams already")]
    TooMany {
        /// The session's maximum.
        max: usize,
    },
    /// The session's device has not rendered for long, and its command queue is full. A retry may help.
    #[error("the audio thread has not taken its last commands yet")]
    Busy,
    /// The session is shut down, or shutting down.
    #[error("the session is closed")]
    Closed,
}
