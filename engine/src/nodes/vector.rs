//! The loop that most nodes come down to, with wider vectors where the processor has them.
//!
//! The same operations, so the same bits, on every processor: no fused multiply-add. Measured on a chain of 1000 gains,
//! stereo, against the plain loop: 10 ns instead of 11 a node of 64 frames, 17 instead of 21 of 128, 60 instead of 64 of
//! 480.

#![allow(unsafe_code)] // Code built for AVX2 is called once the processor was asked.

use crate::graph::Audio;

/// Multiplies every sample of every channel.
#[inline]
pub(super) fn scale(audio: &mut Audio<'_>, factor: f32) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as was asked one line above.
        return unsafe { scale_avx2(audio, factor) };
    }
    scale_anywhere(audio, factor);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn scale_avx2(audio: &mut Audio<'_>, factor: f32) {
    scale_anywhere(audio, factor);
}

/// Vector code on any target, of the width that the caller is built for.
#[inline(always)]
fn scale_anywhere(audio: &mut Audio<'_>, factor: f32) {
    for channel in audio.channels() {
        for sample in channel {
            *sample *= factor;
        }
    }
}
