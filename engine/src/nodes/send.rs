//! A branch to another bus.

use super::gain::{self, LEVELS};
use crate::graph::{Activity, Audio, Db, Layout, ParamInfo, ParamSpec, Processor, Setup};

/// What of a sound goes to another bus: a [`Gain`](super::Gain) that pictures show as what it is for.
///
/// Connect what is sent to it, and it to the bus. As many channels in as out: the session's, unless
/// [`channels`](Self::channels) says another count. (It is not called `Send`, which would hide Rust's own.)
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct AuxSend {
    level: Db,
    channels: Option<usize>,
}

impl AuxSend {
    /// −∞ (silence) to 24 dB; 0 dB, all of it, unless set.
    pub const LEVEL: ParamSpec<AuxSend, Db> = ParamSpec::new(0, "level", LEVELS, 0.0);

    /// At 0 dB.
    ///
    /// **Thread**: any, as for all that builds it.
    pub fn new() -> Self {
        Self::default()
    }

    /// At `level` from the start.
    pub fn level(self, level: Db) -> Self {
        Self { level, ..self }
    }

    /// For so many channels instead of the session's.
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }
}

impl Processor for AuxSend {
    fn name(&self) -> &'static str {
        "send"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![Self::LEVEL.info()]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        Layout::effect(channels, channels).starts_at(Self::LEVEL, self.level)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let level = audio.param(Self::LEVEL);
        gain::apply(audio, level);
        Activity::Sounding
    }
}
