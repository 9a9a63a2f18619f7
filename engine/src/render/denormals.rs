//! Denormal floats flush to zero while the graph runs: a decaying tail then costs no more than silence.

#![allow(unsafe_code)] // The control register is reachable by assembly only.

/// Flush-to-zero and denormals-are-zero, until dropped.
///
/// **Thread**: audio thread; no system call, no allocation.
#[derive(Debug)]
pub(crate) struct FlushDenormals {
    #[allow(dead_code)] // On other processors there is nothing to restore.
    before: u64,
}

#[cfg(target_arch = "x86_64")]
mod register {
    /// FTZ is bit 15, DAZ bit 6 of MXCSR (Intel SDM vol. 1, 10.2.3).
    pub(super) const FLUSH: u64 = 1 << 15 | 1 << 6;

    pub(super) fn get() -> u64 {
        let mut value = 0_u32;
        // SAFETY: stores the 32-bit control register to a live u32.
        unsafe { std::arch::asm!("stmxcsr [{}]", in(reg) &mut value, options(nostack, preserves_flags)) };
        u64::from(value)
    }

    pub(super) fn set(value: u64) {
        let value = value as u32;
        // SAFETY: loads a value read from the same register, with only FTZ and DAZ changed, which change how denormals
        // are treated and nothing else, and are restored. Rust promises nothing for floats in between: it may compute one at
        // compile time with denormals, and the difference is one that nobody hears.
        unsafe {
            std::arch::asm!("ldmxcsr [{}]", in(reg) &value, options(nostack, readonly, preserves_flags))
        };
    }
}

#[cfg(target_arch = "aarch64")]
mod register {
    /// FZ is bit 24 of FPCR (Arm ARM, C5.2.8).
    pub(super) const FLUSH: u64 = 1 << 24;

    pub(super) fn get() -> u64 {
        let value: u64;
        // SAFETY: reads a register.
        unsafe { std::arch::asm!("mrs {}, fpcr", out(reg) value, options(nomem, nostack, preserves_flags)) };
        value
    }

    pub(super) fn set(value: u64) {
        // SAFETY: writes back what was read, with only FZ changed.
        unsafe { std::arch::asm!("msr fpcr, {}", in(reg) value, options(nomem, nostack, preserves_flags)) };
    }
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
mod register {
    pub(super) const FLUSH: u64 = 0;
    pub(super) fn get() -> u64 {
        0
    }
    pub(super) fn set(_: u64) {}
}

impl FlushDenormals {
    pub(crate) fn new() -> Self {
        let before = register::get();
        register::set(before | register::FLUSH);
        Self { before }
    }
}

impl Drop for FlushDenormals {
    fn drop(&mut self) {
        register::set(self.before);
    }
}

#[cfg(all(test, not(loom), any(target_arch = "x86_64", target_arch = "aarch64")))]
mod tests {
    use super::*;
    use std::hint::black_box;

    /// Inside the scope a denormal is zero, as a result and as what is calculated with; outside the caller's arithmetic is as
    /// it was.
    #[test]
    fn denormals_vanish_in_the_scope_only() {
        let (tiny, denormal) = (black_box(f32::MIN_POSITIVE), black_box(1e-40_f32));
        {
            let _scope = FlushDenormals::new();
            assert_eq!(black_box(tiny * 0.5).to_bits(), 0);
            assert_eq!(black_box(denormal * black_box(1e10)).to_bits(), 0);
        }
        assert_ne!(black_box(tiny * black_box(0.5)).to_bits(), 0);
        assert_ne!(black_box(denormal * black_box(1e10)).to_bits(), 0);
    }
}
