//! Opens an input by what it is: a file, or standard input as WAV or raw PCM.

use std::fs::File;
use std::io;
use std::path::PathBuf;

use symphonia::core::io::MediaSource;

use super::file::FileSource;
use super::pipe::PipeSource;
use super::wav::{self, Header};
use super::{DecodeError, PcmSource, RawFormat};

/// One thing to play.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    /// A sound file.
    File(PathBuf),
    /// Standard input, as WAV.
    Stdin,
    /// Standard input, as samples without a header.
    RawStdin(RawSpec),
}

/// What raw PCM is, since it does not say so itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawSpec {
    /// Frames a second, in Hz.
    pub rate: u32,
    /// Samples a frame.
    pub channels: usize,
    /// How a sample is written.
    pub format: RawFormat,
}

impl Input {
    /// What messages and events call it.
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Stdin | Self::RawStdin(_) => "-".into(),
        }
    }
}

/// Opens an input and reads as far as it takes to know that it can be played.
///
/// Standard input blocks until its header has come.
pub fn open(input: &Input) -> Result<Box<dyn PcmSource>, DecodeError> {
    match input {
        Input::File(path) => {
            let file = File::open(path)?;
            if file.metadata()?.is_dir() {
                return Err(DecodeError::Directory);
            }
            open_source(file, path.extension().and_then(|e| e.to_str()))
        }
        Input::Stdin => {
            let mut stdin = io::stdin();
            let header = wav::read_header(&mut stdin)?;
            Ok(Box::new(PipeSource::new(stdin, header.spec, header.mask, header.bytes)?))
        }
        Input::RawStdin(raw) => Ok(Box::new(PipeSource::new(io::stdin(), *raw, None, None)?)),
    }
}

/// Opens what is in a file; the extension is a hint.
pub fn open_source(
    mut source: impl MediaSource + 'static,
    extension: Option<&str>,
) -> Result<Box<dyn PcmSource>, DecodeError> {
    // A named pipe cannot be read twice.
    if source.is_seekable() {
        // What a pipe's writer left in a file keeps the header of somebody who did not know the length.
        match wav::read_header(&mut source) {
            Ok(Header { spec, mask, bytes: None }) => {
                return Ok(Box::new(PipeSource::new(source, spec, mask, None)?));
            }
            _ => source.rewind()?,
        }
    }
    Ok(Box::new(FileSource::open(Box::new(source), extension)?))
}
