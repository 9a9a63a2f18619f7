//! Writing all of a slice: blocking with a deadline, or as a future on a plain waker.
//!
//! Control wakes a writer that waits for room; the audio thread never does.

#![allow(clippy::disallowed_methods, reason = "the producer's thread, which asked to wait")]

use super::{Write, WriteState, Writer};
use crate::convert::Sample;
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

impl Writer {
    /// Writes all of `samples`, waiting for room, until `timeout` has passed or a state other than full ends it.
    ///
    /// The answer counts the frames taken by all of it; [`WriteState::Full`] means that the deadline came first.
    ///
    /// **Thread**: the producer's; blocks, at most for `timeout`.
    pub fn write_all<S: Sample>(&mut self, samples: &[S], timeout: Duration) -> Write {
        let deadline = Instant::now().checked_add(timeout);
        let waker = Waker::from(Arc::new(Unpark(thread::current())));
        let mut context = Context::from_waker(&waker);
        let mut all = WriteAll::new(self, samples);
        loop {
            if let Poll::Ready(write) = all.go_on(&mut context) {
                return write;
            }
            let left = match deadline {
                Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                None => Duration::from_secs(3600),
            };
            if left.is_zero() {
                return Write { frames: all.taken, state: WriteState::Full };
            }
            thread::park_timeout(left);
        }
    }

    /// Takes what fits of `samples`; if that is nothing, leaves the context's waker to be woken when there is room.
    ///
    /// **Thread**: the producer's. Does not block.
    pub fn poll_write<S: Sample>(&mut self, context: &mut Context<'_>, samples: &[S]) -> Poll<Write> {
        let write = self.write(samples);
        if write.frames > 0 || write.state != WriteState::Full {
            return Poll::Ready(write);
        }
        self.half.shared.wait_for_room(context.waker());
        // Room made between the first look and the waker: nobody would wake us for it.
        let write = self.write(samples);
        if write.frames > 0 || write.state != WriteState::Full { Poll::Ready(write) } else { Poll::Pending }
    }

    /// Writes all of `samples`, waiting for room, or up to a state that ends it. Any executor will do.
    ///
    /// Dropping the future keeps what was taken: [`position`](Writer::position) says how much.
    ///
    /// **Thread**: the producer's.
    pub fn write_async<'a, S: Sample>(&'a mut self, samples: &'a [S]) -> impl Future<Output = Write> + 'a {
        WriteAll::new(self, samples)
    }
}

/// Until all of it is written. It takes its waker along when it goes.
struct WriteAll<'a, S> {
    writer: &'a mut Writer,
    samples: &'a [S],
    taken: usize,
    waited: bool,
}

impl<'a, S: Sample> WriteAll<'a, S> {
    fn new(writer: &'a mut Writer, samples: &'a [S]) -> Self {
        Self { writer, samples, taken: 0, waited: false }
    }

    fn go_on(&mut self, context: &mut Context<'_>) -> Poll<Write> {
        let channels = self.writer.half.shared.config.channels;
        loop {
            let rest = &self.samples[self.taken * channels..];
            let Poll::Ready(write) = self.writer.poll_write(context, rest) else {
                self.waited = true;
                return Poll::Pending;
            };
            self.taken += write.frames;
            if write.state != WriteState::Full {
                return Poll::Ready(Write { frames: self.taken, state: write.state });
            }
        }
    }
}

impl<S> Drop for WriteAll<'_, S> {
    fn drop(&mut self) {
        if self.waited {
            self.writer.half.shared.leave_room();
        }
    }
}

impl<S: Sample> Future for WriteAll<'_, S> {
    type Output = Write;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Write> {
        self.get_mut().go_on(context)
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
