//! The samples of all buffers, beginning on a line of the cache, so that no vector lies on two.

use std::ops::{Deref, DerefMut};

/// Samples in one line of the cache.
const LINE: usize = 16;

/// A slice of samples whose first is the first of a line.
#[derive(Debug, Default)]
pub(crate) struct Arena {
    samples: Vec<f32>,
    start: usize,
    len: usize,
}

impl Arena {
    /// **Control**: allocates.
    pub(crate) fn new(len: usize) -> Self {
        let samples = vec![0.0_f32; len + LINE];
        // Where that cannot be said, it is only slower.
        let start = samples.as_ptr().align_offset(LINE * size_of::<f32>()).min(LINE);
        Self { samples, start, len }
    }
}

impl Deref for Arena {
    type Target = [f32];

    #[inline]
    fn deref(&self) -> &[f32] {
        &self.samples[self.start..self.start + self.len]
    }
}

impl DerefMut for Arena {
    #[inline]
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.samples[self.start..self.start + self.len]
    }
}
