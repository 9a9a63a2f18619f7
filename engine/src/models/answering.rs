//! The promise: nobody sleeps beside a value that is there, and the first value stays.
//!
//! loom's waits do not time out: a waiter that is not woken is a deadlock, which it reports.

use super::{explore, joined, spawn};
use crate::{
    promise::{Promise, Waiter},
    sync::{AtomicBool, Ordering},
};
use std::{
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

/// A waker that remembers.
pub(super) struct Woken(pub(super) AtomicBool);

impl Woken {
    pub(super) fn new() -> (Arc<Self>, Waker) {
        let woken = Arc::new(Self(AtomicBool::new(false)));
        (Arc::clone(&woken), Waker::from(woken))
    }

    pub(super) fn is(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Release);
    }
}

/// Whoever waits while the value is set has it. The mutant `told-before-it-is-set` breaks it.
#[test]
fn a_waiter_is_not_left_asleep() {
    explore(|| {
        let promise = Arc::new(Promise::default());
        let setter = {
            let promise = Arc::clone(&promise);
            spawn(move || promise.set(1))
        };
        assert_eq!(promise.wait(Duration::from_secs(3600)), Some(1));
        assert!(joined(setter));
    });
}

/// Polls, with another waker each time, as a task that moves: the last answer, and whom to wake if there is none.
fn poll(waiter: &mut Waiter<Promise<u32>>, times: usize) -> (Poll<u32>, Arc<Woken>) {
    let mut last = None;
    for _ in 0..times {
        let (woken, waker) = Woken::new();
        last = Some((waiter.poll(&mut Context::from_waker(&waker)), woken));
    }
    last.expect("polled at least once")
}

fn assert_told((polled, woken): &(Poll<u32>, Arc<Woken>)) {
    assert!(*polled == Poll::Ready(1) || woken.is(), "asleep, with nobody to wake it");
}

/// Whoever polls while the value is set has it, or is woken: also where two wait. The mutants `waker-left-too-late`,
/// `wakers-taken-before-the-value` and `one-place-for-all` break it.
#[test]
fn a_task_that_polled_is_woken() {
    explore(|| {
        let promise = Arc::new(Promise::default());
        let poller = || {
            let mut waiter = Waiter::from(Arc::clone(&promise));
            spawn(move || (poll(&mut waiter, 1), waiter))
        };
        let (other, third) = (poller(), poller());
        assert!(promise.set(1));
        for (told, _waiter) in [joined(other), joined(third)] {
            assert_told(&told);
        }
    });
}

/// Of a task that moves, the waker that it left last is woken. The mutant `the-first-waker-stays` breaks it.
#[test]
fn a_task_that_moved_is_woken_where_it_is() {
    explore(|| {
        let promise = Arc::new(Promise::default());
        let mut waiter = Waiter::from(Arc::clone(&promise));
        let mover = spawn(move || (poll(&mut waiter, 2), waiter));
        assert!(promise.set(1));
        let (told, _waiter) = joined(mover);
        assert_told(&told);
    });
}

/// Who waits no more takes its own waker along, and no other's. The mutant `who-leaves-takes-all` breaks it.
#[test]
fn who_leaves_leaves_the_others_waiting() {
    explore(|| {
        let promise = Arc::new(Promise::default());
        let mut waiter = Waiter::from(Arc::clone(&promise));
        let mut leaver = waiter.clone();
        let leaving = spawn(move || drop(poll(&mut leaver, 1)));
        let staying = spawn(move || (poll(&mut waiter, 1), waiter));
        assert!(promise.set(1));
        joined(leaving);
        let (told, _waiter) = joined(staying);
        assert_told(&told);
    });
}

/// Of two values one is set, and who saw one sees no other. The mutant `a-second-value-wins` breaks it.
#[test]
fn the_first_value_stays() {
    explore(|| {
        let promise = Arc::new(Promise::default());
        let setters = [1, 2].map(|value| {
            let promise = Arc::clone(&promise);
            spawn(move || promise.set(value))
        });
        let seen = promise.get();
        let won = setters.map(joined);
        assert_ne!(won[0], won[1], "one of them is the first");
        let value = promise.get();
        assert_eq!(value, Some(if won[0] { 1 } else { 2 }));
        assert!(seen.is_none() || seen == value);
    });
}
