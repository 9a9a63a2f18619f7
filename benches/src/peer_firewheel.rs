//! Firewheel 0.14: a sampler for each stream, all connected to the graph's output, which sums them.

use std::fmt;

use firewheel::channel_config::ChannelCount;
use firewheel::nodes::sampler::{RepeatMode, SamplerNode};
use firewheel::{FirewheelConfig, FirewheelContext, Volume};

use crate::firewheel_engine::FirewheelEngine;
use crate::{BLOCK, CHANNELS, Contestant, gain_db, signal};

/// Samplers over planar sounds in memory, repeated without end: Firewheel's fastest source (a copy, a gain, a sum). Its
/// sampler for streamed sounds is unfinished in this version, so nothing is pushed.
pub struct FirewheelSamplers {
    engine: FirewheelEngine,
    streams: usize,
}

impl FirewheelSamplers {
    /// A graph of `streams` samplers.
    ///
    /// # Panics
    /// Where the graph cannot be built: then there is nothing to compare with.
    pub fn new(streams: usize) -> Self {
        let mut context = FirewheelContext::new(FirewheelConfig {
            num_graph_outputs: ChannelCount::STEREO,
            initial_node_capacity: streams as u32 + 8,
            initial_edge_capacity: (streams * CHANNELS) as u32 + 8,
            immediate_event_capacity: streams * 2,
            ..FirewheelConfig::default()
        });
        let output = context.graph_out_node_id();
        for stream in 0..streams {
            let mut node = SamplerNode {
                volume: Volume::Decibels(gain_db(stream)),
                repeat_mode: RepeatMode::RepeatEndlessly,
                ..SamplerNode::default()
            };
            node.start_or_restart();
            let id = context.add_node(node, None).expect("a sampler takes the default configuration");
            context.connect_stereo(id, output, false).expect("both nodes are stereo");
            context.queue_event_for(id, SamplerNode::set_sample_event(planar(stream)));
            context.queue_event_for(id, node.sync_play_event());
        }
        Self { engine: FirewheelEngine::start(context, BLOCK), streams }
    }
}

/// One vector for each channel: Firewheel copies planar sounds without having to untangle them.
fn planar(stream: usize) -> Vec<Vec<f32>> {
    let interleaved = signal(stream);
    let channel = |c| interleaved.iter().skip(c).step_by(CHANNELS).copied().collect();
    (0..CHANNELS).map(channel).collect()
}

impl Contestant for FirewheelSamplers {
    fn name(&self) -> &'static str {
        "firewheel"
    }

    /// The sounds are whole already.
    fn refill(&mut self, _blocks: usize) {
        self.engine.update();
    }

    fn render(&mut self, out: &mut [f32]) {
        self.engine.render(out);
    }
}

impl fmt::Debug for FirewheelSamplers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirewheelSamplers").field("streams", &self.streams).finish_non_exhaustive()
    }
}
