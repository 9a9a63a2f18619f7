//! One turn of a block: a segment plays, starts, runs out, or is cut.

use super::{Block, Current, Reader, Turn, add, why_cut};
use crate::stream::{End, lifecycle::Word};

impl Reader {
    /// A segment that is to be heard.
    pub(super) fn play(
        &mut self,
        block: &mut Block<'_>,
        at: usize,
        word: Word,
        seen: u64,
        current: Current,
    ) -> Turn {
        // The samples of an ended segment are all there; of an open one, those seen before its sentinels were.
        let until =
            current.end.map_or(seen.min(current.next.map_or(u64::MAX, |next| next.start)), |end| end.at);
        let queued = until.saturating_sub(self.taken);
        if !self.playing {
            let ready =
                current.end.is_some() || queued >= self.prebuffer.max(1) || word.is_closing() && queued > 0;
            if !ready || self.paused && self.fade.is_silent() {
                return Turn::Silent;
            }
            if let Some(turn) = self.wait(block, at) {
                return turn;
            }
            self.start(queued > 0);
        }
        if queued == 0 {
            return self.run_out(block, at, current);
        }
        if self.paused && self.fade.is_silent() {
            return Turn::Silent;
        }
        let up = !self.paused;
        let mut frames = (block.frames - at).min(usize::try_from(queued).unwrap_or(usize::MAX));
        if self.fade.frames_to(up) > 0 {
            frames = frames.min(self.fade.frames_to(up));
        }
        self.mix(block, at, frames, up);
        Turn::Mixed(frames)
    }

    /// A stream that is to start at a frame is silent before it, unless it sounds already.
    fn wait(&self, block: &Block<'_>, at: usize) -> Option<Turn> {
        let left = self.starts_at.saturating_sub(block.clock + at as u64);
        let is_sounding = if at == 0 { self.sounding } else { self.mixed.end == at };
        if left == 0 || is_sounding {
            None
        } else if left >= (block.frames - at) as u64 {
            Some(Turn::Silent)
        } else {
            Some(Turn::Waited(left as usize))
        }
    }

    /// A segment starts, or goes on after it ran dry: the one as it is, the other with a fade in.
    fn start(&mut self, has_samples: bool) {
        match self.starved.take().filter(|_| has_samples) {
            Some(frames) => {
                // The frames first: who sees the episode sees what it cost.
                let published = &self.shared.published.0;
                add(&published.underrun_frames, frames);
                add(&published.underruns, 1);
            }
            // Out of silence; but a fade that is under way goes on across the segments' border.
            None if !self.paused && self.fade.is_silent() => self.fade.set_full(),
            None => {}
        }
        self.playing = true;
    }

    /// Every sample that is there has been mixed.
    pub(super) fn run_out(&mut self, block: &mut Block<'_>, at: usize, current: Current) -> Turn {
        self.playing = false;
        if let Some(end) = current.end {
            self.starved = None;
            let lost = self.timeline.current().is_some_and(|(entry, _)| entry.lost > 0);
            let how = match end.flushed {
                _ if lost => End::DeviceLost,
                true => End::Played,
                false => End::Closed,
            };
            let (now, before) = (Some(block.time(at)), self.heard.total_rendered());
            if let Some((entry, _)) = self.timeline.current().filter(|(entry, _)| entry.rendered == 0) {
                // Too short to come out as a frame: it is heard in passing.
                (entry.first_heard, entry.last_heard) = (now, now);
                entry.rendered_before = before;
            }
            self.timeline.finish(super::timeline::Finished { how, pushed: end.pushed });
            return Turn::Finished;
        }
        // With another behind it, it was cut a moment after this block's look; the next block will see that.
        if current.next.is_none() {
            self.starved = Some(0);
        }
        self.let_decay(block, at);
        self.fade.set_silent();
        Turn::Silent
    }

    /// A segment that is not to be heard any more: fades, and is skipped.
    pub(super) fn cut(
        &mut self,
        block: &mut Block<'_>,
        at: usize,
        word: Word,
        seen: u64,
        current: Current,
        how: End,
    ) -> Turn {
        let until = current.end.map(|end| end.at).or(current.next.map(|next| next.start)).unwrap_or(seen);
        let left = until.saturating_sub(self.taken);
        // Also where the segment before has just ended: the sound goes on across the border.
        let audible = (self.playing || self.sounding && at == 0) && !self.fade.is_silent();
        if audible && left > 0 && !self.next_is_ready(word, seen) {
            self.playing = true;
            let frames = (block.frames - at).min(self.fade.frames_to(false));
            let frames = frames.min(usize::try_from(left).unwrap_or(usize::MAX));
            self.mix(block, at, frames, false);
            return Turn::Mixed(frames);
        }
        if audible {
            self.let_decay(block, at);
        }
        self.playing = false;
        self.starved = None;
        // What is left of the fade is not the next segment's.
        if self.paused {
            self.fade.set_silent()
        } else {
            self.fade.set_full()
        }
        self.skip(left);
        let pushed = match (current.end, current.next) {
            (Some(end), _) => end.pushed,
            (None, Some(next)) => next.base - current.base,
            // Nobody is inside, and whoever enters now sees that this segment is cut: the count is exact.
            (None, None) if !word.is_producing() => word.frames_near(current.base) - current.base,
            (None, None) => return Turn::Silent,
        };
        self.timeline.finish(super::timeline::Finished { how, pushed });
        Turn::Finished
    }

    /// Whether new audio waits behind what is cut: it ends the fade.
    fn next_is_ready(&self, word: Word, seen: u64) -> bool {
        let next = self.timeline.following(|entry| why_cut(entry.epoch, word).is_none());
        !self.paused
            && next.is_some_and(|next| {
                next.end.is_some() || seen.saturating_sub(next.start) >= self.prebuffer.max(1)
            })
    }
}
