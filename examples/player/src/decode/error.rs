//! Why an input could not be played, in words for the person who named it.

use std::io;

use symphonia::core::errors::Error as Symphonia;

/// Why an input could not be played. None of these is cured by a retry.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The file could not be opened or read.
    #[error("{}", plain(.0))]
    Io(#[from] io::Error),
    /// A directory where a file was expected.
    #[error("is a directory")]
    Directory,
    /// No reader took it.
    #[error(
        "not a sound file that can be played here (wav, flac, mp3, ogg vorbis, aac, m4a, alac, aiff, caf)"
    )]
    UnknownFormat,
    /// The container was read; its codec has no decoder here.
    #[error("Opus is not supported; convert it first, for example: ffmpeg -i IN.opus OUT.flac")]
    Opus,
    /// Another codec without a decoder.
    #[error("its codec is not supported ({0})")]
    Codec(String),
    /// A container without sound in it.
    #[error("there is no sound in it")]
    NoSound,
    /// The data break the rules of their format.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The data break the rules of their format, and their decoder was not ready for it.
    #[error("damaged: its decoder failed")]
    Panicked,
    /// Raw or WAV bytes on standard input that are not what was announced.
    #[error("{0}")]
    Header(&'static str),
    /// The input cannot go back, or not to there.
    #[error("cannot seek in it")]
    Unseekable,
}

/// The system's message without its number, which helps nobody on a terminal.
fn plain(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "no such file".into(),
        io::ErrorKind::PermissionDenied => "permission denied".into(),
        io::ErrorKind::UnexpectedEof => "ends in the middle".into(),
        _ => error.to_string(),
    }
}

impl From<Symphonia> for DecodeError {
    fn from(error: Symphonia) -> Self {
        match error {
            Symphonia::IoError(e) => Self::Io(e),
            Symphonia::Unsupported(what) => Self::Codec(what.into()),
            Symphonia::SeekError(_) => Self::Unseekable,
            Symphonia::DecodeError(what) | Symphonia::LimitError(what) => Self::Damaged(what.into()),
            other => Self::Damaged(other.to_string()),
        }
    }
}
