//! Files as strangers make them, through the way that `codetta play FILE` takes.

use crate::common::read;
use crate::player::{DecodeError, open::open_source};
use std::io::{self, Cursor, Read, Seek, SeekFrom};
use symphonia::core::io::MediaSource;

/// The names that a file may have: whatever they say, its content decides.
const EXTENSIONS: [&str; 12] =
    ["", "wav", "flac", "mp3", "ogg", "aac", "m4a", "mp4", "aiff", "caf", "opus", "txt"];

/// From the second byte on, this many frames a step.
const STEP: u64 = 331;

/// The first byte is the file's name and whether it can be sought in, the second where to begin, the rest the file.
///
/// What cannot be played is a typed error; what can be is finite samples. It may neither panic nor take long, and the
/// memory that it takes is bounded by the fuzzer's limits.
pub fn decode(bytes: &[u8]) {
    let Some((&[name, from], file)) = bytes.split_first_chunk() else { return };
    let extension = EXTENSIONS.get(usize::from(name & 0x7F)).copied().unwrap_or("").trim();
    let file = Input { bytes: Cursor::new(file.to_vec()), is_seekable: name < 0x80 };
    let Ok(mut source) = open_source(file, Some(extension).filter(|it| !it.is_empty())) else { return };
    assert!(source.spec().rate > 0, "{:?}", source.spec());
    if from > 0 {
        match source.start_at(STEP * u64::from(from)) {
            Ok(()) => assert!(source.spec().seekable),
            Err(DecodeError::Unseekable) => {}
            // To go on, it is opened again.
            Err(_) => return,
        }
    }
    read(&mut *source);
}

/// A file, or a pipe with a name.
struct Input {
    bytes: Cursor<Vec<u8>>,
    is_seekable: bool,
}

impl Read for Input {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.bytes.read(out)
    }
}

impl Seek for Input {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        if self.is_seekable { self.bytes.seek(to) } else { Err(io::ErrorKind::Unsupported.into()) }
    }
}

impl MediaSource for Input {
    fn is_seekable(&self) -> bool {
        self.is_seekable
    }

    fn byte_len(&self) -> Option<u64> {
        self.is_seekable.then_some(self.bytes.get_ref().len() as u64)
    }
}
