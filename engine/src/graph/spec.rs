//! What a processor declares: its parameters and triggers, its channels, latency and tail.

use super::unit::Unit;
use std::{fmt, marker::PhantomData};

/// What is known of a parameter, whatever its type.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ParamInfo {
    /// Its place among the processor's parameters, from 0.
    pub index: u32,
    /// What it is called.
    pub name: &'static str,
    /// The unit's symbol.
    pub unit: &'static str,
    /// The least and the greatest that can be set, in its unit.
    pub range: (f32, f32),
    /// What it is until it is set, in its unit, unless the processor was made with another value.
    pub default: f32,
    /// How long [`Param::set`](super::Param::set) takes to get there, in seconds, so that it does not click.
    pub smoothing: f32,
    pub(crate) linear: f32,
}

/// A parameter of a processor `P`, in the unit `U`: a constant of the processor's type.
///
/// ```
/// use codetta::graph::{Db, ParamSpec};
///
/// struct Fuzz;
/// impl Fuzz {
///     /// 0 to 40 dB, 12 dB unless set.
///     pub const DRIVE: ParamSpec<Fuzz, Db> = ParamSpec::new(0, "drive", (0.0, 40.0), 12.0);
/// }
/// assert_eq!(Fuzz::DRIVE.info().unit, "dB");
/// ```
pub struct ParamSpec<P, U> {
    index: u32,
    name: &'static str,
    range: (f32, f32),
    default: f32,
    smoothing: f32,
    of: PhantomData<fn() -> (P, U)>,
}

impl<P, U: Unit> ParamSpec<P, U> {
    /// Ten milliseconds hide a step, and are heard as at once.
    const SMOOTHING: f32 = 0.01;

    /// The processor's parameter number `index`, from 0 without a gap; the range and the default are in the unit.
    pub const fn new(index: u32, name: &'static str, range: (f32, f32), default: f32) -> Self {
        Self { index, name, range, default, smoothing: Self::SMOOTHING, of: PhantomData }
    }

    /// With another smoothing, in seconds: 10 ms unless told.
    pub const fn smoothing(self, seconds: f32) -> Self {
        Self { smoothing: seconds, ..self }
    }

    /// What is known of it.
    pub fn info(&self) -> ParamInfo {
        ParamInfo {
            index: self.index,
            name: self.name,
            unit: U::SYMBOL,
            range: self.range,
            default: self.default,
            smoothing: self.smoothing,
            linear: U::new(self.default).linear(),
        }
    }

    pub(crate) const fn index(&self) -> usize {
        self.index as usize
    }
}

impl<P, U> Clone for ParamSpec<P, U> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P, U> Copy for ParamSpec<P, U> {}

impl<P, U> fmt::Debug for ParamSpec<P, U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ParamSpec")
            .field("index", &self.index)
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

/// Something that a processor `P` does at a frame: a note, a reset. A constant of the processor's type.
pub struct TriggerSpec<P> {
    pub(crate) index: u32,
    pub(crate) name: &'static str,
    of: PhantomData<fn() -> P>,
}

impl<P> TriggerSpec<P> {
    /// The processor's trigger number `index`.
    pub const fn new(index: u32, name: &'static str) -> Self {
        Self { index, name, of: PhantomData }
    }

    /// The number, as [`Processor::trigger`](super::Processor::trigger) is told.
    pub const fn index(&self) -> u32 {
        self.index
    }
}

impl<P> Clone for TriggerSpec<P> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<P> Copy for TriggerSpec<P> {}

impl<P> fmt::Debug for TriggerSpec<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TriggerSpec").field("index", &self.index).field("name", &self.name).finish()
    }
}

/// How long a processor sounds on after its input is silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tail {
    /// So many frames, its latency not counted. What comes later is cut.
    Frames(u64),
    /// It is never silent, or has to see silence too: it is always processed.
    Endless,
}

/// What a processor is like, once it knows the session's format.
///
/// ```
/// use codetta::graph::{Layout, Tail};
///
/// // Two channels in, two out, a side-chain of one, and 64 frames late.
/// let layout = Layout::effect(2, 2).side(1).latency(64).tail(Tail::Frames(4_800));
/// ```
#[derive(Debug, Clone, PartialEq)]
#[must_use]
pub struct Layout {
    /// Channels of the input ports: the main one first, then the side-chains. Empty: a source.
    pub(crate) inputs: Vec<usize>,
    /// Channels of the output; none: a sink.
    pub(crate) output: usize,
    pub(crate) latency: u32,
    pub(crate) tail: Tail,
    /// Values that parameters have from the start, by their index, as processors compute with them.
    pub(crate) initial: Vec<(usize, f32)>,
    /// It looks at silence too, and passes everything on as it came.
    pub(crate) watches: bool,
}

impl Layout {
    /// Nothing in, `output` channels out.
    pub fn source(output: usize) -> Self {
        Self {
            inputs: Vec::new(),
            output,
            latency: 0,
            tail: Tail::Endless,
            initial: Vec::new(),
            watches: false,
        }
    }

    /// `input` channels in, `output` channels out; silent as soon as its input is.
    pub fn effect(input: usize, output: usize) -> Self {
        Self { inputs: vec![input], tail: Tail::Frames(0), ..Self::source(output) }
    }

    /// `channels` in, and the same out as they came: for what only looks. It is processed also while its input is silent.
    pub fn watcher(channels: usize) -> Self {
        Self { watches: true, tail: Tail::Endless, ..Self::effect(channels, channels) }
    }

    /// One more side-chain of `channels`: an input that is looked at, not passed on.
    pub fn side(mut self, channels: usize) -> Self {
        self.inputs.push(channels);
        self
    }

    /// Its output is `frames` frames later than its input. Other paths are delayed to match.
    pub fn latency(mut self, frames: u32) -> Self {
        self.latency = frames;
        self
    }

    /// How long it sounds on after its input is silent.
    pub fn tail(mut self, tail: Tail) -> Self {
        self.tail = tail;
        self
    }

    /// The parameter is at `value` from the start, instead of its default.
    pub fn starts_at<P, U: Unit>(mut self, spec: ParamSpec<P, U>, value: U) -> Self {
        let (low, high) = spec.range;
        let number = value.number();
        // Not a number, or out of range: as near as can be, as for a value that is set.
        let number = if number.is_nan() { spec.default } else { number.clamp(low, high) };
        self.initial.push((spec.index(), U::new(number).linear()));
        self
    }
}
