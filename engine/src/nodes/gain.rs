//! Makes louder and softer.

use super::vector;
use crate::graph::{Activity, Audio, Db, Layout, MAX_FRAMES, ParamInfo, ParamSpec, Processor, Setup, Values};

/// Makes what it hears louder or softer, every channel alike.
///
/// As many channels in as out: the session's, unless [`channels`](Self::channels) says another count. No latency, no
/// tail.
///
/// ```
/// use codetta::{graph::{Db, Setup, Solo}, nodes::Gain};
///
/// let mut gain = Solo::new(Gain::new().level(Db(-20.0)), Setup::new(48_000, 2));
/// let out = gain.process(&[vec![1.0; 3], vec![0.5; 3]]);
/// assert!((out[0][2] - 0.1).abs() < 1e-7 && (out[1][2] - 0.05).abs() < 1e-7);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Gain {
    level: Db,
    channels: Option<usize>,
}

impl Gain {
    /// −∞ (silence) to 24 dB; 0 dB, which changes nothing, unless set.
    pub const LEVEL: ParamSpec<Gain, Db> = ParamSpec::new(0, "level", LEVELS, 0.0);

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

/// What a level may be, in dB: 24 dB is more than any mix should need, and spares ears a slip of a sign.
pub(super) const LEVELS: (f32, f32) = (f32::NEG_INFINITY, 24.0);

impl Processor for Gain {
    fn name(&self) -> &'static str {
        "gain"
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
        apply(audio, level);
        Activity::Sounding
    }
}

/// Multiplies every channel by a level.
#[inline]
pub(super) fn apply(audio: &mut Audio<'_>, level: Values) {
    match level.steady() {
        // To the bit what a multiplication by one is.
        Some(1.0) => {}
        Some(level) => vector::scale(audio, level),
        None => glide(audio, level),
    }
}

/// Every channel by a level that moves: its values are computed once for all of them.
fn glide(audio: &mut Audio<'_>, level: Values) {
    let mut levels = [0.0; MAX_FRAMES];
    let levels = &mut levels[..audio.frames()];
    level.fill(levels);
    for channel in audio.channels() {
        for (sample, level) in channel.iter_mut().zip(&*levels) {
            *sample *= level;
        }
    }
}
