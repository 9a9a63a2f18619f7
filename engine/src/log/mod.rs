//! The log of commands: what was carried out, and at which frame, so that a run can be had again, to the bit.

mod text;

pub use text::LogError;

use crate::{
    graph::{NodeId, NodeOp},
    stream::{StreamId, commands::Op},
    sync::{AtomicU64, Ordering},
};
use std::{fmt, sync::Arc};

/// One command that was carried out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Entry {
    /// Of the session's clock.
    pub(crate) frame: u64,
    pub(crate) what: What,
}

/// What was carried out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum What {
    Stream(StreamId, Op),
    Node(NodeId, NodeOp),
    /// The edit with this number, from 1, in the order of the commits.
    Edit(u64),
}

/// Commands to streams and nodes, and edits, as the audio thread carried them out, each with its frame.
///
/// It is text that can be kept: `to_string` and `parse` give the same log again. [`Replay`](crate::Replay) plays it.
/// What producers and controllers do to segments (writes, flushes, clears, interruptions, closes) is not in it, nor what an
/// edit added: whoever replays provides these.
///
/// ```
/// use codetta::CommandLog;
///
/// let text = "codetta commands 1, 48000 Hz\n480 stream 0 pause\n960 node 2 ramp 0 to 0.5 within 480 linear\n";
/// let log: CommandLog = text.parse()?;
/// assert_eq!((log.len(), log.to_string()), (2, text.to_owned()));
/// # Ok::<(), codetta::LogError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct CommandLog {
    pub(crate) rate: u32,
    pub(crate) entries: Vec<Entry>,
    pub(crate) missed: u64,
}

impl CommandLog {
    pub(crate) fn new(rate: u32) -> Self {
        Self { rate, entries: Vec::new(), missed: 0 }
    }

    /// Commands in it.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Frames a second of the session that it was recorded in, in Hz.
    pub fn sample_rate(&self) -> u32 {
        self.rate
    }

    /// Commands that were carried out and for which there was no room: a log that misses some does not replay.
    pub fn missed(&self) -> u64 {
        self.missed
    }
}

/// The audio thread's end: a ring, or nothing if no log is wanted.
#[derive(Default)]
pub(crate) struct Log {
    entries: Option<rtrb::Producer<Entry>>,
    missed: Arc<AtomicU64>,
}

/// Control's end.
#[derive(Debug)]
pub(crate) struct Logged {
    entries: rtrb::Consumer<Entry>,
    missed: Arc<AtomicU64>,
}

impl Log {
    pub(crate) fn new(capacity: usize) -> (Self, Logged) {
        let (entries, out) = rtrb::RingBuffer::new(capacity);
        let missed = Arc::<AtomicU64>::default();
        (Self { entries: Some(entries), missed: Arc::clone(&missed) }, Logged { entries: out, missed })
    }

    /// **Audio thread**: no allocation.
    #[inline]
    pub(crate) fn note(&mut self, frame: u64, what: What) {
        if let Some(entries) = &mut self.entries
            && entries.push(Entry { frame, what }).is_err()
        {
            // The only writer; Relaxed: a number to look at.
            self.missed.store(self.missed.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
        }
    }
}

impl Logged {
    /// **Control**: takes what there is.
    pub(crate) fn collect(&mut self, log: &mut CommandLog) {
        while let Ok(entry) = self.entries.pop() {
            log.entries.push(entry);
        }
        log.missed = self.missed.load(Ordering::Relaxed);
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log").field("is_wanted", &self.entries.is_some()).finish()
    }
}
