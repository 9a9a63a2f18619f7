//! What the sides of a stream share: the word, the positions and the counters.

#![allow(clippy::disallowed_types, reason = "the waker is between the producer and control")]

use super::{
    LateCounters, StreamConfig, StreamId,
    lifecycle::{Closing, Lifecycle},
};
use crate::{
    convert::source_frames,
    guests::Sleeper,
    sync::{AtomicBool, AtomicU64, Mutex, Ordering, lock},
};
use std::{sync::Arc, task::Waker};

/// Keeps what one side writes off the cache lines that the other side writes.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(crate) struct Apart<T>(pub(crate) T);

/// Positions that the audio thread publishes. Single writer: plain loads and stores.
#[derive(Debug, Default)]
pub(crate) struct Published {
    /// Source frames given to the device and not discarded.
    pub(crate) consumed: AtomicU64,
    /// Source frames heard.
    pub(crate) played: AtomicU64,
    /// Engine frames taken out of the ring, heard or discarded.
    pub(crate) taken: AtomicU64,
    pub(crate) underruns: AtomicU64,
    /// Engine frames of silence inside segments.
    pub(crate) underrun_frames: AtomicU64,
    pub(crate) lost: Lost,
}

/// What of the newest segment that a device has rendered was lost with it. Control writes it, as it gives the renderer to
/// another; whoever reads it is control too, or asks for a number that nothing turns on.
#[derive(Debug, Default)]
pub(crate) struct Lost {
    /// Segments begun up to that one, with it; 0: nothing was lost yet.
    pub(crate) segments: AtomicU64,
    /// Source frames of the stream before the first that was lost of it.
    pub(crate) after: AtomicU64,
    /// Source frames of it that were lost: rounded up, so that with those heard they are all that have passed.
    pub(crate) frames: AtomicU64,
}

/// Segments that the producer has begun, and the epoch in which it began the last of them.
#[derive(Debug, Default)]
pub(crate) struct Begun(AtomicU64);

impl Begun {
    /// **Producer**, inside: the `count`th began, in that epoch. 2⁴⁸ are never reached.
    pub(crate) fn set(&self, count: u64, epoch: u16) {
        self.0.store(count << 16 | u64::from(epoch), Ordering::Release);
    }

    pub(crate) fn count(&self) -> u64 {
        self.newest().0
    }

    /// How many, and in which epoch the newest of them was begun: both of one instant.
    pub(crate) fn newest(&self) -> (u64, u16) {
        let begun = self.0.load(Ordering::Acquire);
        (begun >> 16, begun as u16)
    }
}

/// What the sides of one stream share.
#[derive(Debug)]
pub(crate) struct StreamShared {
    pub(crate) id: StreamId,
    pub(crate) config: StreamConfig,
    pub(crate) engine_rate: u32,
    pub(crate) lifecycle: Apart<Lifecycle>,
    pub(crate) published: Apart<Published>,
    pub(crate) begun: Begun,
    /// Interruptions from other threads that took effect.
    pub(crate) interruptions: AtomicU64,
    /// Segments that the producer has ended: all that it has begun, or all but the one that is open. A count and no flag,
    /// so that one who has looked at `begun` is not told of a segment begun since.
    pub(crate) finished: AtomicU64,
    /// Source frames discarded in settled segments: control's count.
    pub(crate) discarded: AtomicU64,
    /// Engine frames pushed into the ring.
    pub(crate) written: AtomicU64,
    pub(crate) repaired: AtomicU64,
    /// Segments that control has settled: each gives the producer its credit back.
    pub(crate) settled: AtomicU64,
    /// The reader has come home, or never will: the stream is over.
    pub(crate) ended: AtomicBool,
    /// The session's.
    pub(crate) late: Arc<LateCounters>,
    room: Mutex<Option<Sleeper>>,
    waits_for_room: AtomicBool,
}

impl StreamShared {
    pub(crate) fn new(id: StreamId, config: StreamConfig, engine_rate: u32, late: Arc<LateCounters>) -> Self {
        Self {
            id,
            config,
            engine_rate,
            lifecycle: Apart(Lifecycle::new()),
            published: Apart::default(),
            begun: Begun::default(),
            interruptions: AtomicU64::new(0),
            finished: AtomicU64::new(0),
            discarded: AtomicU64::new(0),
            written: AtomicU64::new(0),
            repaired: AtomicU64::new(0),
            settled: AtomicU64::new(0),
            ended: AtomicBool::new(false),
            late,
            room: Mutex::new(None),
            waits_for_room: AtomicBool::new(false),
        }
    }

    /// Engine frames of a buffer's length.
    pub(crate) fn buffer_frames(&self) -> u64 {
        frames(self.config.buffer, self.engine_rate).max(1)
    }

    /// Source frames accepted, heard, and given to the device, each read so that it is never more than the one before.
    pub(crate) fn position(&self) -> (u64, u64, u64) {
        // The played frames first: they only grow, so those read later bound them from above. Acquire keeps the order.
        let played = self.published.0.played.load(Ordering::Acquire);
        let consumed = self.published.0.consumed.load(Ordering::Acquire).max(played);
        // What was discarded counts too, or the word's count, which comes round, would be sought too far away.
        let near = consumed.max(played + self.discarded.load(Ordering::Acquire));
        // A write that is still under way may be heard before it is counted: it is not counted here either.
        let pushed = self.lifecycle.0.read().frames_near(near);
        (pushed, consumed.min(pushed), played.min(pushed))
    }

    /// Source frames heard, or discarded with a segment that is settled.
    pub(crate) fn resolved(&self) -> u64 {
        self.published.0.played.load(Ordering::Acquire) + self.discarded.load(Ordering::Acquire)
    }

    /// Engine frames in source frames, rounded down.
    pub(crate) fn to_source(&self, engine_frames: u64) -> u64 {
        if self.config.sample_rate == self.engine_rate {
            // Two divisions less for each stream and block.
            return engine_frames;
        }
        source_frames(engine_frames, self.config.sample_rate, self.engine_rate)
    }

    pub(crate) fn is_outstanding(&self) -> bool {
        self.begun.count() != self.settled.load(Ordering::Acquire)
    }

    /// Closes it, from outside the producer's half. `false`: that changes nothing any more.
    pub(crate) fn close(&self, closing: Closing) -> bool {
        !self.ended.load(Ordering::Acquire) && self.lifecycle.0.close(closing)
    }

    /// Leaves a waker to be woken when there is room again, or the stream closes.
    pub(crate) fn wait_for_room(&self, waker: &Waker) {
        let before = self.swap_waker(Some(Sleeper::new(waker)));
        // SeqCst: whoever made room before this store is seen by the caller's second look, whoever makes it after sees
        // the flag.
        self.waits_for_room.store(true, Ordering::SeqCst);
        drop(before);
    }

    /// The lock is held for the exchange alone: wakers are callers' code, and may come back here.
    fn swap_waker(&self, waker: Option<Sleeper>) -> Option<Sleeper> {
        std::mem::replace(&mut *lock(&self.room), waker)
    }

    /// The producer waits no more. Nobody else leaves wakers, so that it is its own which goes.
    pub(crate) fn leave_room(&self) {
        self.waits_for_room.store(false, Ordering::SeqCst);
        drop(self.swap_waker(None));
    }

    /// Wakes the producer if it waits and has reason to go on. Control calls this at each step.
    pub(crate) fn wake_producer(&self) -> bool {
        if !self.waits_for_room.load(Ordering::SeqCst) {
            return false;
        }
        let taken = self.published.0.taken.load(Ordering::Acquire);
        let queued = self.written.load(Ordering::Acquire).saturating_sub(taken);
        let capacity = self.buffer_frames();
        // A quarter free: fewer, larger wake-ups.
        let room = queued <= capacity - capacity / 4;
        let word = self.lifecycle.0.read();
        if room && self.has_credit() || word.is_closing() {
            self.waits_for_room.store(false, Ordering::SeqCst);
            if let Some(waker) = self.swap_waker(None) {
                waker.wake();
            }
            return false;
        }
        true
    }

    /// Whether a write would have a segment to go into. Control asks, which alone counts the settled ones. What the producer
    /// counts is at least as new as the flag by which it waits: of a producer that waits, it is the truth.
    fn has_credit(&self) -> bool {
        let begun = self.begun.count();
        // After `begun`, or the next one's end could pass for this one's.
        let is_open = self.finished.load(Ordering::Acquire) < begun;
        // Control may have settled what the producer is about to count.
        let outstanding = begun.saturating_sub(self.settled.load(Ordering::Acquire));
        is_open || outstanding < self.config.max_segments as u64
    }

    /// Somebody waits for control to look at this stream: a producer for room, or a closer for the end.
    pub(crate) fn is_awaited(&self) -> bool {
        self.waits_for_room.load(Ordering::SeqCst) || self.lifecycle.0.read().is_closing()
    }
}

/// A duration in frames, rounded to the nearest.
pub(crate) fn frames(duration: std::time::Duration, rate: u32) -> u64 {
    let nanos = duration.as_nanos() * u128::from(rate);
    u64::try_from((nanos + 500_000_000) / 1_000_000_000).unwrap_or(u64::MAX)
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use crate::stream::lifecycle::Done;
    use std::time::Duration;

    /// The word's count of frames comes round at 2⁴⁰; what was discarded is no reason to take one turn for another.
    #[test]
    fn a_position_stands_however_much_was_discarded() {
        let shared = StreamShared::new(StreamId(0), StreamConfig::new(48_000, 1), 48_000, Arc::default());
        let word = &shared.lifecycle.0;
        let push = |frames| {
            word.enter().expect("open");
            word.leave(Done { frames, ..Done::default() });
        };
        push(10_000);
        shared.published.0.consumed.store(10_000, Ordering::Release);
        shared.published.0.played.store(10_000, Ordering::Release);
        for turns in 1..100 {
            push(1 << 36);
            shared.discarded.fetch_add(1 << 36, Ordering::Release);
            assert_eq!(shared.position(), (10_000 + (turns << 36), 10_000, 10_000));
        }
    }

    /// To the nearest frame, half of one up, and never past the end of the count.
    #[test]
    fn a_duration_is_the_nearest_number_of_frames() {
        let frames = |nanos, rate| super::frames(Duration::from_nanos(nanos), rate);
        assert_eq!([0, 499_999, 500_000, 1_000_000].map(|nanos| frames(nanos, 1_000)), [0, 0, 1, 1]);
        assert_eq!((frames(10_000_000, 44_100), frames(1_000_000_000, 48_000)), (441, 48_000));
        assert_eq!((frames(20_840, 48_000), frames(31_250, 48_000)), (1, 2));
        assert_eq!(super::frames(Duration::MAX, 48_000), u64::MAX);
    }
}
