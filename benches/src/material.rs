//! The streams that every contestant mixes: their shape, their samples, their gains.

/// Frames a second.
pub const RATE: u32 = 48_000;
/// Samples a frame.
pub const CHANNELS: usize = 2;
/// Frames a block: what a device asks for at a latency of 2.7 ms.
pub const BLOCK: usize = 128;
/// Frames that one stream holds: 0.5 s, 192 KB, Codetta's default buffer. A thousand of them fit in no private cache.
pub const BUFFER_FRAMES: usize = 24_000;
/// The most blocks rendered between two refills: a little less than a buffer holds.
pub const BATCH_BLOCKS: usize = 160;

/// The samples repeat after this many frames. It divides both [`BLOCK`] and [`BUFFER_FRAMES`], so that a block holds the
/// same samples wherever in its buffer a contestant stands, and all of them must render the same.
const PERIOD: usize = 64;
/// Low enough that a thousand streams stay below full scale.
const AMPLITUDE: f32 = 1.0e-3;

/// One buffer of stream number `stream`: [`BUFFER_FRAMES`] interleaved frames of noise, never zero, no denormals.
pub fn signal(stream: usize) -> Vec<f32> {
    let sample = |i: usize| {
        let i = i % (PERIOD * CHANNELS);
        // Knuth's multiplicative hash: any fixed spread of values serves.
        let hash = ((stream * PERIOD * CHANNELS + i) as u32).wrapping_mul(2_654_435_761) >> 8;
        let unit = hash as f32 / (1 << 24) as f32;
        AMPLITUDE * (unit - 0.5 + f32::EPSILON)
    };
    (0..BUFFER_FRAMES * CHANNELS).map(sample).collect()
}

/// The gain of stream number `stream`, in dB: its own, and never unity, for which some engines take a short cut.
pub fn gain_db(stream: usize) -> f32 {
    -3.0 - (stream % 12) as f32
}
