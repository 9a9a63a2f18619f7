//! Asking the memory early for what will be needed soon.

#![allow(unsafe_code)] // A prefetch takes a pointer.

/// Bytes in one line of the cache.
const LINE: usize = 64;

/// Asks for the first `LINES` lines of a value, or as many as may be its.
#[inline(always)]
pub(crate) fn prefetch<const LINES: usize, T: ?Sized>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let start = std::ptr::from_ref(value).cast::<i8>();
        for line in 0..LINES {
            // SAFETY: a prefetch has no effect that a program can see, wherever it points.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(start.wrapping_add(line * LINE)) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (value, LINE);
}

/// Asks for the lines of samples that will be mixed.
#[inline]
pub(crate) fn prefetch_samples(samples: &[f32]) {
    for line in samples.chunks(LINE / size_of::<f32>()) {
        prefetch::<1, _>(line);
    }
}
