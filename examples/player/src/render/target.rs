//! The WAV file that is written.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use hound::{SampleFormat, WavSpec, WavWriter};

use crate::cli::WavArg;

/// Takes interleaved `f32` frames, and writes them as the samples that were asked for.
///
/// They are written beside the file that was asked for, and take its place when they are complete: until then it is as
/// it was, and it stays so where this is dropped.
pub struct Target {
    writer: WavWriter<BufWriter<File>>,
    format: WavArg,
    beside: Option<Beside>,
}

impl Target {
    /// Creates the file beside the one that was asked for. What is no file, such as a device, is written directly.
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
        let (file, beside) = match path.metadata() {
            Ok(metadata) if !metadata.is_file() => (File::create(path)?, None),
            // A new file would take its place all the same, and its owner did not want that.
            Ok(metadata) if metadata.permissions().readonly() => {
                return Err(io::Error::from(io::ErrorKind::PermissionDenied).into());
            }
            there => {
                let (file, beside) = Beside::create(path)?;
                if let Ok(there) = there {
                    file.set_permissions(there.permissions())?;
                }
                (file, Some(beside))
            }
        };
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
        Ok(self.beside.map_or(Ok(()), Beside::rename)?)
    }
}

/// A file that is to take another's place, and is removed if it does not come to that.
struct Beside {
    path: PathBuf,
    target: PathBuf,
}

impl Beside {
    fn create(target: &Path) -> io::Result<(File, Self)> {
        // Through a link: its target is written, and the link stays.
        let target = target.canonicalize().unwrap_or_else(|_| target.into());
        // Of this process only, so that two that render to one target do not write into each other's.
        let mut name = std::ffi::OsString::from(".");
        name.push(target.file_name().unwrap_or_default());
        name.push(format!(".{}.part", std::process::id()));
        let path = target.with_file_name(name);
        let file = File::create_new(&path)?;
        Ok((file, Self { path, target }))
    }

    fn rename(self) -> io::Result<()> {
        fs::rename(&self.path, &self.target)
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        // Gone already where it was renamed; what cannot be removed is hidden, and named after what it was for.
        let _ = fs::remove_file(&self.path);
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
