//! What a node is told, and when.

use super::ramp::Curve;
use std::time::Duration;

/// When a command is to happen, on the session's frame clock (see [`Session::frame`](crate::Session::frame)).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum When {
    /// At the start of the next block.
    #[default]
    Now,
    /// At this frame, exactly; at the start of the next block if it has been rendered already.
    Frame(u64),
    /// At the frame that is rendered when so much has been rendered since the session started.
    Time(Duration),
}

impl From<u64> for When {
    fn from(frame: u64) -> Self {
        Self::Frame(frame)
    }
}

impl From<Duration> for When {
    fn from(time: Duration) -> Self {
        Self::Time(time)
    }
}

impl When {
    /// The frame; zero is now. Frame 0 is past or now for everybody.
    pub(crate) fn frame(self, rate: u32) -> u64 {
        match self {
            Self::Now => 0,
            Self::Frame(frame) => frame,
            Self::Time(time) => crate::stream::shared::frames(time, rate),
        }
    }
}

/// Where a node is on the audio thread, and which it is: places are used again, numbers are not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct NodeKey {
    pub(crate) slot: u32,
    pub(crate) id: u64,
}

/// What a node is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum NodeOp {
    Ramp { param: u32, to: f32, frames: u32, curve: Curve },
    Trigger { index: u32, value: f32 },
}

/// A command to a node, at a frame of the session's clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct NodeCommand {
    pub(crate) node: NodeKey,
    pub(crate) at: u64,
    pub(crate) op: NodeOp,
}
