//! The way from the gain that each frame needs to a smooth one that is never above it.

use super::window::Window;

/// Steps from no gain to unity. The average adds whole steps, so that it neither drifts nor ends beside unity.
const UNITY: u32 = 1 << 30;

/// The release is as if at least this much were missing to unity (−60 dB), so that it arrives: an exponential never does.
const MISSING: f64 = 1.0 / 1024.0;

/// Of the release's time constant, what it takes from no gain to unity: ln 1024 on the exponential, 1 on its straight end.
pub(super) const RELEASES: f32 = 8.0;

/// Looks `ahead` frames ahead.
///
/// The gain that a frame needs is spread over the `ahead` + 1 frames around it by a minimum, goes up no faster than the
/// release allows, and is smoothed by an average over `ahead` + 1 frames. Each of the values in the average that is
/// heard with a frame has that frame in its minimum, so no value in it is above what the frame needs; nor is the average,
/// down to the least step (−180 dB).
#[derive(Debug)]
pub(super) struct Gain {
    window: Window,
    /// The minimum, as the release lets it up. In double precision, because its smallest step is beyond single.
    held: f64,
    /// The latest of it in steps, rounded down; a ring.
    latest: Vec<u32>,
    at: usize,
    /// Of all in `latest`.
    sum: u64,
    /// One over what the sum is at unity.
    scale: f64,
}

impl Gain {
    pub(super) fn new(ahead: usize) -> Self {
        let len = ahead + 1;
        let sum = u64::from(UNITY) * len as u64;
        Self {
            window: Window::new(len),
            held: 1.0,
            latest: vec![UNITY; len],
            at: 0,
            sum,
            scale: 1.0 / sum as f64,
        }
    }

    pub(super) fn clear(&mut self) {
        self.window.clear();
        self.held = 1.0;
        self.latest.fill(UNITY);
        self.sum = u64::from(UNITY) * self.latest.len() as u64;
    }

    /// Whether all is unity, and stays so until a frame needs less.
    pub(super) fn rests(&self) -> bool {
        self.window.is_clear() && self.sum == u64::from(UNITY) * self.latest.len() as u64
    }

    /// Takes the gain, of at most 1, that the next frame needs; answers the one of the frame that came `ahead` before
    /// it. `release` is the part of what is missing that comes back in a frame.
    pub(super) fn next(&mut self, needed: f32, release: f64) -> f32 {
        let least = f64::from(self.window.push(needed));
        let released = self.held + release * (1.0 - self.held).max(MISSING);
        self.held = released.min(least);
        // Not nothing, or the loudest would leave as silence: what is still too much, the limiter sees.
        let steps = ((self.held * f64::from(UNITY)) as u32).max(1);
        self.sum = self.sum + u64::from(steps) - u64::from(self.latest[self.at]);
        self.latest[self.at] = steps;
        self.at = if self.at + 1 == self.latest.len() { 0 } else { self.at + 1 };
        (self.sum as i64 as f64 * self.scale) as f32
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// No frame gets more than it needs, but for the rounding of the last multiplication.
        #[test]
        fn no_frame_gets_more_than_it_needs(
            ahead in 1_usize..50,
            release in 1e-5_f64..1.0,
            needed in prop::collection::vec(prop_oneof![Just(1.0_f32), 0.0_f32..1.0], 100..300),
        ) {
            let mut gain = Gain::new(ahead);
            let got: Vec<f32> = needed.iter().map(|needed| gain.next(*needed, release)).collect();
            for (needed, got) in needed.iter().zip(&got[ahead..]) {
                let least = 1.0 / UNITY as f32;
                prop_assert!(*got <= needed.max(least) * (1.0 + f32::EPSILON), "{} {}", got, needed);
            }
        }
    }

    /// After whatever was, it is exactly unity again, within the time that is said.
    #[test]
    fn it_comes_back_to_unity() {
        let mut gain = Gain::new(20);
        for index in 0..1_000 {
            gain.next((index % 7) as f32 / 7.0, 0.001);
        }
        assert!(!gain.rests());
        for _ in 0..(1_000.0 * RELEASES) as usize + 40 {
            gain.next(1.0, 0.001);
        }
        assert!(gain.rests());
        assert_eq!(gain.next(1.0, 0.001), 1.0);
    }
}
