//! The WAV file that is written.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use hound::{SampleFormat, WavSpec, WavWriter};

use crate::beside::Beside;
use crate::cli::WavArg;

/// Takes interleaved `f32` frames, and writes them as the samples that were asked for.
///
/// They take the place of the file that was asked for when they are complete: until then it is as it was, and it stays so
/// where this is dropped.
pub struct Target {
    writer: WavWriter<BufWriter<File>>,
    format: WavArg,
    beside: Beside,
}

impl Target {
    /// Creates the file [beside](Beside) the one that was asked for.
    pub fn create(
        path: &Path,
        sample_rate: u32,
        channels: usize,
        format: WavArg,
    ) -> Result<Self, hound::Error> {
        let (bits_per_sample, sample_format) = match format {
            WavArg::S16 => (16, SampleFormat::Int),
            WavArg::S24 => (24, SampleFormat::Int),
            WavArg::F32 => (32, SampleFormat::Float),
        };
        let channels = u16::try_from(channels).map_err(|_| hound::Error::Unsupported)?;
        let spec = WavSpec { channels, sample_rate, bits_per_sample, sample_format };
        let (file, beside) = Beside::create(path)?;
        Ok(Self { writer: WavWriter::new(BufWriter::new(file), spec)?, format, beside })
    }

    /// Writes frames. Integers are rounded to the nearest, and held at full scale.
    pub fn write(&mut self, samples: &[f32]) -> Result<(), hound::Error> {
        for &sample in samples {
            match self.format {
                WavArg::S16 => self.writer.write_sample(integer(sample, 16))?,
                WavArg::S24 => self.writer.write_sample(integer(sample, 24))?,
                WavArg::F32 => self.writer.write_sample(sample)?,
            }
        }
        Ok(())
    }

    /// Completes the header, and gives the file its name.
    pub fn finish(self) -> Result<(), hound::Error> {
        self.writer.finalize()?;
        Ok(self.beside.rename()?)
    }
}

/// What an integer of 24 bits or fewer was before it was divided by 2^(bits-1), exactly.
fn integer(sample: f32, bits: u32) -> i32 {
    let scale = f64::from(1_u32 << (bits - 1));
    // A conversion by `as` holds at the ends of i32, which are wider, and makes NaN 0.
    (f64::from(sample) * scale).round().clamp(-scale, scale - 1.0) as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every 16-bit value survives the way to float and back.
    #[test]
    fn sixteen_bits_come_back_bit_for_bit() {
        for value in i16::MIN..=i16::MAX {
            assert_eq!(integer(f32::from(value) / 32_768.0, 16), i32::from(value));
        }
    }

    /// Too loud is full scale; what is no number is silence.
    #[test]
    fn too_loud_is_full_scale() {
        assert_eq!(integer(1.5, 16), 32_767);
        assert_eq!(integer(-7.0, 24), -8_388_608);
        assert_eq!(integer(f32::NAN, 16), 0);
    }
}
