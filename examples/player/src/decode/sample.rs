//! How samples are written as bytes, and their values as `f32`.

/// One sample's bytes; all little-endian.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RawFormat {
    /// Unsigned 8 bit, the middle at 128: WAV only.
    U8,
    /// Signed 16 bit.
    S16,
    /// Signed 24 bit in 3 bytes: WAV only.
    S24,
    /// Signed 32 bit.
    S32,
    /// 32-bit float, full scale ±1.
    F32,
    /// 64-bit float: WAV only.
    F64,
}

impl RawFormat {
    /// Bytes a sample.
    pub fn bytes(self) -> usize {
        match self {
            Self::U8 => 1,
            Self::S16 => 2,
            Self::S24 => 3,
            Self::S32 | Self::F32 => 4,
            Self::F64 => 8,
        }
    }

    /// Appends the values of whole samples to `out`; bytes of a part of a sample at the end are left out.
    ///
    /// Integers are divided by 2^(bits-1), so that what has 24 bits or fewer comes back bit for bit.
    pub fn decode(self, bytes: &[u8], out: &mut Vec<f32>) {
        match self {
            Self::U8 => out.extend(bytes.iter().map(|&b| (f32::from(b) - 128.0) / 128.0)),
            Self::S16 => each(bytes, out, |b| f32::from(i16::from_le_bytes(b)) / 32_768.0),
            Self::S24 => {
                each(bytes, out, |[a, b, c]| (i32::from_le_bytes([0, a, b, c]) >> 8) as f32 / 8_388_608.0)
            }
            Self::S32 => each(bytes, out, |b| i32::from_le_bytes(b) as f32 / 2_147_483_648.0),
            Self::F32 => each(bytes, out, f32::from_le_bytes),
            Self::F64 => each(bytes, out, |b| f64::from_le_bytes(b) as f32),
        }
    }
}

/// Makes silence of what is no finite number: a float may be any bits, and one NaN in a sum is heard in all of it.
pub fn silence_broken(samples: &mut [f32]) {
    for sample in samples.iter_mut().filter(|sample| !sample.is_finite()) {
        *sample = 0.0;
    }
}

fn each<const N: usize>(bytes: &[u8], out: &mut Vec<f32>, value: impl Fn([u8; N]) -> f32) {
    let (samples, _) = bytes.as_chunks::<N>();
    out.extend(samples.iter().map(|&sample| value(sample)));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(format: RawFormat, bytes: &[u8]) -> Vec<f32> {
        let mut out = Vec::new();
        format.decode(bytes, &mut out);
        out
    }

    /// Full scale down, silence and half up, in every format.
    #[test]
    fn the_same_levels_in_every_format() {
        let levels = [-1.0_f32, 0.0, 0.5];
        assert_eq!(values(RawFormat::U8, &[0, 128, 192]), levels);
        let le = |v: [i32; 3], keep: std::ops::Range<usize>| {
            v.iter().flat_map(|x| x.to_le_bytes()[keep.clone()].to_vec()).collect::<Vec<u8>>()
        };
        let full = [i32::MIN, 0, 1 << 30];
        assert_eq!(values(RawFormat::S16, &le(full, 2..4)), levels);
        assert_eq!(values(RawFormat::S24, &le(full, 1..4)), levels);
        assert_eq!(values(RawFormat::S32, &le(full, 0..4)), levels);
        let floats: Vec<u8> = levels.iter().flat_map(|x| x.to_le_bytes()).collect();
        assert_eq!(values(RawFormat::F32, &floats), levels);
        let doubles: Vec<u8> = levels.iter().flat_map(|x| f64::from(*x).to_le_bytes()).collect();
        assert_eq!(values(RawFormat::F64, &doubles), levels);
    }

    /// Half a sample at the end is not a sample.
    #[test]
    fn a_part_of_a_sample_is_left_out() {
        assert_eq!(values(RawFormat::S16, &[0, 64, 9]), [0.5]);
    }
}
