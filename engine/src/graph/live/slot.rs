//! A processor on the audio thread: called in pieces between its commands, and not at all while it sleeps.

mod calls;

use super::{agenda::Due, hull::Hull};
use crate::graph::{
    audio::{Audio, STRIDE, SideArena},
    processor::{Activity, MAX_FRAMES, Processor, Setup},
    ramp::Ramp,
    spec::{Layout, Tail},
};
use crate::guests::let_go;
use crate::prefetch::prefetch;
use crate::sync::AtomicBool;
use std::{any::Any, fmt, mem, sync::Arc};

/// A processor sleeps so much later than it would have to. A silence within a block is shorter, so that none of them
/// sleeps or not as the blocks happen to be cut.
const HANG: u64 = MAX_FRAMES as u64;

/// When a processor may sleep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It has no input, and says itself when it sounds.
    Source,
    /// It sounds so many frames after its input does.
    Effect { rest: u64 },
    /// It sounds whatever its input does.
    Endless,
    /// It looks at silence too, and passes everything on as it came.
    Watcher,
}

/// What a panic leaves.
pub(super) type Wreck = Box<dyn Any + Send>;

/// What a processor is run on.
#[derive(Debug)]
pub(crate) struct Io<'a> {
    /// The buffer: input and output.
    pub(crate) main: &'a mut [f32],
    pub(crate) live: Hull,
    pub(crate) sides: &'a SideArena<'a>,
    /// Where the side-chains sound.
    pub(crate) sides_live: Hull,
    pub(crate) frames: usize,
    pub(crate) clock: u64,
}

/// One node on the audio thread. Allocated and freed by control.
pub(crate) struct Slot {
    pub(crate) id: u64,
    processor: Box<dyn Processor>,
    params: Box<[Ramp]>,
    kind: Kind,
    inputs: usize,
    outputs: usize,
    width: usize,
    rate: u32,
    awake: bool,
    /// The frame of the clock after its last one that may sound.
    sounds_until: u64,
    /// What it panicked with: freed by control, with the rest of it.
    wreck: Option<Wreck>,
    has_failed: Arc<AtomicBool>,
    /// Its commands in this block, the next one and the last: in the agenda.
    pub(super) due: Option<(u32, u32)>,
}

impl Slot {
    /// **Control**: allocates. The processor is prepared.
    pub(crate) fn new(
        (id, has_failed): (u64, Arc<AtomicBool>),
        processor: Box<dyn Processor>,
        layout: &Layout,
        setup: &Setup,
    ) -> Self {
        let mut params: Box<[Ramp]> =
            processor.params().iter().map(|info| Ramp::steady(info.linear)).collect();
        for (index, value) in &layout.initial {
            if let Some(param) = params.get_mut(*index) {
                *param = Ramp::steady(*value);
            }
        }
        let kind = match (layout.inputs.is_empty(), layout.watches, layout.tail) {
            (true, ..) => Kind::Source,
            (_, true, _) => Kind::Watcher,
            (.., Tail::Endless) => Kind::Endless,
            (.., Tail::Frames(tail)) => Kind::Effect { rest: tail.saturating_add(layout.latency.into()) },
        };
        let inputs = layout.inputs.first().copied().unwrap_or(0);
        Self {
            id,
            processor,
            params,
            kind,
            inputs,
            outputs: layout.output,
            width: inputs.max(layout.output),
            rate: setup.sample_rate,
            awake: false,
            sounds_until: 0,
            wreck: None,
            has_failed,
            due: None,
        }
    }

    /// Runs it over a block. Answers where its output sounds; outside of that it is zero.
    #[inline]
    pub(crate) fn run(&mut self, io: &mut Io<'_>, agenda: &[Due]) -> Hull {
        if self.wreck.is_some() {
            return Hull::SILENT;
        }
        match self.kind {
            Kind::Source => self.run_source(io, agenda),
            Kind::Effect { rest } => self.run_effect(io, agenda, rest),
            Kind::Endless => {
                self.fill_silence(io, 0, io.frames);
                self.call(io, 0, io.frames, agenda);
                Hull::new(0, io.frames)
            }
            Kind::Watcher => {
                self.fill_silence(io, 0, io.frames);
                self.call(io, 0, io.frames, agenda);
                io.live
            }
        }
    }

    fn run_effect(&mut self, io: &mut Io<'_>, agenda: &[Due], rest: u64) -> Hull {
        let (frames, clock) = (io.frames, io.clock);
        let live = io.live.join(io.sides_live);
        if self.is_plain(io, live) {
            self.sounds_until = (clock + frames as u64).saturating_add(rest);
            self.process(io, 0, frames);
            return live;
        }
        let start = if live.is_silent() { frames } else { live.start as usize };
        // What rings is heard until it sleeps; what does not is silent when its input is.
        let hang = if rest > 0 { HANG } else { 0 };
        let inside =
            |until: u64| until.saturating_add(hang).saturating_sub(clock).min(frames as u64) as usize;
        let mut hull = Hull::SILENT;
        let mut from = start;
        if self.awake {
            let asleep = self.sounds_until.saturating_add(HANG);
            hull = Hull::new(0, inside(self.sounds_until));
            if asleep <= clock + start as u64 {
                // It falls asleep in this block, and may wake up in it again.
                let asleep = asleep.saturating_sub(clock) as usize;
                if asleep > 0 {
                    self.fill_silence(io, 0, asleep);
                    self.call(io, 0, asleep, agenda);
                }
                self.processor.reset();
                self.awake = false;
            } else {
                from = 0;
            }
        }
        if live.is_silent() && !self.awake {
            self.obey_until(frames, io, agenda);
        } else {
            if !live.is_silent() {
                self.awake = true;
                self.sounds_until = self.sounds_until.max((clock + u64::from(live.end)).saturating_add(rest));
            }
            self.fill_silence(io, from, frames);
            self.call(io, from, frames, agenda);
        }
        if !hull.is_silent() && from > hull.end as usize {
            self.silence(io, hull.end as usize, from);
        }
        hull = hull.join(Hull::new(start, inside(self.sounds_until)));
        if !hull.is_silent() {
            self.silence(io, 0, hull.start as usize);
            self.silence(io, hull.end as usize, frames);
        }
        hull
    }

    /// The usual case: it is awake, it hears something in every frame, and nobody tells it anything.
    #[inline]
    fn is_plain(&self, io: &Io<'_>, live: Hull) -> bool {
        let is_full = live == Hull { start: 0, end: io.frames as u32 };
        self.awake && is_full && self.due.is_none() && !io.live.is_silent() && self.sounds_until >= io.clock
    }

    /// A silent buffer may hold anything.
    fn fill_silence(&self, io: &mut Io<'_>, from: usize, to: usize) {
        if io.live.is_silent() {
            for channel in io.main.chunks_mut(STRIDE).take(self.inputs) {
                channel[from..to].fill(0.0);
            }
        }
    }

    fn run_source(&mut self, io: &mut Io<'_>, agenda: &[Due]) -> Hull {
        if self.due.is_none() {
            let sounds = self.sound(io, 0, io.frames);
            // A silent buffer is never read.
            if sounds > 0 && sounds < io.frames {
                self.silence(io, sounds, io.frames);
            }
            return Hull::new(0, sounds);
        }
        let mut hull = Hull::SILENT;
        let mut at = 0;
        while at < io.frames {
            self.obey_until(at + 1, io, agenda);
            let until = self.next_due(agenda).map_or(io.frames, |offset| offset.min(io.frames));
            let sounds = self.sound(io, at, until);
            self.silence(io, at + sounds, until);
            hull = hull.join(Hull::new(at, at + sounds));
            at = until;
        }
        hull
    }

    /// Asks the memory for what a call will need.
    #[inline]
    pub(super) fn prefetch(&self) {
        // What a small processor is, and the first parameters.
        prefetch::<3, _>(&*self.processor);
        prefetch::<1, _>(&*self.params);
    }
}

impl Drop for Slot {
    /// Each by itself: two processors of a plan that panic when they are dropped would be the end of the process.
    fn drop(&mut self) {
        // Nothing is allocated for what has no size.
        let_go(mem::replace(&mut self.processor, Box::new(Gone)));
        let_go(self.wreck.take());
    }
}

/// What is left of a processor.
struct Gone;

impl Processor for Gone {
    fn name(&self) -> &'static str {
        "gone"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::effect(0, 0)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Silent
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Slot").field("id", &self.id).field("kind", &self.kind).finish_non_exhaustive()
    }
}
