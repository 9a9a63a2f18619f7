//! What is told that a thread becomes real-time, and that it no longer is.

use std::io;

#[cfg(feature = "trap")]
use crate::trap;
#[cfg(feature = "trap")]
pub(crate) use crate::trap::{off, on};
#[cfg(feature = "rtsan")]
pub(crate) use sanitizer::{off, on};

/// Nobody watches, or the allocator, which asks for itself.
#[cfg(not(any(feature = "rtsan", feature = "trap")))]
pub(crate) fn on() {}

/// As [`on`].
#[cfg(not(any(feature = "rtsan", feature = "trap")))]
pub(crate) fn off() {}

/// Whether the checker of this build can watch on this machine: the trap needs a kernel that has it, and a clock that is
/// read without a system call, or every block that looks at the time would end the process.
///
/// # Errors
/// What is missing.
pub fn supported() -> io::Result<()> {
    #[cfg(feature = "trap")]
    trap::supported()?;
    Ok(())
}

#[cfg(feature = "rtsan")]
mod sanitizer {
    #![allow(unsafe_code, reason = "the run-time's entry points are C functions")]

    unsafe extern "C" {
        fn __rtsan_ensure_initialized();
        fn __rtsan_realtime_enter();
        fn __rtsan_realtime_exit();
    }

    pub(crate) fn on() {
        // SAFETY: both take nothing and may be called on any thread; the first only the first time does anything.
        unsafe {
            __rtsan_ensure_initialized();
            __rtsan_realtime_enter();
        }
    }

    pub(crate) fn off() {
        // SAFETY: the run-time counts; this one is for the `on` before it.
        unsafe { __rtsan_realtime_exit() }
    }
}
