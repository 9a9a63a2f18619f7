//! The output's clock: frames received, and how many of them can have been heard.

use std::time::Duration;

/// The engine counts what is heard once for each slice of a block: so exact is the lower bound in a longer one.
const SLICE: u64 = 512;

/// The output's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct Heard {
    /// Frames received.
    pub clock: u64,
    /// Frames that have been heard, at least …
    pub least: u64,
    /// … and at most.
    pub most: u64,
}

impl Heard {
    /// A block was received, whose first frame is heard after `latency`; without one, all of it is heard.
    pub fn block(&mut self, frames: u64, latency: Option<Duration>, rate: u32) {
        self.clock += frames;
        let held = latency.map(|latency| {
            let nanos = latency.as_nanos() * u128::from(rate);
            ((nanos + 500_000_000) / 1_000_000_000) as u64
        });
        let (least, most) = match held {
            None => (self.clock, self.clock),
            // Of a block that is heard from its first frame on, the slices before the last have begun earlier.
            Some(held) => {
                let last = self.clock - frames.min(SLICE);
                let first = if frames > SLICE { self.clock } else { last };
                (
                    if frames > SLICE { last - last.min(SLICE) } else { last }.saturating_sub(held),
                    first.saturating_sub(held),
                )
            }
        };
        self.least = self.least.max(least);
        self.most = self.most.max(most);
    }

    /// The device went, and what it held was not heard; another begins here.
    pub fn lose(&mut self) {
        (self.least, self.most) = (self.clock, self.clock);
    }
}
