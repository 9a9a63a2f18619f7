//! The ordered queue of commands to the audio thread, one for a session.

use super::{StreamId, reader::Reader};
use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

/// What the audio thread is told. Carried out in order, at the start of a block.
pub(crate) enum Command {
    Add(Box<Reader>),
    Stream(StreamId, Op),
}

/// What one stream is told.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Op {
    Pause,
    Resume,
    Gain { amplitude: f32, frames: u32 },
    Pan { sides: [f32; 2], frames: u32 },
}

/// The callers' end. The lock is among callers only; the audio thread holds the other end of the ring.
#[derive(Clone)]
pub(crate) struct Commands(Arc<Mutex<rtrb::Producer<Command>>>);

impl Commands {
    pub(crate) fn new(producer: rtrb::Producer<Command>) -> Self {
        Self(Arc::new(Mutex::new(producer)))
    }

    /// `false`: the queue is full, and nothing happened.
    #[must_use]
    pub(crate) fn send(&self, stream: StreamId, op: Op) -> bool {
        self.push(Command::Stream(stream, op)).is_ok()
    }

    /// Gives the reader back if the queue is full.
    pub(crate) fn add(&self, reader: Box<Reader>) -> Result<(), Box<Reader>> {
        match self.push(Command::Add(reader)) {
            Err(Command::Add(reader)) => Err(reader),
            _ => Ok(()),
        }
    }

    fn push(&self, command: Command) -> Result<(), Command> {
        let mut producer = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        producer.push(command).map_err(|rtrb::PushError::Full(command)| command)
    }
}

impl fmt::Debug for Commands {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Commands")
    }
}
