//! The segments that the audio thread knows of, in order: begun, being rendered, rendered and not yet heard.

use crate::stream::{End, sentinel::Sentinel};
use std::{collections::VecDeque, time::Duration};

/// One segment on the audio thread. Positions are engine frames since the stream began.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub(super) id: u64,
    pub(super) epoch: u16,
    pub(super) start: u64,
    /// Source frames before it.
    pub(super) base: u64,
    pub(super) end: Option<Ending>,
    /// Engine frames given to the device.
    pub(super) rendered: u64,
    /// Of those, what a device took with it when it went.
    pub(super) lost: u64,
    /// The stream's rendered frames when its first was rendered; or, of one too short for a frame, when its turn came.
    pub(super) rendered_before: u64,
    pub(super) first_heard: Option<Duration>,
    pub(super) last_heard: Option<Duration>,
    pub(super) started_reported: bool,
    /// Set once nothing more of it will be rendered.
    pub(super) finished: Option<Finished>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Ending {
    pub(super) at: u64,
    /// Source frames.
    pub(super) pushed: u64,
    pub(super) flushed: bool,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Finished {
    pub(super) how: End,
    /// Source frames.
    pub(super) pushed: u64,
}

/// A queue that never grows: a stream has no more segments outstanding than credits.
#[derive(Debug)]
pub(super) struct Timeline {
    entries: VecDeque<Entry>,
    /// How many at the front are finished, and wait to be heard.
    finished: usize,
}

impl Timeline {
    pub(super) fn new(credits: usize) -> Self {
        Self { entries: VecDeque::with_capacity(credits), finished: 0 }
    }

    /// Notes a sentinel.
    pub(super) fn note(&mut self, sentinel: Sentinel) {
        match sentinel {
            Sentinel::Begin { id, epoch, start, base } => {
                debug_assert!(self.entries.len() < self.entries.capacity(), "each entry holds a credit");
                self.entries.push_back(Entry {
                    id,
                    epoch,
                    start,
                    base,
                    end: None,
                    rendered: 0,
                    lost: 0,
                    rendered_before: 0,
                    first_heard: None,
                    last_heard: None,
                    started_reported: false,
                    finished: None,
                });
            }
            // The end of a segment that was interrupted and is settled already has nothing to say.
            Sentinel::End { id, end, pushed, flushed } => {
                if let Some(entry) = self.entries.back_mut().filter(|entry| entry.id == id) {
                    entry.end = Some(Ending { at: end, pushed, flushed });
                }
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The segment that is next to be rendered, and where the one after it starts, if that has begun.
    pub(super) fn current(&mut self) -> Option<(&mut Entry, Option<Next>)> {
        let next =
            self.entries.get(self.finished + 1).map(|next| Next { start: next.start, base: next.base });
        self.entries.get_mut(self.finished).map(|entry| (entry, next))
    }

    /// Whether a segment is behind the current one.
    pub(super) fn following(&self, is_wanted: impl Fn(&Entry) -> bool) -> Option<&Entry> {
        self.entries.iter().skip(self.finished).find(|entry| is_wanted(entry))
    }

    /// The current one is finished; the next becomes current.
    pub(super) fn finish(&mut self, finished: Finished) {
        if let Some(entry) = self.entries.get_mut(self.finished) {
            entry.finished = Some(finished);
            self.finished += 1;
        }
    }

    /// The oldest, and what it was finished with, if it is.
    pub(super) fn oldest(&mut self) -> Option<&mut Entry> {
        self.entries.front_mut()
    }

    pub(super) fn settle_oldest(&mut self) {
        self.entries.pop_front();
        self.finished = self.finished.saturating_sub(1);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter()
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Entry> {
        self.entries.iter_mut()
    }
}

/// Where the segment after the current one begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct Next {
    pub(super) start: u64,
    pub(super) base: u64,
}
