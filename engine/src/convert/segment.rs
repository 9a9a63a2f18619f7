//! Exactly round(N × out / in) frames for a segment of N, on top of a resampler that knows only blocks.
//!
//! It keeps two counts, source frames taken and engine frames emitted, and one rule: what is owed for the frames
//! taken is never more than `tail` ahead of what was emitted. That rule alone makes a flush always fit in the tail,
//! and lets a writer go on, little by little, however small its room.

use super::block::Block;
use super::length::{most_source_frames, out_frames};
use super::resample::Resample;
use super::sample::Sample;

/// One stream's resampler, and how far into the current segment it is.
#[derive(Debug)]
pub(super) struct Segment {
    resample: Resample,
    source_rate: u32,
    engine_rate: u32,
    channels: usize,
    /// Source frames of this segment so far.
    taken: u64,
    /// Engine frames of this segment so far.
    emitted: u64,
}

impl Segment {
    pub(super) fn new(source_rate: u32, engine_rate: u32, channels: usize) -> Option<Self> {
        let block = Block::between(source_rate, engine_rate)?;
        let resample = Resample::new(block, channels)?;
        Some(Self { resample, source_rate, engine_rate, channels, taken: 0, emitted: 0 })
    }

    /// A whole block may be staged while the filter still holds its delay of the one before; no more is needed to
    /// run the next block, so no more is ever held back.
    pub(super) fn tail_frames(&self) -> usize {
        let block = self.resample.block();
        block.engine + block.delay()
    }

    /// Takes whole frames from the front of `source`; says how many, and how many samples were repaired.
    pub(super) fn write<S: Sample>(
        &mut self,
        source: &[S],
        mut room: usize,
        sink: &mut impl FnMut(&[f32]),
    ) -> (usize, u64) {
        let offered = source.len() / self.channels;
        let (mut taken, mut repaired) = (0, 0);
        loop {
            room -= self.emit(room, sink);
            if self.resample.pending() == 0 && self.resample.vacant() == 0 {
                self.resample.run();
                continue;
            }
            let frames = (offered - taken).min(self.resample.vacant()).min(self.owing_room());
            if frames == 0 {
                return (taken, repaired);
            }
            let samples = taken * self.channels..(taken + frames) * self.channels;
            repaired += self.resample.stage(&source[samples]);
            taken += frames;
            self.taken += frames as u64;
        }
    }

    /// Emits what is owed, and is as new.
    pub(super) fn finish(&mut self, sink: &mut impl FnMut(&[f32])) {
        let due = out_frames(self.taken, self.source_rate, self.engine_rate);
        // Twice at most: the block that was begun, and one of silence to push the last of it out of the filter.
        while self.emitted < due {
            if self.resample.pending() == 0 {
                self.resample.run();
            }
            let left = usize::try_from(due - self.emitted).unwrap_or(usize::MAX);
            self.emit(left, sink);
        }
        self.reset();
    }

    pub(super) fn reset(&mut self) {
        self.resample.reset();
        (self.taken, self.emitted) = (0, 0);
    }

    /// Source frames that can be taken before more than the tail would be owed.
    fn owing_room(&self) -> usize {
        let limit = self.emitted + self.tail_frames() as u64;
        let most = most_source_frames(limit, self.source_rate, self.engine_rate);
        usize::try_from(most.saturating_sub(self.taken)).unwrap_or(usize::MAX)
    }

    /// Hands on what is pending, up to `room` frames; says how many.
    fn emit(&mut self, room: usize, sink: &mut impl FnMut(&[f32])) -> usize {
        let frames = self.resample.pending().min(room);
        if frames > 0 {
            sink(self.resample.take(frames));
            self.emitted += frames as u64;
        }
        frames
    }
}
