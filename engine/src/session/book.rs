//! Control's book of one stream: from the renderer's settlements to outcomes, each exactly once, in order.

use super::{core::Core, events::Event};
use crate::{
    stream::{
        End, Half, Outcome, Settlement, Ticket,
        drain::Pending,
        lifecycle::Reason,
        reader::{end_of, why_cut},
        shared::StreamShared,
    },
    sync::{Ordering, lock, ring},
};
use std::{collections::VecDeque, sync::Arc, time::Duration};

/// One stream, as control keeps it.
#[derive(Debug)]
pub(crate) struct Book {
    half: Arc<Half>,
    settlements: ring::Consumer<Settlement>,
    tickets: ring::Consumer<Arc<Ticket>>,
    /// Begun and not yet settled, oldest first.
    outstanding: VecDeque<Arc<Ticket>>,
    settled: u64,
    /// Source frames heard in settled segments.
    played: u64,
    /// The last segment that was heard to start, and when.
    started: Option<(u64, Duration)>,
    underruns: u64,
    underrun_frames: u64,
    progress_at: Duration,
    progress: u64,
}

/// What one settlement came to, or what is made up in its place.
struct Entry {
    end: End,
    pushed: u64,
    played: u64,
    first_heard: Option<Duration>,
    last_heard: Option<Duration>,
}

impl Book {
    pub(crate) fn new(
        half: Arc<Half>,
        settlements: ring::Consumer<Settlement>,
        tickets: ring::Consumer<Arc<Ticket>>,
    ) -> Self {
        Self {
            half,
            settlements,
            tickets,
            outstanding: VecDeque::new(),
            settled: 0,
            played: 0,
            started: None,
            underruns: 0,
            underrun_frames: 0,
            progress_at: Duration::ZERO,
            progress: 0,
        }
    }

    pub(crate) fn shared(&self) -> &Arc<StreamShared> {
        &self.half.shared
    }

    /// Ends what a closing stream was left open with. `false`: its producer is inside; look again.
    pub(crate) fn end_for_producer(&self) -> bool {
        self.half.end_for_producer()
    }

    /// Takes what the renderer has settled.
    pub(crate) fn collect(&mut self, core: &Core, drains: &mut Vec<Pending>, emit: &mut dyn FnMut(Event)) {
        while let Ok(settlement) = self.settlements.pop() {
            match settlement {
                Settlement::Started { id, at } => {
                    if let Some(ticket) = self.ticket(id) {
                        let (segment, tag) = (ticket.id, ticket.tag);
                        self.started = Some((segment, at));
                        emit(Event::Started { stream: self.shared().id, segment, tag, at });
                    }
                }
                Settlement::Settled { id, end, pushed, played, first_heard, last_heard } => {
                    let entry = Entry { end, pushed, played, first_heard, last_heard };
                    // None: control has settled it in the renderer's place, and that answer stands.
                    if let Some(ticket) = self.ticket(id) {
                        self.settle(&ticket, entry, core, drains, emit);
                    }
                }
            }
        }
    }

    /// The ticket of an unsettled segment.
    fn ticket(&mut self, id: u64) -> Option<Arc<Ticket>> {
        while let Ok(ticket) = self.tickets.pop() {
            self.outstanding.push_back(ticket);
        }
        let index = usize::try_from(id.checked_sub(self.settled)?).ok()?;
        self.outstanding.get(index).cloned()
    }

    fn settle(
        &mut self,
        ticket: &Ticket,
        entry: Entry,
        core: &Core,
        drains: &mut Vec<Pending>,
        emit: &mut dyn FnMut(Event),
    ) {
        let shared = Arc::clone(self.shared());
        let outcome = Outcome {
            stream: shared.id,
            segment: ticket.id,
            tag: ticket.tag,
            end: entry.end,
            pushed: entry.pushed,
            played: entry.played,
            discarded: entry.pushed - entry.played,
            rate: shared.config.sample_rate,
            first_heard: entry.first_heard,
            last_heard: entry.last_heard,
        };
        debug_assert_eq!(ticket.id, self.settled, "outcomes are settled in order");
        self.outstanding.pop_front();
        self.settled += 1;
        self.played += outcome.played;
        {
            let mut tally = lock(&core.tally);
            tally.ledger.add(&outcome);
            tally.outcomes.push(outcome);
        }
        // The outcome before the credit: whoever sees the segment settled finds its answer.
        ticket.outcome.set(outcome);
        core.drains.with(drains, |drains| {
            shared.discarded.fetch_add(outcome.discarded, Ordering::Release);
            shared.settled.store(self.settled, Ordering::Release);
            for drain in drains {
                drain.note(&shared, ticket.id, outcome.end, outcome.discarded);
            }
        });
        emit(Event::Finished(outcome));
    }

    /// Tells of underruns, and, every `every`, of progress.
    pub(crate) fn observe(
        &mut self,
        core: &Core,
        now: Duration,
        every: Duration,
        emit: &mut dyn FnMut(Event),
    ) {
        let shared = Arc::clone(self.shared());
        let episodes = shared.published.0.underruns.load(Ordering::Acquire);
        if episodes != self.underruns {
            let frames = shared.to_source(shared.published.0.underrun_frames.load(Ordering::Relaxed));
            let mut tally = lock(&core.tally);
            tally.underruns.episodes += episodes - self.underruns;
            tally.underruns.frames += frames - self.underrun_frames;
            drop(tally);
            (self.underruns, self.underrun_frames) = (episodes, frames);
            emit(Event::Underrun { stream: shared.id, episodes, frames });
        }
        if now >= self.progress_at && shared.is_outstanding() {
            let (pushed, _, played) = shared.position();
            self.progress_at = now.saturating_add(every);
            if let Some(ticket) = self.ticket(self.settled).filter(|_| played != self.progress) {
                self.progress = played;
                let (segment, tag) = (ticket.id, ticket.tag);
                let until = self.ticket(self.settled + 1).map_or(pushed, |next| next.base);
                let pushed = until.saturating_sub(ticket.base);
                let played = played.saturating_sub(self.played).min(pushed);
                emit(Event::Progress { stream: shared.id, segment, tag, pushed, played });
            }
        }
    }

    /// Settles the rest without the renderer, from what it last published: a callback is stuck inside it.
    pub(crate) fn settle_without_renderer(
        &mut self,
        reason: Reason,
        core: &Core,
        drains: &mut Vec<Pending>,
        emit: &mut dyn FnMut(Event),
    ) {
        self.collect(core, drains, emit);
        let shared = Arc::clone(self.shared());
        let word = shared.lifecycle.0.seal(reason);
        let reason = word.discarding().unwrap_or(reason);
        // Published positions never say too much; what they say beyond the settled segments is the current one's.
        let mut heard = shared.published.0.played.load(Ordering::Acquire).saturating_sub(self.played);
        while let Some(ticket) = self.ticket(self.settled) {
            let accepted = word.frames_near(ticket.base);
            let next = self.ticket(self.settled + 1);
            let until = next.map_or(accepted, |next| next.base.min(accepted));
            let pushed = until.saturating_sub(ticket.base);
            if pushed == 0 {
                // It was being begun when the books were closed, and never accepted.
                self.outstanding.clear();
                break;
            }
            let played = heard.min(pushed);
            heard -= played;
            // What the renderer had told before; the end is as long after it as the frames take.
            let started = self.started.filter(|(id, _)| *id == ticket.id && played > 0);
            let first_heard = started.map(|(_, at)| at);
            let length = Duration::from_secs_f64(played as f64 / f64::from(shared.config.sample_rate));
            let last_heard = first_heard.map(|at| at + length);
            let end = why_cut(ticket.epoch, word).unwrap_or(end_of(reason));
            let entry = Entry { end, pushed, played, first_heard, last_heard };
            self.settle(&ticket, entry, core, drains, emit);
        }
    }

    /// The stream is over: nothing will be asked of the audio thread for it again.
    pub(crate) fn end(&self, core: &Core) {
        let shared = self.shared();
        shared.ended.store(true, Ordering::Release);
        shared.wake_producer();
        lock(&core.streams).retain(|stream| stream.id != shared.id);
        core.live_streams.fetch_sub(1, Ordering::AcqRel);
    }
}
