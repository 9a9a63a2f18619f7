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
        let (channels, mut taken) = (self.half.shared.config.channels, 0);
        loop {
            let rest = &samples[taken * channels..];
            match self.poll_write(&mut context, rest) {
                Poll::Ready(write) => {
                    taken += write.frames;
                    if write.state != WriteState::Full {
                        return Write { frames: taken, state: write.state };
                    }
                }
                Poll::Pending => {
                    let left = match deadline {
                        Some(deadline) => deadline.saturating_duration_since(Instant::now()),
                        None => Duration::from_secs(3600),
                    };
                    if left.is_zero() {
                        return Write { frames: taken, state: WriteState::Full };
                    }
                    thread::park_timeout(left);
                }
            }
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
        WriteAll { writer: self, samples, taken: 0 }
    }
}

struct WriteAll<'a, S> {
    writer: &'a mut Writer,
    samples: &'a [S],
    taken: usize,
}

impl<S: Sample> Future for WriteAll<'_, S> {
    type Output = Write;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Write> {
        let this = self.get_mut();
        let channels = this.writer.half.shared.config.channels;
        loop {
            let rest = &this.samples[this.taken * channels..];
            match this.writer.poll_write(context, rest) {
                Poll::Ready(write) => {
                    this.taken += write.frames;
                    if write.state != WriteState::Full {
                        return Poll::Ready(Write { frames: this.taken, state: write.state });
                    }
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
