//! The renderer: sans-I/O, called for each block by whoever has a callback.
//!
//! | file | idea |
//! |---|---|
//! | `lease` | who may touch the renderer: a callback, or control |
//! | `callback` | what a device calls: lease, clock, denormals, measuring |
//! | `observed` | what the audio thread publishes about itself |
//! | `denormals` | flush to zero |

pub(crate) mod callback;
mod denormals;
pub(crate) mod lease;
#[cfg(all(test, loom))]
mod models;
pub(crate) mod observed;

use crate::{
    graph::live::{self, Live, hull::Hull},
    guests::let_go,
    log::What,
    stream::{
        StreamId,
        commands::Command,
        lifecycle::{Reason, Word},
        reader::{Block, Reader},
        shared::frames,
    },
    sync::ring,
};
use observed::Observed;
use std::{fmt, sync::Arc, time::Duration};

/// Frames mixed at a time: keeps the block in the first-level cache while the streams are added to it.
const SLICE: usize = 1024;

/// Streams looked at together before they are mixed.
const LOOK: usize = 16;

/// The audio thread's state. Allocated by control; on the audio thread nothing in it grows or is freed.
pub(crate) struct Renderer {
    channels: usize,
    rate: u32,
    /// In the order in which they were added, which is also that of their ids.
    // Boxed: adding and removing one moves a pointer, and what goes home is what came.
    #[allow(clippy::vec_box)]
    readers: Vec<Box<Reader>>,
    commands: ring::Consumer<Command>,
    home: ring::Producer<Box<Reader>>,
    graph: Live,
    /// For each of the graph's inputs, where it sounds in the block at hand.
    sounds: Vec<Hull>,
    /// Frames rendered since the session started.
    clock: u64,
    /// Of those, let be heard by the device.
    heard: u64,
    /// What the device has last said of its latency.
    latency: Option<Duration>,
    observed: Arc<Observed>,
}

impl Renderer {
    pub(crate) fn new(
        channels: usize,
        rate: u32,
        (max_streams, max_inputs): (usize, usize),
        commands: ring::Consumer<Command>,
        home: ring::Producer<Box<Reader>>,
        graph: Live,
        observed: Arc<Observed>,
    ) -> Self {
        let readers = Vec::with_capacity(max_streams);
        let sounds = Vec::with_capacity(max_inputs);
        Self {
            channels,
            rate,
            readers,
            commands,
            home,
            graph,
            sounds,
            clock: 0,
            heard: 0,
            latency: None,
            observed,
        }
    }

    /// Renders `out` (interleaved, a whole number of frames). `now` is the session's clock, `latency` how much later
    /// the first frame is heard; `None`: as last time, and while there was none, whoever asks takes the frames as heard.
    pub(crate) fn render(&mut self, mut out: &mut [f32], now: Duration, latency: Option<Duration>) {
        self.latency = latency.or(self.latency);
        // Once for all slices: no time passes between them, so nothing of the block itself is heard.
        let heard = self.latency.map(|held| self.clock.saturating_sub(frames(held, self.rate)));
        let heard_at = now + self.latency.unwrap_or_default();
        let mut before = 0;
        while !out.is_empty() {
            // Commands before the streams' words: who interrupts and then resumes hears nothing of the old.
            self.obey();
            let most = if self.graph.is_direct() { SLICE } else { live::BLOCK };
            let most = most.min(self.graph.until_then(self.clock));
            let (slice, rest) = out.split_at_mut(out.len().min(most * self.channels));
            // From the start, so that rounding does not add up.
            let passed = Duration::from_nanos(before * 1_000_000_000 / u64::from(self.rate));
            before += (slice.len() / self.channels) as u64;
            self.render_slice(slice, heard, heard_at + passed);
            out = rest;
        }
    }

    /// A part of a block, whose first frame is heard at a time; all before `heard` has been, or all that is rendered.
    fn render_slice(&mut self, out: &mut [f32], heard: Option<u64>, heard_at: Duration) {
        let frames = out.len() / self.channels;
        let after = self.clock + frames as u64;
        self.heard = self.heard.max(heard.unwrap_or(after));
        self.graph.open(self.clock, frames);
        let over = if self.graph.is_direct() {
            out.fill(0.0);
            self.mix_streams(Some(out), frames, heard_at)
        } else {
            let over = self.mix_streams(None, frames, heard_at);
            let Self { graph, sounds, clock, .. } = self;
            graph.run(out, *clock, |input| sounds.get(input).copied().unwrap_or(Hull::SILENT));
            over
        };
        self.observed.peaks(out, self.channels);
        if over > 0 {
            self.send_home();
        }
        self.graph.close(self.clock, after);
        self.clock = after;
        self.observed.rendered(after);
    }

    /// Mixes the streams: into `direct`, or each into its input of the graph. Answers how many are over.
    fn mix_streams(&mut self, direct: Option<&mut [f32]>, frames: usize, heard_at: Duration) -> usize {
        let Self { channels, rate, readers, graph, sounds, clock, heard, .. } = self;
        let is_direct = direct.is_some();
        // What enters the graph now is heard so much later.
        let late = graph.latency();
        let (out, inputs) = match direct {
            Some(out) => (out, 0),
            None => graph.inputs_mut(),
        };
        sounds.clear();
        sounds.resize(inputs, Hull::SILENT);
        let mut block = Block {
            out,
            base: 0,
            channels: *channels,
            frames,
            clock: *clock,
            heard: heard.saturating_sub(late),
            heard_at: heard_at + Duration::from_nanos(late * 1_000_000_000 / u64::from(*rate)),
            rate: *rate,
        };
        let mut over = 0;
        for readers in readers.chunks_mut(LOOK) {
            for reader in &mut *readers {
                reader.look();
            }
            if let Some(first) = readers.first_mut() {
                first.prefetch(frames);
            }
            for index in 0..readers.len() {
                if let Some(next) = readers.get_mut(index + 1) {
                    next.prefetch(frames);
                }
                let reader = &mut readers[index];
                if !is_direct {
                    block.base = reader.route() * live::BLOCK * *channels;
                }
                let goes_on = reader.render(&mut block);
                over += usize::from(!goes_on);
                if let Some(sounds) = sounds.get_mut(reader.route()) {
                    *sounds = sounds.join(Hull::new(reader.mixed.start, reader.mixed.end));
                }
            }
        }
        over
    }

    fn obey(&mut self) {
        if self.graph.go_on(self.clock) {
            self.route();
        }
        // What waited for this frame came before what comes now.
        self.graph.obey_past(self.clock);
        // Bounded: no more than were there when the block began.
        for _ in 0..self.commands.slots() {
            match self.commands.pop() {
                Ok(Command::Add(mut reader)) => {
                    debug_assert!(
                        self.readers.len() < self.readers.capacity(),
                        "streams are counted when made"
                    );
                    let (index, node) = self.graph.route(reader.shared.config.input);
                    reader.set_route(index, node);
                    self.readers.push(reader);
                }
                Ok(Command::Stream(id, op)) => {
                    self.graph.log.note(self.clock, What::Stream(id, op));
                    self.with(id, |reader| reader.obey(op));
                }
                Ok(Command::Node(command)) => self.graph.obey(command, self.clock),
                Ok(Command::Plan(plan)) => {
                    // As many as there are streams: not for every plan.
                    if self.graph.install(plan, self.clock) {
                        self.route();
                    }
                }
                Err(_) => break,
            }
        }
    }

    /// Each stream finds its input again.
    fn route(&mut self) {
        for reader in &mut self.readers {
            let (index, node) = self.graph.route(reader.shared.config.input);
            reader.set_route(index, node);
        }
    }

    /// A stream that has gone home meanwhile has nothing to obey.
    fn with(&mut self, id: StreamId, f: impl FnOnce(&mut Reader)) {
        if let Ok(index) = self.readers.binary_search_by_key(&id, |reader| reader.shared.id) {
            f(&mut self.readers[index]);
        }
    }

    /// Readers whose stream is over go to control, which frees them.
    fn send_home(&mut self) {
        let mut index = 0;
        while index < self.readers.len() {
            if self.readers[index].is_over() {
                let reader = self.readers.remove(index);
                // Cannot fail: the ring holds as many as there can be streams, and a stream counts until control has
                // taken it out of the ring.
                if let Err(ring::PushError::Full(reader)) = self.home.push(reader) {
                    debug_assert!(false, "every reader has its place at home");
                    std::mem::forget(reader);
                }
            } else {
                index += 1;
            }
        }
    }

    /// Control settles in its place. What no block has taken up has not happened, and is not obeyed now: an edit on its way
    /// changes what was heard as little as a command does.
    pub(crate) fn settle_all(&mut self, reason: Reason, mut seal: impl FnMut(&Reader) -> Word) {
        for reader in &mut self.readers {
            let word = seal(reader);
            reader.settle_all(word, reason, self.heard.saturating_sub(self.graph.latency()));
        }
    }

    /// The device went away, and another goes on.
    pub(crate) fn lose_unheard(&mut self) {
        for reader in &mut self.readers {
            reader.lose_unheard();
        }
        (self.heard, self.latency) = (self.clock, None);
    }
}

impl Drop for Renderer {
    /// What nobody has taken goes with the one who would have: the queue itself stays as long as a handle has its other
    /// end.
    fn drop(&mut self) {
        while let Ok(command) = self.commands.pop() {
            // Processors in it are users', and may panic when they are dropped.
            let_go(command);
        }
    }
}

impl fmt::Debug for Renderer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Renderer").field("streams", &self.readers.len()).finish_non_exhaustive()
    }
}
