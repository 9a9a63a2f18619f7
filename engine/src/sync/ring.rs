//! The rings as shuttle and the simulator need them: rtrb's own, where each use is a point at which somebody else may go on.
//!
//! rtrb's positions are no atomics of theirs. So each operation comes to a point first: what happens between any two points
//! then happens between any two uses of what threads share. Everything else is rtrb, names and signatures too.

#[cfg(shuttle)]
pub(crate) use self::shuttled::AUDIO;
#[cfg(shuttle)]
use self::shuttled::Point;
#[cfg(not(shuttle))]
use crate::simulation::Point;
use rtrb::chunks::{ChunkError, ReadChunk};
pub(crate) use rtrb::{PopError, PushError};

/// A point is an operation on an atomic of shuttle's own.
#[cfg(shuttle)]
mod shuttled {
    use shuttle::{
        sync::atomic::{AtomicBool, Ordering},
        thread,
    };

    /// What the models call the thread that makes the callbacks. An end that is dropped by it fails the model: the audio
    /// thread frees nothing.
    pub(crate) const AUDIO: &str = "audio";

    #[derive(Debug, Default)]
    pub(crate) struct Point(AtomicBool);

    impl Point {
        pub(super) fn pass(&self) {
            self.0.load(Ordering::SeqCst);
        }
    }

    impl Drop for Point {
        fn drop(&mut self) {
            // A model that has failed is unwound by whichever thread failed.
            if !std::thread::panicking() {
                assert_ne!(
                    thread::current().name(),
                    Some(AUDIO),
                    "a ring's end was freed by the callback's thread"
                );
            }
        }
    }
}

#[derive(Debug)]
pub(crate) struct RingBuffer<T>(std::marker::PhantomData<T>);

impl<T> RingBuffer<T> {
    #[allow(clippy::new_ret_no_self)] // As rtrb's.
    pub(crate) fn new(capacity: usize) -> (Producer<T>, Consumer<T>) {
        let (producer, consumer) = rtrb::RingBuffer::new(capacity);
        (
            Producer { ring: producer, point: Point::default() },
            Consumer { ring: consumer, point: Point::default() },
        )
    }
}

#[derive(Debug)]
pub(crate) struct Producer<T> {
    ring: rtrb::Producer<T>,
    point: Point,
}

impl<T> Producer<T> {
    pub(crate) fn push(&mut self, value: T) -> Result<(), PushError<T>> {
        self.point.pass();
        self.ring.push(value)
    }

    pub(crate) fn slots(&self) -> usize {
        self.point.pass();
        self.ring.slots()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.point.pass();
        self.ring.is_full()
    }
}

impl<T: Copy> Producer<T> {
    pub(crate) fn push_partial_slice<'a>(&mut self, slice: &'a [T]) -> (&'a [T], &'a [T]) {
        self.point.pass();
        self.ring.push_partial_slice(slice)
    }
}

#[derive(Debug)]
pub(crate) struct Consumer<T> {
    ring: rtrb::Consumer<T>,
    point: Point,
}

impl<T> Consumer<T> {
    pub(crate) fn pop(&mut self) -> Result<T, PopError> {
        self.point.pass();
        self.ring.pop()
    }

    pub(crate) fn slots(&self) -> usize {
        self.point.pass();
        self.ring.slots()
    }

    /// Nobody else moves this end: that the chunk is committed later is as if it were read later.
    pub(crate) fn read_chunk(&mut self, n: usize) -> Result<ReadChunk<'_, T>, ChunkError> {
        self.point.pass();
        self.ring.read_chunk(n)
    }
}
