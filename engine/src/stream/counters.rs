//! What is counted instead of being raised.

use crate::sync::{AtomicU64, Ordering::Relaxed};

/// Calls that came too late, after a close or an interruption: each was answered so, did nothing else, and was counted
/// here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Late {
    /// Writes after a close.
    pub writes: u64,
    /// Frames that those writes brought.
    pub frames: u64,
    /// Flushes after a close.
    pub flushes: u64,
    /// Clears and interruptions after a close.
    pub clears: u64,
    /// Closes and shutdowns after the first.
    pub closes: u64,
    /// Drains after a close.
    pub drains: u64,
    /// Pauses, resumes, gains and pans after a stream had ended.
    pub commands: u64,
    /// Frames written to a segment after it was interrupted.
    pub interrupted_frames: u64,
}

/// The same, being counted. One for a session; any thread, no allocation.
#[derive(Debug, Default)]
pub(crate) struct LateCounters {
    pub(crate) writes: AtomicU64,
    pub(crate) frames: AtomicU64,
    pub(crate) flushes: AtomicU64,
    pub(crate) clears: AtomicU64,
    pub(crate) closes: AtomicU64,
    pub(crate) drains: AtomicU64,
    pub(crate) commands: AtomicU64,
    pub(crate) interrupted_frames: AtomicU64,
}

impl LateCounters {
    pub(crate) fn read(&self) -> Late {
        // Relaxed: counters order nothing.
        Late {
            writes: self.writes.load(Relaxed),
            frames: self.frames.load(Relaxed),
            flushes: self.flushes.load(Relaxed),
            clears: self.clears.load(Relaxed),
            closes: self.closes.load(Relaxed),
            drains: self.drains.load(Relaxed),
            commands: self.commands.load(Relaxed),
            interrupted_frames: self.interrupted_frames.load(Relaxed),
        }
    }
}

/// Adds to a counter.
pub(crate) fn count(counter: &AtomicU64, n: u64) {
    counter.fetch_add(n, Relaxed);
}

/// How a stream is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct StreamStats {
    /// Times that an open segment ran dry and went on later.
    pub underruns: u64,
    /// Silence that those times put into segments, in the stream's own frames.
    pub underrun_frames: u64,
    /// Frames queued and not yet given to the device, in the stream's own frames.
    pub buffered: u64,
    /// Segments begun.
    pub segments: u64,
    /// Segments answered.
    pub settled: u64,
    /// Samples that were not finite, or beyond +48 dBFS, and were repaired.
    pub repaired: u64,
}
