//! A branch to another bus.

use super::gain::{Gain, LEVELS};
use crate::graph::{Activity, Audio, Db, Layout, ParamInfo, ParamSpec, Processor, Setup};

/// What of a sound goes to another bus: a [`Gain`](super::Gain) that pictures show as what it is for.
///
/// Connect what is sent to it, and it to the bus. As many channels in as out: the session's, unless
/// [`channels`](Self::channels) says another count. (It is not called `Send`, which would hide Rust's own.)
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct AuxSend(Gain);

impl AuxSend {
    /// −∞ (silence) to 24 dB; 0 dB, all of it, unless set.
    // The gain's own parameter, by its place.
    pub const LEVEL: ParamSpec<AuxSend, Db> = ParamSpec::new(0, "level", LEVELS, 0.0);

    /// At 0 dB.
    ///
    /// **Thread**: any, as for all that builds it.
    pub fn new() -> Self {
        Self::default()
    }

    /// At `level` from the start.
    pub fn level(self, level: Db) -> Self {
        Self(self.0.level(level))
    }

    /// For so many channels instead of the session's.
    pub fn channels(self, channels: usize) -> Self {
        Self(self.0.channels(channels))
    }
}

impl Processor for AuxSend {
    fn name(&self) -> &'static str {
        "send"
    }

    fn params(&self) -> Vec<ParamInfo> {
        self.0.params()
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        self.0.prepare(setup)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        self.0.process(audio)
    }
}
