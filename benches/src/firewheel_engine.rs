//! What Firewheel needs around any graph: a stream without a device, and its two threads' calls.

use std::fmt;
use std::num::NonZeroU32;
use std::time::Duration;

use audioadapter_buffers::direct::InterleavedSlice;
use firewheel::backend::BackendProcessInfo;
use firewheel::node::StreamStatus;
use firewheel::processor::FirewheelProcessor;
use firewheel::{ActivateInfo, FirewheelContext};

use crate::{CHANNELS, RATE};

/// A running Firewheel.
pub(crate) struct FirewheelEngine {
    /// Dropped first: a context waits for its processor to come home, for seconds if need be.
    processor: FirewheelProcessor,
    context: FirewheelContext,
}

impl FirewheelEngine {
    /// Starts the graph in `context`, for blocks of at most `block` frames.
    pub(crate) fn start(mut context: FirewheelContext, block: usize) -> Self {
        let processor = context
            .activate(ActivateInfo {
                sample_rate: NonZeroU32::new(RATE).expect("not zero"),
                max_block_frames: NonZeroU32::new(block as u32).expect("not zero"),
                num_stream_in_channels: 0,
                num_stream_out_channels: CHANNELS as u32,
                input_to_output_latency_seconds: 0.0,
            })
            .expect("a new context is inactive, and its graph has no cycles");
        let mut this = Self { processor, context };
        // The schedule arrives in one block, the events in the next.
        let mut out = vec![0.0; block * CHANNELS];
        for _ in 0..2 {
            this.update();
            this.render(&mut out);
        }
        this
    }

    /// What is edited and told on Firewheel's main thread; [`update`](Self::update) sends it.
    pub(crate) fn context(&mut self) -> &mut FirewheelContext {
        &mut self.context
    }

    /// The work of Firewheel's main thread.
    pub(crate) fn update(&mut self) {
        self.context.update().expect("the message channel has room for one update a batch");
    }

    /// The work of its audio thread: a block of interleaved frames.
    pub(crate) fn render(&mut self, out: &mut [f32]) {
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

impl fmt::Debug for FirewheelEngine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FirewheelEngine").finish_non_exhaustive()
    }
}
