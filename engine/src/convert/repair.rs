//! Samples that would poison a mix, made harmless before they reach it.
//!
//! One NaN in a filter's memory silences a stream for ever, and one in the sum silences all of them. So nothing
//! that is not finite leaves the producer's thread, and nothing so large that a sum of streams could overflow.

use super::sample::Sample;

/// The largest magnitude let through: +48 dBFS. No recording has it; a thousand streams of it still sum far
/// below the largest `f32`.
pub(super) const CEILING: f32 = 256.0;

/// How many samples [`convert`] would change.
///
/// Without their sign, the bits of floats are ordered as their magnitudes are, with infinity and NaN above all
/// others: so one integer comparison finds every case, and the loop vectorises on any processor.
pub(super) fn broken(samples: &[f32]) -> u64 {
    // i32, as baseline x86-64 compares signed lanes only; with the sign bit gone the order is the same.
    const LIMIT: i32 = CEILING.to_bits() as i32;
    // At most a block at a time comes here, so 32 bits hold the count.
    let count: u32 = samples.iter().map(|s| u32::from((s.to_bits() & 0x7fff_ffff) as i32 > LIMIT)).sum();
    u64::from(count)
}

/// Converts `from` into `to`, of the same length: not finite becomes 0.0, too large becomes the ceiling.
/// Says how many samples that changed.
pub(super) fn convert<S: Sample>(from: &[S], to: &mut [f32]) -> u64 {
    for (to, from) in to.iter_mut().zip(from) {
        *to = from.to_f32();
    }
    let broken = if S::SOUND { 0 } else { broken(to) };
    if broken > 0 {
        repair(to);
    }
    broken
}

/// Out of line: the path to it is all but never taken.
#[cold]
fn repair(samples: &mut [f32]) {
    for sample in samples {
        *sample = if sample.is_finite() { sample.clamp(-CEILING, CEILING) } else { 0.0 };
    }
}
