//! The ordered queue of commands to the audio thread, one for a session.

#![allow(clippy::disallowed_types, reason = "callers' end of the queue; the audio thread has the other")]

use super::{StreamId, reader::Reader};
use crate::{
    graph::{NodeCommand, program::Plan},
    sync::{Mutex, MutexGuard, lock, ring},
};
use std::{fmt, sync::Arc};

/// What the audio thread is told. Carried out in order, at the start of a block.
pub(crate) enum Command {
    Add(Box<Reader>),
    Stream(StreamId, Op),
    Node(NodeCommand),
    Plan(Box<Plan>),
}

/// What one stream is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Op {
    Pause,
    Resume,
    Gain { amplitude: f32, frames: u32 },
    Pan { sides: [f32; 2], frames: u32 },
    StartAt(u64),
}

/// The callers' end. The lock is among callers only; the audio thread holds the other end of the ring.
#[derive(Clone)]
pub(crate) struct Commands(Arc<Mutex<ring::Producer<Command>>>);

impl Commands {
    pub(crate) fn new(producer: ring::Producer<Command>) -> Self {
        Self(Arc::new(Mutex::new(producer)))
    }

    /// `false`: the queue is full, and nothing happened.
    #[must_use]
    pub(crate) fn send(&self, stream: StreamId, op: Op) -> bool {
        self.push(Command::Stream(stream, op)).is_ok()
    }

    /// `false`: the queue is full, or `has_place`, which is asked last and under the queue's lock, says no.
    #[must_use]
    pub(crate) fn send_to_node(&self, command: NodeCommand, has_place: impl FnOnce() -> bool) -> bool {
        let mut producer = lock(&self.0);
        !producer.is_full() && has_place() && producer.push(Command::Node(command)).is_ok()
    }

    /// A place in the queue, if there is one: while it is held, nobody else sends.
    pub(crate) fn reserve(&self) -> Option<Reserved<'_>> {
        let producer = lock(&self.0);
        (!producer.is_full()).then_some(Reserved(producer))
    }

    /// Gives the reader back if the queue is full.
    pub(crate) fn add(&self, reader: Box<Reader>) -> Result<(), Box<Reader>> {
        match self.push(Command::Add(reader)) {
            Err(Command::Add(reader)) => Err(reader),
            _ => Ok(()),
        }
    }

    fn push(&self, command: Command) -> Result<(), Command> {
        let mut producer = lock(&self.0);
        producer.push(command).map_err(|ring::PushError::Full(command)| command)
    }
}

/// A place in the queue.
pub(crate) struct Reserved<'a>(MutexGuard<'a, ring::Producer<Command>>);

impl Reserved<'_> {
    pub(crate) fn send(mut self, plan: Box<Plan>) {
        let sent = self.0.push(Command::Plan(plan));
        debug_assert!(sent.is_ok(), "the place was there, and nobody else could take it");
    }
}

impl fmt::Debug for Commands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Commands")
    }
}
