//! What the listener sets and what passes between the thread that feeds and the one that shows.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;

use codetta::{Session, Stream, StreamId};

use crate::decode::Spec;
use crate::playlist::Problem;

/// Volume and pause: they outlive the stream that is playing.
///
/// Relaxed throughout: each value stands alone, and a stream opened a moment too early is told again.
#[derive(Debug, Default)]
pub struct Controls {
    paused: AtomicBool,
    decibels: AtomicI32,
}

/// Quiet enough to be silence, and no louder than a badly levelled recording needs.
const VOLUME: std::ops::RangeInclusive<i32> = -60..=12;
/// Short enough to follow the key, long enough not to click.
const RAMP: Duration = Duration::from_millis(30);

impl Controls {
    /// Whether the listener has paused.
    pub fn paused(&self) -> bool {
        self.paused.load(Ordering::Relaxed)
    }

    /// Volume in dB.
    pub fn decibels(&self) -> i32 {
        self.decibels.load(Ordering::Relaxed)
    }

    /// Pauses, or goes on.
    pub fn toggle_pause(&self, stream: Option<&Stream>) {
        let paused = !self.paused();
        self.paused.store(paused, Ordering::Relaxed);
        if let Some(stream) = stream {
            let _ = if paused { stream.pause() } else { stream.resume() };
        }
    }

    /// Turns the volume by `step` dB.
    pub fn turn(&self, step: i32, stream: Option<&Stream>) {
        let decibels = (self.decibels() + step).clamp(*VOLUME.start(), *VOLUME.end());
        self.decibels.store(decibels, Ordering::Relaxed);
        if let Some(stream) = stream {
            let _ = stream.set_gain(decibels as f32, RAMP);
        }
    }

    /// Sets a new stream to what was chosen before it was there.
    pub fn apply(&self, stream: &Stream) {
        if self.decibels() != 0 {
            let _ = stream.set_gain(self.decibels() as f32, Duration::ZERO);
        }
        if self.paused() {
            let _ = stream.pause();
        }
    }
}

/// What the feeding thread is told.
pub enum Order {
    /// The session is there: begin.
    Start(Arc<Session>),
    /// Leave off and go on at this frame of this input.
    Go {
        /// Index of the input.
        index: usize,
        /// In its own frames.
        frame: u64,
    },
    /// Read no more.
    Stop,
}

/// What the feeding thread tells.
pub enum News {
    /// Something can be played; the session is waited for.
    First(Spec),
    /// An input is opened, and about to be fed.
    File {
        /// Index of the input: its segments' tag.
        index: usize,
        /// What it gives.
        spec: Spec,
    },
    /// A stream has taken the place of the one before.
    Stream(Stream),
    /// A segment has begun.
    Segment {
        /// Its stream.
        stream: StreamId,
        /// Its number there.
        segment: u64,
        /// Index of its input.
        index: usize,
        /// The input's frame that is its first.
        base: u64,
    },
    /// An input gave nothing, or not all.
    Problem(Problem),
    /// All is fed and settled, or the wait for that was too long.
    Done(Tally),
}

/// How the inputs fared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Inputs that gave at least one frame.
    pub played: usize,
    /// Inputs that gave none, or not all.
    pub failed: usize,
    /// What was queued last was not heard in time.
    pub overdue: bool,
}
