//! Firewheel 0.14: volume nodes in a row; samplers into volume nodes at unity, at whose inputs the graph sums.

use std::sync::Arc;

use firewheel::channel_config::ChannelCount;
use firewheel::collector::ArcGc;
use firewheel::node::NodeID;
use firewheel::nodes::sampler::{RepeatMode, SamplerNode};
use firewheel::nodes::volume::VolumeNode;
use firewheel::sample_resource::SampleResource;
use firewheel::{FirewheelConfig, FirewheelContext};

use super::Shape;
use super::material::{FAN_IN, GAINS, LEAVES, SOUNDS, chain_gain_db, planar_sound};
use crate::firewheel_engine::FirewheelEngine;
use crate::{CHANNELS, Contestant};

type Sound = ArcGc<dyn SampleResource + Send + Sync>;

/// One of Firewheel's graphs.
#[derive(Debug)]
pub struct FirewheelGraph {
    engine: FirewheelEngine,
}

impl FirewheelGraph {
    /// The graph of `shape` for blocks of at most `block` frames.
    pub fn new(shape: Shape, block: usize) -> Self {
        let nodes = 2 * shape.nodes() as u32;
        let mut context = FirewheelContext::new(FirewheelConfig {
            num_graph_outputs: ChannelCount::STEREO,
            initial_node_capacity: nodes,
            initial_edge_capacity: nodes * CHANNELS as u32,
            immediate_event_capacity: 2 * nodes as usize,
            ..FirewheelConfig::default()
        });
        match shape {
            Shape::Chain => chain(&mut context),
            Shape::Tree => tree(&mut context),
        }
        Self { engine: FirewheelEngine::start(context, block) }
    }
}

fn chain(context: &mut FirewheelContext) {
    let mut last = sampler(context, sound(0));
    for node in 0..GAINS {
        let gain = volume(context, chain_gain_db(node));
        connect(context, last, gain);
        last = gain;
    }
    let output = context.graph_out_node_id();
    connect(context, last, output);
}

fn tree(context: &mut FirewheelContext) {
    let sounds: Vec<_> = (0..SOUNDS).map(sound).collect();
    let mut level: Vec<_> = (0..LEAVES).map(|leaf| sampler(context, sounds[leaf % SOUNDS].clone())).collect();
    while level.len() > 1 {
        let mut next = Vec::with_capacity(level.len() / FAN_IN);
        for inputs in level.chunks(FAN_IN) {
            // Firewheel sums whatever is connected to one port; at unity the node itself only copies.
            let mixer = volume(context, 0.0);
            for input in inputs {
                connect(context, *input, mixer);
            }
            next.push(mixer);
        }
        level = next;
    }
    let output = context.graph_out_node_id();
    connect(context, level[0], output);
}

fn sound(leaf: usize) -> Sound {
    ArcGc::new_unsized(|| Arc::new(planar_sound(leaf)) as Arc<_>)
}

fn sampler(context: &mut FirewheelContext, sound: Sound) -> NodeID {
    let mut node = SamplerNode { repeat_mode: RepeatMode::RepeatEndlessly, ..SamplerNode::default() };
    node.start_or_restart();
    let id = context.add_node(node, None).expect("a sampler takes the default configuration");
    context.queue_event_for(id, SamplerNode::set_dyn_sample_event(sound));
    context.queue_event_for(id, node.sync_play_event());
    id
}

fn volume(context: &mut FirewheelContext, decibels: f32) -> NodeID {
    context
        .add_node(VolumeNode::from_decibels(decibels), None)
        .expect("a volume takes the default configuration")
}

fn connect(context: &mut FirewheelContext, from: NodeID, to: NodeID) {
    // Looking for cycles at each of thousands of edges takes seconds; activation looks for them anyway.
    context.connect_stereo(from, to, false).expect("both nodes are stereo");
}

impl Contestant for FirewheelGraph {
    fn name(&self) -> &'static str {
        "firewheel"
    }

    fn refill(&mut self, _blocks: usize) {
        self.engine.update();
    }

    fn render(&mut self, out: &mut [f32]) {
        self.engine.render(out);
    }
}
