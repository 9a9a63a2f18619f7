//! The producer's half and its verbs, as `producer.rs` and `writer.rs` order them.

#![allow(unsafe_code)] // One cell, as in `producer.rs`; here loom checks that PRODUCING guards it.

use super::ring::Sender;
use crate::{
    stream::{
        lifecycle::{Closing, Done, Late, Lifecycle, Word, is_stale},
        sentinel::Sentinel,
    },
    sync::{AtomicU64, Ordering, UnsafeCell},
};
use std::sync::Arc;

pub(super) struct Half {
    pub(super) life: Lifecycle,
    /// Segments that control has settled.
    pub(super) settled: AtomicU64,
    /// Frames heard, as the audio thread publishes them.
    pub(super) played: AtomicU64,
    credits: u64,
    inner: UnsafeCell<Inner>,
}

// SAFETY: as the real one's; loom reports whoever is in it beside another.
unsafe impl Sync for Half {}

struct Inner {
    samples: Sender<u64>,
    sentinels: Sender<Sentinel>,
    tickets: Sender<Ticket>,
    /// Frames pushed; those accepted are the same, without conversion.
    written: u64,
    next_id: u64,
    open: Option<Open>,
}

/// Control's copy of what a segment is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ticket {
    pub(super) id: u64,
    pub(super) base: u64,
}

#[derive(Debug, Clone, Copy)]
struct Open {
    id: u64,
    epoch: u16,
    pushed: u64,
}

impl Half {
    pub(super) fn new(
        samples: Sender<u64>,
        sentinels: Sender<Sentinel>,
        tickets: Sender<Ticket>,
        credits: u64,
    ) -> Self {
        let inner = Inner { samples, sentinels, tickets, written: 0, next_id: 0, open: None };
        Self {
            life: Lifecycle::new(),
            settled: AtomicU64::new(0),
            played: AtomicU64::new(0),
            credits,
            inner: UnsafeCell::new(inner),
        }
    }

    fn inside<R>(&self, act: impl FnOnce(&mut Inner) -> R) -> R {
        // SAFETY: the caller holds PRODUCING, which loom checks.
        self.inner.with_mut(|inner| act(unsafe { &mut *inner }))
    }

    /// As `Half::end_for_producer`.
    pub(super) fn end_for_producer(&self) {
        if !self.life.read().wants_ending() {
            return;
        }
        let Some(word) = self.life.enter_to_end() else { return };
        self.inside(|inner| inner.end(word, false));
        self.life.leave_ended();
    }
}

impl Inner {
    /// The open segment, if no interruption has cut it.
    fn alive(&self, word: Word) -> Option<Open> {
        self.open.filter(|open| !is_stale(open.epoch, word.epoch()))
    }

    /// Begins a segment if none is open and a credit is left.
    fn begin(&mut self, word: Word, credits: u64, settled: &AtomicU64, done: &mut Done) -> bool {
        if self.open.is_some() {
            return true;
        }
        if self.next_id - settled.load(Ordering::Acquire) >= credits {
            return false;
        }
        let (id, base, epoch) = (self.next_id, self.written, word.epoch());
        assert!(self.tickets.push(Ticket { id, base }), "a credit is a place for a ticket");
        let begin = Sentinel::Begin { id, epoch, start: base, base };
        assert!(self.sentinels.push(begin), "a credit is a place for a begin");
        self.next_id += 1;
        self.open = Some(Open { id, epoch, pushed: 0 });
        done.begun = Some(epoch);
        true
    }

    fn take(&mut self, frames: u64, done: &mut Done) -> u64 {
        let open = self.open.as_mut().expect("just begun");
        for _ in 0..frames {
            assert!(self.samples.push(open.id), "the models write less than the room");
        }
        open.pushed += frames;
        self.written += frames;
        done.frames += frames;
        open.id
    }

    fn end(&mut self, word: Word, flushed: bool) -> Option<u64> {
        let alive = self.alive(word);
        self.open = None;
        let open = alive?;
        let end = Sentinel::End { id: open.id, end: self.written, pushed: open.pushed, flushed };
        assert!(self.sentinels.push(end), "a credit is a place for an end");
        Some(open.id)
    }
}

/// What the producer was told of a segment.
#[derive(Debug, Clone, Copy)]
pub(super) struct Account {
    pub(super) id: u64,
    pub(super) accepted: u64,
    pub(super) flushed: bool,
    /// It was told of an interruption, or cleared it itself.
    pub(super) cut: bool,
}

/// The answer of each verb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    Accepted,
    /// No credit, or nothing to end.
    Nothing,
    Interrupted,
    Closed,
}

/// As the real `Writer`, keeping account of what it was told.
pub(super) struct Writer {
    pub(super) half: Arc<Half>,
    pub(super) accounts: Vec<Account>,
}

impl Writer {
    pub(super) fn new(half: Arc<Half>) -> Self {
        Self { half, accounts: Vec::new() }
    }

    /// Enters, acts and leaves; `None`: closed before, or settled in between.
    fn act<R>(&self, act: impl FnOnce(&mut Inner, Word, &mut Done) -> R) -> Option<R> {
        let word = match self.half.life.enter() {
            Ok(word) => word,
            Err(Late) => return None,
        };
        let mut done = Done::default();
        let answer = self.half.inside(|inner| act(inner, word, &mut done));
        (!self.half.life.leave(done).is_final()).then_some(answer)
    }

    pub(super) fn write(&mut self, frames: u64) -> Answer {
        let half = Arc::clone(&self.half);
        let answer = self.act(|inner, word, done| {
            if inner.open.is_some() && inner.alive(word).is_none() {
                return Err(Answer::Interrupted);
            }
            let begun = inner.begin(word, half.credits, &half.settled, done);
            if begun { Ok(inner.take(frames, done)) } else { Err(Answer::Nothing) }
        });
        match answer {
            None => Answer::Closed,
            Some(Err(answer)) => {
                self.mark_cut(answer);
                answer
            }
            Some(Ok(id)) => {
                match self.accounts.last_mut().filter(|account| account.id == id) {
                    Some(account) => account.accepted += frames,
                    None => self.accounts.push(Account { id, accepted: frames, flushed: false, cut: false }),
                }
                Answer::Accepted
            }
        }
    }

    pub(super) fn flush(&mut self) -> Answer {
        let answer = self.act(|inner, word, _| {
            let was_open = inner.open.is_some();
            match inner.end(word, true) {
                Some(_) => Answer::Accepted,
                None if was_open => Answer::Interrupted,
                None => Answer::Nothing,
            }
        });
        let answer = answer.unwrap_or(Answer::Closed);
        self.mark_cut(answer);
        if let Some(account) = self.accounts.last_mut().filter(|_| answer == Answer::Accepted) {
            account.flushed = true;
        }
        answer
    }

    pub(super) fn clear(&mut self) -> Answer {
        let half = Arc::clone(&self.half);
        let answer = self.act(|inner, _, done| {
            done.clear = inner.next_id != half.settled.load(Ordering::Acquire);
            inner.open = None;
            if done.clear { Answer::Accepted } else { Answer::Nothing }
        });
        let answer = answer.unwrap_or(Answer::Closed);
        if answer == Answer::Accepted {
            self.mark_cut(Answer::Interrupted);
        }
        answer
    }

    pub(super) fn close(&mut self, closing: Closing) {
        let inside = self.act(|inner, word, done| {
            if closing == Closing::Drain {
                inner.end(word, false);
            }
            done.close = Some(closing);
        });
        if inside.is_none() {
            self.half.life.close(closing);
        }
    }

    fn mark_cut(&mut self, answer: Answer) {
        if let Some(account) = self.accounts.last_mut().filter(|_| answer == Answer::Interrupted) {
            account.cut = true;
        }
    }
}
