//! The one file that names rubato: block in, block out.
//!
//! The FFT resampler, of what rubato offers, as it is measured the fastest and the cleanest (images and noise below
//! what an `f32` can hold); its block keeps the delay at a few milliseconds.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Fft, FixedSync, Resampler, WindowFunction};

use super::block::Block;
use super::repair;
use super::sample::Sample;

/// Side lobes below -110 dB with the narrowest main lobe that has them: the sharper of the windows that leave
/// images under -90 dB with something to spare.
const WINDOW: WindowFunction = WindowFunction::Blackman2;

/// Resamples block by block, with the filter's delay already taken off the front of the first.
///
/// Stage source frames until the block is full, run it, take what is pending; and again. Interleaved throughout.
#[derive(Debug)]
pub(super) struct Resample {
    fft: Fft<f32>,
    block: Block,
    channels: usize,
    /// One block of source frames, the first `staged` of them waiting.
    input: Box<[f32]>,
    staged: usize,
    /// One block of engine frames, those from `next` on not yet taken.
    output: Box<[f32]>,
    next: usize,
    /// Nothing has run since the last reset: the first block's front is the filter's delay, not sound.
    fresh: bool,
}

impl Resample {
    /// Allocates all that it will ever use. `None` if rubato refuses, which the sizes of [`Block`] do not let it.
    pub(super) fn new(block: Block, channels: usize) -> Option<Self> {
        // rubato reduces the rates to their ratio, so the block's two lengths say as much as the rates; asking for
        // one such block as the chunk makes it one FFT.
        let (source, engine) = (block.source, block.engine);
        let fft = Fft::new_custom(source, engine, source, 1, channels, WINDOW, FixedSync::Both).ok()?;
        (fft.input_frames_next() == source && fft.output_frames_next() == engine).then(|| Self {
            fft,
            block,
            channels,
            input: vec![0.0; source * channels].into(),
            staged: 0,
            output: vec![0.0; engine * channels].into(),
            next: engine,
            fresh: true,
        })
    }

    pub(super) fn block(&self) -> Block {
        self.block
    }

    /// Source frames that the block still lacks.
    pub(super) fn vacant(&self) -> usize {
        self.block.source - self.staged
    }

    /// Adds whole frames, at most [`vacant`](Self::vacant) of them; says how many samples had to be repaired.
    pub(super) fn stage<S: Sample>(&mut self, source: &[S]) -> u64 {
        let start = self.staged * self.channels;
        self.staged += source.len() / self.channels;
        repair::convert(source, &mut self.input[start..start + source.len()])
    }

    /// Engine frames that wait to be taken.
    pub(super) fn pending(&self) -> usize {
        self.block.engine - self.next
    }

    /// Takes the next `frames` of those pending.
    pub(super) fn take(&mut self, frames: usize) -> &[f32] {
        let start = self.next * self.channels;
        self.next += frames;
        &self.output[start..self.next * self.channels]
    }

    /// Transforms the block, silence in place of what it lacks. What was pending is gone.
    pub(super) fn run(&mut self) {
        self.input[self.staged * self.channels..].fill(0.0);
        let input = InterleavedSlice::new(&self.input[..], self.channels, self.block.source);
        let output = InterleavedSlice::new_mut(&mut self.output[..], self.channels, self.block.engine);
        let (Ok(input), Ok(mut output)) = (input, output) else {
            unreachable!("both buffers were made for exactly one block of these channels")
        };
        // Checked by rubato before it does anything: whether both are of its channels and long enough for its chunk.
        if let Err(refused) = self.fft.process_into_buffer(&input, &mut output, None) {
            unreachable!("both buffers are of the very size that rubato asked for in `new`: {refused}")
        }
        self.staged = 0;
        self.next = if self.fresh { self.block.delay() } else { 0 };
        self.fresh = false;
    }

    /// As new: nothing staged, nothing pending, nothing in the filter.
    pub(super) fn reset(&mut self) {
        self.staged = 0;
        self.next = self.block.engine;
        // The filter of an unused one is empty already, and emptying it touches all of its memory.
        if !self.fresh {
            self.fft.reset();
            self.fresh = true;
        }
    }
}
