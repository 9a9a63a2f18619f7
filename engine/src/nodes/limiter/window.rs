//! The least of the latest values.

/// A value, and the frame that it came with.
#[derive(Debug, Clone, Copy)]
struct Entry {
    at: u64,
    value: f32,
}

/// The minimum of the latest `len` values of at most 1; a value of 1 is none.
///
/// Kept are only values that can still become the minimum: each is less than all that came after it, so they rise from
/// the front to the back. A new value drops what is not less than it from the back. How much that is, is searched in
/// steps that double, and then halved: on average over the frames this is constant work, as each value is dropped once;
/// and where a single value drops all others, it takes 2 log₂ `len` comparisons, not `len`.
///
/// **Thread**: audio thread; `new` allocates.
#[derive(Debug)]
pub(super) struct Window {
    /// A ring, of a power of two.
    ring: Vec<Entry>,
    /// Entries ever dropped at the front, and where the next one goes: places, modulo the ring.
    front: u64,
    back: u64,
    /// Values pushed.
    clock: u64,
    len: u64,
}

impl Window {
    pub(super) fn new(len: usize) -> Self {
        let ring = vec![Entry { at: 0, value: 1.0 }; len.next_power_of_two()];
        Self { ring, front: 0, back: 0, clock: 0, len: len as u64 }
    }

    pub(super) fn clear(&mut self) {
        (self.front, self.back) = (0, 0);
    }

    /// Whether the minimum is 1, and stays so until something less comes.
    pub(super) fn is_clear(&self) -> bool {
        self.front == self.back
    }

    /// Takes the next value, and answers the minimum of the latest.
    pub(super) fn push(&mut self, value: f32) -> f32 {
        let at = self.clock;
        self.clock += 1;
        // At most one grows too old with each value.
        if self.front < self.back && self.at(self.front).at + self.len <= at {
            self.front += 1;
        }
        if value < 1.0 {
            self.back = self.keeps_below(value);
            let place = self.place(self.back);
            self.ring[place] = Entry { at, value };
            self.back += 1;
        }
        if self.is_clear() { 1.0 } else { self.at(self.front).value }
    }

    /// The place behind the last entry that is less than `value`.
    fn keeps_below(&self, value: f32) -> u64 {
        // Everything from `high` on is dropped; everything before `low` is kept.
        let (mut low, mut high, mut step) = (self.front, self.back, 1);
        while high > low {
            let probe = high.saturating_sub(step).max(low);
            if self.at(probe).value < value {
                low = probe + 1;
                break;
            }
            high = probe;
            step *= 2;
        }
        while low < high {
            let middle = low + (high - low) / 2;
            match self.at(middle).value < value {
                true => low = middle + 1,
                false => high = middle,
            }
        }
        low
    }

    fn place(&self, place: u64) -> usize {
        place as usize & (self.ring.len() - 1)
    }

    fn at(&self, place: u64) -> Entry {
        self.ring[self.place(place)]
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// It is the minimum of the latest, and no value drops more than it may.
        #[test]
        fn it_is_the_minimum(
            len in 1_usize..70,
            values in prop::collection::vec(prop_oneof![Just(1.0_f32), 0.0_f32..1.0, Just(0.5)], 0..400),
        ) {
            let mut window = Window::new(len);
            for (index, value) in values.iter().enumerate() {
                let latest = &values[(index + 1).saturating_sub(len)..=index];
                let least = latest.iter().copied().fold(1.0, f32::min);
                prop_assert_eq!(window.push(*value), least);
            }
        }
    }

    /// Rising values fill it to the brim; one that is less than all of them empties it.
    #[test]
    fn it_holds_as_many_as_it_is_long() {
        for len in [1, 2, 3, 64, 240, 241] {
            let mut window = Window::new(len);
            for index in 0..3 * len {
                let least = window.push((index + 1) as f32 / (4 * len) as f32);
                assert_eq!(least, (index + 2 - (index + 1).min(len)) as f32 / (4 * len) as f32);
            }
            assert_eq!((window.push(0.0), window.back - window.front), (0.0, 1));
        }
    }
}
