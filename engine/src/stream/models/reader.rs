//! The audio thread's side, as `reader/mod.rs` and `reader/settle.rs` order it; what is mixed is heard at once.

use super::{
    producer::Half,
    ring::{Receiver, Sender},
};
use crate::{
    stream::{
        End, Settlement,
        lifecycle::{Reason, Word, is_stale},
        reader::end_of,
        sentinel::Sentinel,
    },
    sync::Ordering,
};
use std::{collections::VecDeque, sync::Arc, time::Duration};

pub(super) struct Reader {
    pub(super) half: Arc<Half>,
    samples: Receiver<u64>,
    sentinels: Receiver<Sentinel>,
    settlements: Sender<Settlement>,
    timeline: VecDeque<Entry>,
    credits: usize,
    taken: u64,
    played: u64,
    /// What the word counted when it first said that nobody may come in any more.
    closed_with: Option<u64>,
    over: bool,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    id: u64,
    epoch: u16,
    start: u64,
    base: u64,
    end: Option<Ending>,
    played: u64,
}

#[derive(Debug, Clone, Copy)]
struct Ending {
    at: u64,
    pushed: u64,
    flushed: bool,
}

impl Reader {
    pub(super) fn new(
        half: Arc<Half>,
        samples: Receiver<u64>,
        sentinels: Receiver<Sentinel>,
        settlements: Sender<Settlement>,
        credits: u64,
    ) -> Self {
        Self {
            half,
            samples,
            sentinels,
            settlements,
            timeline: VecDeque::new(),
            credits: credits as usize,
            taken: 0,
            played: 0,
            closed_with: None,
            over: false,
        }
    }

    /// As `Reader::look` and `Reader::render`. `false`: over; a reader that is over has gone home and renders no more.
    pub(super) fn render(&mut self, frames: u64) -> bool {
        if self.over {
            return false;
        }
        // The order of these three is the proof: see `look` in the real one.
        let word = self.half.life.read();
        let seen = self.taken + self.samples.slots();
        let sentinels_seen = self.sentinels.slots();

        self.note_sentinels(sentinels_seen);

        self.watch_the_count(word);
        self.turn_through(frames, word, seen);
        // Release, as `publish`.
        self.half.played.store(self.played, Ordering::Release);
        self.over = word.nothing_more_comes() && self.timeline.is_empty();
        !self.over
    }

    /// Nothing is accepted once the stream is closing and nobody inside.
    fn watch_the_count(&mut self, word: Word) {
        if word.is_closing() && !word.is_producing() {
            let accepted = word.frames_near(0);
            assert_eq!(*self.closed_with.get_or_insert(accepted), accepted, "accepted after the close");
        }
    }

    fn note_sentinels(&mut self, count: u64) {
        for _ in 0..count {
            match self.sentinels.pop() {
                Some(Sentinel::Begin { id, epoch, start, base }) => {
                    assert!(self.timeline.len() < self.credits, "each entry holds a credit");
                    self.timeline.push_back(Entry { id, epoch, start, base, end: None, played: 0 });
                }
                Some(Sentinel::End { id, end, pushed, flushed }) => {
                    if let Some(entry) = self.timeline.back_mut().filter(|entry| entry.id == id) {
                        entry.end = Some(Ending { at: end, pushed, flushed });
                    }
                }
                None => panic!("it was counted"),
            }
        }
    }

    fn turn_through(&mut self, frames: u64, word: Word, seen: u64) {
        let mut left = frames;
        while let Some(&entry) = self.timeline.front() {
            let next = self.timeline.get(1).copied();
            let finished = match why_cut(entry.epoch, word) {
                Some(how) => self.cut(how, word, seen, entry, next),
                None => self.play(&mut left, seen, entry, next),
            };
            if !finished {
                break;
            }
        }
    }

    fn play(&mut self, left: &mut u64, seen: u64, entry: Entry, next: Option<Entry>) -> bool {
        let until = entry.end.map_or(seen.min(next.map_or(u64::MAX, |next| next.start)), |end| end.at);
        let frames = until.saturating_sub(self.taken).min(*left);
        for _ in 0..frames {
            assert_eq!(self.samples.pop(), Some(entry.id), "a frame of another segment is counted to this");
        }
        if frames > 0 && entry.played == 0 {
            self.report(Settlement::Started { id: entry.id, at: Duration::ZERO });
        }
        *left -= frames;
        self.taken += frames;
        self.played += frames;
        let entry = &mut self.timeline[0];
        entry.played += frames;
        match entry.end.filter(|end| end.at == self.taken) {
            Some(end) => {
                self.finish(if end.flushed { End::Played } else { End::Closed }, end.pushed);
                true
            }
            None => false,
        }
    }

    fn cut(&mut self, how: End, word: Word, seen: u64, entry: Entry, next: Option<Entry>) -> bool {
        let until = entry.end.map(|end| end.at).or(next.map(|next| next.start)).unwrap_or(seen);
        while self.taken < until {
            assert_eq!(self.samples.pop(), Some(entry.id), "a frame of another segment is thrown away");
            self.taken += 1;
        }
        let pushed = match (entry.end, next) {
            (Some(end), _) => end.pushed,
            (None, Some(next)) => next.base - entry.base,
            (None, None) if !word.is_producing() => word.frames_near(entry.base) - entry.base,
            (None, None) => return false,
        };
        self.finish(how, pushed);
        true
    }

    /// As `Reader::settle_all`: control, in the renderer's place, with the word that sealed the books.
    pub(super) fn settle_all(&mut self, word: Word, reason: Reason) {
        let count = self.sentinels.slots();
        self.note_sentinels(count);
        while let Some(&entry) = self.timeline.front() {
            let accepted = word.frames_near(entry.base).saturating_sub(entry.base);
            let next = self.timeline.get(1).map(|next| next.base - entry.base);
            let ended = entry.end.map(|end| end.pushed).or(next);
            let pushed = ended.unwrap_or(accepted).min(accepted);
            if pushed > 0 || entry.end.is_some() {
                self.finish(why_cut(entry.epoch, word).unwrap_or(end_of(reason)), pushed);
            } else {
                self.timeline.pop_front();
            }
        }
    }

    fn finish(&mut self, end: End, pushed: u64) {
        let entry = self.timeline.pop_front().expect("the current one");
        let played = entry.played.min(pushed);
        self.report(Settlement::Settled {
            id: entry.id,
            end,
            pushed,
            played,
            first_heard: None,
            last_heard: None,
        });
    }

    fn report(&mut self, settlement: Settlement) {
        assert!(self.settlements.push(settlement), "each report has its place");
    }
}

fn why_cut(epoch: u16, word: Word) -> Option<End> {
    if is_stale(epoch, word.epoch()) {
        return Some(End::Interrupted);
    }
    word.discarding().map(end_of)
}
