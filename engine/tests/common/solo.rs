//! A processor by itself, watched, and what to feed it with.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use crate::counted_node::Counted;
use codetta::graph::{Processor, Setup, Solo};

pub const RATE: u32 = 48_000;

pub fn solo<P: Processor>(processor: P, channels: usize) -> Solo<Counted<P>> {
    Solo::new(Counted::new(processor), Setup::new(RATE, channels))
}

pub fn sine(hz: f32, amplitude: f32, frames: usize) -> Vec<f32> {
    (0..frames)
        .map(|frame| amplitude * (std::f32::consts::TAU * hz * frame as f32 / RATE as f32).sin())
        .collect()
}

pub fn bits(samples: &[f32]) -> Vec<u32> {
    samples.iter().map(|sample| sample.to_bits()).collect()
}
