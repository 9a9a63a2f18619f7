//! The one source of chance: what a seed says, it says each time and on every machine.

use std::time::Duration;

/// SplitMix64 (Steele, Lea and Flood, 2014): one word of state, and every seed is a good one.
#[derive(Debug, Clone)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall as this seed says.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// Any number.
    pub fn any(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// `from` to `to`, both included.
    pub fn within(&mut self, from: u64, to: u64) -> u64 {
        from + self.any() % (to - from + 1)
    }

    /// As [`within`](Self::within), small ones as often as large ones: each doubling is as likely as the next.
    pub fn spread(&mut self, from: u64, to: u64) -> u64 {
        let (low, high) = ((from + 1).ilog2(), (to + 1).ilog2());
        let bits = self.within(u64::from(low), u64::from(high));
        self.within(1 << bits, (2 << bits) - 1).saturating_sub(1).clamp(from, to)
    }

    /// Once in so many.
    pub fn once_in(&mut self, times: u64) -> bool {
        self.any().is_multiple_of(times)
    }

    /// One of them.
    pub fn one_of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[(self.any() % choices.len() as u64) as usize]
    }

    /// An index, as often as its weight says. The weights must not all be zero.
    pub fn weighted(&mut self, weights: &[u32]) -> usize {
        let mut left = self.any() % u64::from(weights.iter().sum::<u32>());
        for (index, weight) in weights.iter().enumerate() {
            match left.checked_sub(u64::from(*weight)) {
                Some(rest) => left = rest,
                None => return index,
            }
        }
        weights.len() - 1
    }

    /// A time of so many microseconds, spread.
    pub fn micros(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_micros(self.spread(from, to))
    }
}
