//! What each node takes of the audio thread's time, measured only while somebody asks.

use crate::sync::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Written by the audio thread alone, by loads and stores. Relaxed throughout: numbers to look at.
#[derive(Debug)]
pub(crate) struct Costs {
    is_wanted: AtomicBool,
    /// For each place of a node.
    nanos: Vec<AtomicU64>,
    /// Frames in which was measured.
    frames: AtomicU64,
}

impl Costs {
    pub(crate) fn new(nodes: usize) -> Self {
        let nanos = std::iter::repeat_with(AtomicU64::default).take(nodes).collect();
        Self { is_wanted: AtomicBool::new(false), nanos, frames: AtomicU64::new(0) }
    }

    /// Any thread.
    pub(crate) fn want(&self, is_wanted: bool) {
        self.is_wanted.store(is_wanted, Relaxed);
    }

    pub(crate) fn is_wanted(&self) -> bool {
        self.is_wanted.load(Relaxed)
    }

    /// Another node has the place.
    pub(crate) fn begin(&self, slot: usize) {
        self.nanos[slot].store(0, Relaxed);
    }

    pub(crate) fn took(&self, slot: usize, time: Duration) {
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        self.nanos[slot].store(self.nanos[slot].load(Relaxed).wrapping_add(nanos), Relaxed);
    }

    pub(crate) fn passed(&self, frames: u64) {
        self.frames.store(self.frames.load(Relaxed) + frames, Relaxed);
    }

    /// Nanoseconds that the node at `slot` took, ever. Any thread.
    pub(crate) fn nanos(&self, slot: usize) -> u64 {
        self.nanos.get(slot).map_or(0, |nanos| nanos.load(Relaxed))
    }

    /// Frames in which was measured, ever. Any thread.
    pub(crate) fn frames(&self) -> u64 {
        self.frames.load(Relaxed)
    }
}
