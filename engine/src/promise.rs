//! A value that is set once, and can be polled, waited for with a deadline, or awaited.
//!
//! Outcomes, drains and reports are all of this shape. It is set on the control thread and read on callers' threads;
//! the audio thread never comes near it.

#![allow(clippy::disallowed_types, reason = "set by control, read by callers")]

use crate::sync::{Condvar, Mutex, lock};
use std::{
    fmt,
    sync::PoisonError,
    task::{Context, Poll, Waker},
    time::{Duration, Instant},
};

/// Wakers that are kept for one value.
const CROWD: usize = 256;

/// Set once by control; read by anybody, any number of times.
pub(crate) struct Promise<T> {
    state: Mutex<State<T>>,
    settled: Condvar,
}

struct State<T> {
    value: Option<T>,
    wakers: Vec<Waker>,
}

impl<T> Default for Promise<T> {
    fn default() -> Self {
        Self { state: Mutex::new(State { value: None, wakers: Vec::new() }), settled: Condvar::new() }
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
        wakers.into_iter().for_each(Waker::wake);
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

    pub(crate) fn poll(&self, context: &mut Context<'_>) -> Poll<T> {
        let mut state = lock(&self.state);
        if let Some(value) = &state.value {
            return Poll::Ready(value.clone());
        }
        if state.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
            return Poll::Pending;
        }
        // A future that wanders from task to task leaves a waker in each: those that still wait will ask again.
        let crowd = if state.wakers.len() < CROWD { Vec::new() } else { std::mem::take(&mut state.wakers) };
        state.wakers.push(context.waker().clone());
        drop(state);
        crowd.into_iter().for_each(Waker::wake);
        Poll::Pending
    }
}

impl<T> fmt::Debug for Promise<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settled = lock(&self.state).value.is_some();
        f.debug_struct("Promise").field("settled", &settled).finish()
    }
}
