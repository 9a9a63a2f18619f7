//! Linear processors whose steady output is known, and who tell where they are freed.

use crate::{Dice, model::Fact};
use codetta::{
    graph::{
        Activity, Audio, Companion, Db, Edit, Hz, Layout, Node, ParamInfo, Processor, SessionOutput, Setup,
        StreamInput, Trigger,
    },
    nodes::{Bus, Gain, Sine},
};
use std::{
    cell::Cell,
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

thread_local! {
    static PHASE: Cell<Phase> = const { Cell::new(Phase::Elsewhere) };
}

/// Who is at work: all are on one thread here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Elsewhere,
    Rendering,
    Control,
    Committing,
}

impl Phase {
    pub fn run<R>(self, f: impl FnOnce() -> R) -> R {
        let before = PHASE.replace(self);
        let result = f();
        PHASE.set(before);
        result
    }
}

/// Who is there, and who has gone where.
#[derive(Debug, Default)]
pub struct Tally {
    pub made: AtomicU64,
    dropped: AtomicU64,
    companions: AtomicU64,
    next: Mutex<Option<Arc<AtomicU64>>>,
    committed: Mutex<Vec<(u64, Arc<AtomicU64>)>>,
    misplaced: Mutex<BTreeSet<&'static str>>,
}

/// What is known of a part: not committed, committed.
const LOOSE: u64 = 0;
const COMMITTED: u64 = 1;

impl Tally {
    /// The part that was made last has this number.
    pub fn made(&self, id: u64) {
        let state =
            self.next.lock().expect("nobody panics with it").take().expect("it was made a moment ago");
        let mut known = self.committed.lock().expect("nobody panics with it");
        known.retain(|(_, state)| Arc::strong_count(state) > 1);
        known.push((id, state));
    }

    pub fn committed(&self, id: u64) {
        for (_, state) in
            self.committed.lock().expect("nobody panics with it").iter().filter(|(known, _)| *known == id)
        {
            state.store(COMMITTED, Relaxed);
        }
    }

    /// Every part has been freed, once, and by whom it should be.
    pub fn assert_all_home(&self) {
        let misplaced = self.misplaced.lock().expect("nobody panics with it");
        assert!(misplaced.is_empty(), "freed by somebody else than control: {misplaced:?}");
        assert_eq!(self.dropped.load(Relaxed), self.made.load(Relaxed), "processors freed, and made");
        assert_eq!(self.companions.load(Relaxed), 0, "companions that are left");
        *self.committed.lock().expect("nobody panics with it") = Vec::new();
    }
}

/// Any processor, and where it went.
pub struct Part {
    inner: Box<dyn Processor>,
    state: Arc<AtomicU64>,
    tally: Arc<Tally>,
}

impl Part {
    pub fn new(inner: Box<dyn Processor>, tally: &Arc<Tally>) -> Self {
        tally.made.fetch_add(1, Relaxed);
        let state = Arc::new(AtomicU64::new(LOOSE));
        *tally.next.lock().expect("nobody panics with it") = Some(Arc::clone(&state));
        Self { inner, state, tally: Arc::clone(tally) }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.tally.dropped.fetch_add(1, Relaxed);
        let wrong = match (PHASE.get(), self.state.load(Relaxed)) {
            (Phase::Rendering, _) => Some("while rendering"),
            (Phase::Elsewhere | Phase::Committing, COMMITTED) => Some("committed, and freed by the caller"),
            _ => None,
        };
        self.tally.misplaced.lock().expect("nobody panics with it").extend(wrong);
    }
}

impl Processor for Part {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn params(&self) -> Vec<ParamInfo> {
        self.inner.params()
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        self.inner.prepare(setup)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        self.inner.process(audio)
    }

    fn trigger(&mut self, trigger: Trigger) {
        self.inner.trigger(trigger);
    }

    fn reset(&mut self) {
        self.inner.reset();
    }

    fn companion(&mut self) -> Option<Box<dyn Companion>> {
        self.tally.companions.fetch_add(1, Relaxed);
        Some(Box::new(Other(Arc::clone(&self.tally))))
    }
}

/// A part's other half.
struct Other(Arc<Tally>);

impl Companion for Other {
    fn step(&mut self) {}
}

impl Drop for Other {
    fn drop(&mut self) {
        self.0.companions.fetch_sub(1, Relaxed);
    }
}

/// The same all the time.
struct Constant {
    level: f32,
    channels: usize,
}

impl Processor for Constant {
    fn name(&self) -> &'static str {
        "constant"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::source(self.channels)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        audio.channels().for_each(|channel| channel.fill(self.level));
        Activity::Sounding
    }
}

/// A half of the main input and a quarter of the side-chain, so many frames later.
struct Late {
    channels: usize,
    side: usize,
    frames: usize,
    line: Vec<Vec<f32>>,
    at: usize,
}

impl Processor for Late {
    fn name(&self) -> &'static str {
        "late"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        self.line = vec![vec![0.0; self.frames]; self.channels];
        Layout::effect(self.channels, self.channels).side(self.side).latency(self.frames as u32)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let sides = audio.sides();
        let mut end = self.at;
        for (index, (channel, line)) in audio.channels().zip(&mut self.line).enumerate() {
            end = self.at;
            for (sample, side) in channel.iter_mut().zip(sides.channel(0, index)) {
                *sample = 0.5 * *sample + 0.25 * side;
                std::mem::swap(&mut line[end], sample);
                end = (end + 1) % self.frames;
            }
        }
        self.at = end;
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.line.iter_mut().for_each(|line| line.fill(0.0));
    }
}

/// Hears, and says nothing.
struct Sink;

impl Processor for Sink {
    fn name(&self) -> &'static str {
        "sink"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::effect(2, 0)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Silent
    }
}

/// Looks on, and passes everything on.
struct Watcher;

impl Processor for Watcher {
    fn name(&self) -> &'static str {
        "watcher"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::watcher(2)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Sounding
    }
}

/// Says what cannot be.
struct Wrong;

impl Processor for Wrong {
    fn name(&self) -> &'static str {
        "wrong"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::effect(9, 2)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Silent
    }
}

/// Any node, and what is known of it. None: an input for streams.
pub fn random_part(dice: &mut Dice) -> (Fact, Option<Box<dyn Processor>>) {
    let channels = if dice.chance(70) { 2 } else { 1 };
    let fact = |name, inputs, gains| Fact {
        name,
        inputs,
        output: channels,
        latency: 0,
        wrong: None,
        level: 0.0,
        gains,
        slope: 0.0,
        is_fixed: false,
    };
    match dice.below(100) {
        0..20 => {
            let level = [0.05, 0.1, -0.1][dice.below(3)];
            let fact = Fact { level: f64::from(level), ..fact("constant", Vec::new(), [0.0; 2]) };
            (fact, Some(Box::new(Constant { level, channels })))
        }
        20..24 => {
            // 20 Hz at −20 dB.
            let slope = 0.1 * std::f64::consts::TAU * 20.0 / 48_000.0;
            let fact = Fact { level: 0.1, slope, ..fact("sine", Vec::new(), [0.0; 2]) };
            (fact, Some(Box::new(Sine::new(Hz(20.0)).level(Db(-20.0)).channels(channels))))
        }
        24..50 => {
            let level = [-6.0, -12.0][dice.below(2)];
            let fact = fact("gain", vec![channels], [10_f64.powf(level / 20.0), 0.0]);
            (fact, Some(Box::new(Gain::new().level(Db(level as f32)).channels(channels))))
        }
        50..60 => {
            (fact("bus", vec![channels], [1.0, 0.0]), Some(Box::new(Bus::new("bus").channels(channels))))
        }
        60..88 => {
            let (frames, side) = (1 + dice.below(64), 1 + dice.below(2));
            let fact = Fact { latency: frames as u64, ..fact("late", vec![channels, side], [0.5, 0.25]) };
            (fact, Some(Box::new(Late { channels, side, frames, line: Vec::new(), at: 0 })))
        }
        88..91 => (Fact { output: 0, ..fact("sink", vec![2], [0.0; 2]) }, Some(Box::new(Sink))),
        91..94 => (Fact { output: 2, ..fact("watcher", vec![2], [1.0, 0.0]) }, Some(Box::new(Watcher))),
        94..98 => (Fact { output: 2, ..fact("input", Vec::new(), [0.0; 2]) }, None),
        _ => {
            let wrong = Some("an input or output of no or more than 8 channels");
            (Fact { output: 2, wrong, ..fact("wrong", vec![9], [0.0; 2]) }, Some(Box::new(Wrong)))
        }
    }
}

/// A node of any type.
pub enum Handle {
    Part(Node<Part>),
    Input(Node<StreamInput>),
    Output(Node<SessionOutput>),
}

/// The node in a handle, whatever its type.
macro_rules! with {
    ($handle:expr, $node:ident => $do:expr) => {
        match $handle {
            Handle::Part($node) => $do,
            Handle::Input($node) => $do,
            Handle::Output($node) => $do,
        }
    };
}

impl Handle {
    pub fn id(&self) -> u64 {
        with!(self, node => node.id().0)
    }

    pub fn is_in_graph(&self) -> bool {
        with!(self, node => node.is_in_graph())
    }

    pub fn remove(&self, edit: &mut Edit) {
        with!(self, node => edit.remove(node));
    }

    pub fn connect(edit: &mut Edit, from: &Self, to: &Self, port: usize) {
        with!(from, from => with!(to, to => match port.checked_sub(1) {
            None => edit.connect(from, to),
            Some(side) => edit.connect_side(from, to, side),
        }));
    }

    pub fn disconnect(edit: &mut Edit, from: &Self, to: &Self, port: usize) {
        with!(from, from => with!(to, to => match port.checked_sub(1) {
            None => edit.disconnect(from, to),
            Some(side) => edit.disconnect_side(from, to, side),
        }));
    }
}
