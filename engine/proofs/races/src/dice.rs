//! Seeded dice: what the threads do, not when.

use std::{thread, time::Duration};

/// A thread's own.
#[derive(Debug)]
pub struct Dice(u64);

impl Dice {
    /// The same throws for the same seed.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// SplitMix64 (Steele, Lea and Flood, 2014): any seed will do, zero too.
    pub fn throw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// 0 to `sides` − 1.
    pub fn below(&mut self, sides: u64) -> u64 {
        self.throw() % sides
    }

    /// True so often.
    pub fn one_in(&mut self, sides: u64) -> bool {
        self.below(sides) == 0
    }

    /// Another thread's.
    pub fn fork(&mut self) -> Self {
        Self(self.throw())
    }

    /// Up to `most` milliseconds.
    pub fn millis(&mut self, most: u64) -> Duration {
        Duration::from_micros(self.below(most * 1_000 + 1))
    }

    /// Goes on at once, lets others go on, or sleeps for up to `most` milliseconds: so that the threads of two cores meet
    /// everywhere.
    pub fn dawdle(&mut self, most: u64) {
        match self.below(4) {
            0 => {}
            1 => thread::yield_now(),
            _ => thread::sleep(self.millis(most)),
        }
    }
}
