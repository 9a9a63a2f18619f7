//! Frames from the ring into the block, and the account of them.

use super::{Block, Reader, mix};
use std::ops::Range;

impl Reader {
    pub(super) fn let_decay(&mut self, block: &mut Block<'_>, at: usize) {
        if !self.decay.is_over() {
            self.let_ring(block, self.decay_from..at);
        }
        self.decay.start(self.last, self.fade_frames);
        self.decay_from = at;
        self.last = [0.0; 2];
        self.sounding = false;
    }

    pub(super) fn mix(&mut self, block: &mut Block<'_>, at: usize, frames: usize, up: bool) {
        let width = self.width();
        let Ok(chunk) = self.samples.read_chunk(frames * width) else {
            debug_assert!(false, "these frames were seen");
            return;
        };
        let (level, fade, channels) = (&self.level, &self.fade, block.channels);
        let out = block.span(at..at + frames);
        let (first, second) = chunk.as_slices();
        let split = first.len() / width;
        let (head, tail) = out.split_at_mut(split * channels);
        if level.is_steady() && fade.is_full() && up {
            mix::add(head, channels, first, self.mono, level.value(0));
            mix::add(tail, channels, second, self.mono, level.value(0));
        } else {
            let gains = |offset: usize| {
                let gain = if fade.is_full() && up { 1.0 } else { fade.gain(up, offset) };
                level.value(at + offset).map(|side| side * gain)
            };
            mix::add_shaped(head, channels, first, self.mono, gains);
            mix::add_shaped(tail, channels, second, self.mono, |offset| gains(split + offset));
        }
        let last = if second.is_empty() { first } else { second };
        let gain = if fade.is_full() && up { 1.0 } else { fade.gain(up, frames - 1) };
        let gains = level.value(at + frames - 1).map(|side| side * gain);
        self.last = mix::weigh(&last[last.len() - width..], gains);
        chunk.commit_all();
        self.fade.advance(up, frames);
        self.taken += frames as u64;
        self.has_mixed(at..at + frames);
        self.account(block, at, frames);
    }

    /// What is left of a cut, in a stretch of the block.
    pub(super) fn let_ring(&mut self, block: &mut Block<'_>, frames: Range<usize>) {
        self.has_mixed(frames.start..frames.start + self.decay.left().min(frames.len()));
        let channels = block.channels;
        self.decay.mix(block.span(frames), channels);
    }

    fn has_mixed(&mut self, frames: Range<usize>) {
        if self.mixed.is_empty() {
            self.mixed = frames;
        } else if !frames.is_empty() {
            self.mixed = self.mixed.start.min(frames.start)..self.mixed.end.max(frames.end);
        }
    }

    fn account(&mut self, block: &Block<'_>, at: usize, frames: usize) {
        let before = self.heard.total_rendered();
        self.heard.rendered(block.clock + at as u64, frames as u64);
        if let Some((entry, _)) = self.timeline.current() {
            if entry.rendered == 0 {
                entry.rendered_before = before;
            }
            // Again, where a lost device took the first.
            if entry.first_heard.is_none() {
                entry.first_heard = Some(block.time(at));
            }
            entry.rendered += frames as u64;
            // A callback that comes early says an earlier time; what was heard does not become unheard.
            entry.last_heard = entry.last_heard.max(Some(block.time(at + frames)));
        }
    }

    pub(super) fn skip(&mut self, frames: u64) {
        let samples = usize::try_from(frames).unwrap_or(usize::MAX).saturating_mul(self.width());
        if let Ok(chunk) = self.samples.read_chunk(samples) {
            chunk.commit_all();
            self.taken += frames;
        } else {
            debug_assert!(false, "these frames were seen");
        }
    }
}
