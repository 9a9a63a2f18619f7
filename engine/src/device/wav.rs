//! A WAV file, written a block at a time.

use std::{
    fmt,
    fs::File,
    io::{self, BufWriter},
    path::{Path, PathBuf},
};

use super::{DeviceError, Format, pcm};

/// How a WAV file stores a sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum WavFormat {
    /// Signed 16 bits.
    Pcm16,
    /// Signed 24 bits.
    Pcm24,
    /// 32-bit float: what was rendered, bit for bit.
    Float32,
}

impl WavFormat {
    fn spec(self, format: Format) -> Option<hound::WavSpec> {
        let (bits_per_sample, sample_format) = match self {
            Self::Pcm16 => (16, hound::SampleFormat::Int),
            Self::Pcm24 => (24, hound::SampleFormat::Int),
            Self::Float32 => (32, hound::SampleFormat::Float),
        };
        let channels = u16::try_from(format.channels).ok().filter(|&channels| channels > 0)?;
        let sample_rate = Some(format.sample_rate).filter(|&rate| rate > 0)?;
        Some(hound::WavSpec { channels, sample_rate, bits_per_sample, sample_format })
    }
}

/// Bytes of samples that one file takes: sizes in a WAV header have 32 bits, and count up to 60 bytes of header too.
const MOST: u64 = u32::MAX as u64 - 60;

/// Writes interleaved f32 to a WAV file.
///
/// Samples are rounded to nearest and saturate; what is not a number becomes silence in the integer formats. The
/// header is made true by [`finish`](Self::finish), [`flush`](Self::flush) and, as well as it can, by dropping.
///
/// **Thread**: any but an audio thread; it blocks on the disk.
///
/// ```
/// use codetta::device::{Format, WavFormat, WavWriter};
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let path = std::env::temp_dir().join(format!("codetta-doc-{}.wav", std::process::id()));
/// let mut wav = WavWriter::create(&path, Format { sample_rate: 48_000, channels: 2 }, WavFormat::Pcm16)?;
/// wav.write(&[0.25, -0.25].repeat(480))?;
/// wav.finish()?;
/// assert_eq!(std::fs::metadata(&path)?.len(), 44 + 480 * 4);
/// # std::fs::remove_file(path)?;
/// # Ok(())
/// # }
/// ```
pub struct WavWriter {
    path: PathBuf,
    hound: hound::WavWriter<BufWriter<File>>,
    format: WavFormat,
    /// Samples that still fit.
    room: u64,
}

impl WavWriter {
    /// Creates the file, or empties the one that is there.
    ///
    /// # Errors
    /// [`DeviceError::File`]: the path cannot be written, or the rate or the channel count (1 to 65,535) is none.
    pub fn create(path: impl AsRef<Path>, format: Format, wav: WavFormat) -> Result<Self, DeviceError> {
        let path = path.as_ref().to_owned();
        let Some(spec) = wav.spec(format) else {
            return Err(DeviceError::File { path, source: io::ErrorKind::InvalidInput.into() });
        };
        let frame = u64::from(spec.channels) * u64::from(spec.bits_per_sample / 8);
        let room = MOST / frame * u64::from(spec.channels);
        match hound::WavWriter::create(&path, spec) {
            Ok(hound) => Ok(Self { path, hound, format: wav, room }),
            Err(error) => Err(failed(&path, error)),
        }
    }

    /// Writes a whole number of frames.
    ///
    /// # Errors
    /// [`DeviceError::File`]: the disk is full or gone; the file would pass 4 GiB, which is all that a WAV file holds
    /// ([`FileTooLarge`](io::ErrorKind::FileTooLarge), nothing of the block is written); or the block ends inside a
    /// frame ([`InvalidInput`](io::ErrorKind::InvalidInput), likewise).
    pub fn write(&mut self, block: &[f32]) -> Result<(), DeviceError> {
        if !block.len().is_multiple_of(usize::from(self.hound.spec().channels)) {
            return Err(self.refuse(io::ErrorKind::InvalidInput));
        }
        let Some(room) = self.room.checked_sub(block.len() as u64) else {
            return Err(self.refuse(io::ErrorKind::FileTooLarge));
        };
        let wrote = match self.format {
            WavFormat::Pcm16 => block.iter().try_for_each(|&s| self.hound.write_sample(pcm::to_i16(s))),
            WavFormat::Pcm24 => block.iter().try_for_each(|&s| self.hound.write_sample(pcm::to_i24(s))),
            WavFormat::Float32 => block.iter().try_for_each(|&s| self.hound.write_sample(s)),
        };
        self.room = room;
        wrote.map_err(|error| failed(&self.path, error))
    }

    /// Makes the file readable as it stands, and goes on.
    ///
    /// # Errors
    /// [`DeviceError::File`].
    pub fn flush(&mut self) -> Result<(), DeviceError> {
        self.hound.flush().map_err(|error| failed(&self.path, error))
    }

    /// Writes what is buffered, and the header.
    ///
    /// # Errors
    /// [`DeviceError::File`]; dropping the writer instead does the same and keeps quiet about it.
    pub fn finish(self) -> Result<(), DeviceError> {
        self.hound.finalize().map_err(|error| failed(&self.path, error))
    }

    fn refuse(&self, kind: io::ErrorKind) -> DeviceError {
        DeviceError::File { path: self.path.clone(), source: kind.into() }
    }
}

impl fmt::Debug for WavWriter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WavWriter")
            .field("path", &self.path)
            .field("format", &self.format)
            .finish_non_exhaustive()
    }
}

fn failed(path: &Path, error: hound::Error) -> DeviceError {
    let source = match error {
        hound::Error::IoError(error) => error,
        other => io::Error::other(other),
    };
    DeviceError::File { path: path.to_owned(), source }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::scratch::Scratch;

    const MONO: Format = Format { sample_rate: 48_000, channels: 1 };

    fn read<S: hound::Sample>(path: &Path) -> Vec<S> {
        hound::WavReader::open(path).unwrap().into_samples().map(Result::unwrap).collect()
    }

    #[test]
    fn each_format_rounds_and_saturates() {
        let file = Scratch::new("formats.wav");
        let block = [0.0, 0.6 / 32_768.0, -0.25, 1.0, -1.5, f32::NAN];

        let mut wav = WavWriter::create(file.path(), MONO, WavFormat::Pcm16).unwrap();
        wav.write(&block).unwrap();
        wav.finish().unwrap();
        assert_eq!(read::<i32>(file.path()), [0, 1, -8_192, 32_767, -32_768, 0]);

        let mut wav = WavWriter::create(file.path(), MONO, WavFormat::Pcm24).unwrap();
        wav.write(&block).unwrap();
        wav.finish().unwrap();
        assert_eq!(read::<i32>(file.path()), [0, 154, -2_097_152, 8_388_607, -8_388_608, 0]);

        let mut wav = WavWriter::create(file.path(), MONO, WavFormat::Float32).unwrap();
        wav.write(&block).unwrap();
        wav.finish().unwrap();
        let bits = |samples: &[f32]| samples.iter().map(|s| s.to_bits()).collect::<Vec<_>>();
        assert_eq!(bits(&read::<f32>(file.path())), bits(&block));
    }

    #[test]
    fn the_header_holds_after_a_drop_and_after_a_flush() {
        let file = Scratch::new("header.wav");
        let mut wav = WavWriter::create(file.path(), MONO, WavFormat::Pcm16).unwrap();
        wav.write(&[0.5; 100]).unwrap();
        wav.flush().unwrap();
        assert_eq!(hound::WavReader::open(file.path()).unwrap().duration(), 100);
        wav.write(&[0.5; 20]).unwrap();
        drop(wav);
        assert_eq!(hound::WavReader::open(file.path()).unwrap().duration(), 120);
    }

    /// The sizes in the header would wrap around.
    #[test]
    fn a_block_past_what_a_wav_file_holds_is_refused_whole() {
        let file = Scratch::new("large.wav");
        let mut wav = WavWriter::create(file.path(), MONO, WavFormat::Pcm16).unwrap();
        wav.room = 10;
        let Err(DeviceError::File { source, .. }) = wav.write(&[0.5; 11]) else { panic!("written") };
        assert_eq!(source.kind(), io::ErrorKind::FileTooLarge);
        wav.write(&[0.5; 10]).unwrap();
        wav.finish().unwrap();
        assert_eq!(hound::WavReader::open(file.path()).unwrap().duration(), 10);
    }

    #[test]
    fn part_of_a_frame_is_refused_and_so_are_no_channels() {
        let file = Scratch::new("ragged.wav");
        let stereo = Format { sample_rate: 48_000, channels: 2 };
        let mut wav = WavWriter::create(file.path(), stereo, WavFormat::Pcm16).unwrap();
        assert!(wav.write(&[0.0; 3]).is_err());
        wav.finish().unwrap();
        let none = Format { sample_rate: 48_000, channels: 0 };
        assert!(WavWriter::create(file.path(), none, WavFormat::Pcm16).is_err());
    }
}
