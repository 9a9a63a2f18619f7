//! The producer's half of a stream: converter, rings and the open segment, behind the lifecycle word.
//!
//! Whoever holds PRODUCING owns it: the [`Writer`](super::Writer) for the length of a call, or, once the stream is
//! closing and the writer outside, control for as long as it takes to end the segment that was left open.

#![allow(unsafe_code)] // One cell; the lifecycle word is the proof.

use super::{
    Segment, Ticket,
    lifecycle::{Done, Late, Word, is_stale},
    sentinel::Sentinel,
    shared::StreamShared,
};
use crate::{
    convert::{Converter, Sample},
    promise::Promise,
    sync::{Ordering, ring},
};
use std::{cell::UnsafeCell, fmt, sync::Arc};

/// A stream as its producer and its control see it.
pub(crate) struct Half {
    pub(crate) shared: Arc<StreamShared>,
    inner: UnsafeCell<Inner>,
}

// SAFETY: `inner` is reached through `Inside` only, which holds PRODUCING: at most one exists, and entering (Acquire)
// and leaving (Release) hand the contents from one to the next. Everything in it is Send.
unsafe impl Sync for Half {}

/// What PRODUCING guards.
pub(crate) struct Inner {
    converter: Converter,
    samples: ring::Producer<f32>,
    sentinels: ring::Producer<Sentinel>,
    tickets: ring::Producer<Arc<Ticket>>,
    /// Engine frames pushed.
    written: u64,
    /// Source frames accepted.
    accepted: u64,
    next_id: u64,
    next_tag: u64,
    open: Option<Open>,
}

struct Open {
    ticket: Arc<Ticket>,
    epoch: u16,
    /// Source frames of it.
    pushed: u64,
}

/// The open segment, seen from the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OpenSegment {
    None,
    Alive,
    Interrupted,
}

impl Half {
    pub(crate) fn new(
        shared: Arc<StreamShared>,
        converter: Converter,
        samples: ring::Producer<f32>,
        sentinels: ring::Producer<Sentinel>,
        tickets: ring::Producer<Arc<Ticket>>,
    ) -> Self {
        let inner = Inner {
            converter,
            samples,
            sentinels,
            tickets,
            written: 0,
            accepted: 0,
            next_id: 0,
            next_tag: 0,
            open: None,
        };
        Self { shared, inner: UnsafeCell::new(inner) }
    }

    /// Enters as the producer.
    pub(crate) fn enter(&self) -> Result<Inside<'_>, Late> {
        self.shared.lifecycle.0.enter().map(|word| Inside { half: self, word, done: Done::default() })
    }

    /// Ends, in the producer's stead, what a closing stream was left open with. `false`: the producer is inside.
    pub(crate) fn end_for_producer(&self) -> bool {
        if !self.shared.lifecycle.0.read().wants_ending() {
            return true;
        }
        let Some(word) = self.shared.lifecycle.0.enter_to_end() else { return false };
        let mut inside = Inside { half: self, word, done: Done::default() };
        inside.end_segment(false);
        drop_quietly(inside);
        self.shared.lifecycle.0.leave_ended();
        true
    }
}

/// Ends the borrow without leaving: `leave_ended` leaves.
fn drop_quietly(inside: Inside<'_>) {
    std::mem::forget(inside);
}

/// The right to touch the producer's half, for as long as it lives.
pub(crate) struct Inside<'a> {
    half: &'a Half,
    word: Word,
    pub(crate) done: Done,
}

impl Inside<'_> {
    fn inner(&mut self) -> &mut Inner {
        // SAFETY: `Inside` is made only by an entry that set PRODUCING, so it is the only one; `&mut self` keeps this
        // borrow the only one of it.
        unsafe { &mut *self.half.inner.get() }
    }

    pub(crate) fn open_segment(&mut self) -> OpenSegment {
        let epoch = self.word.epoch();
        match &self.inner().open {
            None => OpenSegment::None,
            Some(open) if is_stale(open.epoch, epoch) => OpenSegment::Interrupted,
            Some(_) => OpenSegment::Alive,
        }
    }

    pub(crate) fn segment(&mut self) -> Option<Segment> {
        self.inner().open.as_ref().map(|open| Segment::of(Arc::clone(&open.ticket)))
    }

    pub(crate) fn set_tag(&mut self, tag: u64) {
        self.inner().next_tag = tag;
    }

    /// Whether anything begun has not been settled.
    pub(crate) fn is_outstanding(&mut self) -> bool {
        self.inner().next_id != self.half.shared.settled.load(Ordering::Acquire)
    }

    /// Engine frames that can be pushed so that the tail of a flush still fits.
    fn room(&mut self) -> usize {
        let channels = self.half.shared.config.channels;
        let inner = self.inner();
        (inner.samples.slots() / channels).saturating_sub(inner.converter.tail_frames())
    }

    /// Takes what fits, beginning a segment if none is open. Answers the frames taken.
    pub(crate) fn take<S: Sample>(&mut self, source: &[S]) -> usize {
        let room = self.room();
        if room == 0 || source.is_empty() || !self.begin() {
            return 0;
        }
        let channels = self.half.shared.config.channels;
        let inner = self.inner();
        let (samples, written) = (&mut inner.samples, &mut inner.written);
        let mut pushed = 0;
        let taken = inner.converter.write(source, room, &mut |block| pushed += push(samples, block));
        *written += (pushed / channels) as u64;
        self.account(taken as u64);
        taken
    }

    fn account(&mut self, taken: u64) {
        let inner = self.inner();
        inner.accepted += taken;
        if let Some(open) = &mut inner.open {
            open.pushed += taken;
        }
        let (written, repaired) = (inner.written, inner.converter.repaired());
        self.done.frames += taken;
        // Relaxed: for statistics and wake-ups; the rings publish themselves.
        self.half.shared.written.store(written, Ordering::Relaxed);
        self.half.shared.repaired.store(repaired, Ordering::Relaxed);
    }

    /// Begins a segment if none is open and a credit is left.
    fn begin(&mut self) -> bool {
        let shared = &self.half.shared;
        let (epoch, settled) = (self.word.epoch(), shared.settled.load(Ordering::Acquire));
        let credits = shared.config.max_segments as u64;
        let inner = self.inner();
        if inner.open.is_some() {
            return true;
        }
        if inner.next_id - settled >= credits {
            return false;
        }
        let ticket = Arc::new(Ticket {
            id: inner.next_id,
            tag: std::mem::take(&mut inner.next_tag),
            epoch,
            base: inner.accepted,
            outcome: Promise::default(),
        });
        // A credit is held, so both rings have a place: each holds what all credits can send (see `session::streams`).
        let sent = inner.tickets.push(Arc::clone(&ticket)).is_ok()
            && inner
                .sentinels
                .push(Sentinel::Begin { id: ticket.id, epoch, start: inner.written, base: inner.accepted })
                .is_ok();
        debug_assert!(sent, "a credit was held");
        inner.next_id += 1;
        inner.open = Some(Open { ticket, epoch, pushed: 0 });
        shared.begun.set(inner.next_id, epoch);
        self.done.begun = Some(epoch);
        true
    }

    /// Ends the open segment, if it is alive: its tail and its sentinel go into the rings.
    pub(crate) fn end_segment(&mut self, flushed: bool) -> Option<Segment> {
        if self.open_segment() != OpenSegment::Alive {
            self.forget_segment();
            return None;
        }
        let channels = self.half.shared.config.channels;
        let inner = self.inner();
        let open = inner.open.take()?;
        let (samples, mut pushed) = (&mut inner.samples, 0);
        inner.converter.finish(&mut |block| pushed += push(samples, block));
        inner.written += (pushed / channels) as u64;
        let finished = inner.next_id;
        let end = Sentinel::End { id: open.ticket.id, end: inner.written, pushed: open.pushed, flushed };
        let sent = inner.sentinels.push(end).is_ok();
        debug_assert!(sent, "a segment that began has a place for its end");
        self.half.shared.finished.store(finished, Ordering::Release);
        self.account(0);
        Some(Segment::of(open.ticket))
    }

    /// Leaves an interrupted or cleared segment behind.
    pub(crate) fn forget_segment(&mut self) {
        let inner = self.inner();
        inner.open = None;
        inner.converter.reset();
        let finished = inner.next_id;
        self.half.shared.finished.store(finished, Ordering::Release);
    }

    /// Leaves, and answers the word as it was an instant before. `Late`: control has settled the stream in the meantime, and nothing of this was accepted.
    pub(crate) fn leave(self) -> Result<Word, Late> {
        let (half, done) = (self.half, self.done);
        std::mem::forget(self);
        let word = half.shared.lifecycle.0.leave(done);
        if word.is_final() { Err(Late) } else { Ok(word) }
    }
}

impl Drop for Inside<'_> {
    /// Only a panic of ours comes here: the word must not say for ever that somebody is inside.
    fn drop(&mut self) {
        self.half.shared.lifecycle.0.leave(self.done);
    }
}

/// Pushes what `room` has made sure fits, and says how many samples went in.
fn push(samples: &mut ring::Producer<f32>, block: &[f32]) -> usize {
    let (pushed, rest) = samples.push_partial_slice(block);
    debug_assert!(rest.is_empty(), "the converter was told the room");
    pushed.len()
}

impl fmt::Debug for Half {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Half").field("shared", &self.shared).finish_non_exhaustive()
    }
}
