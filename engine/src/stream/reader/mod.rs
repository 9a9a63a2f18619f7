//! The audio thread's side of a stream: reads its ring in place, mixes, fades, and knows what was heard.
//!
//! **Thread**: everything in here runs on the audio thread (or on control's, once it has seized the renderer): no
//! allocation, lock, system call, panic or unbounded loop.

mod envelope;
mod heard;
mod mix;
mod settle;
mod timeline;

use super::{
    End, Settlement,
    commands::Op,
    lifecycle::{Reason, Word, is_stale},
    sentinel::Sentinel,
    shared::{StreamShared, frames},
};
use envelope::{Decay, Fade, Level};
use heard::Heard;
use std::{fmt, sync::Arc, time::Duration};
use timeline::{Ending, Finished, Next, Timeline};

/// The block being rendered, and where it lies in time.
#[derive(Debug)]
pub(crate) struct Block<'a> {
    /// Interleaved; what other streams mixed is in it already.
    pub(crate) out: &'a mut [f32],
    pub(crate) channels: usize,
    pub(crate) frames: usize,
    /// The session's frame clock at its first frame.
    pub(crate) clock: u64,
    /// The frame clock up to which the device has let be heard, once this block is rendered.
    pub(crate) heard: u64,
    /// When its first frame is heard.
    pub(crate) heard_at: Duration,
    pub(crate) rate: u32,
}

impl Block<'_> {
    fn time(&self, offset: usize) -> Duration {
        self.heard_at + Duration::from_nanos(offset as u64 * 1_000_000_000 / u64::from(self.rate))
    }
}

/// One stream on the audio thread.
pub(crate) struct Reader {
    pub(crate) shared: Arc<StreamShared>,
    samples: rtrb::Consumer<f32>,
    sentinels: rtrb::Consumer<Sentinel>,
    settlements: rtrb::Producer<Settlement>,
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
    paused: bool,
    over: bool,
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
        samples: rtrb::Consumer<f32>,
        sentinels: rtrb::Consumer<Sentinel>,
        settlements: rtrb::Producer<Settlement>,
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
            paused: false,
            over: false,
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
        }
    }

    /// Mixes this stream into the block, and settles what was heard. `false`: the stream is over, all is settled.
    pub(crate) fn render(&mut self, block: &mut Block<'_>) -> bool {
        // The order of these three is the proof that nothing is lost: the word first, so that "nothing more comes" is
        // true of the tails; the samples before the sentinels, so that every sample seen has its segment.
        let word = self.shared.lifecycle.0.read();
        let seen = self.taken + (self.samples.slots() / self.width()) as u64;
        self.note_sentinels();

        if !self.timeline.is_empty() || !self.decay.is_over() {
            self.mix_segments(block, word, seen);
            self.settle(block.heard);
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

    fn note_sentinels(&mut self) {
        // Bounded: a sentinel needs a credit, and credits come back only through control.
        for _ in 0..self.sentinels.slots() {
            match self.sentinels.pop() {
                Ok(sentinel) => self.timeline.note(sentinel),
                Err(_) => break,
            }
        }
    }

    fn mix_segments(&mut self, block: &mut Block<'_>, word: Word, seen: u64) {
        if self.paused && !self.playing {
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
                Turn::Mixed(frames) => at += frames,
                Turn::Finished => {}
                Turn::Silent => break,
            }
        }
        // A segment whose last frame was the block's last is over now, not in the next block.
        if let Some(current) = self.current(word).filter(|current| current.cut.is_none()) {
            if current.end.is_some_and(|end| end.at == self.taken) {
                self.run_out(block, block.frames, current);
            }
        }
        if let Some(frames) = self.starved.as_mut().filter(|_| !self.paused) {
            *frames += (block.frames - at) as u64;
        }
        if !self.decay.is_over() {
            self.decay.mix(&mut block.out[self.decay_from * block.channels..], block.channels);
        }
    }

    fn current(&mut self, word: Word) -> Option<Current> {
        let (entry, next) = self.timeline.current()?;
        let cut = why_cut(entry.epoch, word);
        Some(Current { base: entry.base, end: entry.end, next, cut })
    }

    /// A segment that is to be heard.
    fn play(&mut self, block: &mut Block<'_>, at: usize, word: Word, seen: u64, current: Current) -> Turn {
        // The samples of an ended segment are all there; of an open one, those seen before its sentinels were.
        let until =
            current.end.map_or(seen.min(current.next.map_or(u64::MAX, |next| next.start)), |end| end.at);
        let queued = until.saturating_sub(self.taken);
        if !self.playing {
            let ready =
                current.end.is_some() || queued >= self.prebuffer.max(1) || word.is_closing() && queued > 0;
            if !ready || self.paused && self.fade.is_silent() {
                return Turn::Silent;
            }
            self.start(queued > 0);
        }
        if queued == 0 {
            return self.run_out(block, at, current);
        }
        if self.paused && self.fade.is_silent() {
            return Turn::Silent;
        }
        let up = !self.paused;
        let mut frames = (block.frames - at).min(usize::try_from(queued).unwrap_or(usize::MAX));
        if self.fade.frames_to(up) > 0 {
            frames = frames.min(self.fade.frames_to(up));
        }
        self.mix(block, at, frames, up);
        Turn::Mixed(frames)
    }

    /// A segment starts, or goes on after it ran dry: the one as it is, the other with a fade in.
    fn start(&mut self, has_samples: bool) {
        match self.starved.take().filter(|_| has_samples) {
            Some(frames) => {
                let published = &self.shared.published.0;
                add(&published.underruns, 1);
                add(&published.underrun_frames, frames);
            }
            None if !self.paused => self.fade.set_full(),
            None => {}
        }
        self.playing = true;
    }

    /// Every sample that is there has been mixed.
    fn run_out(&mut self, block: &mut Block<'_>, at: usize, current: Current) -> Turn {
        self.playing = false;
        if let Some(end) = current.end {
            self.starved = None;
            let lost = self.timeline.current().is_some_and(|(entry, _)| entry.lost > 0);
            let how = match end.flushed {
                _ if lost => End::DeviceLost,
                true => End::Played,
                false => End::Closed,
            };
            self.timeline.finish(Finished { how, pushed: end.pushed });
            return Turn::Finished;
        }
        if current.next.is_none() && self.starved.is_none() {
            self.starved = Some(0);
            self.let_decay(block, at);
            self.fade.set_silent();
        }
        Turn::Silent
    }

    /// A segment that is not to be heard any more: fades, and is skipped.
    fn cut(
        &mut self,
        block: &mut Block<'_>,
        at: usize,
        word: Word,
        seen: u64,
        current: Current,
        how: End,
    ) -> Turn {
        let until = current.end.map(|end| end.at).or(current.next.map(|next| next.start)).unwrap_or(seen);
        let left = until.saturating_sub(self.taken);
        if self.playing && !self.fade.is_silent() && left > 0 && !self.next_is_ready(word, seen) {
            let frames = (block.frames - at).min(self.fade.frames_to(false));
            let frames = frames.min(usize::try_from(left).unwrap_or(usize::MAX));
            self.mix(block, at, frames, false);
            return Turn::Mixed(frames);
        }
        if self.playing && !self.fade.is_silent() {
            self.let_decay(block, at);
        }
        self.playing = false;
        self.starved = None;
        self.skip(left);
        let pushed = match (current.end, current.next) {
            (Some(end), _) => end.pushed,
            (None, Some(next)) => next.base - current.base,
            // Nobody is inside, and whoever enters now sees that this segment is cut: the count is exact.
            (None, None) if !word.is_producing() => word.frames_near(current.base) - current.base,
            (None, None) => return Turn::Silent,
        };
        self.timeline.finish(Finished { how, pushed });
        Turn::Finished
    }

    /// Whether new audio waits behind what is cut: it ends the fade.
    fn next_is_ready(&self, word: Word, seen: u64) -> bool {
        let next = self.timeline.following(|entry| why_cut(entry.epoch, word).is_none());
        !self.paused
            && next.is_some_and(|next| {
                next.end.is_some() || seen.saturating_sub(next.start) >= self.prebuffer.max(1)
            })
    }

    fn let_decay(&mut self, block: &mut Block<'_>, at: usize) {
        if !self.decay.is_over() {
            let span = self.decay_from * block.channels..at * block.channels;
            self.decay.mix(&mut block.out[span], block.channels);
        }
        self.decay.start(self.last, self.fade_frames);
        self.decay_from = at;
        self.last = [0.0; 2];
    }

    fn mix(&mut self, block: &mut Block<'_>, at: usize, frames: usize, up: bool) {
        let width = self.width();
        let Ok(chunk) = self.samples.read_chunk(frames * width) else {
            debug_assert!(false, "these frames were seen");
            return;
        };
        let (level, fade, channels) = (&self.level, &self.fade, block.channels);
        let out = &mut block.out[at * channels..(at + frames) * channels];
        let (first, second) = chunk.as_slices();
        let split = first.len() / width;
        let (head, tail) = out.split_at_mut(split * channels);
        if level.is_steady() && fade.is_full() {
            mix::add(head, channels, first, self.mono, level.value(0));
            mix::add(tail, channels, second, self.mono, level.value(0));
        } else {
            let gains = |offset: usize| {
                let gain = if fade.is_full() && up { 1.0 } else { fade.gain(up, offset) };
                level.value(at + offset).map(|side| side * gain)
            };
            mix::add_shaped(head, channels, first, self.mono, gains);
            mix::add_shaped(tail, channels, second, self.mono, |offset| gains(split + offset));
        }
        let last = if second.is_empty() { first } else { second };
        let gain = if fade.is_full() && up { 1.0 } else { fade.gain(up, frames - 1) };
        let gains = level.value(at + frames - 1).map(|side| side * gain);
        self.last = mix::weigh(&last[last.len() - width..], gains);
        chunk.commit_all();
        self.fade.advance(up, frames);
        self.taken += frames as u64;
        self.account(block, at, frames);
    }

    fn account(&mut self, block: &Block<'_>, at: usize, frames: usize) {
        let before = self.heard.total_rendered();
        self.heard.rendered(block.clock + at as u64, frames as u64);
        if let Some((entry, _)) = self.timeline.current() {
            if entry.rendered == 0 {
                entry.rendered_before = before;
                entry.first_heard = Some(block.time(at));
            }
            entry.rendered += frames as u64;
            entry.last_heard = Some(block.time(at + frames));
        }
    }

    fn skip(&mut self, frames: u64) {
        let samples = usize::try_from(frames).unwrap_or(usize::MAX).saturating_mul(self.width());
        if let Ok(chunk) = self.samples.read_chunk(samples) {
            chunk.commit_all();
            self.taken += frames;
        } else {
            debug_assert!(false, "these frames were seen");
        }
    }
}

/// What a turn of the block's loop did.
#[derive(Debug, Clone, Copy)]
enum Turn {
    Mixed(usize),
    Finished,
    /// The rest of the block has nothing of this stream.
    Silent,
}

/// Why a segment begun in `epoch` is not to be heard, if so. An interruption came before any discard.
fn why_cut(epoch: u16, word: Word) -> Option<End> {
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
fn add(counter: &std::sync::atomic::AtomicU64, n: u64) {
    use std::sync::atomic::Ordering::Relaxed;
    counter.store(counter.load(Relaxed) + n, Relaxed);
}

impl fmt::Debug for Reader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reader")
            .field("id", &self.shared.id)
            .field("taken", &self.taken)
            .finish_non_exhaustive()
    }
}
