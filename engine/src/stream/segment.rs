//! The ticket for a segment: ask it, wait for it, or await it.

use super::Outcome;
use crate::promise::{Promise, Promised, Waiter};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

/// What producer and control share of one segment.
#[derive(Debug)]
pub(crate) struct Ticket {
    pub(crate) id: u64,
    pub(crate) tag: u64,
    /// The lifecycle word's, when it was begun.
    pub(crate) epoch: u16,
    /// The stream's accepted frames before it.
    pub(crate) base: u64,
    pub(crate) outcome: Promise<Outcome>,
}

impl Promised for Ticket {
    type Value = Outcome;

    fn promise(&self) -> &Promise<Outcome> {
        &self.outcome
    }
}

/// A handle to one segment, which is answered exactly once.
///
/// Clones ask for the same answer; dropping them loses nothing, since the session's report has every outcome.
///
/// **Thread**: any.
#[derive(Debug, Clone)]
pub struct Segment(Waiter<Ticket>);

impl Segment {
    pub(crate) fn of(ticket: Arc<Ticket>) -> Self {
        Self(ticket.into())
    }

    /// Counts the stream's segments from 0.
    pub fn id(&self) -> u64 {
        self.0.id
    }

    /// The caller's number for it, 0 unless [`Writer::begin`](crate::Writer::begin) gave one.
    pub fn tag(&self) -> u64 {
        self.0.tag
    }

    /// What was heard, if that is settled. Never blocks on the audio thread.
    #[must_use]
    pub fn poll(&self) -> Option<Outcome> {
        self.0.outcome.get()
    }

    /// Blocks until it is settled, or `timeout` has passed. `None` is "not yet": the segment stays asked for.
    #[must_use]
    pub fn wait(&self, timeout: Duration) -> Option<Outcome> {
        self.0.outcome.wait(timeout)
    }
}

impl Future for Segment {
    type Output = Outcome;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome> {
        self.get_mut().0.poll(context)
    }
}
