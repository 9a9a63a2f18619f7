//! Blocks that start with a cache line: where an allocator happens to put one changes the floor by half.

use std::ops::{Deref, DerefMut};

const CACHE_LINE: usize = 64;

/// So many samples, on a cache line's border.
#[derive(Debug)]
pub(crate) struct Aligned {
    memory: Vec<f32>,
    start: usize,
    samples: usize,
}

impl Aligned {
    /// `samples` zeros.
    pub(crate) fn zeros(samples: usize) -> Self {
        let memory = vec![0.0; samples + CACHE_LINE / size_of::<f32>()];
        let start = memory.as_ptr().align_offset(CACHE_LINE);
        Self { memory, start, samples }
    }
}

impl Deref for Aligned {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.memory[self.start..][..self.samples]
    }
}

impl DerefMut for Aligned {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.memory[self.start..][..self.samples]
    }
}
