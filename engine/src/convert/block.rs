//! How long a block the resampler transforms at a time.
//!
//! The block is also the length of its filter, so this is where sharpness is traded for latency and memory.

/// Frames of one block on either side of the resampler; they are to each other exactly as the rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Block {
    pub(super) source: usize,
    pub(super) engine: usize,
}

impl Block {
    /// Frames that a block should have at the lower rate. With 160, the filter passes 88 % of what the lower rate
    /// can carry and is down to nothing at 100 %: at 8 kHz the telephone band is whole (3.5 kHz), at 24 kHz 10.6
    /// kHz are. It is 20 ms at 8 kHz, 6.7 ms at 24 kHz, 3.3 ms at 48 kHz.
    const WANTED: usize = 160;

    /// The shortest block there can be is a common period of both rates. Longer than 1/25 s (which 11.025 kHz has
    /// with 8 kHz), the latency and the memory are no longer those of a real-time stream.
    const SLOWEST_PERIOD_HZ: u32 = 25;

    /// A block is not lengthened beyond 1/100 s only to make it even.
    const EVEN_UP_TO_HZ: u32 = 100;

    /// The block for two different rates in Hz, or `None` where their common period is too long.
    pub(super) fn between(source_rate: u32, engine_rate: u32) -> Option<Self> {
        let periods_hz = gcd(source_rate, engine_rate);
        if periods_hz < Self::SLOWEST_PERIOD_HZ {
            return None;
        }
        let one =
            Self { source: (source_rate / periods_hz) as usize, engine: (engine_rate / periods_hz) as usize };
        let shorter = one.source.min(one.engine);
        // The nearest, not the next above: at 11.025 kHz, 147 frames are enough and 294 would be 27 ms.
        let mut periods = ((Self::WANTED + shorter / 2) / shorter).max(1);
        // The delay is half a block. With an even number on either side it is a whole number of frames, and the
        // sound stays where it was to the last digit; otherwise it is off by up to half a frame.
        let odd = (one.source | one.engine) % 2 == 1 && periods % 2 == 1;
        let next_even = periods + 1;
        if odd && next_even as u32 * Self::EVEN_UP_TO_HZ <= periods_hz {
            periods = next_even;
        }
        Some(Self { source: one.source * periods, engine: one.engine * periods })
    }

    /// Engine frames by which a filter centred on the middle frame of a source block delays: to the nearest.
    pub(super) fn delay(self) -> usize {
        (self.source / 2 * self.engine + self.source / 2) / self.source
    }
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
