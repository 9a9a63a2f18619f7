//! What the processor can do beyond the language: wider vectors where it has them.
//!
//! The same operations in the same order, so the same bits, on every processor: no fused multiply-add.

#![allow(unsafe_code)] // Code built for AVX2 is called once the processor was asked.

/// Adds mono or stereo `source` to stereo `out`, with a gain a side.
pub(super) fn add(out: &mut [f32], source: &[f32], mono: bool, gains: [f32; 2]) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as was asked one line above.
        return unsafe { add_avx2(out, source, mono, gains) };
    }
    add_anywhere(out, source, mono, gains);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_avx2(out: &mut [f32], source: &[f32], mono: bool, gains: [f32; 2]) {
    add_anywhere(out, source, mono, gains);
}

/// The loops are written so that they become vector code on any target, of the width that the caller is built for.
#[inline(always)]
fn add_anywhere(out: &mut [f32], source: &[f32], mono: bool, [left, right]: [f32; 2]) {
    if mono {
        for (out, source) in out.chunks_exact_mut(2).zip(source) {
            out[0] += source * left;
            out[1] += source * right;
        }
    } else if left == right {
        for (out, source) in out.iter_mut().zip(source) {
            *out += source * left;
        }
    } else {
        for (out, source) in out.chunks_exact_mut(2).zip(source.chunks_exact(2)) {
            out[0] += source[0] * left;
            out[1] += source[1] * right;
        }
    }
}
