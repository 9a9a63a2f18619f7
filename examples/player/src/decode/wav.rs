//! Reads a WAV header from something that cannot seek.
//!
//! Programs that write WAV to a pipe cannot know its length when they write the header: they leave 0, 0xFFFFFFFF or (sox)
//! something just below 0x7FFFFFFF there. All mean "until the end".

use std::io::{self, Read};

use super::{DecodeError, RawFormat, RawSpec};

/// What the header says of the bytes that follow it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// Rate, channels and sample format.
    pub spec: RawSpec,
    /// Which speaker each channel is for, where the file says so.
    pub mask: Option<u32>,
    /// Bytes of sound; `None`: until the end.
    pub bytes: Option<u64>,
}

/// The chunks before the sound are small; one beyond this is not a header.
const LARGEST_SKIP: u64 = 64 << 20;

/// Lengths from here on stand for "not known": sox writes 0x7FFFF000, others 0x7FFFFFFF or a little less. Who really has
/// so much loses nothing: it is read to the end all the same.
const UNKNOWN: u32 = 0x7FFF_0000;

const PCM: u16 = 1;
const FLOAT: u16 = 3;
const EXTENSIBLE: u16 = 0xFFFE;

/// Reads up to the first byte of sound.
pub fn read_header(input: &mut impl Read) -> Result<Header, DecodeError> {
    let start: [u8; 12] = bytes(input).map_err(|_| NOT_WAV)?;
    if !matches!(&start[..4], b"RIFF" | b"RF64") || &start[8..] != b"WAVE" {
        return Err(NOT_WAV);
    }
    let mut format = None;
    // RF64 keeps the real length of the sound here, and 0xFFFFFFFF in its place.
    let mut long = None;
    loop {
        let [i0, i1, i2, i3, s0, s1, s2, s3]: [u8; 8] = bytes(input)
            .map_err(|_| DecodeError::Header("the WAV header on standard input ends before the sound"))?;
        let size = u32::from_le_bytes([s0, s1, s2, s3]);
        match &[i0, i1, i2, i3] {
            b"fmt " => format = Some(read_format(input, size)?),
            b"ds64" if size >= 16 => {
                let sizes: [u8; 16] = bytes(input)?;
                let [.., d0, d1, d2, d3, d4, d5, d6, d7] = sizes;
                long = Some(u64::from_le_bytes([d0, d1, d2, d3, d4, d5, d6, d7]));
                skip(input, u64::from(size) - 16)?;
            }
            b"data" => {
                let (spec, mask) =
                    format.ok_or(DecodeError::Header("the WAV on standard input has no format chunk"))?;
                let bytes = match size {
                    u32::MAX => long.filter(|&n| n > 0),
                    0 | UNKNOWN.. => None,
                    n => Some(u64::from(n)),
                };
                return Ok(Header { spec, mask, bytes });
            }
            // Chunks are padded to an even length.
            _ => skip(input, u64::from(size) + u64::from(size % 2))?,
        }
    }
}

const NOT_WAV: DecodeError = DecodeError::Header(
    "standard input is not WAV; for samples without a header give --raw --rate HZ --channels N --format s16le",
);

fn read_format(input: &mut impl Read, size: u32) -> Result<(RawSpec, Option<u32>), DecodeError> {
    if size < 16 {
        return Err(DecodeError::Header("the WAV on standard input has a format chunk that is too short"));
    }
    let b: [u8; 16] = bytes(input)?;
    let mut tag = u16::from_le_bytes([b[0], b[1]]);
    let channels = usize::from(u16::from_le_bytes([b[2], b[3]]));
    let rate = u32::from_le_bytes([b[4], b[5], b[6], b[7]]);
    let bits = u16::from_le_bytes([b[14], b[15]]);
    let mut left = u64::from(size) - 16 + u64::from(size % 2);
    let mut mask = None;
    if tag == EXTENSIBLE && left >= 24 {
        // Size of the extension, valid bits, speaker mask; then a GUID that begins with the real tag.
        let e: [u8; 24] = bytes(input)?;
        mask = Some(u32::from_le_bytes([e[4], e[5], e[6], e[7]])).filter(|&m| m != 0);
        tag = u16::from_le_bytes([e[8], e[9]]);
        left -= 24;
    }
    skip(input, left)?;
    let format = match (tag, bits) {
        (PCM, 8) => RawFormat::U8,
        (PCM, 16) => RawFormat::S16,
        (PCM, 24) => RawFormat::S24,
        (PCM, 32) => RawFormat::S32,
        (FLOAT, 32) => RawFormat::F32,
        (FLOAT, 64) => RawFormat::F64,
        _ => return Err(DecodeError::Header("the WAV on standard input is not plain PCM")),
    };
    if channels == 0 || rate == 0 {
        return Err(DecodeError::Header("the WAV on standard input says no channels or no rate"));
    }
    Ok((RawSpec { rate, channels, format }, mask))
}

fn bytes<const N: usize>(input: &mut impl Read) -> io::Result<[u8; N]> {
    let mut buffer = [0; N];
    input.read_exact(&mut buffer)?;
    Ok(buffer)
}

fn skip(input: &mut impl Read, length: u64) -> Result<(), DecodeError> {
    if length > LARGEST_SKIP {
        return Err(DecodeError::Header("the WAV header on standard input is damaged"));
    }
    let skipped = io::copy(&mut input.take(length), &mut io::sink())?;
    if skipped < length { Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()) } else { Ok(()) }
}

#[cfg(test)]
#[path = "wav_tests.rs"]
mod tests;
