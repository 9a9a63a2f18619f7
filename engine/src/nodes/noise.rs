//! White noise.

use super::gain::{self, LEVELS};
use crate::graph::{Activity, Audio, Db, Layout, ParamInfo, ParamSpec, Processor, Setup};

/// White noise, another in each channel, and the same each time: sample by sample it follows from its seed.
///
/// As many channels as the session has, unless [`channels`](Self::channels) says another count. Its samples are spread
/// evenly over ±1 at 0 dB: so it peaks at full scale, and its RMS is 4.77 dB below. It repeats itself after 2^32
/// frames, which is a day at 48 kHz.
///
/// ```
/// use codetta::{graph::{Setup, Solo}, nodes::Noise};
///
/// let render = || Solo::new(Noise::new(7), Setup::new(48_000, 2)).render(100);
/// assert_eq!(render(), render());
/// assert_ne!(render()[0], render()[1]);
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Noise {
    seed: u32,
    level: Db,
    channels: Option<usize>,
    /// The number of the next frame.
    frame: u32,
}

impl Noise {
    /// −∞ (silence) to 24 dB; 0 dB, which peaks at full scale, unless set.
    pub const LEVEL: ParamSpec<Noise, Db> = ParamSpec::new(0, "level", LEVELS, 0.0);

    /// The noise of a seed, at 0 dB.
    ///
    /// **Thread**: any, as for all that builds it.
    pub fn new(seed: u32) -> Self {
        Self { seed, level: Db(0.0), channels: None, frame: 0 }
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

impl Processor for Noise {
    fn name(&self) -> &'static str {
        "noise"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![Self::LEVEL.info()]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::source(self.channels.unwrap_or(setup.channels)).starts_at(Self::LEVEL, self.level)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let frames = audio.frames() as u32;
        for (index, channel) in audio.channels().enumerate() {
            let key = scatter(self.seed, index as u32);
            for (sample, frame) in channel.iter_mut().zip(0..) {
                *sample = scatter(self.frame.wrapping_add(frame), key) as i32 as f32 * FULL_SCALE;
            }
        }
        self.frame = self.frame.wrapping_add(frames);
        let level = audio.param(Self::LEVEL);
        gain::apply(audio, level);
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.frame = 0;
    }
}

/// From all of `i32` to ±1.
const FULL_SCALE: f32 = 1.0 / (1_u32 << 31) as f32;

/// A number that looks as if drawn, from a place in a row and the row's key. A function of the place, not of what was
/// drawn before: so it needs no loop-carried state, and becomes vector code.
///
/// A Weyl sequence (odd multiples of 2^32 over the golden ratio), scattered by the finaliser of MurmurHash3, with the
/// key put in between its halves, so that rows of two keys are not one row at two places.
#[inline(always)]
fn scatter(place: u32, key: u32) -> u32 {
    let mut bits = place.wrapping_mul(0x9e37_79b9);
    bits = (bits ^ (bits >> 16)).wrapping_mul(0x85eb_ca6b);
    bits = (bits ^ (bits >> 13) ^ key).wrapping_mul(0xc2b2_ae35);
    bits ^ (bits >> 16)
}
