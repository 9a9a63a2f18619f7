//! Units of parameters: what the caller says, and what the audio thread computes with.

/// A unit in which a parameter is set.
///
/// **Thread**: any.
pub trait Unit: Copy + Send + Sync + 'static {
    /// As it is written behind a number; empty where a number has no unit.
    const SYMBOL: &'static str;

    /// The unit around a number.
    fn new(number: f32) -> Self;

    /// The number in front of the unit.
    fn number(self) -> f32;

    /// The number that processors compute with: the same, unless the unit is logarithmic.
    fn linear(self) -> f32 {
        self.number()
    }
}

macro_rules! unit {
    ($(#[$doc:meta])* $name:ident, $symbol:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
        pub struct $name(pub f32);

        impl Unit for $name {
            const SYMBOL: &'static str = $symbol;

            fn new(number: f32) -> Self {
                Self(number)
            }

            fn number(self) -> f32 {
                self.0
            }
        }
    };
}

unit!(
    /// Frequency in cycles a second.
    Hz,
    "Hz"
);
unit!(
    /// Time in seconds.
    Seconds,
    "s"
);
unit!(
    /// Quality of a resonance: centre frequency over bandwidth.
    Q,
    ""
);
unit!(
    /// A ratio, such as a compressor's: 4 lets through 1 dB for each 4 dB above the threshold.
    Ratio,
    ":1"
);
unit!(
    /// A position between left (−1) and right (1).
    Position,
    ""
);
unit!(
    /// A factor of amplitude, or a part of a whole.
    Factor,
    ""
);

/// Decibels, of amplitude: −6.02 is a half, and −∞ is silence. Processors see the factor of amplitude.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Db(pub f32);

impl Unit for Db {
    const SYMBOL: &'static str = "dB";

    fn new(number: f32) -> Self {
        Self(number)
    }

    fn number(self) -> f32 {
        self.0
    }

    fn linear(self) -> f32 {
        10_f32.powf(self.0 / 20.0)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    #[test]
    fn decibels_are_of_amplitude() {
        assert_eq!(Db(0.0).linear(), 1.0);
        assert!((Db(-6.0206).linear() - 0.5).abs() < 1e-6);
        assert_eq!(Db(f32::NEG_INFINITY).linear(), 0.0);
    }
}
