//! How many frames become how many: whole-number arithmetic, exact for streams of any length.
//!
//! Each count is split into whole seconds and a rest, so that no product leaves 64 bits and nothing is ever
//! rounded twice.

/// Engine frames that a segment of `frames` source frames comes out as: round(frames × engine / source), half up.
///
/// Rates in Hz, both at least 1.
pub(crate) const fn out_frames(frames: u64, source_rate: u32, engine_rate: u32) -> u64 {
    let (source, engine) = (source_rate as u64, engine_rate as u64);
    let rest = (frames % source * engine + source / 2) / source;
    (frames / source).saturating_mul(engine).saturating_add(rest)
}

/// Source frames that lie wholly within the first `frames` engine frames: floor(frames × source / engine).
///
/// It is for positions inside a segment. At its end ask for the segment's own count instead: the length there
/// is rounded, so this may say a frame less, or (at a falling rate) a few more than were pushed.
pub(crate) const fn source_frames(frames: u64, source_rate: u32, engine_rate: u32) -> u64 {
    let (source, engine) = (source_rate as u64, engine_rate as u64);
    let rest = frames % engine * source / engine;
    (frames / engine).saturating_mul(source).saturating_add(rest)
}

/// The most source frames whose [`out_frames`] is not above `limit`.
pub(crate) fn most_source_frames(limit: u64, source_rate: u32, engine_rate: u32) -> u64 {
    // round(n × engine / source) ≤ limit is n × engine / source < limit + ½, in whole numbers:
    let (source, engine) = (u128::from(source_rate), u128::from(engine_rate));
    let below = (2 * u128::from(limit) + 1) * source - 1;
    u64::try_from(below / (2 * engine)).unwrap_or(u64::MAX)
}
