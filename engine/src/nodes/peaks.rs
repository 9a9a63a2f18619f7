//! The greatest magnitude among channels, frame by frame: what linked detectors look at.

use crate::graph::{Audio, Sides};

/// Of the main channels. `peaks` holds zeros before.
pub(super) fn of_main(audio: &mut Audio<'_>, peaks: &mut [f32]) {
    audio.channels().for_each(|channel| raise(channel, peaks));
}

/// Of a side-chain's channels. `peaks` holds zeros before.
pub(super) fn of_side(sides: &Sides<'_>, port: usize, peaks: &mut [f32]) {
    if sides.is_sounding(port) {
        (0..sides.channels(port)).for_each(|channel| raise(sides.channel(port, channel), peaks));
    }
}

fn raise(channel: &[f32], peaks: &mut [f32]) {
    for (peak, sample) in peaks.iter_mut().zip(channel) {
        *peak = peak.max(sample.abs());
    }
}
