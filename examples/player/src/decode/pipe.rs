//! PCM from a pipe: read as it comes, never ahead of what is asked for, so that a full engine stops its writer.

use std::io::{ErrorKind, Read};

use super::mixdown::Mixdown;
use super::sample::silence_broken;
use super::{DecodeError, PcmSource, RawSpec, Spec};

/// Bytes asked for at once. A pipe gives what it has, so a live source is not kept waiting for the rest.
const READ: usize = 16 << 10;

/// Samples from a byte stream that cannot seek.
pub struct PipeSource<R> {
    input: R,
    raw: RawSpec,
    mixdown: Option<Mixdown>,
    /// Bytes of sound that are still to come, where a header said so.
    left: Option<u64>,
    frames: Option<u64>,
    /// Bytes read, of which the last may be a part of a frame.
    bytes: Vec<u8>,
    many: Vec<f32>,
    ragged: bool,
}

impl<R: Read + Send> PipeSource<R> {
    /// Reads `bytes` bytes of `raw` samples, or all there are.
    pub fn new(input: R, raw: RawSpec, mask: Option<u32>, bytes: Option<u64>) -> Result<Self, DecodeError> {
        let mixdown = match raw.channels {
            0 => return Err(DecodeError::Header("needs at least one channel")),
            1 | 2 => None,
            n => Some(Mixdown::for_wave(n, mask)),
        };
        let frame = (raw.channels * raw.format.bytes()) as u64;
        let frames = bytes.map(|b| b / frame);
        let (bytes, many) = (Vec::new(), Vec::new());
        Ok(Self { input, raw, mixdown, left: frames.map(|f| f * frame), frames, bytes, many, ragged: false })
    }

    /// Reads once; how many bytes came.
    fn fill(&mut self) -> Result<usize, DecodeError> {
        let kept = self.bytes.len();
        let most = self.left.map_or(READ, |left| READ.min(left.try_into().unwrap_or(READ)));
        self.bytes.resize(kept + most, 0);
        let read = loop {
            match self.input.read(&mut self.bytes[kept..]) {
                Err(e) if e.kind() == ErrorKind::Interrupted => {}
                other => break other,
            }
        };
        self.bytes.truncate(kept + read.as_ref().copied().unwrap_or(0));
        let read = read?;
        self.left = self.left.map(|left| left - read as u64);
        Ok(read)
    }
}

impl<R: Read + Send> PcmSource for PipeSource<R> {
    fn spec(&self) -> Spec {
        Spec { rate: self.raw.rate, channels: self.raw.channels.min(2), frames: self.frames, seekable: false }
    }

    fn read(&mut self, out: &mut Vec<f32>) -> Result<(), DecodeError> {
        out.clear();
        let frame = self.raw.channels * self.raw.format.bytes();
        while self.bytes.len() < frame {
            if self.left == Some(0) || self.fill()? == 0 {
                // A writer that died in the middle of a frame, or before the length it announced.
                self.ragged |= !self.bytes.is_empty() || self.left.is_some_and(|left| left > 0);
                return Ok(());
            }
        }
        let whole = self.bytes.len() / frame * frame;
        match &self.mixdown {
            None => {
                self.raw.format.decode(&self.bytes[..whole], out);
                silence_broken(out);
            }
            Some(mixdown) => {
                self.many.clear();
                self.raw.format.decode(&self.bytes[..whole], &mut self.many);
                silence_broken(&mut self.many);
                mixdown.apply(&self.many, out);
            }
        }
        self.bytes.drain(..whole);
        Ok(())
    }

    fn start_at(&mut self, _frame: u64) -> Result<(), DecodeError> {
        Err(DecodeError::Unseekable)
    }

    fn damage(&self) -> Option<String> {
        self.ragged.then(|| "ends in the middle".into())
    }
}

#[cfg(test)]
mod tests {
    use super::super::RawFormat;
    use super::*;

    const MONO: RawSpec = RawSpec { rate: 8_000, channels: 1, format: RawFormat::S16 };

    /// Gives its bytes a few at a time, as a pipe may.
    struct Trickle(Vec<u8>, usize);

    impl Read for Trickle {
        fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
            let n = self.1.min(buffer.len()).min(self.0.len());
            buffer[..n].copy_from_slice(&self.0[..n]);
            self.0.drain(..n);
            Ok(n)
        }
    }

    fn all(source: &mut dyn PcmSource) -> Vec<f32> {
        let (mut every, mut some) = (Vec::new(), Vec::new());
        loop {
            source.read(&mut some).unwrap();
            if some.is_empty() {
                return every;
            }
            every.extend(&some);
        }
    }

    /// However the bytes are cut, the frames are the same.
    #[test]
    fn the_cuts_of_a_pipe_change_nothing() {
        let bytes: Vec<u8> = (0..64_i16).flat_map(|n| (n * 512).to_le_bytes()).collect();
        let expected: Vec<f32> = (0..64).map(|n| n as f32 / 64.0).collect();
        for step in [1, 3, 7, 128] {
            let mut source = PipeSource::new(Trickle(bytes.clone(), step), MONO, None, None).unwrap();
            assert_eq!(all(&mut source), expected, "{step} bytes at a time");
            assert_eq!(source.damage(), None);
        }
    }

    /// What follows the announced length (tags, often) is not sound.
    #[test]
    fn the_announced_length_is_the_end() {
        let mut source = PipeSource::new(&[0_u8; 100][..], MONO, None, Some(20)).unwrap();
        assert_eq!(source.spec().frames, Some(10));
        assert_eq!(all(&mut source).len(), 10);
    }

    /// All whole frames are played, and then it is said that the end was not the announced one.
    #[test]
    fn an_early_end_is_told_after_its_frames() {
        for (bytes, announced) in [(7, None), (6, Some(8))] {
            let mut source = PipeSource::new(Trickle(vec![0; bytes], 4), MONO, None, announced).unwrap();
            assert_eq!(all(&mut source).len(), 3);
            assert!(source.damage().is_some());
        }
    }

    /// Six channels come out as two.
    #[test]
    fn many_channels_become_two() {
        let surround = RawSpec { channels: 6, ..MONO };
        let mut source = PipeSource::new(&[0_u8; 6 * 2 * 5][..], surround, None, None).unwrap();
        assert_eq!(source.spec().channels, 2);
        assert_eq!(all(&mut source).len(), 10);
    }
}
