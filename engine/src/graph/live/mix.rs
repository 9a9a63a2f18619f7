//! Buffers into buffers, as plain loops over slices: they become vector code on any processor.

#![allow(unsafe_code)] // Code built for AVX2 is called once the processor was asked.

use crate::graph::{audio::STRIDE, program::Buffer};

/// Two buffers of the arena, of which the second is written.
#[inline]
pub(super) fn two(arena: &mut [f32], from: Buffer, to: Buffer) -> (&[f32], &mut [f32]) {
    let (from_at, from_len) = (from.at as usize, from.width as usize * STRIDE);
    let (to_at, to_len) = (to.at as usize, to.width as usize * STRIDE);
    if from_at < to_at {
        let (before, rest) = arena.split_at_mut(to_at);
        (&before[from_at..from_at + from_len], &mut rest[..to_len])
    } else {
        let (before, rest) = arena.split_at_mut(from_at);
        (&rest[..from_len], &mut before[to_at..to_at + to_len])
    }
}

/// The channel of the source that goes into `channel`.
#[inline]
fn source(from: &[f32], channel: usize, spread: bool, frames: usize) -> &[f32] {
    let channel = if spread { 0 } else { channel };
    &from[channel * STRIDE..channel * STRIDE + frames]
}

#[inline]
pub(super) fn copy(to: &mut [f32], from: &[f32], channels: usize, spread: bool, frames: usize) {
    for (channel, to) in to.chunks_mut(STRIDE).take(channels).enumerate() {
        to[..frames].copy_from_slice(source(from, channel, spread, frames));
    }
}

/// The same bits on every processor: no fused multiply-add.
#[inline]
pub(super) fn add(to: &mut [f32], from: &[f32], channels: usize, spread: bool, frames: usize) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has AVX2, as was asked one line above.
        return unsafe { add_avx2(to, from, channels, spread, frames) };
    }
    add_anywhere(to, from, channels, spread, frames);
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_avx2(to: &mut [f32], from: &[f32], channels: usize, spread: bool, frames: usize) {
    add_anywhere(to, from, channels, spread, frames);
}

#[inline(always)]
fn add_anywhere(to: &mut [f32], from: &[f32], channels: usize, spread: bool, frames: usize) {
    for channel in 0..channels {
        let to = &mut to[channel * STRIDE..channel * STRIDE + frames];
        for (to, from) in to.iter_mut().zip(source(from, channel, spread, frames)) {
            *to += from;
        }
    }
}

pub(super) fn clear(to: &mut [f32], channels: usize, frames: usize) {
    for channel in to.chunks_mut(STRIDE).take(channels) {
        channel[..frames].fill(0.0);
    }
}

/// From interleaved at `from` to planar at `to`. The inputs' places lie behind all buffers.
pub(super) fn untangle(arena: &mut [f32], from: usize, to: usize, frames: usize, channels: usize) {
    let (planar, interleaved) = arena.split_at_mut(from);
    let interleaved = &interleaved[..frames * channels];
    let planar = &mut planar[to..to + channels * STRIDE];
    if channels == 2 {
        let (left, right) = planar.split_at_mut(STRIDE);
        for ((left, right), frame) in left.iter_mut().zip(right).zip(interleaved.chunks_exact(2)) {
            (*left, *right) = (frame[0], frame[1]);
        }
        return;
    }
    for (channel, planar) in planar.chunks_mut(STRIDE).enumerate() {
        for (sample, frame) in planar.iter_mut().zip(interleaved.chunks_exact(channels)) {
            *sample = frame[channel];
        }
    }
}

/// From planar to interleaved. The sum with zero makes a negative zero positive: whether a silent buffer was added is
/// not to be seen in the bits.
pub(super) fn tangle(out: &mut [f32], planar: &[f32], channels: usize) {
    if channels == 2 {
        let (left, right) = planar.split_at(STRIDE);
        for (frame, (left, right)) in out.chunks_exact_mut(2).zip(left.iter().zip(right)) {
            (frame[0], frame[1]) = (left + 0.0, right + 0.0);
        }
        return;
    }
    for (channel, planar) in planar.chunks(STRIDE).take(channels).enumerate() {
        for (frame, sample) in out.chunks_exact_mut(channels).zip(planar) {
            frame[channel] = sample + 0.0;
        }
    }
}
