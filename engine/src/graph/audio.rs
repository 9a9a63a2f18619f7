//! What a processor sees of a block: its channels, planar, its side-chains and its parameters.

use super::{
    processor::MAX_FRAMES,
    ramp::{Ramp, Values},
    spec::ParamSpec,
    unit::Unit,
};

/// Samples from one channel of a buffer to the next. Not a power of two, so that the channels of many buffers do not fall
/// on the same lines of the cache.
pub(crate) const STRIDE: usize = MAX_FRAMES + 16;

/// What a side-chain that is silent, or not connected, reads.
pub(crate) static SILENCE: [f32; MAX_FRAMES] = [0.0; MAX_FRAMES];

/// Where a side-chain's buffer is, as samples from the start of the arena.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SideAt {
    /// `None`: it is silent.
    pub(crate) at: Option<usize>,
    pub(crate) channels: usize,
}

/// The piece of a block that a processor is called with.
///
/// **Thread**: audio thread, no allocation.
#[derive(Debug)]
pub struct Audio<'a> {
    pub(crate) main: &'a mut [f32],
    pub(crate) channels: usize,
    pub(crate) from: usize,
    pub(crate) frames: usize,
    pub(crate) clock: u64,
    pub(crate) rate: u32,
    pub(crate) params: &'a [Ramp],
    pub(crate) sides: &'a SideArena<'a>,
}

/// Where a block's side-chains are.
#[derive(Debug)]
pub(crate) struct SideArena<'a> {
    /// The arena before and behind the main buffer.
    pub(crate) before: &'a [f32],
    pub(crate) behind: &'a [f32],
    /// Where `behind` starts in the arena.
    pub(crate) behind_at: usize,
    pub(crate) at: &'a [SideAt],
}

/// Of a processor without side-chains.
pub(crate) static NO_SIDES: SideArena<'static> =
    SideArena { before: &[], behind: &[], behind_at: 0, at: &[] };

/// The side-chains of a call: inputs that are looked at, not passed on.
#[derive(Debug, Clone, Copy)]
pub struct Sides<'a> {
    arena: &'a SideArena<'a>,
    from: usize,
    frames: usize,
}

impl<'a> Sides<'a> {
    /// The frames of channel `channel` of side-chain `port` (from 0); silence where nothing is connected.
    pub fn channel(&self, port: usize, channel: usize) -> &'a [f32] {
        let Some(side) = self.arena.at.get(port) else { return &SILENCE[..self.frames] };
        let Some(at) = side.at else { return &SILENCE[..self.frames] };
        let at = at + channel.min(side.channels - 1) * STRIDE + self.from;
        let SideArena { before, behind, behind_at, .. } = self.arena;
        if at < before.len() {
            &before[at..at + self.frames]
        } else {
            &behind[at - behind_at..at - behind_at + self.frames]
        }
    }

    /// Channels of side-chain `port`; none if there is no such port.
    pub fn channels(&self, port: usize) -> usize {
        self.arena.at.get(port).map_or(0, |side| side.channels)
    }

    /// Whether side-chain `port` has anything but silence in this block.
    pub fn is_sounding(&self, port: usize) -> bool {
        self.arena.at.get(port).is_some_and(|side| side.at.is_some())
    }
}

impl<'a> Audio<'a> {
    /// Frames of this call: 1 to [`MAX_FRAMES`].
    #[inline]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// The session's frame clock at the first of them.
    pub fn clock(&self) -> u64 {
        self.clock
    }

    /// Frames a second, in Hz.
    pub fn sample_rate(&self) -> u32 {
        self.rate
    }

    /// One channel, input and output in one: 0 up to the greater of the two counts.
    ///
    /// # Panics
    /// If the layout has no such channel.
    #[inline]
    pub fn channel(&mut self, channel: usize) -> &mut [f32] {
        let at = channel * STRIDE + self.from;
        &mut self.main[at..at + self.frames]
    }

    /// All channels, each as [`channel`](Self::channel).
    #[inline]
    pub fn channels(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let (from, frames) = (self.from, self.frames);
        debug_assert_eq!(self.main.len(), self.channels * STRIDE);
        self.main.chunks_exact_mut(STRIDE).map(move |channel| &mut channel[from..from + frames])
    }

    /// The first two channels at once.
    ///
    /// # Panics
    /// If the layout has fewer.
    #[inline]
    pub fn pair(&mut self) -> [&mut [f32]; 2] {
        let (left, right) = self.main.split_at_mut(STRIDE);
        let span = self.from..self.from + self.frames;
        [&mut left[span.clone()], &mut right[span]]
    }

    /// The side-chains. They may be held while the channels are changed.
    pub fn sides(&self) -> Sides<'a> {
        Sides { arena: self.sides, from: self.from, frames: self.frames }
    }

    /// The values of a parameter in this call.
    ///
    /// # Panics
    /// If the processor has no such parameter: in debug builds; in others it reads zero.
    #[inline]
    pub fn param<P, U: Unit>(&self, spec: ParamSpec<P, U>) -> Values {
        debug_assert!(spec.index() < self.params.len(), "{spec:?} is not among `params()`");
        let ramp = self.params.get(spec.index()).copied().unwrap_or(Ramp::steady(0.0));
        Values::new(ramp, self.clock)
    }
}
