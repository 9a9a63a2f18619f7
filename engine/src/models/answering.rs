//! The promise: nobody sleeps beside a value that is there, and the first value stays.
//!
//! loom's waits do not time out: a waiter that is not woken is a deadlock, which it reports.

use super::{explore, joined, spawn};
use crate::{
    promise::Promise,
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

/// Whoever polls while the value is set has it, or is woken: also where two wait. The mutants `waker-left-too-late` and
/// `wakers-taken-before-the-value` break it.
#[test]
fn a_task_that_polled_is_woken() {
    explore(|| {
        let promise = Arc::new(Promise::default());
        let poller = |promise: Arc<Promise<u32>>| {
            move || {
                let (woken, waker) = Woken::new();
                let polled = promise.poll(&mut Context::from_waker(&waker));
                (polled, woken)
            }
        };
        let other = spawn(poller(Arc::clone(&promise)));
        let third = spawn(poller(Arc::clone(&promise)));
        assert!(promise.set(1));
        for (polled, woken) in [joined(other), joined(third)] {
            assert!(polled == Poll::Ready(1) || woken.is(), "asleep, with nobody to wake it");
        }
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
