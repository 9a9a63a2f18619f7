//! The block that streams are mixed into.

use std::{ops::Range, time::Duration};

/// The block being rendered, and where it lies in time.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    /// Interleaved, perhaps several buffers; what other streams mixed is in it already.
    pub(crate) out: &'a mut [f32],
    /// Where in it the stream's frames begin.
    pub(crate) base: usize,
    pub(crate) channels: usize,
    pub(crate) frames: usize,
    /// The session's frame clock at its first frame.
    pub(crate) clock: u64,
    /// The frame clock up to which the device has let be heard, once this block is rendered.
    pub(crate) heard: u64,
    /// When its first frame is heard.
    pub(crate) heard_at: Duration,
    pub(crate) rate: u32,
}

impl Block<'_> {
    /// The frames of a stretch of the block.
    pub(super) fn span(&mut self, frames: Range<usize>) -> &mut [f32] {
        &mut self.out[self.base + frames.start * self.channels..self.base + frames.end * self.channels]
    }

    pub(super) fn time(&self, offset: usize) -> Duration {
        self.heard_at + Duration::from_nanos(offset as u64 * 1_000_000_000 / u64::from(self.rate))
    }
}
