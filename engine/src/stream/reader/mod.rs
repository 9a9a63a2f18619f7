//! The audio thread's side of a stream: reads its ring in place, mixes, fades, and knows what was heard.
//!
//! **Thread**: everything in here runs on the audio thread (or on control's, once it has seized the renderer): no
//! allocation, lock, system call, panic or unbounded loop.

mod block;
mod envelope;
mod heard;
mod mix;
mod mixing;
mod settle;
mod timeline;
mod turn;
mod vector;

use super::{
    End, Settlement,
    commands::Op,
    lifecycle::{Reason, Word, is_stale},
    sentinel::Sentinel,
    shared::{StreamShared, frames},
};
use crate::{prefetch::prefetch_samples, sync::ring};
pub(crate) use block::Block;
use envelope::{Decay, Fade, Level};
use heard::Heard;
use std::{fmt, ops::Range, sync::Arc};
use timeline::{Ending, Next, Timeline};

/// One stream on the audio thread.
pub(crate) struct Reader {
    pub(crate) shared: Arc<StreamShared>,
    samples: ring::Consumer<f32>,
    sentinels: ring::Consumer<Sentinel>,
    settlements: ring::Producer<Settlement>,
    timeline: Timeline,
    heard: Heard,
    level: Level,
    fade: Fade,
    fade_frames: u32,
    decay: Decay,
    /// From where in this block the decay has still to be added.
    decay_from: usize,
    /// What the last frame added to the two sides.
    last: [f32; 2],
    mono: bool,
    prebuffer: u64,
    /// Engine frames taken out of the ring.
    taken: u64,
    playing: bool,
    /// The last block's last frame had sound of this stream, though its segment may have ended with it.
    sounding: bool,
    paused: bool,
    /// Nothing that has not begun to sound does so before this frame of the session's clock.
    starts_at: u64,
    /// Which of the graph's inputs it mixes into, and that input's node.
    route: (usize, u64),
    /// The frames of the last block in which it mixed anything.
    pub(crate) mixed: Range<usize>,
    over: bool,
    /// What the last look found.
    word: Word,
    seen: u64,
    sentinels_seen: usize,
    /// The open segment ran dry, this many frames ago.
    starved: Option<u64>,
    /// Source frames of segments that are settled: consumed, and heard.
    consumed_before: u64,
    played_before: u64,
}

/// What the current segment is in this block.
#[derive(Debug, Clone, Copy)]
struct Current {
    base: u64,
    end: Option<Ending>,
    next: Option<Next>,
    /// Why it is not to be heard, if so.
    cut: Option<End>,
}

impl Reader {
    pub(crate) fn new(
        shared: Arc<StreamShared>,
        samples: ring::Consumer<f32>,
        sentinels: ring::Consumer<Sentinel>,
        settlements: ring::Producer<Settlement>,
    ) -> Self {
        let config = shared.config;
        let fade_frames = frames(config.fade, shared.engine_rate) as u32;
        Self {
            samples,
            sentinels,
            settlements,
            timeline: Timeline::new(config.max_segments),
            heard: Heard::default(),
            level: Level::unity(),
            fade: Fade::new(fade_frames),
            fade_frames,
            decay: Decay::default(),
            decay_from: 0,
            last: [0.0; 2],
            mono: config.channels == 1,
            prebuffer: frames(config.prebuffer, shared.engine_rate),
            taken: 0,
            playing: false,
            sounding: false,
            paused: false,
            starts_at: 0,
            route: (0, 0),
            mixed: 0..0,
            over: false,
            word: shared.lifecycle.0.read(),
            seen: 0,
            sentinels_seen: 0,
            starved: None,
            consumed_before: 0,
            played_before: 0,
            shared,
        }
    }

    /// Carries out a command.
    pub(crate) fn obey(&mut self, op: Op) {
        match op {
            Op::Pause => self.paused = true,
            Op::Resume => self.paused = false,
            Op::Gain { amplitude, frames } => self.level.set_amplitude(amplitude, frames),
            Op::Pan { sides, frames } => self.level.set_sides(sides, frames),
            Op::StartAt(frame) => self.starts_at = frame,
        }
    }

    /// Which of the graph's inputs it mixes into.
    #[inline]
    pub(crate) fn route(&self) -> usize {
        self.route.0
    }

    /// It mixes into an input of the graph from now on. Where that is another node's than before, the sound fades in.
    pub(crate) fn set_route(&mut self, index: usize, node: u64) {
        if self.route.1 != node && self.sounding {
            self.fade.set_silent();
        }
        self.route = (index, node);
    }

    /// Looks at what the producer has left, before the block is mixed: the cache misses of several streams overlap.
    pub(crate) fn look(&mut self) {
        // The order of these three is the proof that nothing is lost: the word first, so that "nothing more comes" is
        // true of the tails; the samples before the sentinels, so that every sample seen has its segment.
        self.word = self.shared.lifecycle.0.read();
        self.seen = self.taken + (self.samples.slots() / self.width()) as u64;
        self.sentinels_seen = self.sentinels.slots();
    }

    /// Asks the memory for the block's samples, while another stream is mixed: no processor guesses where they are.
    pub(crate) fn prefetch(&mut self, frames: usize) {
        let samples = ((self.seen - self.taken) as usize).min(frames) * self.width();
        if let Ok(chunk) = self.samples.read_chunk(samples) {
            prefetch_samples(chunk.as_slices().0);
        }
    }

    /// Mixes into the block what the last look saw, and settles what was heard. `false`: the stream is over, all is settled.
    pub(crate) fn render(&mut self, block: &mut Block<'_>) -> bool {
        let (word, seen) = (self.word, self.seen);
        self.mixed = 0..0;
        self.note_sentinels(self.sentinels_seen);

        if !self.timeline.is_empty() || !self.decay.is_over() {
            self.mix_segments(block, word, seen);
            self.settle(block.heard);
        } else {
            self.sounding = false;
        }
        self.level.advance(block.frames);
        self.over = word.nothing_more_comes() && self.timeline.is_empty() && self.decay.is_over();
        !self.over
    }

    /// Nothing more will be heard of it, and all is settled.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    fn width(&self) -> usize {
        if self.mono { 1 } else { 2 }
    }

    fn note_sentinels(&mut self, count: usize) {
        // Bounded: a sentinel needs a credit, and credits come back only through control.
        for _ in 0..count {
            match self.sentinels.pop() {
                Ok(sentinel) => self.timeline.note(sentinel),
                Err(_) => break,
            }
        }
    }

    fn mix_segments(&mut self, block: &mut Block<'_>, word: Word, seen: u64) {
        if self.paused && !self.playing && !self.sounding {
            self.fade.set_silent();
        }
        self.decay_from = 0;
        let mut at = 0;
        // Each turn mixes frames, finishes a segment, or is the last.
        while at < block.frames {
            let Some(current) = self.current(word) else { break };
            let turn = match current.cut {
                Some(how) => self.cut(block, at, word, seen, current, how),
                None => self.play(block, at, word, seen, current),
            };
            match turn {
                Turn::Mixed(frames) | Turn::Waited(frames) => at += frames,
                Turn::Finished => {}
                Turn::Silent => break,
            }
        }
        self.sounding = at == block.frames;
        // A segment whose last frame was the block's last is over now, not in the next block.
        if let Some(current) = self.current(word).filter(|current| current.cut.is_none())
            && current.end.is_some_and(|end| end.at == self.taken)
        {
            self.run_out(block, block.frames, current);
        }
        if let Some(frames) = self.starved.as_mut().filter(|_| !self.paused) {
            *frames += (block.frames - at) as u64;
        }
        if !self.decay.is_over() {
            self.let_ring(block, self.decay_from..block.frames);
        }
    }

    fn current(&mut self, word: Word) -> Option<Current> {
        let (entry, next) = self.timeline.current()?;
        let cut = why_cut(entry.epoch, word);
        Some(Current { base: entry.base, end: entry.end, next, cut })
    }
}

/// What a turn of the block's loop did.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Mixed(usize),
    /// Nothing is mixed for so many frames.
    Waited(usize),
    Finished,
    /// The rest of the block has nothing of this stream.
    Silent,
}

/// Why a segment begun in `epoch` is not to be heard, if so. An interruption came before any discard.
pub(crate) fn why_cut(epoch: u16, word: Word) -> Option<End> {
    if is_stale(epoch, word.epoch()) {
        return Some(End::Interrupted);
    }
    word.discarding().map(end_of)
}

/// What a discarded segment's outcome says.
pub(crate) fn end_of(reason: Reason) -> End {
    match reason {
        Reason::Discarded => End::Discarded,
        Reason::DeadlineExceeded => End::DeadlineExceeded,
        Reason::DeviceLost => End::DeviceLost,
    }
}

/// The audio thread is the only writer: a load and a store will do.
fn add(counter: &crate::sync::AtomicU64, n: u64) {
    use crate::sync::Ordering::{Relaxed, Release};
    counter.store(counter.load(Relaxed) + n, Release);
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("id", &self.shared.id)
            .field("taken", &self.taken)
            .finish_non_exhaustive()
    }
}
