//! The output's clock: frames received, and how many of them have been heard.

use std::time::Duration;

/// The output's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct Heard {
    /// Frames received.
    pub clock: u64,
    /// Frames that have been heard.
    pub heard: u64,
    /// What the device has last said of its latency.
    latency: Option<Duration>,
}

impl Heard {
    /// A block was received, whose first frame is heard after `latency`. Where none is said it is what it was; and while
    /// none ever was, all of the block is heard.
    pub fn block(&mut self, frames: u64, latency: Option<Duration>, rate: u32) {
        self.latency = latency.or(self.latency);
        let heard = match self.latency {
            None => self.clock + frames,
            Some(latency) => {
                let nanos = latency.as_nanos() * u128::from(rate);
                self.clock.saturating_sub(((nanos + 500_000_000) / 1_000_000_000) as u64)
            }
        };
        self.clock += frames;
        self.heard = self.heard.max(heard);
    }

    /// The device went, and what it held was not heard; another begins here.
    pub fn lose(&mut self) {
        (self.heard, self.latency) = (self.clock, None);
    }
}
