//! The least that the machine can do with the same memory: no nodes, no plan, nothing that could change.

use super::material::{FAN_IN, GAINS, LEAVES, SOUNDS, chain_gain, sound};
use crate::aligned::Aligned;
use crate::floor::{add, scale, set};
use crate::{CHANNELS, Contestant};

/// A looped sound, read by slices.
#[derive(Debug)]
struct Loop {
    samples: Vec<f32>,
    /// In samples.
    position: usize,
}

impl Loop {
    fn new(leaf: usize) -> Self {
        Self { samples: sound(leaf), position: 0 }
    }

    /// Calls `with` for each piece of `out`, which is no longer than a loop, and the samples that belong there.
    fn read(&self, out: &mut [f32], with: impl Fn(&mut [f32], &[f32])) {
        let ahead = &self.samples[self.position..];
        let (head, tail) = out.split_at_mut(ahead.len().min(out.len()));
        with(head, &ahead[..head.len()]);
        with(tail, &self.samples[..tail.len()]);
    }

    fn advance(&mut self, samples: usize) {
        self.position = (self.position + samples) % self.samples.len();
    }
}

/// One pass over the block in place for each gain, its factor read from memory. A compiler that may fold the gains to one
/// would need none of this; nor may an engine whose gains can be turned at any time.
#[derive(Debug)]
pub struct FloorChain {
    source: Loop,
    gains: Vec<f32>,
}

impl FloorChain {
    /// The chain.
    pub fn new() -> Self {
        Self { source: Loop::new(0), gains: (0..GAINS).map(chain_gain).collect() }
    }
}

impl Default for FloorChain {
    fn default() -> Self {
        Self::new()
    }
}

impl Contestant for FloorChain {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn refill(&mut self, _blocks: usize) {}

    fn render(&mut self, out: &mut [f32]) {
        self.source.read(out, <[f32]>::copy_from_slice);
        self.source.advance(out.len());
        for gain in &self.gains {
            scale(out, *gain);
        }
    }
}

/// Sums of ten, of ten, of ten: each leaf is added from where it lies, each mixer has one block.
#[derive(Debug)]
pub struct FloorTree {
    sounds: Vec<Loop>,
    inner: Aligned,
    outer: Aligned,
}

impl FloorTree {
    /// The tree for blocks of `block` frames.
    pub fn new(block: usize) -> Self {
        let scratch = || Aligned::zeros(block * CHANNELS);
        Self { sounds: (0..SOUNDS).map(Loop::new).collect(), inner: scratch(), outer: scratch() }
    }
}

/// A sum's first input takes the place of what was there: no zeros need be written first.
fn put(index: usize, out: &mut [f32], input: &[f32]) {
    if index == 0 {
        set(out, input, 1.0);
    } else {
        add(out, input, 1.0);
    }
}

impl Contestant for FloorTree {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn refill(&mut self, _blocks: usize) {}

    fn render(&mut self, out: &mut [f32]) {
        const HUNDRED: usize = FAN_IN * FAN_IN;
        for (a, hundred) in (0..LEAVES).step_by(HUNDRED).enumerate() {
            for (b, ten) in (hundred..hundred + HUNDRED).step_by(FAN_IN).enumerate() {
                for (c, leaf) in (ten..ten + FAN_IN).enumerate() {
                    self.sounds[leaf % SOUNDS].read(&mut self.inner, |o, i| put(c, o, i));
                }
                put(b, &mut self.outer, &self.inner);
            }
            put(a, out, &self.outer);
        }
        for sound in &mut self.sounds {
            sound.advance(out.len());
        }
    }
}
