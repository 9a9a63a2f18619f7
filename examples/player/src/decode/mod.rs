//! From bytes to interleaved `f32` frames: files by symphonia, standard input by a reader that never seeks.
//!
//! It stands alone: the fuzz targets (engine/proofs/fuzz) have this folder as a module of theirs.

mod contained;
mod error;
mod file;
mod mixdown;
pub(crate) mod open;
pub(crate) mod pipe;
mod sample;
mod track;
mod wav;

pub use error::DecodeError;
pub use open::{Input, RawSpec, open};
pub use sample::RawFormat;
pub use wav::read_header as wav_header;

/// What a source will give.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spec {
    /// Frames a second, in Hz.
    pub rate: u32,
    /// Samples a frame: 1 or 2. What has more has been mixed down to 2.
    pub channels: usize,
    /// How many frames there will be, where the input says so.
    pub frames: Option<u64>,
    /// Whether [`PcmSource::start_at`] can work.
    pub seekable: bool,
}

/// A source of interleaved frames, read from the beginning to the end. Every sample is a finite number.
pub trait PcmSource: Send {
    /// What it gives; never changes.
    fn spec(&self) -> Spec;

    /// Puts the next frames into `out`, in place of what is there. Nothing in `out` afterwards means the end.
    ///
    /// May block for as long as the input does.
    fn read(&mut self, out: &mut Vec<f32>) -> Result<(), DecodeError>;

    /// Makes `frame` the first one to be read; past the end, the next read says that it is the end.
    ///
    /// For a source from which nothing has been read: of symphonia 0.6.1's readers, MP4 cannot come back from its end, and
    /// FLAC not to its first packet. To go elsewhere, open the input again.
    fn start_at(&mut self, frame: u64) -> Result<(), DecodeError>;

    /// What was wrong with the input although it could be read: packets that did not decode.
    fn damage(&self) -> Option<String> {
        None
    }
}
