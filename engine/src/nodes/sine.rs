//! A tone.

use super::gain::{self, LEVELS};
use crate::graph::{Activity, Audio, Db, Hz, Layout, ParamInfo, ParamSpec, Processor, Setup};
use std::iter::repeat;

/// A sine that starts at zero and sounds for ever, the same in every channel.
///
/// As many channels as the session has, unless [`channels`](Self::channels) says another count. At 0 dB it peaks at
/// full scale. Its phase goes on through every change of frequency.
///
/// ```
/// use codetta::{graph::{Db, Hz, Setup, Solo}, nodes::Sine};
///
/// let mut sine = Solo::new(Sine::new(Hz(12_000.0)).level(Db(-6.0206)), Setup::new(48_000, 1));
/// let out = sine.render(4);
/// let wanted = [0.0, 0.5, 0.0, -0.5];
/// assert!(out[0].iter().zip(wanted).all(|(out, wanted)| (out - wanted).abs() < 1e-6));
/// ```
#[derive(Debug, Clone)]
#[must_use]
pub struct Sine {
    frequency: Hz,
    level: Db,
    channels: Option<usize>,
    /// In 2^−64 of a turn: whole numbers add up without rounding, and their overflow is a whole turn.
    phase: u64,
}

impl Sine {
    /// 0 to 20,000 Hz; 440 Hz unless set. Above half the sample rate, another tone is heard in its place.
    pub const FREQUENCY: ParamSpec<Sine, Hz> = ParamSpec::new(0, "frequency", (0.0, 20_000.0), 440.0);
    /// −∞ (silence) to 24 dB; 0 dB, a peak of full scale, unless set.
    pub const LEVEL: ParamSpec<Sine, Db> = ParamSpec::new(1, "level", LEVELS, 0.0);

    /// A tone of `frequency`, at 0 dB.
    ///
    /// **Thread**: any, as for all that builds it.
    pub fn new(frequency: Hz) -> Self {
        Self { frequency, level: Db(0.0), channels: None, phase: 0 }
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

impl Default for Sine {
    fn default() -> Self {
        Self::new(Hz(Self::FREQUENCY.info().default))
    }
}

impl Processor for Sine {
    fn name(&self) -> &'static str {
        "sine"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![Self::FREQUENCY.info(), Self::LEVEL.info()]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::source(self.channels.unwrap_or(setup.channels))
            .starts_at(Self::FREQUENCY, self.frequency)
            .starts_at(Self::LEVEL, self.level)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let frequency = audio.param(Self::FREQUENCY);
        let rate = audio.sample_rate();
        let Some(first) = audio.channels().next() else { return Activity::Silent };
        self.phase = match frequency.steady() {
            Some(frequency) => fill(first, self.phase, repeat(step(frequency, rate))),
            None => fill(first, self.phase, frequency.iter().map(|frequency| step(frequency, rate))),
        };
        let level = audio.param(Self::LEVEL);
        spread(audio);
        gain::apply(audio, level);
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.phase = 0;
    }
}

/// Writes the tone from `phase` on; `steps` is how far each frame moves it. Says where it has got.
#[inline(always)]
fn fill(out: &mut [f32], mut phase: u64, steps: impl Iterator<Item = u64>) -> u64 {
    for (out, step) in out.iter_mut().zip(steps) {
        *out = sine((phase >> 32) as u32);
        phase = phase.wrapping_add(step);
    }
    phase
}

/// What a frame adds to the phase, which is less than a turn: of a whole turn, nothing is heard.
fn step(frequency: f32, rate: u32) -> u64 {
    const TURN: f64 = 18_446_744_073_709_551_616.0;
    ((f64::from(frequency) / f64::from(rate)).fract() * TURN) as u64
}

/// The sine of a phase in 2^−32 of a turn.
#[inline(always)]
fn sine(phase: u32) -> f32 {
    const QUARTERS: f32 = 1.0 / (1 << 30) as f32;
    let quarters = phase as i32 as f32 * QUARTERS;
    // Folded at ±1, where a sine turns back.
    let folded = 1.0 - (quarters.abs() - 1.0).abs();
    quarter(folded.copysign(quarters))
}

/// The sine of `x` quarter turns, for −1 to 1; exactly ±1 at its ends.
///
/// The odd polynomial of degree 9 through sin(πx/2)/x at the Chebyshev points of x²: 7·10^−9 off at most, which is less
/// than what `f32` rounds.
#[inline(always)]
pub(super) fn quarter(x: f32) -> f32 {
    let square = x * x;
    let rest = 0.000_151_671_7 * square - 0.004_674_143_6;
    let rest = rest * square + 0.079_689_92;
    let rest = rest * square - 0.645_963_8;
    (rest * square + 1.570_796_4) * x
}

/// Copies the first channel into the others.
pub(super) fn spread(audio: &mut Audio<'_>) {
    let mut channels = audio.channels();
    let Some(first) = channels.next() else { return };
    for channel in channels {
        channel.copy_from_slice(first);
    }
}
