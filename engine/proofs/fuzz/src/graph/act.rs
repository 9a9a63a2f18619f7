//! What may be done to a graph.

use super::kind::Kind;
use arbitrary::Arbitrary;

/// One act. Nodes go by the order in which they were made, the two ends first, whether they were committed or not.
#[derive(Debug, Clone, Arbitrary)]
pub(super) enum Act {
    /// To the edit at hand; and connected to the output at once, if it is to be heard.
    Add(Kind, bool),
    AddInput,
    Connect {
        from: u8,
        to: u8,
        port: u8,
    },
    Disconnect {
        from: u8,
        to: u8,
        port: u8,
    },
    Remove(u8),
    Commit,
    Abandon,
    Turn {
        node: u8,
        param: u8,
        to: Value,
        over: u16,
        curve: u8,
        at: Option<u16>,
    },
    Trigger {
        node: u8,
        index: u8,
        value: f32,
        at: Option<u16>,
    },
    /// A stream into an input.
    Speak {
        to: u8,
        rate: u8,
        stereo: bool,
    },
    Gain {
        stream: u8,
        db: i8,
        ramp: u8,
    },
    StartAt {
        stream: u8,
        frames: u16,
    },
    Interrupt(u8),
    Render(u16),
    Look,
}

/// A parameter's value: a part of its range, or anything.
#[derive(Debug, Clone, Arbitrary)]
pub(super) enum Value {
    Part(u8),
    Any(f32),
}

impl Value {
    /// In the parameter's unit.
    pub(super) fn within(&self, (low, high): (f32, f32)) -> f32 {
        match *self {
            // −∞ dB is a range's end: then the part is of what can be heard.
            Self::Part(part) => low.max(-100.0) + (high - low.max(-100.0)) * f32::from(part) / 255.0,
            Self::Any(value) => value,
        }
    }
}
