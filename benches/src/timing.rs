//! The clock around a contestant: renders are timed, refills are not, and nobody starts with warm samples.

use std::hint::black_box;
use std::time::Duration;
#[cfg(not(unix))]
use std::time::Instant;

use crate::aligned::Aligned;
use crate::{BATCH_BLOCKS, BLOCK, CHANNELS, Contestant};

/// More than the private caches of the machines that this is run on: walking it evicts what a refill left there.
const SCRATCH_BYTES: usize = 8 << 20;
/// One touch a cache line evicts it.
const CACHE_LINE: usize = 64;

/// Times contestants, one batch of blocks at a time.
#[derive(Debug)]
pub struct Timing {
    out: Aligned,
    scratch: Vec<u8>,
}

impl Default for Timing {
    /// Of blocks of [`BLOCK`] frames.
    fn default() -> Self {
        Self::of(BLOCK)
    }
}

impl Timing {
    /// A clock of blocks of `block` frames.
    pub fn of(block: usize) -> Self {
        Self { out: Aligned::zeros(block * CHANNELS), scratch: vec![1; SCRATCH_BYTES] }
    }

    /// Frames a block.
    pub fn block(&self) -> usize {
        self.out.len() / CHANNELS
    }

    /// The time that `contestant` takes to render `blocks` blocks, refilled before each batch of them.
    pub fn blocks(&mut self, contestant: &mut dyn Contestant, blocks: u64) -> Duration {
        let mut taken = Duration::ZERO;
        let mut left = blocks;
        while left > 0 {
            let batch = left.min(BATCH_BLOCKS as u64);
            contestant.refill(batch as usize);
            self.evict();
            let start = now();
            for _ in 0..batch {
                contestant.render(&mut self.out);
                black_box(&mut self.out);
            }
            taken += now() - start;
            left -= batch;
        }
        taken
    }

    /// The last rendered block.
    pub fn last_block(&self) -> &[f32] {
        &self.out
    }

    /// A producer that ran a moment ago on this very core would leave its samples in the cache: half of the contestants
    /// are fed so, the other half are not.
    fn evict(&mut self) {
        for line in self.scratch.iter_mut().step_by(CACHE_LINE) {
            *line = line.wrapping_add(1);
        }
        black_box(&mut self.scratch);
    }
}

/// Time that this thread has spent on a core: on a machine with other work, what it waited for a core is not its cost.
#[cfg(unix)]
pub fn now() -> Duration {
    let clock = nix::time::ClockId::CLOCK_THREAD_CPUTIME_ID;
    Duration::from(nix::time::clock_gettime(clock).expect("every thread has a clock"))
}

/// Time that has passed.
#[cfg(not(unix))]
pub fn now() -> Duration {
    static START: std::sync::OnceLock<Instant> = std::sync::OnceLock::new();
    START.get_or_init(Instant::now).elapsed()
}
