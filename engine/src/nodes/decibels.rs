//! Logarithms and powers of two that vectorise, and are the same bits on every machine.

use std::f32::consts::{LN_2, LOG2_E, SQRT_2};

/// Octaves of amplitude in a decibel: log₂ 10 / 20.
#[cfg(all(test, not(loom)))]
const OCTAVES_PER_DB: f32 = std::f32::consts::LOG2_10 / 20.0;

/// The logarithm to base 2 of a magnitude, within 10⁻⁶; of zero some −127, and so on: it is finite for everything.
///
/// log₂(2ⁿ·m) = n + 2/ln 2 · artanh((m − 1)/(m + 1)), with m from √½ to √2 and the first four terms of the series.
pub(super) fn log2(magnitude: f32) -> f32 {
    // Half an octave up and down again, so that m is around 1.
    let bits = magnitude.abs().to_bits() as i32;
    let exponent = (bits.wrapping_sub((SQRT_2 * 0.5).to_bits() as i32)) >> 23;
    let m = f32::from_bits((bits - (exponent << 23)) as u32);
    let t = (m - 1.0) / (m + 1.0);
    let square = t * t;
    let series = t * (1.0 + square * (1.0 / 3.0 + square * (1.0 / 5.0 + square * (1.0 / 7.0))));
    exponent as f32 + 2.0 * LOG2_E * series
}

/// Two to the power of −126 to 126, within 10⁻⁶ of itself; exactly 1 for 0.
///
/// 2ˣ = 2ⁿ·exp(ln 2 · f), with f from −½ to ½ and the exponential's series up to the sixth power.
pub(super) fn exp2(power: f32) -> f32 {
    /// Adding it pushes what is behind the point out of the mantissa: the nearest whole number stays.
    const ROUND: f32 = 12_582_912.0;
    let power = power.clamp(-126.0, 126.0);
    let whole = (power + ROUND) - ROUND;
    let x = (power - whole) * LN_2;
    let high = 1.0 / 6.0 + x * (1.0 / 24.0 + x * (1.0 / 120.0 + x * (1.0 / 720.0)));
    let series = 1.0 + x * (1.0 + x * (0.5 + x * high));
    // No fraction is left, and it is small: converting cannot be off.
    f32::from_bits((series.to_bits() as i32 + ((whole as i32) << 23)) as u32)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Both are within a hundred-thousandth of a decibel, from the least number to the greatest.
    #[test]
    fn they_are_right() {
        let mut x = f32::MIN_POSITIVE;
        while x < f32::MAX / 1.01 {
            let right = f64::from(x).log2();
            assert!((f64::from(log2(x)) - right).abs() < 1e-6 + right.abs() * 1e-7, "{x}");
            x *= 1.01;
        }
        for index in -12_500..=12_500 {
            let power = index as f32 / 100.0;
            let right = f64::from(power).exp2();
            assert!(
                (f64::from(exp2(power)) / right - 1.0).abs() < 1e-6 + f64::from(power.abs()) * 1e-8,
                "{power}"
            );
        }
        assert_eq!((exp2(0.0), log2(1.0), log2(8.0)), (1.0, 0.0, 3.0));
        assert!((log2(10_f32.powf(6.0 / 20.0)) / OCTAVES_PER_DB - 6.0).abs() < 1e-5);
    }

    /// Whatever is put in, a finite number comes out.
    #[test]
    fn they_are_finite() {
        for x in [0.0, -0.0, f32::MIN_POSITIVE / 2.0, f32::MAX, f32::INFINITY, f32::NAN] {
            assert!(log2(x).is_finite(), "{x}");
        }
        for x in [f32::MIN, -127.0, 127.0, f32::MAX] {
            assert!(exp2(x).is_finite() && exp2(x) > 0.0, "{x}");
        }
    }
}
