//! Firewheel 0.14: a sampler for each stream, all connected to the graph's output, which sums them.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use audioadapter_buffers::direct::InterleavedSlice;
use firewheel::backend::BackendProcessInfo;
use firewheel::channel_config::ChannelCount;
use firewheel::node::StreamStatus;
use firewheel::nodes::sampler::{RepeatMode, SamplerNode};
use firewheel::processor::FirewheelProcessor;
use firewheel::{ActivateInfo, FirewheelConfig, FirewheelContext, Volume};

use crate::{BLOCK, CHANNELS, Contestant, RATE, gain_db, signal};

/// Samplers over planar sounds in memory, repeated without end: Firewheel's fastest source (a copy, a gain, a sum). Its
/// sampler for streamed sounds is unfinished in this version, so nothing is pushed.
pub struct FirewheelSamplers {
    context: FirewheelContext,
    processor: FirewheelProcessor,
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
        let processor = context
            .activate(ActivateInfo {
                sample_rate: NonZeroU32::new(RATE).expect("not zero"),
                max_block_frames: NonZeroU32::new(BLOCK as u32).expect("not zero"),
                num_stream_in_channels: 0,
                num_stream_out_channels: CHANNELS as u32,
                input_to_output_latency_seconds: 0.0,
            })
            .expect("a new context is inactive, and its graph has no cycles");
        let mut this = Self { context, processor, streams };
        // The schedule arrives in one block, the events in the next.
        let mut out = [0.0; BLOCK * CHANNELS];
        for _ in 0..2 {
            this.refill(1);
            this.render(&mut out);
        }
        this
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

    /// The work of Firewheel's main thread; the sounds are whole already.
    fn refill(&mut self, _blocks: usize) {
        self.context.update().expect("the message channel has room for one update a batch");
    }

    fn render(&mut self, out: &mut [f32]) {
        let frames = out.len() / CHANNELS;
        let input = InterleavedSlice::new(&[], 0, frames).expect("no channels want no samples");
        let mut output = InterleavedSlice::new_mut(out, CHANNELS, frames).expect("whole frames");
        let info = BackendProcessInfo {
            frames,
            process_timestamp: None,
            duration_since_stream_start: Duration::ZERO,
            input_stream_status: StreamStatus::empty(),
            output_stream_status: StreamStatus::empty(),
            dropped_frames: 0,
            process_to_playback_delay: None,
        };
        self.processor.process(&input, &mut output, info);
    }
}

impl fmt::Debug for FirewheelSamplers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirewheelSamplers").field("streams", &self.streams).finish_non_exhaustive()
    }
}
