//! From f32 to what a file or a sound card stores: scaled by a power of two, rounded to nearest, saturated.
//!
//! The scale is the one that reading divides by, so a sample that came from an integer goes back to the same integer.
//! `as` saturates, and makes silence of what is not a number; dasp's conversions truncate, which is a bias of half a
//! step, and leave saturating to the caller.

/// To signed 16 bits.
pub(super) fn to_i16(sample: f32) -> i16 {
    (sample * 32_768.0).round() as i16
}

/// To signed 24 bits, in the low bits of an `i32`.
pub(super) fn to_i24(sample: f32) -> i32 {
    const FULL: i32 = 1 << 23;
    ((sample * FULL as f32).round() as i32).clamp(-FULL, FULL - 1)
}

/// To signed 32 bits.
#[cfg(any(feature = "cpal", test))]
pub(super) fn to_i32(sample: f32) -> i32 {
    (sample * 2_147_483_648.0).round() as i32
}

/// To unsigned 16 bits, silent at 32,768.
#[cfg(any(feature = "cpal", test))]
pub(super) fn to_u16(sample: f32) -> u16 {
    (to_i16(sample) as u16) ^ 0x8000
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_16_bit_sample_comes_back_as_itself() {
        for sample in i16::MIN..=i16::MAX {
            assert_eq!(to_i16(f32::from(sample) / 32_768.0), sample);
        }
    }

    #[test]
    fn rounding_is_to_nearest_not_toward_zero() {
        assert_eq!((to_i16(0.6 / 32_768.0), to_i16(-0.6 / 32_768.0)), (1, -1));
        assert_eq!((to_i24(0.6 / 8_388_608.0), to_i24(-0.6 / 8_388_608.0)), (1, -1));
        assert_eq!((to_i32(0.6 / 2_147_483_648.0), to_i32(-0.6 / 2_147_483_648.0)), (1, -1));
    }

    #[test]
    fn full_scale_and_beyond_saturate() {
        for loud in [1.0, 1.5, 1e30, f32::INFINITY] {
            assert_eq!((to_i16(loud), to_i16(-loud)), (i16::MAX, i16::MIN));
            assert_eq!((to_i24(loud), to_i24(-loud)), (8_388_607, -8_388_608));
            assert_eq!((to_i32(loud), to_i32(-loud)), (i32::MAX, i32::MIN));
            assert_eq!((to_u16(loud), to_u16(-loud)), (u16::MAX, 0));
        }
    }

    #[test]
    fn what_is_not_a_number_is_silence() {
        assert_eq!(
            (to_i16(f32::NAN), to_i24(f32::NAN), to_i32(f32::NAN), to_u16(f32::NAN)),
            (0, 0, 0, 32_768)
        );
    }
}
