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

/// Samples worked on at once: wide enough for the vector units, and a whole number of frames.
const LANES: usize = 8;

fn add_stereo(out: &mut [f32], source: &[f32], [left, right]: [f32; 2]) {
    let gains: [f32; LANES] = std::array::from_fn(|lane| if lane % 2 == 0 { left } else { right });
    let mut outs = out.chunks_exact_mut(LANES);
    let mut sources = source.chunks_exact(LANES);
    for (out, source) in outs.by_ref().zip(sources.by_ref()) {
        for lane in 0..LANES {
            out[lane] += source[lane] * gains[lane];
        }
    }
    for ((out, source), gain) in outs.into_remainder().iter_mut().zip(sources.remainder()).zip(gains) {
        *out += source * gain;
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
