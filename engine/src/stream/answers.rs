//! What the verbs of a stream answer: values that say what happened, closed or not.

use super::Segment;

/// What became of the samples given to a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use]
pub struct Write {
    /// Frames accepted, from the front of the slice. The rest is still the caller's.
    pub frames: usize,
    /// Why it stopped there.
    pub state: WriteState,
}

/// Why a write stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WriteState {
    /// Everything was taken.
    Open,
    /// No more room for now: samples, or segments not yet answered.
    Full,
    /// The open segment was interrupted: this audio would belong to it, and is not wanted. Flush, clear or begin to go
    /// on with the next segment. What was offered is counted, not heard.
    Interrupted,
    /// The stream is closed. Nothing was taken; it is counted.
    Closed,
    /// The slice does not hold whole frames. Nothing was taken.
    Ragged,
}

/// What became of a flush.
#[derive(Debug, Clone)]
#[non_exhaustive]
#[must_use]
pub enum Flush {
    /// The segment is ended, and will be answered.
    Accepted(Segment),
    /// The open segment had been interrupted, and is ended already: this is its handle. The next write begins a new one.
    Interrupted(Segment),
    /// There was nothing to end, which leaves no trace; or it came too late, which is counted.
    Rejected(Rejection),
}

impl Flush {
    /// The segment that this flush ended.
    pub fn accepted(self) -> Option<Segment> {
        match self {
            Self::Accepted(segment) => Some(segment),
            Self::Interrupted(_) | Self::Rejected(_) => None,
        }
    }

    /// The segment that was ended by this flush, or before it by an interruption.
    pub fn segment(self) -> Option<Segment> {
        match self {
            Self::Accepted(segment) | Self::Interrupted(segment) => Some(segment),
            Self::Rejected(_) => None,
        }
    }
}

/// Why a flush ended nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rejection {
    /// Nothing was written since the last flush.
    Nothing,
    /// The stream is closed.
    Closed,
}

/// What became of a clear.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clear {
    /// Everything queued is being discarded, with a fade; the next write starts a new segment.
    Cleared,
    /// Nothing was queued.
    Nothing,
    /// The stream is closed.
    Closed,
}

/// What became of an interruption.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interrupt {
    /// Everything begun before is being discarded, with a fade.
    Interrupted,
    /// Nothing was begun since the last interruption.
    Nothing,
    /// The stream is closed, and discards or has ended.
    Closed,
}

/// How a stream is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Close {
    /// What was accepted is played out.
    Drain,
    /// What was accepted is discarded, with a fade.
    Discard,
}

/// Whether a close came first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// This call closed it, or turned a drain into a discard.
    Now,
    /// It was closed already; counted.
    Already,
}

/// What became of a command to the audio thread. Commands of a session are carried out in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// It is carried out at the start of the next block, or at the frame that was asked for.
    Accepted,
    /// The command queue is full: too many were sent since the last block, or, for a command with a frame, too many wait for
    /// theirs in this session (see [`SessionBuilder::max_commands`](crate::SessionBuilder::max_commands); those of a node that is
    /// removed go with it). Nothing happened.
    Full,
    /// The stream or the session is closed and has ended; counted.
    Closed,
    /// The node is not committed to the graph, or has been removed from it. Nothing happened.
    NotInGraph,
    /// The value is not a number, or out of its range. Nothing happened.
    Invalid,
}
