//! From rendered to heard to settled, in order.

use super::{
    End, Reader, Settlement, end_of,
    timeline::{Entry, Finished},
    why_cut,
};
use crate::stream::{
    lifecycle::{Reason, Word},
    shared::StreamShared,
};
use std::sync::atomic::Ordering;

impl Reader {
    /// Settles the finished segments whose last frame has been heard, and publishes the positions.
    pub(super) fn settle(&mut self, heard_clock: u64) {
        let heard = self.heard.up_to(heard_clock);
        while let Some(entry) = self.timeline.oldest() {
            let audible = heard > entry.rendered_before && entry.rendered > entry.lost;
            if let Some(at) = entry.first_heard.filter(|_| audible && !entry.started_reported) {
                entry.started_reported = true;
                let started = Settlement::Started { id: entry.id, at };
                self.report(started);
                continue;
            }
            let Some(finished) = entry.finished else { break };
            if entry.rendered > 0 && heard < entry.rendered_before + entry.rendered {
                break;
            }
            let played = source_played(&self.shared, entry, heard, finished.pushed);
            let settled = settled(entry, finished.how, finished.pushed, played);
            self.consumed_before += source_consumed(&self.shared, entry, finished.pushed);
            self.played_before += played;
            self.timeline.settle_oldest();
            self.report(settled);
        }
        self.publish(heard);
    }

    fn publish(&mut self, heard: u64) {
        let (mut consumed, mut played) = (self.consumed_before, self.played_before);
        for entry in self.timeline.iter().take_while(|entry| entry.rendered > 0) {
            let pushed = entry.finished.map_or(u64::MAX, |finished| finished.pushed);
            consumed += source_consumed(&self.shared, entry, pushed);
            played += source_played(&self.shared, entry, heard, pushed);
        }
        let published = &self.shared.published.0;
        // Release: a reader that sees frames played sees them consumed.
        published.consumed.store(consumed, Ordering::Release);
        published.played.store(played, Ordering::Release);
        published.taken.store(self.taken, Ordering::Release);
    }

    /// The device went away and another will go on: what it still held was not heard.
    pub(crate) fn lose_unheard(&mut self) {
        let heard = self.heard.lose();
        for entry in self.timeline.iter_mut() {
            let end = entry.rendered_before + entry.rendered;
            let unheard = end.saturating_sub(heard.max(entry.rendered_before));
            entry.lost += unheard;
            let complete = |finished: &&mut Finished| matches!(finished.how, End::Played | End::Closed);
            if let Some(finished) = entry.finished.as_mut().filter(complete).filter(|_| unheard > 0) {
                finished.how = End::DeviceLost;
            }
        }
    }

    /// Control settles everything in the renderer's place: no block will come, or none in time. `word` is the sealed
    /// one, and its count of accepted frames is the last.
    pub(crate) fn settle_all(&mut self, word: Word, reason: Reason, heard_clock: u64) {
        self.note_sentinels(self.sentinels.slots());
        let heard = self.heard.up_to(heard_clock);
        while let Some((_, next)) = self.timeline.current() {
            let Some((entry, _)) = self.timeline.current() else { break };
            // A producer that was inside when the books were closed may have pushed more than was accepted.
            let accepted = word.frames_near(entry.base).saturating_sub(entry.base);
            let ended = entry.end.map(|end| end.pushed).or(next.map(|next| next.base - entry.base));
            let pushed = ended.unwrap_or(accepted).min(accepted);
            let how = why_cut(entry.epoch, word).unwrap_or(end_of(reason));
            self.timeline.finish(Finished { how, pushed });
        }
        while let Some(entry) = self.timeline.oldest() {
            let Some(finished) = entry.finished else { break };
            let played = source_played(&self.shared, entry, heard, finished.pushed);
            let how = match finished.how {
                End::Played | End::Closed if played < finished.pushed => end_of(reason),
                how => how,
            };
            // A segment that was being begun when the books were closed was never accepted.
            let accepted = finished.pushed > 0 || entry.end.is_some();
            let settled = settled(entry, how, finished.pushed, played);
            self.consumed_before += source_consumed(&self.shared, entry, finished.pushed);
            self.played_before += played;
            self.timeline.settle_oldest();
            if accepted {
                self.report(settled);
            }
        }
        self.publish(heard);
    }

    /// Cannot fail: the ring has two places for each credit, a segment reports at most twice, and its credit comes back
    /// only once control has taken the second report.
    fn report(&mut self, settlement: Settlement) {
        let sent = self.settlements.push(settlement);
        debug_assert!(sent.is_ok(), "each report has its place");
    }
}

fn settled(entry: &Entry, end: End, pushed: u64, played: u64) -> Settlement {
    Settlement::Settled {
        id: entry.id,
        end,
        pushed,
        played,
        first_heard: entry.first_heard.filter(|_| played > 0),
        last_heard: entry.last_heard.filter(|_| played > 0),
    }
}

/// Source frames of an entry given to the device.
fn source_consumed(shared: &StreamShared, entry: &Entry, pushed: u64) -> u64 {
    in_source(shared, entry, entry.rendered, pushed)
}

/// Source frames of an entry heard, if the stream has heard `heard` rendered frames.
fn source_played(shared: &StreamShared, entry: &Entry, heard: u64, pushed: u64) -> u64 {
    let of_entry = heard.saturating_sub(entry.rendered_before).min(entry.rendered);
    in_source(shared, entry, of_entry.saturating_sub(entry.lost), pushed)
}

/// The whole segment is the whole segment, however the rates divide; a part is rounded down.
fn in_source(shared: &StreamShared, entry: &Entry, engine_frames: u64, pushed: u64) -> u64 {
    match entry.end {
        Some(end) if engine_frames == end.at - entry.start => end.pushed.min(pushed),
        _ => shared.to_source(engine_frames).min(pushed),
    }
}
