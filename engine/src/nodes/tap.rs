//! A tap: what passes, with the frame it was rendered at, for somebody who is not on the audio thread.

use super::{
    frame_ring::{Capacity, Chunk, FrameReader, FrameWriter, frame_ring},
    handover::Handover,
};
use crate::graph::{Activity, Audio, Layout, Processor, Setup};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

/// Copies what passes into a ring, and passes it on as it came: for a recorder, or for the reference of an echo
/// canceller.
///
/// It is processed also where nothing is connected behind it, and while it is silent: the frames have no gap but for an
/// overflow, or where the tap was not in the graph.
///
/// ```
/// use codetta::{graph::{Setup, Solo}, nodes::Tap};
/// use std::time::Duration;
///
/// let (tap, mut recorder) = Tap::new(Duration::from_secs(1));
/// let mut tap = Solo::new(tap, Setup::new(48_000, 2));
/// tap.process(&[vec![0.25; 480], vec![-0.25; 480]]);
///
/// let mut frames = 0;
/// while let Some(frame) = recorder.read(|chunk| {
///     assert_eq!(chunk.samples[..2], [0.25, -0.25]);
///     frames += chunk.frames();
///     chunk.frame
/// }) {
///     assert_eq!(frame, 0, "rendered in a row, and read at once");
/// }
/// assert_eq!((frames, recorder.dropped()), (480, 0));
/// ```
#[derive(Debug)]
pub struct Tap {
    capacity: Capacity,
    channels: Option<usize>,
    dropped: Arc<AtomicU64>,
    /// For [`prepare`](Processor::prepare), which makes the ring.
    handover: Handover<FrameReader>,
    writer: Option<FrameWriter>,
}

/// Reads what a [`Tap`] has copied.
///
/// **Thread**: any one. It waits for nobody: call it at least as often as the ring takes to fill.
#[derive(Debug)]
pub struct Recorder {
    dropped: Arc<AtomicU64>,
    handover: Handover<FrameReader>,
    reader: Option<FrameReader>,
}

impl Tap {
    /// A tap with a ring of so long a time, and what reads it.
    pub fn new(capacity: Duration) -> (Self, Recorder) {
        Self::with(Capacity::Time(capacity))
    }

    /// A tap with a ring of so many frames, and what reads it.
    pub fn with_frames(capacity: usize) -> (Self, Recorder) {
        Self::with(Capacity::Frames(capacity))
    }

    /// Of so many channels, at least one, instead of the session's.
    #[must_use]
    pub fn channels(mut self, channels: usize) -> Self {
        self.channels = Some(channels.max(1));
        self
    }

    fn with(capacity: Capacity) -> (Self, Recorder) {
        let dropped = Arc::new(AtomicU64::new(0));
        let handover = Handover::default();
        let recorder = Recorder { dropped: Arc::clone(&dropped), handover: handover.clone(), reader: None };
        (Self { capacity, channels: None, dropped, handover, writer: None }, recorder)
    }
}

impl Recorder {
    /// Shows `f` the next frames, interleaved and in a row, and has done with them when it returns. `None`: there are
    /// none now.
    ///
    /// A chunk ends where the ring does, and where frames were dropped: the next one's [`frame`](Chunk::frame) is then
    /// greater than where this one ends.
    pub fn read<R>(&mut self, f: impl FnOnce(Chunk<'_>) -> R) -> Option<R> {
        self.read_up_to(usize::MAX, f)
    }

    /// As [`read`](Self::read), but not more than `frames` frames.
    pub fn read_up_to<R>(&mut self, frames: usize, f: impl FnOnce(Chunk<'_>) -> R) -> Option<R> {
        self.reader()?.read(frames, f)
    }

    /// Frames that did not fit into the ring.
    pub fn dropped(&self) -> u64 {
        self.dropped.load(Relaxed)
    }

    /// The tap has gone from the graph, and everything has been read.
    pub fn is_over(&mut self) -> bool {
        self.reader().is_some_and(|reader| reader.is_over())
    }

    fn reader(&mut self) -> Option<&mut FrameReader> {
        if self.reader.is_none() {
            self.reader = self.handover.take();
        }
        self.reader.as_mut()
    }
}

impl Processor for Tap {
    fn name(&self) -> &'static str {
        "tap"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        let frames = self.capacity.frames(setup.sample_rate);
        let (writer, reader) = frame_ring(frames, channels, Arc::clone(&self.dropped));
        self.writer = Some(writer);
        self.handover.put(reader);
        Layout::watcher(channels)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        if let Some(writer) = &mut self.writer {
            writer.push(audio);
        }
        Activity::Sounding
    }
}
