//! How a sample says whose it is: each stream has a lane in the mix, and its frames are numbered there.
//!
//! A sum of whole numbers below 2²⁴ is exact in `f32`. So a channel can hold one stream with numbers of 24 bits, or two with
//! 12 bits each, and what the device receives can be taken apart again without a doubt. They are all scaled down together, since
//! the engine takes what is far beyond full scale for a mistake.

/// A power of two, so that scaling is exact: 2²⁴ comes out as 128, +42 dBFS.
pub const SCALE: f32 = (1 << 17) as f32;

/// A stream's place in the mix.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lane {
    /// Which channel of the output.
    pub channel: usize,
    /// Its bits in the sample, from this one on …
    shift: u32,
    /// … and how many.
    bits: u32,
}

impl Lane {
    /// The lanes of a session: one for each of the first two channels, or two.
    pub fn all(channels: usize, split: bool) -> Vec<Lane> {
        let lanes: &[(u32, u32)] = if split { &[(0, 12), (12, 12)] } else { &[(0, 24)] };
        let of_channel =
            |channel| lanes.iter().map(move |(shift, bits)| Lane { channel, shift: *shift, bits: *bits });
        (0..channels.min(2)).flat_map(of_channel).collect()
    }

    /// What a stream's frame says in this lane: never zero, and the same again only after a whole round of the bits.
    pub fn number(&self, frame: u64) -> u32 {
        (frame % ((1 << self.bits) - 1)) as u32 + 1
    }

    /// The sample of a stream's frame.
    pub fn sample(&self, frame: u64) -> f32 {
        (self.number(frame) << self.shift) as f32 / SCALE
    }

    /// What a sample says in this lane: 0 is nothing.
    pub fn read(&self, sample: u32) -> u32 {
        (sample >> self.shift) & ((1 << self.bits) - 1)
    }
}

/// A sample of the mix as the whole number that it must be.
pub fn whole(sample: f32) -> Option<u32> {
    let scaled = sample * SCALE;
    let number = scaled as u32;
    (number < 1 << 24 && number as f32 == scaled).then_some(number)
}
