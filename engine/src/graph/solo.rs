//! One processor by itself: for trying it, and for its tests.

use super::{
    audio::{Audio, STRIDE, SideArena, SideAt},
    processor::{Activity, Companion, MAX_FRAMES, Processor, Setup, Trigger},
    ramp::{Curve, Ramp},
    spec::{Layout, ParamSpec, Tail, TriggerSpec},
    unit::Unit,
};
use std::fmt;

/// Runs a processor without a session or a graph: what is sent to it happens at its next frame.
///
/// There is no sleep here: [`process`](Self::process) calls it also where a graph would let it sleep.
///
/// **Thread**: any one. It allocates; the processor must not.
pub struct Solo<P> {
    processor: P,
    params: Vec<Ramp>,
    layout: Layout,
    setup: Setup,
    clock: u64,
    arena: Vec<f32>,
    block: usize,
    companion: Option<Box<dyn Companion>>,
}

impl<P: Processor> Solo<P> {
    /// Prepares the processor.
    pub fn new(mut processor: P, setup: Setup) -> Self {
        let layout = processor.prepare(&setup);
        let companion = processor.companion();
        let mut params: Vec<Ramp> = processor.params().iter().map(|info| Ramp::steady(info.linear)).collect();
        for (index, value) in &layout.initial {
            params[*index] = Ramp::steady(*value);
        }
        Self { processor, params, layout, setup, clock: 0, arena: Vec::new(), block: MAX_FRAMES, companion }
    }

    /// Calls the processor with `frames` frames at most, 1 to [`MAX_FRAMES`], from now on.
    pub fn set_block(&mut self, frames: usize) {
        self.block = frames.clamp(1, MAX_FRAMES);
    }

    /// Sets a parameter without smoothing.
    pub fn set_now<U: Unit>(&mut self, spec: ParamSpec<P, U>, value: U) {
        self.ramp_to(spec, value, 0, Curve::Linear);
    }

    /// Turns a parameter to `value`, within `frames` frames.
    pub fn ramp_to<U: Unit>(&mut self, spec: ParamSpec<P, U>, value: U, frames: u32, curve: Curve) {
        self.params[spec.index()].turn(self.clock, value.linear(), frames, curve);
    }

    /// Triggers it.
    pub fn trigger(&mut self, spec: TriggerSpec<P>, value: f32) {
        self.processor.trigger(Trigger { index: spec.index(), value });
    }

    /// As the graph does before it lets the processor sleep.
    pub fn reset(&mut self) {
        self.processor.reset();
    }

    /// Lets a source make `frames` frames: planar, one vector for each channel.
    pub fn render(&mut self, frames: usize) -> Vec<Vec<f32>> {
        self.run(&[], &[], frames)
    }

    /// Processes planar channels, all of one length, and answers the output's.
    ///
    /// # Panics
    /// If there are not as many channels as the layout says.
    pub fn process(&mut self, input: &[Vec<f32>]) -> Vec<Vec<f32>> {
        self.process_with(input, &[])
    }

    /// As [`process`](Self::process), with the channels of the side-chains.
    ///
    /// # Panics
    /// As there.
    pub fn process_with(&mut self, input: &[Vec<f32>], sides: &[&[Vec<f32>]]) -> Vec<Vec<f32>> {
        let frames = input.first().map_or(0, Vec::len);
        self.run(input, sides, frames)
    }

    fn run(&mut self, input: &[Vec<f32>], sides: &[&[Vec<f32>]], frames: usize) -> Vec<Vec<f32>> {
        assert_eq!(input.len(), self.layout.inputs.first().copied().unwrap_or(0), "input channels");
        let width = input.len().max(self.layout.output);
        let behind: usize = sides.iter().map(|side| side.len()).sum();
        self.arena.resize((width + behind) * STRIDE, 0.0);
        let mut out = vec![Vec::with_capacity(frames); self.layout.output];
        let mut from = 0;
        while from < frames {
            let now = self.block.min(frames - from);
            self.piece(input, sides, from, now, width);
            for (channel, out) in out.iter_mut().enumerate() {
                out.extend_from_slice(&self.arena[channel * STRIDE..channel * STRIDE + now]);
            }
            from += now;
        }
        out
    }

    fn piece(&mut self, input: &[Vec<f32>], sides: &[&[Vec<f32>]], from: usize, frames: usize, width: usize) {
        let mut at = Vec::new();
        let mut next = width;
        let mut channels: Vec<(usize, &Vec<f32>)> = input.iter().enumerate().collect();
        for side in sides {
            at.push(SideAt { at: Some(next * STRIDE), channels: side.len() });
            channels.extend(side.iter().enumerate().map(|(index, channel)| (next + index, channel)));
            next += side.len();
        }
        for (index, channel) in channels {
            self.arena[index * STRIDE..index * STRIDE + frames]
                .copy_from_slice(&channel[from..from + frames]);
        }
        let (main, behind) = self.arena.split_at_mut(width * STRIDE);
        let mut audio = Audio {
            main,
            channels: width,
            from: 0,
            frames,
            clock: self.clock,
            rate: self.setup.sample_rate,
            params: &self.params,
            sides: &SideArena { before: &[], behind, behind_at: width * STRIDE, at: &at },
        };
        let activity = self.processor.process(&mut audio);
        let silent_from = match activity {
            Activity::Sounding => frames,
            Activity::Silent if input.is_empty() => 0,
            Activity::Until(frame) if input.is_empty() => frame,
            _ => frames,
        };
        for channel in audio.channels() {
            channel[silent_from..].fill(0.0);
        }
        self.clock += frames as u64;
        if let Some(companion) = &mut self.companion {
            companion.step();
        }
    }

    /// The session's frame clock at its next frame.
    pub fn clock(&self) -> u64 {
        self.clock
    }

    /// Frames that its output is late.
    pub fn latency(&self) -> u32 {
        self.layout.latency
    }

    /// How long it sounds on.
    pub fn tail(&self) -> Tail {
        self.layout.tail
    }

    /// The processor.
    pub fn processor(&self) -> &P {
        &self.processor
    }
}

impl<P: Processor> fmt::Debug for Solo<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Solo").field("processor", &self.processor.name()).finish_non_exhaustive()
    }
}
