//! The rings as loom needs them: as much of rtrb as the engine uses, on atomics and cells that loom sees.
//!
//! As in rtrb, each side keeps its own position and the other's as last seen, looks again only where that does not
//! suffice, and publishes with Release what the other reads with Acquire.
//!
//! An end that is dropped by a thread of the name [`AUDIO`] fails the model: the audio thread frees nothing.

#![allow(unsafe_code)] // The places' contents; loom checks each access.

use super::{AtomicUsize, Ordering, UnsafeCell};
use std::{cell::Cell, fmt, sync::Arc};

/// What the models call the thread that makes the callbacks.
pub(crate) const AUDIO: &str = "audio";

/// No model goes further along a ring than this: the places behind it are not made.
const PLACES: usize = 32;

/// What the two ends share.
pub(crate) struct RingBuffer<T> {
    len: usize,
    head: AtomicUsize,
    tail: AtomicUsize,
    places: Vec<UnsafeCell<Option<T>>>,
}

// SAFETY: a place is the producer's between `head + len` and its push, the consumer's between the push and its pop; loom
// reports any access outside of that.
unsafe impl<T: Send> Sync for RingBuffer<T> {}
// SAFETY: as for any owner of a `T`.
unsafe impl<T: Send> Send for RingBuffer<T> {}

impl<T> RingBuffer<T> {
    #[allow(clippy::new_ret_no_self)] // As rtrb's.
    pub(crate) fn new(len: usize) -> (Producer<T>, Consumer<T>) {
        let places = std::iter::repeat_with(|| UnsafeCell::new(None)).take(len.min(PLACES)).collect();
        let ring = Arc::new(Self { len, head: AtomicUsize::new(0), tail: AtomicUsize::new(0), places });
        let producer = Producer { ring: Arc::clone(&ring), tail: 0, head_seen: Cell::new(0) };
        (producer, Consumer { ring, head: 0, tail_seen: Cell::new(0) })
    }

    fn exchange(&self, at: usize, value: Option<T>) -> Option<T> {
        // SAFETY: see above; the reference ends before loom's access does.
        self.places[at % self.len].with_mut(|held| std::mem::replace(unsafe { &mut *held }, value))
    }
}

/// The end that pushes.
pub(crate) struct Producer<T> {
    ring: Arc<RingBuffer<T>>,
    tail: usize,
    head_seen: Cell<usize>,
}

/// Why a push did nothing.
#[derive(Debug)]
pub(crate) enum PushError<T> {
    Full(T),
}

impl<T> Producer<T> {
    /// How many can be pushed: this is where the head is looked at.
    pub(crate) fn slots(&self) -> usize {
        self.head_seen.set(self.ring.head.load(Ordering::Acquire));
        self.ring.len - (self.tail - self.head_seen.get())
    }

    pub(crate) fn is_full(&self) -> bool {
        self.tail - self.head_seen.get() == self.ring.len && self.slots() == 0
    }

    pub(crate) fn push(&mut self, value: T) -> Result<(), PushError<T>> {
        if self.is_full() {
            return Err(PushError::Full(value));
        }
        self.ring.exchange(self.tail, Some(value));
        self.tail += 1;
        self.ring.tail.store(self.tail, Ordering::Release);
        Ok(())
    }

    /// Pushes what fits, and publishes it at once.
    pub(crate) fn push_partial_slice<'a>(&mut self, slice: &'a [T]) -> (&'a [T], &'a [T])
    where
        T: Copy,
    {
        let (pushed, rest) = slice.split_at(slice.len().min(self.slots()));
        for (index, value) in pushed.iter().enumerate() {
            self.ring.exchange(self.tail + index, Some(*value));
        }
        if !pushed.is_empty() {
            self.tail += pushed.len();
            self.ring.tail.store(self.tail, Ordering::Release);
        }
        (pushed, rest)
    }
}

/// The end that takes.
pub(crate) struct Consumer<T> {
    ring: Arc<RingBuffer<T>>,
    head: usize,
    tail_seen: Cell<usize>,
}

/// There is less than was asked for.
#[derive(Debug)]
pub(crate) struct TooFew;

impl<T> Consumer<T> {
    /// How many can be taken: this is where the tail is looked at.
    pub(crate) fn slots(&self) -> usize {
        self.tail_seen.set(self.ring.tail.load(Ordering::Acquire));
        self.tail_seen.get() - self.head
    }

    fn has(&self, count: usize) -> bool {
        self.tail_seen.get() - self.head >= count || self.slots() >= count
    }

    pub(crate) fn pop(&mut self) -> Result<T, TooFew> {
        if !self.has(1) {
            return Err(TooFew);
        }
        let value = self.ring.exchange(self.head, None);
        self.leave(1);
        value.ok_or(TooFew)
    }

    fn leave(&mut self, count: usize) {
        self.head += count;
        self.ring.head.store(self.head, Ordering::Release);
    }

    /// The next so many, which stay there until they are committed.
    pub(crate) fn read_chunk(&mut self, count: usize) -> Result<ReadChunk<'_, T>, TooFew>
    where
        T: Copy,
    {
        if !self.has(count) {
            return Err(TooFew);
        }
        let ring = &self.ring;
        let values = (self.head..self.head + count).filter_map(|at| {
            // SAFETY: as in `exchange`.
            ring.places[at % ring.len].with(|held| unsafe { *held })
        });
        let values: Vec<T> = values.collect();
        assert_eq!(values.len(), count, "what is seen has been pushed");
        Ok(ReadChunk { values, consumer: self })
    }
}

/// A copy of what can be taken. In rtrb it is the ring itself; what matters here is when it is looked at and let go.
pub(crate) struct ReadChunk<'a, T> {
    values: Vec<T>,
    consumer: &'a mut Consumer<T>,
}

impl<T> ReadChunk<'_, T> {
    pub(crate) fn as_slices(&self) -> (&[T], &[T]) {
        (&self.values, &[])
    }

    pub(crate) fn commit_all(self) {
        if !self.values.is_empty() {
            self.consumer.leave(self.values.len());
        }
    }
}

impl<T> Drop for Producer<T> {
    fn drop(&mut self) {
        check_who_frees();
    }
}

impl<T> Drop for Consumer<T> {
    fn drop(&mut self) {
        check_who_frees();
    }
}

fn check_who_frees() {
    // A model that has failed is unwound by whichever thread failed.
    if !std::thread::panicking() {
        let thread = loom::thread::current();
        assert_ne!(thread.name(), Some(AUDIO), "a ring's end was freed by the callback's thread");
    }
}

impl<T> fmt::Debug for Producer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Producer")
    }
}

impl<T> fmt::Debug for Consumer<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Consumer")
    }
}
