//! The sample formats that a producer may push.

use dasp::Sample as _;

/// One sample of PCM as a producer has it: `i16`, `i32` or `f32`.
///
/// Full scale is ±1.0 in `f32`, ±2^15 in `i16` and ±2^31 in `i32`; the same sound in each of them comes out the
/// same. An `f32` may go beyond full scale (the mix has headroom); what is not finite becomes silence.
///
/// ```
/// use codetta::Sample;
/// assert_eq!(i16::MIN.to_f32(), -1.0);
/// assert_eq!((1_i32 << 30).to_f32(), 0.5);
/// ```
///
/// Sealed: no other type implements it.
pub trait Sample: sealed::Format {
    /// This sample with full scale at ±1.0. Any thread, wait-free.
    #[must_use]
    fn to_f32(self) -> f32;
}

pub(super) mod sealed {
    /// What conversion has to know of a format beyond a single sample of it.
    pub trait Format: Copy + Send + 'static {
        /// Whether every value is finite and within the ceiling, so that none has to be looked at.
        const SOUND: bool;

        /// The samples themselves where they are `f32` already: then there is nothing to convert.
        fn as_f32(samples: &[Self]) -> Option<&[f32]>;
    }
}

impl Sample for i16 {
    fn to_f32(self) -> f32 {
        self.to_sample()
    }
}

impl Sample for i32 {
    fn to_f32(self) -> f32 {
        self.to_sample()
    }
}

impl Sample for f32 {
    fn to_f32(self) -> f32 {
        self
    }
}

impl sealed::Format for i16 {
    const SOUND: bool = true;

    fn as_f32(_: &[Self]) -> Option<&[f32]> {
        None
    }
}

impl sealed::Format for i32 {
    const SOUND: bool = true;

    fn as_f32(_: &[Self]) -> Option<&[f32]> {
        None
    }
}

impl sealed::Format for f32 {
    const SOUND: bool = false;

    fn as_f32(samples: &[Self]) -> Option<&[f32]> {
        Some(samples)
    }
}
