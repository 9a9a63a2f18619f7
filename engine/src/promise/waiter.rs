//! A handle to a promise that can be awaited.

use super::Promise;
use std::{
    fmt,
    ops::Deref,
    sync::Arc,
    task::{Context, Poll},
};

/// What a promise is part of.
pub(crate) trait Promised {
    type Value: Clone;

    fn promise(&self) -> &Promise<Self::Value>;
}

impl<T: Clone> Promised for Promise<T> {
    type Value = T;

    fn promise(&self) -> &Self {
        self
    }
}

/// One who may wait, with a place of its own among those who do, from its first poll until the answer or its drop. It
/// may wander from task to task: the last that polled it is woken. A clone waits for itself.
pub(crate) struct Waiter<P: Promised> {
    of: Arc<P>,
    place: Option<u64>,
}

impl<P: Promised> Waiter<P> {
    pub(crate) fn poll(&mut self, context: &mut Context<'_>) -> Poll<P::Value> {
        self.of.promise().poll_at(&mut self.place, context)
    }
}

impl<P: Promised> From<Arc<P>> for Waiter<P> {
    fn from(of: Arc<P>) -> Self {
        Self { of, place: None }
    }
}

impl<P: Promised> Clone for Waiter<P> {
    fn clone(&self) -> Self {
        Arc::clone(&self.of).into()
    }
}

impl<P: Promised> Deref for Waiter<P> {
    type Target = P;

    fn deref(&self) -> &P {
        &self.of
    }
}

impl<P: Promised> Drop for Waiter<P> {
    fn drop(&mut self) {
        if let Some(place) = self.place {
            self.of.promise().leave(place);
        }
    }
}

impl<P: Promised + fmt::Debug> fmt::Debug for Waiter<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.of.fmt(f)
    }
}
