//! Firewheel 0.14 with the graph of two hundred nodes. A bus is a volume node, and so is the limiter: it has none.
//!
//! It gets by with less than Codetta does: all edits of a block become one schedule, and all commands are for now, as
//! events within a block are a feature of it that costs always. Nothing of it fades when it is edited.

use std::sync::Arc;

use firewheel::channel_config::ChannelCount;
use firewheel::collector::ArcGc;
use firewheel::diff::{Diff, PathBuilder};
use firewheel::node::NodeID;
use firewheel::nodes::sampler::{RepeatMode, SamplerNode};
use firewheel::nodes::svf::SvfNode;
use firewheel::nodes::volume::VolumeNode;
use firewheel::sample_resource::SampleResource;
use firewheel::{FirewheelConfig, FirewheelContext, Volume};

use super::{Flooded, GROUPS, SETTLED, VOICES, command_at, cut_off_at, edit_at, level_at};
use crate::CHANNELS;
use crate::firewheel_engine::FirewheelEngine;
use crate::graph::planar_sound;

/// More than arrive in one block: then no list of events grows while it renders.
const EVENTS: usize = 4096;

/// One voice: its nodes, as they were last told to be.
#[derive(Debug)]
struct Voice {
    player: (NodeID, SamplerNode),
    gain: (NodeID, VolumeNode),
    filter: (NodeID, SvfNode),
    effect: Option<NodeID>,
}

/// A Firewheel without a device.
#[derive(Debug)]
pub struct FirewheelFlood {
    engine: FirewheelEngine,
    voices: Vec<Vec<Voice>>,
    buses: Vec<NodeID>,
}

impl FirewheelFlood {
    /// The graph, playing, in blocks of `block` frames.
    pub fn new(block: usize) -> Self {
        let mut context = FirewheelContext::new(FirewheelConfig {
            num_graph_outputs: ChannelCount::STEREO,
            initial_node_capacity: 512,
            initial_edge_capacity: 2048,
            initial_event_group_capacity: EVENTS as u32,
            event_queue_capacity: EVENTS,
            immediate_event_capacity: EVENTS,
            ..FirewheelConfig::default()
        });
        let (master, limiter) = (volume(&mut context, 0.0), volume(&mut context, 0.0));
        let output = context.graph_out_node_id();
        connect(&mut context, master, limiter);
        connect(&mut context, limiter, output);
        let (mut buses, mut voices) = (Vec::new(), Vec::new());
        for group in 0..GROUPS {
            let bus = volume(&mut context, 0.0);
            connect(&mut context, bus, master);
            voices.push((0..VOICES).map(|voice| add(&mut context, group * VOICES + voice, bus)).collect());
            buses.push(bus);
        }
        let engine = FirewheelEngine::start(context, block);
        let mut this = Self { engine, voices, buses };
        let mut out = vec![0.0; block * CHANNELS];
        for _ in 0..SETTLED / block as u64 {
            this.step();
            this.render(&mut out);
        }
        assert!(out.iter().any(|sample| *sample != 0.0), "silence costs nothing");
        this
    }
}

/// Adds voice number `number`.
fn add(context: &mut FirewheelContext, number: usize, bus: NodeID) -> Voice {
    let sound: ArcGc<dyn SampleResource + Send + Sync> =
        ArcGc::new_unsized(|| Arc::new(planar_sound(number)) as Arc<_>);
    let mut sampler = SamplerNode { repeat_mode: RepeatMode::RepeatEndlessly, ..SamplerNode::default() };
    sampler.start_or_restart();
    let player = context.add_node(sampler, None).expect("a sampler takes the default configuration");
    context.queue_event_for(player, SamplerNode::set_dyn_sample_event(sound));
    context.queue_event_for(player, sampler.sync_play_event());
    let level = VolumeNode::from_decibels(-6.0);
    let gain = context.add_node(level, None).expect("a volume takes the default configuration");
    let low_pass = SvfNode::from_lowpass(4_000.0, std::f32::consts::FRAC_1_SQRT_2);
    let filter = context.add_node(low_pass, None).expect("a filter takes the default configuration");
    for (from, to) in [(player, gain), (gain, filter), (filter, bus)] {
        connect(context, from, to);
    }
    Voice { player: (player, sampler), gain: (gain, level), filter: (filter, low_pass), effect: None }
}

fn volume(context: &mut FirewheelContext, decibels: f32) -> NodeID {
    let node = VolumeNode::from_decibels(decibels);
    context.add_node(node, None).expect("a volume takes the default configuration")
}

fn connect(context: &mut FirewheelContext, from: NodeID, to: NodeID) {
    context.connect_stereo(from, to, false).expect("both nodes are stereo");
}

/// Tells a node what it is to be, if it is not.
fn turn<T: Diff + Clone>(
    context: &mut FirewheelContext,
    (id, node): &mut (NodeID, T),
    to: impl FnOnce(&mut T),
) {
    let before = node.clone();
    to(node);
    node.diff(&before, PathBuilder::default(), &mut context.event_queue(*id));
}

impl Flooded for FirewheelFlood {
    fn name(&self) -> &'static str {
        "firewheel"
    }

    fn edit(&mut self, number: u64) {
        let (group, voice, kind) = edit_at(number);
        let Voice { filter: (filter, _), effect, .. } = &mut self.voices[group][voice];
        let (bus, other) = (self.buses[group], self.buses[(group + 1) % GROUPS]);
        let context = self.engine.context();
        match (kind, *effect) {
            (1, Some(effect)) => {
                let _ = context.disconnect_all_between(effect, bus);
                connect(context, effect, other);
            }
            (2, Some(effect)) => {
                let _ = context.disconnect_all_between(effect, other);
                connect(context, effect, bus);
            }
            (3, Some(old)) => {
                context.remove_node(old).expect("it was added in this round");
                connect(context, *filter, bus);
                *effect = None;
            }
            _ => {
                let new = volume(context, -1.0);
                let _ = context.disconnect_all_between(*filter, bus);
                connect(context, *filter, new);
                connect(context, new, bus);
                *effect = Some(new);
            }
        }
    }

    fn tell(&mut self, number: u64, _: Option<u64>) {
        let (group, voice, stage) = command_at(number);
        let Voice { player, gain, filter, .. } = &mut self.voices[group][voice];
        let level = Volume::Decibels(level_at(number));
        let context = self.engine.context();
        match stage {
            0 => turn(context, player, |player| player.volume = level),
            1 => turn(context, gain, |gain| gain.volume = level),
            _ => turn(context, filter, |filter| filter.cutoff_hz = cut_off_at(number)),
        }
    }

    fn step(&mut self) {
        self.engine.update();
    }

    fn render(&mut self, out: &mut [f32]) {
        self.engine.render(out);
    }
}
