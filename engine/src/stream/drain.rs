//! Drain: a fence over what was accepted before it, answered once, by a deadline.

#![allow(clippy::disallowed_types, reason = "callers and control; the audio thread knows nothing of drains")]

use super::{End, LateCounters, counters::count, shared::StreamShared};
use crate::{
    bell::Bell,
    clock::Clock,
    promise::{Promise, Waiter},
    sync::{Mutex, Ordering, lock},
};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

/// What a drain came to. Each drain is answered once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case", tag = "result"))]
#[non_exhaustive]
#[must_use]
pub enum Drained {
    /// Everything accepted before the call was heard, and has its outcome.
    Drained,
    /// The deadline came first.
    DeadlineExceeded {
        /// Frames, of the streams' own, that had neither been heard nor discarded; some may still be.
        frames_left: u64,
    },
    /// The device went away with some of it.
    DeviceLost,
    /// Some of it was cleared or interrupted.
    Interrupted,
    /// The stream or the session was closed already, or was closed meanwhile and discarded some of it.
    Closed,
}

impl Drained {
    /// Of several streams' answers, the one that the caller must know.
    fn worse(self, other: Self) -> Self {
        let rank = |drained: &Self| match drained {
            Self::Drained => 0,
            Self::Interrupted => 1,
            Self::Closed => 2,
            Self::DeadlineExceeded { .. } => 3,
            Self::DeviceLost => 4,
        };
        match (self, other) {
            (Self::DeadlineExceeded { frames_left: a }, Self::DeadlineExceeded { frames_left: b }) => {
                Self::DeadlineExceeded { frames_left: a + b }
            }
            _ if rank(&other) > rank(&self) => other,
            _ => self,
        }
    }
}

/// A drain under way: poll it, wait for it, or await it. Dropping it changes nothing.
///
/// **Thread**: any.
#[derive(Debug, Clone)]
pub struct Drain {
    promise: Waiter<Promise<Drained>>,
    left: Arc<Vec<Fence>>,
}

/// Longer than control ever sleeps between two looks.
const GRACE: Duration = Duration::from_secs(1);

impl Drain {
    /// The answer, if there is one.
    pub fn poll(&self) -> Option<Drained> {
        self.promise.get()
    }

    /// Blocks until it is answered, or `timeout` has passed; `None` is "not yet".
    pub fn wait(&self, timeout: Duration) -> Option<Drained> {
        self.promise.wait(timeout)
    }

    /// Waits for the answer that its deadline promises; answers in control's place if control does not.
    pub(crate) fn settle(&self, timeout: Duration) -> Drained {
        self.promise.wait(timeout.saturating_add(GRACE)).unwrap_or_else(|| self.give_up())
    }

    /// Answers in control's place. Control may answer at that moment: whoever is first has answered for both.
    pub(crate) fn give_up(&self) -> Drained {
        let frames_left = self.left.iter().map(Fence::frames_left).sum();
        self.promise.set(Drained::DeadlineExceeded { frames_left });
        self.promise.get().unwrap_or(Drained::DeadlineExceeded { frames_left })
    }
}

impl Future for Drain {
    type Output = Drained;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Drained> {
        self.get_mut().promise.poll(context)
    }
}

/// What of one stream a drain covers.
#[derive(Debug)]
struct Fence {
    shared: Arc<StreamShared>,
    /// Segments begun before the call.
    segments: u64,
    /// Frames accepted before the call.
    pushed: u64,
    /// The last of those segments was still open.
    open: bool,
    /// The epoch in which that one was begun: where the word's is another, it was cut.
    begun_in: u16,
}

impl Fence {
    fn new(shared: &Arc<StreamShared>) -> Self {
        let (segments, begun_in) = shared.begun.newest();
        // After `begun`: of those, and of none begun since, it says whether the last is open.
        let open = shared.finished.load(Ordering::Acquire) < segments;
        // Nothing of a segment that is being begun: it is not accepted before its write has left.
        let (pushed, ..) = shared.position();
        Self { shared: Arc::clone(shared), segments, pushed, open, begun_in }
    }

    fn frames_left(&self) -> u64 {
        self.pushed.saturating_sub(self.shared.resolved() + self.frames_lost())
    }

    /// Of the open segment, once a device has taken some of what is covered.
    fn frames_lost(&self) -> u64 {
        let lost = &self.shared.published.0.lost;
        let is_its = lost.segments.load(Ordering::Relaxed) == self.segments;
        let is_covered = lost.after.load(Ordering::Relaxed) < self.pushed;
        if self.open && is_its && is_covered { lost.frames.load(Ordering::Relaxed) } else { 0 }
    }

    /// What it came to, if it is passed: its segments are settled, and each has told the drain itself how it ended. An open
    /// one need only have gone by as far as it went, so that what is written to it later does not extend the drain.
    fn passed(&self) -> Option<Drained> {
        let settled = self.shared.settled.load(Ordering::Acquire);
        if settled >= self.segments {
            return Some(Drained::Drained);
        }
        let has_gone_by = self.open && settled + 1 == self.segments && self.has_gone_by();
        has_gone_by.then(|| if self.frames_lost() > 0 { Drained::DeviceLost } else { Drained::Drained })
    }

    /// As far as it went, heard or lost. Where another segment has begun since, and this one may have been cut, what was heard
    /// may be the other's: its settlement is on its way. So it is where a device took some of the other, for it had all of
    /// this one then.
    fn has_gone_by(&self) -> bool {
        // The frames first: those of another segment come after it has begun, and after what cut this one.
        if self.frames_left() > 0
            || self.shared.published.0.lost.segments.load(Ordering::Relaxed) > self.segments
        {
            return false;
        }
        let word = self.shared.lifecycle.0.read();
        let is_whole = word.epoch() == self.begun_in && word.discarding().is_none();
        is_whole || self.shared.begun.count() == self.segments
    }
}

/// A drain as control sees it.
#[derive(Debug)]
pub(crate) struct Pending {
    promise: Arc<Promise<Drained>>,
    fences: Arc<Vec<Fence>>,
    deadline: Duration,
    so_far: Drained,
}

impl Pending {
    /// A segment was settled.
    pub(crate) fn note(&mut self, stream: &StreamShared, segment: u64, end: End, discarded: u64) {
        let covered = |fence: &Fence| fence.shared.id == stream.id && segment < fence.segments;
        if !self.fences.iter().any(covered) {
            return;
        }
        self.so_far = self.so_far.worse(match end {
            End::Played | End::Closed => Drained::Drained,
            End::Interrupted => Drained::Interrupted,
            End::Discarded => Drained::Closed,
            End::DeadlineExceeded => Drained::DeadlineExceeded { frames_left: discarded },
            End::DeviceLost => Drained::DeviceLost,
        });
    }

    /// Answers if it can be answered: `Some` with the answer.
    pub(crate) fn step(&self, now: Duration) -> Option<Drained> {
        let worst = |so_far: Drained, fence: &Fence| fence.passed().map(|passed| so_far.worse(passed));
        let drained = match self.fences.iter().try_fold(self.so_far, worst) {
            Some(drained) => drained,
            None if now >= self.deadline => {
                Drained::DeadlineExceeded { frames_left: self.fences.iter().map(Fence::frames_left).sum() }
            }
            None => return None,
        };
        self.promise.set(drained);
        self.promise.get()
    }

    /// Answers because nobody will step it any more.
    pub(crate) fn close(&self) {
        self.promise.set(self.so_far.worse(Drained::Closed));
    }
}

/// Where drains wait for control to take them.
#[derive(Debug, Clone)]
pub(crate) struct Drains {
    inbox: Arc<Mutex<Inbox>>,
    clock: Clock,
    bell: Bell,
    late: Arc<LateCounters>,
    closed: Drain,
}

#[derive(Debug, Default)]
struct Inbox {
    pending: Vec<Pending>,
    closed: bool,
}

impl Drains {
    pub(crate) fn new(clock: Clock, bell: Bell, late: Arc<LateCounters>) -> Self {
        let closed = Drain { promise: Arc::new(Promise::default()).into(), left: Arc::default() };
        closed.promise.set(Drained::Closed);
        Self { inbox: Arc::default(), clock, bell, late, closed }
    }

    /// Starts a drain of what one stream has accepted until now. Of one that has ended there is nothing to wait for.
    pub(crate) fn of_stream(&self, stream: &Arc<StreamShared>, timeout: Duration) -> Drain {
        if stream.ended.load(Ordering::Acquire) {
            return self.late();
        }
        self.start(timeout, || vec![Fence::new(stream)])
    }

    /// Starts a drain of what these streams have accepted until now.
    pub(crate) fn of_session(&self, streams: &Mutex<Vec<Arc<StreamShared>>>, timeout: Duration) -> Drain {
        self.start(timeout, || lock(streams).iter().map(Fence::new).collect())
    }

    fn start(&self, timeout: Duration, fences: impl FnOnce() -> Vec<Fence>) -> Drain {
        let deadline = self.clock.now().saturating_add(timeout);
        // The fence is set and handed over under the lock under which control settles: a segment is either settled
        // before it, and not covered, or after it, and noted.
        let mut inbox = lock(&self.inbox);
        if inbox.closed {
            return self.late();
        }
        let fences = Arc::new(fences());
        let promise = Arc::new(Promise::default());
        let drain = Drain { promise: Arc::clone(&promise).into(), left: Arc::clone(&fences) };
        inbox.pending.push(Pending { promise, fences, deadline, so_far: Drained::Drained });
        drop(inbox);
        self.bell.ring();
        drain
    }

    /// The answer to a drain that comes too late: made beforehand, so that nothing is allocated for it.
    fn late(&self) -> Drain {
        count(&self.late.drains, 1);
        self.closed.clone()
    }

    /// What came since the last time.
    pub(crate) fn take(&self, into: &mut Vec<Pending>) {
        into.append(&mut lock(&self.inbox).pending);
    }

    /// Settles under the lock, with everything that came since the last time.
    pub(crate) fn with(&self, pending: &mut Vec<Pending>, settle: impl FnOnce(&mut [Pending])) {
        let mut inbox = lock(&self.inbox);
        pending.append(&mut inbox.pending);
        settle(pending);
    }

    /// From now on a drain is answered "closed" at once.
    pub(crate) fn close(&self, rest: &mut Vec<Pending>) {
        let mut inbox = lock(&self.inbox);
        inbox.closed = true;
        rest.append(&mut inbox.pending);
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
