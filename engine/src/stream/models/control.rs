//! Control's book of a stream, as `session/book.rs` orders it.

use super::{
    producer::{Half, Ticket},
    ring::Receiver,
};
use crate::{
    stream::{End, Settlement, lifecycle::Reason, reader::end_of},
    sync::Ordering,
};
use std::{collections::VecDeque, sync::Arc};

pub(super) struct Control {
    pub(super) half: Arc<Half>,
    settlements: Receiver<Settlement>,
    tickets: Receiver<Ticket>,
    outstanding: VecDeque<Ticket>,
    pub(super) outcomes: Vec<Outcome>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Outcome {
    pub(super) id: u64,
    pub(super) end: End,
    pub(super) pushed: u64,
    pub(super) played: u64,
}

impl Control {
    pub(super) fn new(half: Arc<Half>, settlements: Receiver<Settlement>, tickets: Receiver<Ticket>) -> Self {
        Self { half, settlements, tickets, outstanding: VecDeque::new(), outcomes: Vec::new() }
    }

    /// What a step does for one stream.
    pub(super) fn step(&mut self) {
        self.half.end_for_producer();
        self.collect();
    }

    pub(super) fn collect(&mut self) {
        while let Some(settlement) = self.settlements.pop() {
            if let Settlement::Settled { id, end, pushed, played, .. } = settlement {
                // What comes late is dropped: control has settled it already.
                if self.ticket(id).is_some() {
                    self.settle(Outcome { id, end, pushed, played });
                }
            }
        }
    }

    /// The ticket of an unsettled segment.
    fn ticket(&mut self, id: u64) -> Option<Ticket> {
        while let Some(ticket) = self.tickets.pop() {
            self.outstanding.push_back(ticket);
        }
        let index = id.checked_sub(self.outcomes.len() as u64)?;
        self.outstanding.get(index as usize).copied()
    }

    fn settle(&mut self, outcome: Outcome) {
        let ticket = self.outstanding.pop_front().expect("it was looked up");
        assert_eq!((ticket.id, outcome.id), (outcome.id, self.outcomes.len() as u64), "in order");
        self.outcomes.push(outcome);
        // The credit comes back here: the report that stood for it is out of the ring.
        self.half.settled.store(self.outcomes.len() as u64, Ordering::Release);
    }

    /// As `Book::settle_without_renderer`: a callback is stuck inside.
    pub(super) fn settle_without_renderer(&mut self, reason: Reason) {
        self.collect();
        let word = self.half.life.seal(reason);
        let reason = word.discarding().unwrap_or(reason);
        let before: u64 = self.outcomes.iter().map(|outcome| outcome.played).sum();
        let mut heard = self.half.played.load(Ordering::Acquire).saturating_sub(before);
        while let Some(ticket) = self.ticket(self.outcomes.len() as u64) {
            let accepted = word.frames_near(ticket.base);
            let next = self.ticket(self.outcomes.len() as u64 + 1);
            let end = next.map_or(accepted, |next| next.base.min(accepted));
            let pushed = end.saturating_sub(ticket.base);
            if pushed == 0 {
                // It was being begun when the books were closed, and never accepted. (Here no segment is accepted
                // without a frame; the real one tells those apart by `open`.)
                self.outstanding.clear();
                break;
            }
            let played = heard.min(pushed);
            heard -= played;
            self.settle(Outcome { id: ticket.id, end: end_of(reason), pushed, played });
        }
    }
}
