//! Adding a stream's samples, in place in its ring, to the block.

use super::vector;

/// Adds `source` (interleaved, one or two channels) to `out` (interleaved, `channels`), with a gain a side. Channels past
/// the second stay as they are; one channel gets the mean of the sides. Answers what the last frame added.
pub(super) fn add(out: &mut [f32], channels: usize, source: &[f32], mono: bool, gains: [f32; 2]) {
    match (channels, mono) {
        (2, _) => vector::add(out, source, mono, gains),
        _ => add_shaped(out, channels, source, mono, |_| gains),
    }
}

/// As [`add`], with gains that change from frame to frame.
pub(super) fn add_shaped(
    out: &mut [f32],
    channels: usize,
    source: &[f32],
    mono: bool,
    gains: impl Fn(usize) -> [f32; 2],
) {
    let width = if mono { 1 } else { 2 };
    for (index, (out, source)) in out.chunks_exact_mut(channels).zip(source.chunks_exact(width)).enumerate() {
        let [left, right] = weigh(source, gains(index));
        if let [mono] = out {
            *mono += (left + right) * 0.5;
        } else {
            out[0] += left;
            out[1] += right;
        }
    }
}

/// The two sides of one source frame.
pub(super) fn weigh(frame: &[f32], [left, right]: [f32; 2]) -> [f32; 2] {
    match frame {
        [mono] => [mono * left, mono * right],
        _ => [frame[0] * left, frame[1] * right],
    }
}
