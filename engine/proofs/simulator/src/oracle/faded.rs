//! What must be received of a stream that fades: between the fades the numbers stand as they were written, and the fades are
//! short, and lose and repeat nothing.
//!
//! In a fade a sample is no number any more, and beside it a cut may still decay. So frames are followed where they are exact; from one
//! such place to the next there can have gone no more frames than were received, and none can have come twice.

use super::{
    Finding,
    voice::{Block, Voice},
};
use crate::lane::SCALE;

/// How a fading stream is followed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Fading {
    /// The fade's frames.
    frames: u64,
    /// Frames received since the last that was exact: so many of the stream's may have gone.
    slack: u64,
    /// Frames in succession that were not exact …
    blurred: u64,
    /// … since something was last done to the stream.
    touched: u64,
    was_silent: bool,
    /// The last sample, and how many in succession were each one more than the one before.
    last: f64,
    steps: u64,
}

/// So many steps of one in succession are no accident of a fade.
const SURE: u64 = 4;

impl Fading {
    /// With fades of so many frames.
    pub fn new(frames: u64) -> Self {
        Self { frames, was_silent: true, ..Self::default() }
    }
}

impl Voice {
    /// The stream's channel of a block.
    pub fn follow_faded(
        &mut self,
        samples: impl Iterator<Item = f32>,
        loudest: f64,
        block: Block,
    ) -> Result<(), Finding> {
        if self.touches != self.fading.touched {
            // It may fade out, and in again: of the first frame of that nothing sounds.
            (self.fading.touched, self.fading.blurred) = (self.touches, 0);
            self.fading.slack += 2;
        }
        for (index, sample) in samples.enumerate() {
            if sample == 0.0 {
                (self.fading.was_silent, self.fading.blurred, self.fading.steps) = (true, 0, 0);
                // One that runs dry again and again gets no further than the silent beginning of its fade.
                let trickles =
                    self.segments.get(self.current).is_some_and(|segment| segment.flushed.is_none());
                self.fading.slack += u64::from(trickles);
                continue;
            }
            // The first frame of a fade in is silent.
            self.fading.slack += u64::from(std::mem::take(&mut self.fading.was_silent));
            let scaled = f64::from(sample) * f64::from(SCALE);
            self.fading.steps = if scaled == self.fading.last + 1.0 { self.fading.steps + 1 } else { 0 };
            self.fading.last = scaled;
            let sure = self.fading.steps >= SURE;
            let place = if sure { self.place(scaled, block) } else { None };
            if let Some((segment, frame)) = place {
                self.is_at(segment, frame, block.clock + index as u64);
                (self.fading.slack, self.fading.blurred) = (0, 0);
                continue;
            }
            self.fading.slack += 1;
            self.fading.blurred += 1;
            // One fades out, its decay, another fades in, and it may run dry again and again; where cuts follow each other, decays add up.
            let longest = 16 * (self.fading.frames + 2) + 2 * SURE;
            if self.fading.blurred > longest || !(0.0..=16.0 * loudest).contains(&scaled) {
                let what = format!(
                    "{} frames in succession are no numbers, the last is {scaled}, segment {} stands at {:?}",
                    self.fading.blurred,
                    self.current,
                    self.segments.get(self.current).map(|segment| segment.count),
                );
                return Err(Finding::new("between fades, frames as they were written", what));
            }
        }
        Ok(())
    }

    /// The largest number that it has written.
    pub fn loudest(&self) -> f64 {
        let written = self.accepted + self.offered;
        self.lane.map_or(0.0, |lane| f64::from(lane.number(written.saturating_sub(1))))
    }

    /// Where the stream is, if this sample is one of those that may come next.
    fn place(&self, scaled: f64, block: Block) -> Option<(usize, u64)> {
        let (lane, mut left) = (self.lane?, self.fading.slack);
        for (index, segment) in self.segments.iter().enumerate().skip(self.current) {
            let (at, limit) = (segment.count, self.limit(index));
            let cut = segment.cut.is_some_and(|cut| cut < block.began);
            let reach = (at + left + 1).min(limit);
            // What is cut fades: that it sounds as it was written for long is not expected.
            let found = (at..reach).find(|frame| f64::from(lane.number(segment.base + frame)) == scaled);
            if let Some(frame) = found.filter(|_| !cut) {
                return Some((index, frame));
            }
            if !self.may_be_cut(segment, block) {
                left = left.checked_sub(limit - at)?;
            }
        }
        None
    }

    /// It is there: what lies between has gone in fades, or was cut.
    fn is_at(&mut self, segment: usize, frame: u64, clock: u64) {
        for passed in self.current..segment {
            let voice = &mut self.segments[passed];
            if voice.cut.is_none() && voice.answer.is_none() {
                voice.count = voice.pushed;
            }
        }
        self.current = segment;
        let segment = &mut self.segments[segment];
        segment.count = frame;
        segment.receive(clock);
    }

    /// Whether all of a segment can have been received.
    pub fn may_be_whole(&self, index: usize) -> bool {
        let segment = &self.segments[index];
        index < self.current || segment.pushed.saturating_sub(segment.count) <= self.fading.slack + 1
    }
}
