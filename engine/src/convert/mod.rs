//! From what a producer has to what the engine mixes: sample format, rate and length, on the producer's thread.
//!
//! The audio thread only adds `f32` frames at its own rate; all that it takes to get them happens here, where there
//! is time. A segment of N frames comes out as exactly round(N × engine rate / source rate) frames, the same bits
//! whatever came before it and however it was cut into writes.

mod block;
mod length;
mod repair;
mod resample;
mod sample;
mod segment;
#[cfg(test)]
mod tests;

#[cfg(test)]
use length::out_frames;
pub(crate) use length::source_frames;
pub use sample::Sample;
use segment::Segment;

/// Why there is no converter for a stream's format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ConvertError {
    /// A rate outside of what is converted.
    #[error("a sample rate of {rate} Hz is outside of 8000 to 192000 Hz")]
    Rate {
        /// The rate in Hz.
        rate: u32,
    },
    /// Two rates with so long a common period that a block of it would be no real-time block.
    #[error(
        "{source_rate} Hz cannot be resampled to {engine_rate} Hz: their greatest common divisor must be at \
         least 25 Hz; resample to a usual rate first"
    )]
    Ratio {
        /// The stream's rate in Hz.
        source_rate: u32,
        /// The engine's rate in Hz.
        engine_rate: u32,
    },
    /// Neither mono nor stereo.
    #[error("a stream of {channels} channels: only 1 and 2 can be streamed")]
    Channels {
        /// Channels asked for.
        channels: usize,
    },
}

/// Turns one stream's source frames into engine frames, segment by segment.
///
/// Producer thread. Everything is allocated by [`new`](Self::new); nothing else here allocates, locks or waits.
#[derive(Debug)]
pub(crate) struct Converter {
    /// `None`: both rates are the same, and frames pass as they are.
    segment: Option<Box<Segment>>,
    channels: usize,
    repaired: u64,
}

impl Converter {
    /// Samples that pass through the stack at a time: small enough for it, and for the first-level cache. Even, so
    /// that it is whole frames in stereo too.
    const SCRATCH: usize = 512;

    /// A converter from `source_rate` to `engine_rate`, in Hz, for 1 or 2 interleaved channels.
    ///
    /// Any two rates of 8000 to 192000 Hz whose greatest common divisor is at least 25 Hz: so any two of 8, 11.025,
    /// 12, 16, 22.05, 24, 32, 44.1, 48, 88.2, 96, 176.4 and 192 kHz.
    pub(crate) fn new(source_rate: u32, engine_rate: u32, channels: usize) -> Result<Self, ConvertError> {
        if let Some(rate) = [source_rate, engine_rate].into_iter().find(|r| !(8_000..=192_000).contains(r)) {
            return Err(ConvertError::Rate { rate });
        }
        if !(1..=2).contains(&channels) {
            return Err(ConvertError::Channels { channels });
        }
        let segment = if source_rate == engine_rate {
            None
        } else {
            let segment = Segment::new(source_rate, engine_rate, channels)
                .ok_or(ConvertError::Ratio { source_rate, engine_rate })?;
            Some(Box::new(segment))
        };
        Ok(Self { segment, channels, repaired: 0 })
    }

    /// The most engine frames that [`finish`](Self::finish) ever emits. Constant: a ring that always keeps this
    /// much in reserve always has room for a flush.
    pub(crate) fn tail_frames(&self) -> usize {
        self.segment.as_ref().map_or(0, |segment| segment.tail_frames())
    }

    /// Takes source frames from the front of `source` (interleaved; a part of a frame at its end is not looked at)
    /// while that emits no more than `room` engine frames, and says how many source frames it took.
    ///
    /// `sink` gets interleaved whole frames, in one or several calls. Fewer frames than offered are taken only when
    /// all of `room` has been emitted; so who waits for room and comes again always gets on, even where a call takes
    /// nothing. With no room at all it still takes what fits into the tail.
    pub(crate) fn write<S: Sample>(
        &mut self,
        source: &[S],
        room: usize,
        sink: &mut impl FnMut(&[f32]),
    ) -> usize {
        let (taken, repaired) = match &mut self.segment {
            Some(segment) => segment.write(source, room, sink),
            None => {
                let frames = (source.len() / self.channels).min(room);
                (frames, pass(&source[..frames * self.channels], sink))
            }
        };
        self.repaired += repaired;
        taken
    }

    /// Ends the segment: emits the rest of its frames, at most [`tail_frames`](Self::tail_frames), and is as new.
    pub(crate) fn finish(&mut self, sink: &mut impl FnMut(&[f32])) {
        if let Some(segment) = &mut self.segment {
            segment.finish(sink);
        }
    }

    /// Forgets the segment: what was taken and not yet emitted never will be, and the next one starts as new.
    pub(crate) fn reset(&mut self) {
        if let Some(segment) = &mut self.segment {
            segment.reset();
        }
    }

    /// Samples since `new` that were not finite and became silence, or were beyond ±256.0 and became that.
    pub(crate) fn repaired(&self) -> u64 {
        self.repaired
    }
}

/// The same rate on both sides: frames go out as they come in, but for their format. Says how many were repaired.
fn pass<S: Sample>(source: &[S], sink: &mut impl FnMut(&[f32])) -> u64 {
    let mut repaired = 0;
    for source in source.chunks(Converter::SCRATCH) {
        match S::as_f32(source) {
            // Nothing to change: then nothing is copied but by the sink.
            Some(plain) if repair::broken(plain) == 0 => sink(plain),
            _ => {
                let mut scratch = [0.0; Converter::SCRATCH];
                let scratch = &mut scratch[..source.len()];
                repaired += repair::convert(source, scratch);
                sink(scratch);
            }
        }
    }
    repaired
}
