//! A value that is set once, and can be polled, waited for with a deadline, or awaited.
//!
//! Outcomes, drains and reports are all of this shape. It is set on the control thread and read on callers' threads;
//! the audio thread never comes near it.

#![allow(clippy::disallowed_types, reason = "set by control, read by callers")]

mod waiter;

pub(crate) use waiter::{Promised, Waiter};

use crate::{
    guests::Sleeper,
    sync::{Condvar, Mutex, lock},
};
use std::{
    collections::BTreeMap,
    fmt,
    sync::PoisonError,
    task::{Context, Poll},
    time::{Duration, Instant},
};

/// Set once by control; read by anybody, any number of times.
pub(crate) struct Promise<T> {
    state: Mutex<State<T>>,
    settled: Condvar,
}

struct State<T> {
    value: Option<T>,
    /// By place: one for each future that waits, so no more than there are futures alive.
    wakers: BTreeMap<u64, Sleeper>,
    /// Places given out. None is given twice.
    places: u64,
}

impl<T> Default for Promise<T> {
    fn default() -> Self {
        Self {
            state: Mutex::new(State { value: None, wakers: BTreeMap::new(), places: 0 }),
            settled: Condvar::new(),
        }
    }
}

impl<T: Clone> Promise<T> {
    /// Sets the value and wakes everybody who waits. A second value is refused: what was answered stays answered.
    pub(crate) fn set(&self, value: T) -> bool {
        let wakers = {
            let mut state = lock(&self.state);
            if state.value.is_some() {
                return false;
            }
            state.value = Some(value);
            std::mem::take(&mut state.wakers)
        };
        self.settled.notify_all();
        wakers.into_values().for_each(Sleeper::wake);
        true
    }

    pub(crate) fn get(&self) -> Option<T> {
        lock(&self.state).value.clone()
    }

    /// Blocks until the value is there or `timeout` has passed.
    pub(crate) fn wait(&self, timeout: Duration) -> Option<T> {
        // A timeout past the end of the clock is a wait without one.
        let deadline = Instant::now().checked_add(timeout);
        let mut state = lock(&self.state);
        loop {
            if let Some(value) = &state.value {
                return Some(value.clone());
            }
            let left = match deadline {
                Some(deadline) => deadline.checked_duration_since(Instant::now())?,
                None => Duration::from_secs(3600),
            };
            state = self.settled.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Asks for the value; without it, the context's waker is left in `place`, instead of what was left there before.
    fn poll_at(&self, place: &mut Option<u64>, context: &mut Context<'_>) -> Poll<T> {
        // Copied before the lock, and the one before dropped after it: wakers are callers' code, and may come back here.
        let sleeper = Sleeper::new(context.waker());
        let mut state = lock(&self.state);
        if let Some(value) = &state.value {
            *place = None;
            return Poll::Ready(value.clone());
        }
        let place = *place.get_or_insert_with(|| {
            state.places += 1;
            state.places
        });
        let before = state.wakers.insert(place, sleeper);
        drop(state);
        drop(before);
        Poll::Pending
    }

    /// Nobody waits in `place` any more.
    fn leave(&self, place: u64) {
        let left = lock(&self.state).wakers.remove(&place);
        drop(left);
    }
}

impl<T> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settled = lock(&self.state).value.is_some();
        f.debug_struct("Promise").field("settled", &settled).finish()
    }
}
