//! Samples without a header, of any announced format, from a pipe that gives them in any pieces.

use crate::common::read;
use crate::player::{PcmSource, RawFormat, RawSpec, pipe::PipeSource};
use arbitrary::{Arbitrary, Unstructured};
use std::io::{self, Read};

/// What is said of the bytes.
#[derive(Debug, Arbitrary)]
struct Announced {
    format: u8,
    channels: u16,
    rate: u32,
    mask: Option<u32>,
    length: Option<u32>,
    /// Bytes that come at once, in turns.
    pieces: [u8; 4],
}

/// Some parameters, then the bytes.
///
/// Every whole frame of what was announced comes out once, whatever the pieces; a part of a frame, or less than was
/// announced, is damage that is told.
pub fn raw_pcm(bytes: &[u8]) {
    let mut bytes = Unstructured::new(bytes);
    let Ok(said) = Announced::arbitrary(&mut bytes) else { return };
    let bytes = bytes.take_rest();
    let format = match said.format % 6 {
        0 => RawFormat::U8,
        1 => RawFormat::S16,
        2 => RawFormat::S24,
        3 => RawFormat::S32,
        4 => RawFormat::F32,
        _ => RawFormat::F64,
    };
    // Mostly few: of many, no frame is ever whole.
    let channels = usize::from(if said.channels < 0xF000 { said.channels % 65 } else { said.channels });
    let spec = RawSpec { rate: said.rate, channels, format };
    let open = |pieces| {
        let pipe = Pipe { bytes, pieces, turn: 0 };
        PipeSource::new(pipe, spec, said.mask, said.length.map(u64::from))
    };
    let (Ok(mut source), Ok(mut whole)) = (open(said.pieces), open([0; 4])) else {
        assert_eq!(channels, 0, "no other format is refused");
        return;
    };
    let frame = channels * format.bytes();
    let wanted = said.length.map(|length| length as usize / frame * frame);
    let got = wanted.map_or(bytes.len(), |wanted| wanted.min(bytes.len()));
    let heard = read(&mut source);
    assert_eq!(heard.len(), got / frame * channels.min(2), "each whole frame, {said:?}");
    let is_short = wanted.is_some_and(|wanted| wanted > got) || !got.is_multiple_of(frame);
    assert_eq!(source.damage().is_some(), is_short, "{said:?}");
    let bits = |samples: Vec<f32>| samples.into_iter().map(f32::to_bits).collect::<Vec<_>>();
    assert!(bits(heard) == bits(read(&mut whole)), "the pieces change nothing: {said:?}");
}

/// A pipe that gives so many bytes at once, and now and then is interrupted.
struct Pipe<'a> {
    bytes: &'a [u8],
    pieces: [u8; 4],
    turn: usize,
}

impl Read for Pipe<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let piece = self.pieces[self.turn % 4];
        self.turn += 1;
        match piece {
            0 => self.bytes.read(out),
            255 if self.turn % 4 != 1 => Err(io::ErrorKind::Interrupted.into()),
            n => {
                let most = usize::from(n).min(out.len());
                self.bytes.read(&mut out[..most])
            }
        }
    }
}
