//! oddio 0.7: the chain as static types, a hundred gains deep each; the tree as mixers in mixers.

use std::fmt;
use std::sync::Arc;

use oddio::{Cycle, Frames, Gain, Mixer, Signal};

use super::material::{FAN_IN, SOUNDS, chain_gain_db, sound};
use crate::{CHANNELS, Contestant, RATE};

type Frame = [f32; CHANNELS];

type BoxedSignal = Box<dyn Signal<Frame = Frame> + Send>;
/// Ten gains around a signal; the nesting is in the type, so that every call from gain to gain is a static one.
type Ten<T> = Gain<Gain<Gain<Gain<Gain<Gain<Gain<Gain<Gain<Gain<T>>>>>>>>>>;
type Hundred<T> = Ten<Ten<Ten<Ten<Ten<Ten<Ten<Ten<Ten<Ten<T>>>>>>>>>>;

/// Nests ten calls of one function.
macro_rules! ten_times {
    ($f:ident, $inner:expr, $node:expr) => {{
        let inner = $f($f($f($f($f($inner, $node), $node), $node), $node), $node);
        $f($f($f($f($f(inner, $node), $node), $node), $node), $node)
    }};
}

fn gained<T>(inner: T, node: &mut usize) -> Gain<T> {
    // Not `FixedGain`: a gain that nobody can turn is not what the others have.
    let (_, mut gained) = Gain::new(inner);
    gained.set_gain(chain_gain_db(*node));
    *node += 1;
    gained
}

fn ten<T>(inner: T, node: &mut usize) -> Ten<T> {
    ten_times!(gained, inner, node)
}

fn hundred<T>(inner: T, node: &mut usize) -> Hundred<T> {
    ten_times!(ten, inner, node)
}

/// One type of a thousand gains takes the compiler minutes, so each hundred is boxed: nine virtual calls a block.
fn thousand(inner: BoxedSignal) -> BoxedSignal {
    let node = &mut 0;
    (0..10).fold(inner, |inner, _| Box::new(hundred(inner, node)))
}

fn frames(leaf: usize) -> Arc<Frames<Frame>> {
    Frames::from_slice(RATE, sound(leaf).as_chunks::<CHANNELS>().0)
}

/// A loop that copies. oddio's own, [`Cycle`], interpolates always, also where there is nothing between the frames; this is
/// what who cares writes in its place, and it lets the comparison be one of graphs.
struct Loop {
    sound: Arc<Frames<Frame>>,
    position: usize,
}

impl Signal for Loop {
    type Frame = Frame;

    fn sample(&mut self, _interval: f32, mut out: &mut [Frame]) {
        while !out.is_empty() {
            let ahead = &self.sound[self.position..];
            let (head, tail) = out.split_at_mut(ahead.len().min(out.len()));
            head.copy_from_slice(&ahead[..head.len()]);
            self.position = (self.position + head.len()) % self.sound.len();
            out = tail;
        }
    }
}

/// One of oddio's graphs.
pub struct OddioGraph {
    name: &'static str,
    signal: BoxedSignal,
}

impl OddioGraph {
    /// `Gain<Gain<…<Gain<Loop>>>>`, a thousand.
    pub fn chain() -> Self {
        Self { name: "oddio", signal: thousand(Box::new(Loop { sound: frames(0), position: 0 })) }
    }

    /// `Mixer` of ten `Mixer`s of ten `Mixer`s of ten loops that copy.
    pub fn tree() -> Self {
        let sounds: Vec<_> = (0..SOUNDS).map(frames).collect();
        let leaf = |leaf: usize| Loop { sound: sounds[leaf % SOUNDS].clone(), position: 0 };
        Self { name: "oddio", signal: Box::new(tree(leaf)) }
    }

    /// The same of oddio's own loops.
    pub fn tree_of_cycles() -> Self {
        let sounds: Vec<_> = (0..SOUNDS).map(frames).collect();
        let leaf = |leaf: usize| Cycle::new(sounds[leaf % SOUNDS].clone());
        Self { name: "oddio_cycle", signal: Box::new(tree(leaf)) }
    }
}

fn tree<S>(leaf: impl Fn(usize) -> S) -> Mixer<Frame>
where
    S: Signal<Frame = Frame> + Send + 'static,
{
    mixer(|a| mixer(|b| mixer(|c| leaf((a * FAN_IN + b) * FAN_IN + c))))
}

fn mixer<S>(input: impl Fn(usize) -> S) -> Mixer<Frame>
where
    S: Signal<Frame = Frame> + Send + 'static,
{
    // Without its control, a mixer plays on what it has.
    let (mut control, mixer) = Mixer::new();
    for index in 0..FAN_IN {
        control.play(input(index));
    }
    mixer
}

impl Contestant for OddioGraph {
    fn name(&self) -> &'static str {
        self.name
    }

    fn refill(&mut self, _blocks: usize) {}

    fn render(&mut self, out: &mut [f32]) {
        oddio::run(&mut *self.signal, RATE, oddio::frame_stereo(out));
    }
}

impl fmt::Debug for OddioGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OddioGraph").field("name", &self.name).finish_non_exhaustive()
    }
}
