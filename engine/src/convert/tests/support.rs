//! What the tests share: rates, signals, and ways to drive a converter.

use super::super::{Converter, Sample};

/// Every rate that a stream or an engine is promised.
pub(super) const RATES: [u32; 9] = [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000];

/// Every pair of promised rates, source first.
pub(super) fn pairs() -> impl Iterator<Item = (u32, u32)> {
    RATES.into_iter().flat_map(|source| RATES.into_iter().map(move |engine| (source, engine)))
}

/// The pairs whose images and aliases are promised in decibels.
pub(super) const PROMISED: [(u32, u32); 4] =
    [(24_000, 48_000), (48_000, 24_000), (44_100, 48_000), (48_000, 44_100)];

/// One segment in one write, with all the room in the world.
pub(super) fn segment<S: Sample>(converter: &mut Converter, source: &[S]) -> Vec<f32> {
    let mut out = Vec::new();
    let mut sink = |frames: &[f32]| out.extend_from_slice(frames);
    converter.write(source, usize::MAX, &mut sink);
    converter.finish(&mut sink);
    out
}

/// One segment of a converter of its own.
pub(super) fn convert<S: Sample>(
    source_rate: u32,
    engine_rate: u32,
    channels: usize,
    source: &[S],
) -> Vec<f32> {
    segment(&mut Converter::new(source_rate, engine_rate, channels).unwrap(), source)
}

/// Reproducible numbers (xorshift64*), so that a failure can be seen again.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % end
    }

    /// White noise within full scale.
    pub(super) fn noise(&mut self, samples: usize) -> Vec<f32> {
        (0..samples).map(|_| self.below(1 << 24) as f32 / (1 << 23) as f32 - 1.0).collect()
    }
}

/// A mono sine, exact before it is rounded to `f32`. `at` in frames need not be whole.
pub(super) fn sine(hz: f64, rate: u32, amplitude: f64, at: f64) -> f64 {
    amplitude * (std::f64::consts::TAU * hz * at / f64::from(rate)).sin()
}

pub(super) fn bits(samples: &[f32]) -> Vec<u32> {
    samples.iter().map(|s| s.to_bits()).collect()
}
