//! The graphs that every contestant builds: how many nodes, with which sounds and gains.

use crate::{CHANNELS, signal};

/// Gains in the chain.
pub const GAINS: usize = 1000;
/// Sounds in the tree.
pub const LEAVES: usize = 1000;
/// Inputs of each mixer of the tree.
pub const FAN_IN: usize = 10;
/// Frames a block, of the blocks to measure at.
pub const BLOCKS: [usize; 3] = [64, 128, 480];

/// Different sounds among the leaves, which share their memory: the graph is measured here, not the cache. `mix` is the
/// bench in which every stream has memory of its own.
pub const SOUNDS: usize = 16;
/// A period of the signal, as many times as it takes for loops to end at all places of a block: 61 is prime.
const LOOP_FRAMES: usize = 32 * 61;

/// The loop that leaf number `leaf` plays: interleaved frames. The signal within has a period of 32 frames, which divides
/// every block: it does not matter in which block an engine started.
pub fn sound(leaf: usize) -> Vec<f32> {
    let period = &signal(leaf % SOUNDS)[..32 * CHANNELS];
    period.repeat(LOOP_FRAMES / 32)
}

/// The same, one vector for each channel.
pub fn planar_sound(leaf: usize) -> Vec<Vec<f32>> {
    let interleaved = sound(leaf);
    let channel = |c| interleaved.iter().skip(c).step_by(CHANNELS).copied().collect();
    (0..CHANNELS).map(channel).collect()
}

/// The gain of node number `node` of the chain, in dB. None is unity, for which some engines take a short cut; a thousand of
/// them attenuate by 21 dB, so that nothing becomes denormal and one gain left out still shows.
pub fn chain_gain_db(node: usize) -> f32 {
    -0.010 - 0.002 * (node % 12) as f32
}

/// The same as a factor.
pub fn chain_gain(node: usize) -> f32 {
    10_f32.powf(chain_gain_db(node) / 20.0)
}
