//! fundsp 0.23: both graphs as static types, and as a `Net` of boxed units, which is the one that can be edited.

use std::fmt;
use std::sync::Arc;

use fundsp::MAX_BUFFER_SIZE;
use fundsp::numeric_array::typenum::{U2, U10};
use fundsp::prelude::{
    An, AudioUnit, BufferRef, BufferVec, FrameMulScalar, MultiPass, Net, NodeId, Stack, Unop, Wave,
    WavePlayer, multipass, pipei, playwave, sumi,
};

use super::Shape;
use super::material::{FAN_IN, GAINS, LEAVES, SOUNDS, chain_gain, planar_sound};
use crate::{CHANNELS, Contestant, RATE};

/// Its only looped source: mono, a sample a call.
type Player = An<Stack<WavePlayer, WavePlayer>>;
/// Its fastest gain, a constant: one whose factor can be set (`mul`) makes a signal of the factor first.
type Scaled = An<Unop<MultiPass<U2>, FrameMulScalar<U2>>>;

fn sound(leaf: usize) -> Arc<Wave> {
    let mut wave = Wave::new(0, f64::from(RATE));
    for channel in planar_sound(leaf) {
        wave.push_channel(&channel);
    }
    Arc::new(wave)
}

fn player(sound: &Arc<Wave>) -> Player {
    playwave(sound, 0, Some(0)) | playwave(sound, 1, Some(0))
}

fn gain(node: usize) -> Scaled {
    multipass::<U2>() * chain_gain(node)
}

/// One of fundsp's graphs.
pub struct FundspGraph {
    name: &'static str,
    unit: Box<dyn AudioUnit>,
    /// fundsp renders at most 64 frames a call, whatever a device asks for.
    buffer: BufferVec,
}

impl FundspGraph {
    /// Static types: ten of ten of ten.
    pub fn types(shape: Shape) -> Self {
        let digits = |a, b, c| ((a * FAN_IN as u64 + b) * FAN_IN as u64 + c) as usize;
        let unit: Box<dyn AudioUnit> = match shape {
            Shape::Chain => {
                let gains = pipei::<U10, _, _>(|a| {
                    pipei::<U10, _, _>(|b| pipei::<U10, _, _>(|c| gain(digits(a, b, c))))
                });
                Box::new(player(&sound(0)) >> gains)
            }
            Shape::Tree => {
                let sounds: Vec<_> = (0..SOUNDS).map(sound).collect();
                Box::new(sumi::<U10, _, _>(|a| {
                    sumi::<U10, _, _>(|b| sumi::<U10, _, _>(|c| player(&sounds[digits(a, b, c) % SOUNDS])))
                }))
            }
        };
        Self::new("fundsp", unit)
    }

    /// A `Net`, one boxed unit a node.
    pub fn net(shape: Shape) -> Self {
        let mut net = Net::new(0, CHANNELS);
        match shape {
            Shape::Chain => {
                net.chain(Box::new(player(&sound(0))));
                for node in 0..GAINS {
                    net.chain(Box::new(gain(node)));
                }
            }
            Shape::Tree => {
                let sounds: Vec<_> = (0..SOUNDS).map(sound).collect();
                let leaf = |leaf| net.push(Box::new(player(&sounds[leaf % SOUNDS])));
                let mut level: Vec<_> = (0..LEAVES).map(leaf).collect();
                while level.len() > 1 {
                    level = level.chunks(FAN_IN).map(|inputs| mixer(&mut net, inputs)).collect();
                }
                net.pipe_output(level[0]);
            }
        }
        Self::new("fundsp_net", Box::new(net))
    }

    fn new(name: &'static str, mut unit: Box<dyn AudioUnit>) -> Self {
        unit.set_sample_rate(f64::from(RATE));
        unit.allocate();
        Self { name, unit, buffer: BufferVec::new(CHANNELS) }
    }
}

/// A node with twenty inputs, which sums ten pairs.
fn mixer(net: &mut Net, inputs: &[NodeId]) -> NodeId {
    let mixer = net.push(Box::new(sumi::<U10, _, _>(|_| multipass::<U2>())));
    for (index, input) in inputs.iter().enumerate() {
        for channel in 0..CHANNELS {
            net.connect(*input, channel, mixer, index * CHANNELS + channel);
        }
    }
    mixer
}

impl Contestant for FundspGraph {
    fn name(&self) -> &'static str {
        self.name
    }

    fn refill(&mut self, _blocks: usize) {}

    fn render(&mut self, out: &mut [f32]) {
        for out in out.chunks_mut(MAX_BUFFER_SIZE * CHANNELS) {
            let frames = out.len() / CHANNELS;
            self.unit.process(frames, &BufferRef::empty(), &mut self.buffer.buffer_mut());
            for channel in 0..CHANNELS {
                let samples = self.buffer.channel_f32(channel);
                for (out, sample) in out.iter_mut().skip(channel).step_by(CHANNELS).zip(samples) {
                    *out = *sample;
                }
            }
        }
    }
}

impl fmt::Debug for FundspGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FundspGraph").field("name", &self.name).finish_non_exhaustive()
    }
}
