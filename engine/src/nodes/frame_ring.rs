//! What was rendered, on its way off the audio thread: interleaved frames, each with its place on the session's clock.

use crate::graph::Audio;
use rtrb::{Consumer, Producer, RingBuffer};
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

/// After an overflow nothing is written until this part of the ring is free: so gaps are few and long, rather than many
/// and short, and so many of them can be in the ring at most.
const RUNS: usize = 16;
/// Every run but the one being written fills a sixteenth of the ring or more; twice as many are sure to have room.
const MARKS: usize = 2 * RUNS;

/// Where the frames in the ring do not go on from those before them.
#[derive(Debug, Clone, Copy)]
struct Mark {
    /// The frame's number in the ring's life.
    at: u64,
    /// The session's clock at it.
    clock: u64,
}

/// The audio thread's end.
#[derive(Debug)]
pub(super) struct FrameWriter {
    samples: Producer<f32>,
    marks: Producer<Mark>,
    channels: usize,
    written: u64,
    /// What the clock is at the frame after the last one written.
    next: Option<u64>,
    dropped: Arc<AtomicU64>,
}

/// The other end.
#[derive(Debug)]
pub(super) struct FrameReader {
    samples: Consumer<f32>,
    marks: Consumer<Mark>,
    channels: usize,
    read: u64,
    /// What the clock is at the next frame.
    clock: u64,
}

/// Frames in a row: no other was rendered between them.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Chunk<'a> {
    /// The session's frame clock at the first of them.
    pub frame: u64,
    /// Interleaved.
    pub samples: &'a [f32],
    /// Samples in a frame.
    pub channels: usize,
}

impl Chunk<'_> {
    /// How many they are.
    pub fn frames(&self) -> usize {
        self.samples.len() / self.channels
    }
}

/// A ring of so many frames. `dropped` counts the frames that did not fit.
pub(super) fn frame_ring(
    frames: usize,
    channels: usize,
    dropped: Arc<AtomicU64>,
) -> (FrameWriter, FrameReader) {
    let (samples_in, samples) = RingBuffer::new(frames * channels);
    let (marks_in, marks) = RingBuffer::new(MARKS);
    let writer =
        FrameWriter { samples: samples_in, marks: marks_in, channels, written: 0, next: None, dropped };
    (writer, FrameReader { samples, marks, channels, read: 0, clock: 0 })
}

impl FrameWriter {
    /// Takes the frames of a call, or as many of them as fit: always from the first one on.
    ///
    /// **Thread**: audio thread, wait-free, no allocation.
    pub(super) fn push(&mut self, audio: &mut Audio<'_>) {
        let clock = audio.clock();
        let taken = match self.room(clock) {
            0 => 0,
            room => self.copy(audio, room.min(audio.frames())),
        };
        if taken > 0 {
            self.written += taken as u64;
            self.next = Some(clock + taken as u64);
        }
        let lost = (audio.frames() - taken) as u64;
        if lost > 0 {
            self.dropped.store(self.dropped.load(Relaxed) + lost, Relaxed);
        }
    }

    /// How many frames can be written of those that begin at `clock`, which is marked if there is need.
    fn room(&mut self, clock: u64) -> usize {
        let free = self.samples.slots() / self.channels;
        if self.next == Some(clock) {
            return free;
        }
        let whole = self.samples.buffer().capacity() / self.channels;
        if free < whole.div_ceil(RUNS) {
            return 0;
        }
        // Before its frames: who sees those sees it. No room for it is no room for them.
        match self.marks.push(Mark { at: self.written, clock }) {
            Ok(()) => free,
            Err(_) => 0,
        }
    }

    fn copy(&mut self, audio: &mut Audio<'_>, frames: usize) -> usize {
        let Ok(mut chunk) = self.samples.write_chunk(frames * self.channels) else { return 0 };
        let (first, second) = chunk.as_mut_slices();
        // The ring is whole frames long, and whole frames are written: no frame is cut by its end.
        let before = first.len() / self.channels;
        for (channel, samples) in audio.channels().take(self.channels).enumerate() {
            let (head, rest) = samples[..frames].split_at(before);
            for (slots, samples) in [(&mut *first, head), (&mut *second, rest)] {
                for (frame, sample) in slots.chunks_exact_mut(self.channels).zip(samples) {
                    frame[channel] = *sample;
                }
            }
        }
        chunk.commit_all();
        frames
    }
}

impl FrameReader {
    /// Shows `f` the next frames, `most` of them or fewer, and has done with them when it returns. `None`: there are
    /// none now.
    pub(super) fn read<R>(&mut self, most: usize, f: impl FnOnce(Chunk<'_>) -> R) -> Option<R> {
        // Before the marks: a frame that is seen here has its mark there.
        let ready = self.samples.slots() / self.channels;
        let frames = ready.min(most).min(self.until_gap());
        let chunk = self.samples.read_chunk(frames * self.channels).ok()?;
        let (samples, _) = chunk.as_slices();
        let len = samples.len();
        if len == 0 {
            return None;
        }
        let result = f(Chunk { frame: self.clock, samples, channels: self.channels });
        chunk.commit(len);
        self.read += (len / self.channels) as u64;
        self.clock += (len / self.channels) as u64;
        Some(result)
    }

    /// Frames until the clock leaps; where it leaps at the next one, it has done so.
    fn until_gap(&mut self) -> usize {
        while let Ok(mark) = self.marks.peek() {
            if mark.at != self.read {
                return usize::try_from(mark.at - self.read).unwrap_or(usize::MAX);
            }
            self.clock = mark.clock;
            let _ = self.marks.pop();
        }
        usize::MAX
    }

    /// The writer has gone, and everything has been read.
    pub(super) fn is_over(&self) -> bool {
        // In this order: what was written before it went is seen.
        self.samples.is_abandoned() && self.samples.is_empty()
    }
}

/// How much is to fit into a ring: an hour at most.
#[derive(Debug, Clone, Copy)]
pub(super) enum Capacity {
    Time(Duration),
    Frames(usize),
}

impl Capacity {
    pub(super) fn frames(self, rate: u32) -> usize {
        let frames = match self {
            Self::Time(time) => frames(time, rate),
            Self::Frames(frames) => frames,
        };
        frames.clamp(1, frames_of_an_hour(rate))
    }
}

fn frames_of_an_hour(rate: u32) -> usize {
    rate.max(1) as usize * 3_600
}

/// A time in frames, rounded to the nearest.
pub(super) fn frames(time: Duration, rate: u32) -> usize {
    usize::try_from(crate::stream::shared::frames(time, rate)).unwrap_or(usize::MAX)
}
