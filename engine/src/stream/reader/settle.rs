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
use crate::sync::Ordering;
use std::time::Duration;

impl Reader {
    /// Settles the finished segments whose last frame has been heard, and publishes the positions.
    pub(super) fn settle(&mut self, heard_clock: u64) {
        let heard = self.heard.up_to(heard_clock);
        while let Some(entry) = self.timeline.oldest() {
            let audible = heard_of(entry, heard) > entry.lost;
            if let Some(at) = entry.first_heard.filter(|_| audible && !entry.started_reported) {
                entry.started_reported = true;
                let started = Settlement::Started { id: entry.id, at };
                self.report(started);
                continue;
            }
            let Some(finished) = entry.finished else { break };
            if heard < entry.rendered_before + entry.rendered {
                break;
            }
            let played = source_played(&self.shared, entry, heard, finished.pushed);
            let settled = settled(&self.shared, entry, finished.how, finished.pushed, played, heard);
            self.consumed_before += source_consumed(&self.shared, entry, finished.pushed);
            self.played_before += played;
            self.timeline.settle_oldest();
            self.report(settled);
        }
        self.publish(heard);
    }

    fn publish(&mut self, heard: u64) {
        let (mut consumed, mut played) = (self.consumed_before, self.played_before);
        // One that was skipped whole waits among those that were not.
        let reached = |entry: &&Entry| entry.rendered > 0 || entry.finished.is_some();
        for entry in self.timeline.iter().take_while(reached) {
            let pushed = entry.finished.map_or(u64::MAX, |finished| finished.pushed);
            consumed += source_consumed(&self.shared, entry, pushed);
            played += source_played(&self.shared, entry, heard, pushed);
        }
        let published = &self.shared.published.0;
        // What a write pushed that the end of the session cut off was heard, and not accepted: it stays heard.
        let consumed = consumed.max(published.consumed.load(Ordering::Relaxed));
        let played = played.max(published.played.load(Ordering::Relaxed));
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
            if unheard > 0 {
                publish_lost(&self.shared, entry, heard, unheard);
            }
            entry.lost += unheard;
            let time = duration(unheard, self.shared.engine_rate);
            entry.last_heard = entry.last_heard.map(|last| last.saturating_sub(time));
            if unheard > 0 && entry.lost == entry.rendered {
                entry.first_heard = None;
            }
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
            let accepted = finished.pushed > 0;
            let settled = settled(&self.shared, entry, how, finished.pushed, played, heard);
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

fn settled(
    shared: &StreamShared,
    entry: &Entry,
    end: End,
    pushed: u64,
    played: u64,
    heard: u64,
) -> Settlement {
    // Settled before its last rendered frame was heard: by force. The time that it knows is that frame's.
    let unheard = duration(entry.rendered - heard_of(entry, heard), shared.engine_rate);
    let first_heard = entry.first_heard.filter(|_| played > 0);
    let last_heard = entry.last_heard.filter(|_| played > 0).map(|last| last.saturating_sub(unheard));
    Settlement::Settled {
        id: entry.id,
        end,
        pushed,
        played,
        first_heard,
        last_heard: last_heard.max(first_heard),
    }
}

fn duration(frames: u64, rate: u32) -> Duration {
    Duration::from_nanos(frames * 1_000_000_000 / u64::from(rate))
}

/// The next `unheard` frames of an entry are lost. The last one of which any are is what stays published.
fn publish_lost(shared: &StreamShared, entry: &Entry, heard: u64, unheard: u64) {
    let lost = &shared.published.0.lost;
    let segments = entry.id + 1;
    // Relaxed: control's own, see `Lost`.
    if lost.segments.load(Ordering::Relaxed) != segments {
        let pushed = entry.finished.map_or(u64::MAX, |finished| finished.pushed);
        let after = entry.base + source_played(shared, entry, heard, pushed);
        lost.after.store(after, Ordering::Relaxed);
        lost.segments.store(segments, Ordering::Relaxed);
    }
    let all = u128::from(entry.lost + unheard) * u128::from(shared.config.sample_rate);
    lost.frames.store(all.div_ceil(u128::from(shared.engine_rate)) as u64, Ordering::Relaxed);
}

/// Rendered frames of an entry that a device has let be heard, or taken with it.
fn heard_of(entry: &Entry, heard: u64) -> u64 {
    heard.saturating_sub(entry.rendered_before).min(entry.rendered)
}

/// Source frames of an entry given to the device.
fn source_consumed(shared: &StreamShared, entry: &Entry, pushed: u64) -> u64 {
    in_source(shared, entry, entry.rendered, pushed)
}

/// Source frames of an entry heard, if the stream has heard `heard` rendered frames.
fn source_played(shared: &StreamShared, entry: &Entry, heard: u64, pushed: u64) -> u64 {
    // One too short for a frame is heard when those before it are.
    if heard < entry.rendered_before {
        return 0;
    }
    in_source(shared, entry, heard_of(entry, heard).saturating_sub(entry.lost), pushed)
}

/// The whole segment is the whole segment, however the rates divide; a part is rounded down.
fn in_source(shared: &StreamShared, entry: &Entry, engine_frames: u64, pushed: u64) -> u64 {
    let played_out = |finished: Finished| matches!(finished.how, End::Played | End::Closed);
    match entry.end {
        // A segment so short that it comes out as no frame at all is heard when its turn has come.
        Some(end) if engine_frames == end.at - entry.start => {
            let whole = engine_frames > 0 || entry.finished.is_some_and(played_out);
            if whole { end.pushed.min(pushed) } else { 0 }
        }
        // The frames of an open segment's end may be here before its end is: the last may stand for less than a whole.
        None if entry.finished.is_none() && shared.config.sample_rate != shared.engine_rate => {
            shared.to_source(engine_frames.saturating_sub(1)).min(pushed)
        }
        _ => shared.to_source(engine_frames).min(pushed),
    }
}
