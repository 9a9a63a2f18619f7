//! A stream as the oracle knows it, and what the device must receive of it, sample by sample.

use super::{Finding, Heard, faded::Fading, segment::Segment};
use crate::lane::Lane;

/// Something that is told in the end of which nobody knows whether it came in time.
#[derive(Debug, Clone, Default)]
pub struct Voice {
    /// Its place in the mix, if it has one: without, its sound is silence, and only its account is looked at.
    pub lane: Option<Lane>,
    /// Segments answered by credits that it has.
    pub credits: usize,
    /// Every segment that was begun.
    pub segments: Vec<Segment>,
    /// One is open.
    pub open: bool,
    /// The next segment's.
    pub next_tag: u64,
    /// Frames accepted.
    pub accepted: u64,
    /// Frames that a write under way may add.
    pub offered: u64,
    /// Calls under way of which it is not known yet what they do.
    pub busy: u32,
    /// Of those, calls that may cut.
    pub cutting: u32,
    /// Something was begun since the last interruption.
    pub dirty: bool,
    /// That is not known: a write and an interruption met.
    pub dirty_is_vague: bool,
    /// When it was closed.
    pub closed: Option<u64>,
    /// When it was closed so that what is queued is discarded.
    pub discarded: Option<u64>,
    /// Whether it is paused, and when that was said.
    pub paused: (bool, u64),
    /// When it was made.
    pub made: u64,
    /// Nothing is known to be wrong, but a write was cut off by the end of the session: what it had pushed may have sounded.
    pub sealed: bool,
    /// The segment that is received next, and how many of its frames have been.
    pub current: usize,
    /// How it is followed, if it fades.
    pub fading: Fading,
    /// It fades: it is followed between the fades.
    pub fades: bool,
    /// Counts what is done to it that may make it fade.
    pub touches: u64,
    /// Frames received, in all.
    pub received: u64,
    /// Segments answered.
    pub answered: usize,
    /// Frames that those answers say were played.
    pub played: u64,
}

/// Fewer than the engine keeps apart.
const PIECES: usize = 12;

/// The block at hand.
#[derive(Debug, Clone, Copy)]
pub struct Block {
    /// When its callback began.
    pub began: u64,
    /// The output's clock at its first frame.
    pub clock: u64,
    /// The session may be discarding: everything may be cut.
    pub discards: bool,
}

impl Voice {
    /// Segments begun, as far as that is known.
    pub fn begun(&self) -> usize {
        self.segments.len() - usize::from(self.segments.last().is_some_and(|segment| segment.provisional))
    }

    /// Whether a segment may have been cut by now.
    pub(super) fn may_be_cut(&self, segment: &Segment, block: Block) -> bool {
        segment.cut.is_some()
            || segment.answer.is_some()
            || segment.may_be_cut
            || self.cutting > 0
            || self.discarded.is_some()
            || block.discards
    }

    /// Frames of a segment that may sound.
    pub(super) fn limit(&self, index: usize) -> u64 {
        let writes = if index + 1 == self.segments.len() { self.offered } else { 0 };
        self.segments[index].pushed + writes
    }

    /// Whether nothing more of a segment can come.
    fn is_whole(&self, index: usize) -> bool {
        let segment = &self.segments[index];
        !segment.provisional
            && segment.count >= self.limit(index)
            && (segment.flushed.is_some() || index + 1 < self.segments.len() || self.closed.is_some())
    }

    /// Its lane of a block: 0 is silence.
    pub fn follow(&mut self, numbers: impl Iterator<Item = u32>, block: Block) -> Result<(), Finding> {
        let paused = self.paused.0 && self.paused.1 < block.began;
        let mut silent = false;
        for (index, number) in numbers.enumerate() {
            if number != 0 {
                if paused {
                    return Err(Finding::new("sound while paused", format!("number {number}")));
                }
                self.receive(number, index as u64, block)?;
                silent = false;
            } else if !silent {
                silent = true;
                if let Some(finding) = self.should_sound(index, block) {
                    return Err(finding);
                }
            }
        }
        Ok(())
    }

    fn receive(&mut self, number: u32, index: u64, block: Block) -> Result<(), Finding> {
        let Some(lane) = self.lane else { return Ok(()) };
        let discarded = self.discarded.is_some_and(|since| since < block.began);
        let (first, mut barred) = (self.current, None);
        while let Some(segment) = self.segments.get(self.current) {
            let at = segment.count;
            let is_cut = segment.cut.or(segment.answered).is_some_and(|cut| cut < block.began);
            let fits = at < self.limit(self.current) && lane.number(segment.base + at) == number;
            if fits && !is_cut && !discarded {
                let current = self.current;
                self.segments[current].receive(block.clock + index);
                self.received += 1;
                return Ok(());
            }
            if fits {
                barred = Some(self.current);
            }
            if !self.is_whole(self.current) && !self.may_be_cut(segment, block) {
                let expected = lane.number(segment.base + at);
                let rule = "frames lost, repeated or out of order";
                let what = format!(
                    "segment {} goes on with number {expected} at frame {at} of {}, and {number} was received",
                    self.current, segment.pushed
                );
                return Err(Finding::new(rule, what));
            }
            self.current += 1;
        }
        match barred {
            Some(segment) => Err(Finding::new(
                "nothing after a cut",
                format!(
                    "segment {segment} was cut before this block, and number {number} of it was received"
                ),
            )),
            None => Err(Finding::new(
                "a frame that nobody wrote",
                format!("number {number}, expected the next of segment {first}"),
            )),
        }
    }

    /// Its lane of a block in which nothing sounds.
    pub fn is_silent(&mut self, block: Block) -> Result<(), Finding> {
        self.should_sound(0, block).map_or(Ok(()), Err)
    }

    /// What is flushed, and neither cut nor paused, sounds without a gap: its tail too.
    fn should_sound(&mut self, index: usize, block: Block) -> Option<Finding> {
        if self.lane.is_none() || self.fades {
            return None;
        }
        while self.current < self.segments.len() && self.is_whole(self.current) {
            self.current += 1;
        }
        let segment = self.segments.get(self.current)?;
        let flushed = segment.flushed.is_some_and(|at| at < block.began) && segment.pushed > 0;
        let steady =
            !self.paused.0 && self.paused.1 < block.began && self.made < block.began && self.busy == 0;
        if !flushed || !steady || self.may_be_cut(segment, block) {
            return None;
        }
        let (at, pushed) = (segment.count, segment.pushed);
        let what = format!(
            "segment {}, flushed, stands at {at} of {pushed}; silence at frame {index}",
            self.current
        );
        Some(Finding::new("no silence where flushed sound is due", what))
    }

    /// A device went away: what it had not let be heard was not.
    pub fn lose(&mut self, heard: u64, clock: u64) {
        for segment in self.segments.iter_mut().skip(self.answered) {
            let (given, heard) = (segment.before(clock), segment.before(heard));
            segment.lost += given - heard;
            if given > heard {
                segment.lost_after.get_or_insert(heard);
            }
        }
    }

    /// Every frame that is received of it can be told.
    pub fn is_exact(&self) -> bool {
        self.lane.is_some() && !self.fades && !self.sealed
    }

    /// It has sounded in so many pieces that the engine may join some of those that are not heard yet, and then says too
    /// little until the last of those is heard: so it is asked about twice the latency.
    pub fn is_in_pieces(&self, output: &Heard) -> bool {
        let heard = (2 * output.heard).saturating_sub(output.clock);
        let unheard = |segment: &Segment| {
            segment.received.iter().filter(|(start, frames)| start + frames > heard).count()
        };
        // Those that are answered too: of the last, that is, since each that sounded is a piece.
        self.segments.iter().rev().take(8 * PIECES).map(unheard).sum::<usize>() > PIECES
    }

    /// Frames heard of a segment, if the output is heard up to `clock`.
    pub fn heard(&self, index: usize, clock: u64, lost: u64) -> u64 {
        self.segments[index].before(clock).saturating_sub(lost)
    }
}
