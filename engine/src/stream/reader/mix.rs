//! Adding a stream's samples, in place in its ring, to the block.

/// Adds `source` (interleaved, one or two channels) to `out` (interleaved, `channels`), with a gain a side. Channels past
/// the second stay as they are; one channel gets the mean of the sides. Answers what the last frame added.
pub(super) fn add(out: &mut [f32], channels: usize, source: &[f32], mono: bool, gains: [f32; 2]) {
    match (channels, mono) {
        (2, false) => add_stereo(out, source, gains),
        (2, true) => add_mono(out, source, gains),
        _ => add_shaped(out, channels, source, mono, |_| gains),
    }
}

/// Both loops are written so that they become vector code on any target.
fn add_stereo(out: &mut [f32], source: &[f32], [left, right]: [f32; 2]) {
    if left == right {
        for (out, source) in out.iter_mut().zip(source) {
            *out += source * left;
        }
        return;
    }
    for (out, source) in out.chunks_exact_mut(2).zip(source.chunks_exact(2)) {
        out[0] += source[0] * left;
        out[1] += source[1] * right;
    }
}

fn add_mono(out: &mut [f32], source: &[f32], [left, right]: [f32; 2]) {
    for (out, source) in out.chunks_exact_mut(2).zip(source) {
        out[0] += source * left;
        out[1] += source * right;
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
