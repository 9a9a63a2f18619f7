//! Asking the memory early for what will be needed soon.

#![allow(unsafe_code)] // A prefetch takes a pointer.

/// Bytes in one line of the cache.
const LINE: usize = 64;

/// Asks for the lines that hold a value.
#[inline]
pub(crate) fn prefetch<T: ?Sized>(value: &T) {
    #[cfg(target_arch = "x86_64")]
    {
        use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
        let start = std::ptr::from_ref(value).cast::<i8>();
        for offset in (0..size_of_val(value)).step_by(LINE) {
            // SAFETY: a prefetch has no effect that a program can see, and the pointer stays within a live value.
            unsafe { _mm_prefetch::<_MM_HINT_T0>(start.add(offset)) };
        }
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = (value, LINE);
}
