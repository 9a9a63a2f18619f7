//! Ten thousand random edits while it renders, against a model of a page: what is valid, what is heard, and who frees.

#[path = "common/counting.rs"]
mod counting;
#[path = "graph_fuzz/memory.rs"]
mod memory;
#[path = "graph_fuzz/model.rs"]
mod model;
#[path = "graph_fuzz/parts.rs"]
mod parts;

use codetta::{
    Offline, Session, Stream, StreamConfig, Writer,
    graph::{Edit, EditError, Graph},
};
use counting::counted;
use memory::live_bytes;
use model::{Delayed, Fact, Model, OUTPUT, STREAMS, Why, Wire};
use parts::{Handle, Part, Phase, Tally, random_part};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

#[global_allocator]
static ALLOCATOR: memory::Ledger = memory::Ledger;

const MAX_NODES: usize = 12;
const CHANNELS: usize = 2;
/// What the stream says all the time.
const SPEECH: f32 = 0.1;
/// Frames of an edit's fade.
const FADE: u64 = 240;
/// No way through the graph is later than this.
const LATEST: u64 = 64 * MAX_NODES as u64;

/// SplitMix64: any seed is as good as another.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.roll() % n.max(1) as u64) as usize
    }

    fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        from.get(self.below(from.len()))
    }
}

struct Fuzz {
    dice: Dice,
    session: Session,
    graph: Graph,
    offline: Offline,
    writer: Writer,
    _stream: Stream,
    tally: Arc<Tally>,
    model: Model,
    /// Everything that ever was, by number.
    handles: BTreeMap<u64, Handle>,
    facts: BTreeMap<u64, Fact>,
    gone: Vec<u64>,
    /// Connections that were taken away, and until when they may still be heard.
    fading: BTreeMap<Delayed, u64>,
    out: Vec<f32>,
    last: [f32; CHANNELS],
    clock: u64,
    /// The last edits that were taken, for who has to find out.
    log: VecDeque<String>,
    seen: Seen,
}

/// What has happened: a fuzz that refuses everything holds nothing.
#[derive(Debug, Default)]
struct Seen {
    taken: u32,
    refused: BTreeMap<&'static str, u32>,
    busy: u32,
    settled: u32,
    heard: u32,
    /// The greatest part of what a step may be that one was.
    closest: f64,
    allocations: u64,
}

impl Fuzz {
    fn new(seed: u64) -> Self {
        let builder = Session::builder().channels(CHANNELS).max_nodes(MAX_NODES).max_streams(1);
        let (session, offline) = builder.offline().expect("a valid format");
        let graph = session.graph();
        let config = StreamConfig::new(48_000, 1).buffer(Duration::from_secs(1));
        let (writer, stream) = session.stream(config).expect("the first");
        let edit = graph.edit();
        let handles = BTreeMap::from([
            (STREAMS, Handle::Input(edit.streams())),
            (OUTPUT, Handle::Output(edit.output())),
        ]);
        drop(edit);
        let model = Model::new(CHANNELS, MAX_NODES, f64::from(SPEECH));
        let mut fuzz = Self {
            dice: Dice(seed),
            facts: model.nodes.clone(),
            session,
            graph,
            offline,
            writer,
            _stream: stream,
            tally: Arc::default(),
            model,
            handles,
            gone: Vec::new(),
            fading: BTreeMap::new(),
            out: vec![0.0; 1_024 * CHANNELS],
            last: [SPEECH; CHANNELS],
            clock: 0,
            log: VecDeque::new(),
            seen: Seen::default(),
        };
        // The stream begins with a step, before anybody looks.
        fuzz.speak();
        fuzz.offline.render(&mut vec![0.0; 480 * CHANNELS]);
        fuzz
    }

    fn speak(&mut self) {
        let _ = self.writer.write(&[SPEECH; 4_800][..]);
    }

    /// Renders, as an audio thread does, and looks at each step from one frame to the next.
    fn render(&mut self, frames: usize) {
        self.speak();
        let out = &mut self.out[..frames * CHANNELS];
        let offline = &mut self.offline;
        let ((), allocations) = Phase::Rendering.run(|| counted(|| offline.render_only(out)));
        self.seen.allocations += allocations;
        assert_eq!(allocations, 0, "the audio thread allocated or freed");
        let bound = self.model.step(&self.facts, self.fading.keys(), FADE) + 1e-5;
        for frame in self.out[..frames * CHANNELS].chunks_exact(CHANNELS) {
            for (last, sample) in self.last.iter_mut().zip(frame) {
                let step = f64::from((sample - *last).abs());
                self.seen.closest = self.seen.closest.max(step / bound);
                assert!(
                    step <= bound,
                    "a click of {step} where {bound} may be, in {frames} frames from {}, after {:#?}",
                    self.clock,
                    self.log
                );
                *last = *sample;
            }
        }
        self.clock += frames as u64;
        let clock = self.clock;
        self.fading.retain(|_, until| *until > clock);
    }

    fn step(&mut self) {
        let offline = &mut self.offline;
        Phase::Control.run(|| offline.step());
    }

    /// Renders until nothing fades: then the output is what the model says, if that is steady.
    fn settle(&mut self) {
        for _ in 0..12 {
            self.render(480);
            self.step();
        }
        assert!(self.graph.is_taken());
        if let Some(level) = self.model.level() {
            let tolerance = 1e-5 * (1.0 + level.abs());
            let wrong = self.last.iter().any(|sample| (f64::from(*sample) - level).abs() > tolerance);
            assert!(!wrong, "{:?} is heard, and it should be {level}\n{}", self.last, self.graph.to_dot());
            self.seen.settled += 1;
            self.seen.heard += u32::from(level != 0.0);
        }
        let snapshot = self.graph.snapshot();
        let ids: BTreeSet<u64> = snapshot.nodes.iter().map(|node| node.id.0).collect();
        let connections = snapshot.connections.iter();
        let wires: BTreeSet<Delayed> =
            connections.map(|wire| ((wire.to.0, wire.port, wire.from.0), u64::from(wire.delay))).collect();
        assert_eq!(ids, self.model.nodes.keys().copied().collect());
        assert_eq!(wires, self.model.delayed());
        assert_eq!(snapshot.latency, self.model.latency());
    }

    /// One transaction, which the model and the engine judge alike.
    fn transact(&mut self, changes: usize) {
        let graph = self.graph.clone();
        let mut edit = graph.edit();
        let mut draft = Draft { model: self.model.clone(), why: None, added: Vec::new() };
        for _ in 0..changes {
            self.change(&mut edit, &mut draft);
        }
        let Draft { model, why, added } = draft;
        let why = why.or_else(|| model.wrong());
        self.commit(edit, model, why, &added);
    }

    fn commit(&mut self, edit: Edit, model: Model, why: Option<Why>, added: &[u64]) {
        let committed = Phase::Committing.run(|| edit.commit());
        match (committed, why) {
            (Ok(()), None) => self.take(model, added),
            (Err(refused), Some(why)) => {
                let told = Why::of(&refused.why);
                match &told {
                    Why::Cycle(nodes) => assert!(model.has_cycle(nodes) && why == Why::Cycle(Vec::new())),
                    told => assert_eq!(*told, why),
                }
                *self.seen.refused.entry(told.name()).or_default() += 1;
                assert!(!refused.to_string().is_empty());
                drop(refused);
                self.forget(added);
            }
            (Err(refused), None) if refused.why == EditError::Busy => {
                // It helps to try again, once it renders.
                self.seen.busy += 1;
                assert!(self.seen.busy < 100_000, "always busy");
                self.render(512);
                self.step();
                self.commit(*refused.edit, model, None, added);
            }
            (Err(refused), None) => panic!("refused, and it should not be: {refused}\n{model:?}"),
            (Ok(()), Some(why)) => panic!("taken, and it should not be: {why:?}\n{model:?}"),
        }
    }

    fn take(&mut self, model: Model, added: &[u64]) {
        for id in added {
            if model.nodes.contains_key(id) {
                self.tally.committed(*id);
            }
            assert_eq!(self.handles[id].is_in_graph(), model.nodes.contains_key(id), "node {id}");
        }
        let gone: Vec<u64> =
            self.model.nodes.keys().filter(|id| !model.nodes.contains_key(id)).copied().collect();
        assert!(gone.iter().all(|id| !self.handles[id].is_in_graph()));
        for wire in self.model.delayed().difference(&model.delayed()) {
            self.fading.insert(*wire, self.clock + 2 * LATEST + FADE);
        }
        let news: Vec<&Wire> = model.wires.difference(&self.model.wires).collect();
        let olds: Vec<&Wire> = self.model.wires.difference(&model.wires).collect();
        let nodes: Vec<_> =
            added.iter().map(|id| (id, self.facts[id].name, self.facts[id].latency)).collect();
        self.log.push_back(format!(
            "{}: {nodes:?} come, {gone:?} go, new {news:?}, old {olds:?}, latency {}, all {:?}",
            self.clock,
            model.latency(),
            model.wires
        ));
        if self.log.len() > 12 {
            self.log.pop_front();
        }
        self.gone.extend(gone);
        self.seen.taken += 1;
        self.model = model;
    }

    /// What was never committed is forgotten but for a few, which are used all the same.
    fn forget(&mut self, added: &[u64]) {
        self.gone.extend(added);
        for id in added {
            assert!(!self.handles[id].is_in_graph());
        }
    }

    fn change(&mut self, edit: &mut Edit, draft: &mut Draft) {
        match self.dice.below(100) {
            0..30 => {
                let id = self.add(edit, draft);
                for _ in 0..2 {
                    let other = if self.dice.chance(40) { OUTPUT } else { self.any(draft) };
                    let wire = if self.dice.chance(60) { (other, 0, id) } else { (id, 0, other) };
                    let is_good = draft.model.clone().connect(wire).is_ok();
                    if is_good || self.dice.chance(3) {
                        self.connect(edit, draft, wire);
                    }
                }
            }
            30..50 => {
                let wire = self.wire(draft);
                self.connect(edit, draft, wire);
            }
            50..72 => {
                let wires: Vec<Wire> = draft.model.wires.iter().copied().collect();
                let known = self.dice.pick(&wires).copied();
                let wire = if self.dice.chance(95) { known } else { None };
                let wire = wire.unwrap_or_else(|| self.wire(draft));
                let (to, port, from) = (&self.handles[&wire.0], wire.1, &self.handles[&wire.2]);
                Handle::disconnect(edit, from, to, port);
                draft.try_to(|model| model.disconnect(wire));
                // Turned around, or another way.
                let turned = (wire.2, 0, wire.0);
                if draft.model.clone().connect(turned).is_ok() {
                    self.connect(edit, draft, turned);
                }
            }
            72..88 => {
                let id = if self.dice.chance(2) { OUTPUT } else { self.any_part(draft) };
                self.handles[&id].remove(edit);
                draft.try_to(|model| model.remove(id));
            }
            88..99 => {
                for _ in 0..self.dice.below(12) {
                    let wire = self.wire(draft);
                    self.connect(edit, draft, wire);
                }
            }
            _ => {
                let Some(id) = self.dice.pick(&self.gone).copied() else { return };
                let wire = if self.dice.chance(50) { (OUTPUT, 0, id) } else { (id, 0, STREAMS) };
                self.connect(edit, draft, wire);
            }
        }
    }

    fn add(&mut self, edit: &mut Edit, draft: &mut Draft) -> u64 {
        let (fact, part) = random_part(&mut self.dice);
        let handle = match part {
            Some(part) => Handle::Part(edit.add(Part::new(part, &self.tally))),
            None => Handle::Input(edit.add_input("input")),
        };
        let id = handle.id();
        if let Handle::Part(_) = handle {
            self.tally.made(id);
        }
        self.handles.insert(id, handle);
        self.facts.insert(id, fact.clone());
        draft.added.push(id);
        draft.try_to(|model| model.add(id, fact));
        id
    }

    fn connect(&mut self, edit: &mut Edit, draft: &mut Draft, wire: Wire) {
        let (to, from) = (&self.handles[&wire.0], &self.handles[&wire.2]);
        Handle::connect(edit, from, to, wire.1);
        draft.try_to(|model| model.connect(wire));
    }

    fn any(&mut self, draft: &Draft) -> u64 {
        let ids: Vec<u64> = draft.model.nodes.keys().copied().collect();
        *self.dice.pick(&ids).expect("the ends are always there")
    }

    /// Not one of the ends, if there is another.
    fn any_part(&mut self, draft: &Draft) -> u64 {
        let ids: Vec<u64> = draft.model.nodes.keys().copied().filter(|id| *id > OUTPUT).collect();
        self.dice.pick(&ids).copied().unwrap_or(STREAMS)
    }

    /// Mostly one that can be.
    fn wire(&mut self, draft: &Draft) -> Wire {
        let is_careless = self.dice.chance(10);
        let mut wire = (OUTPUT, 0, STREAMS);
        for _ in 0..20 {
            let (to, from) = (self.any(draft), self.any(draft));
            wire = (to, if self.dice.chance(70) { 0 } else { self.dice.below(3) }, from);
            let mut trial = draft.model.clone();
            if is_careless || trial.connect(wire).is_ok() && trial.wrong().is_none() {
                break;
            }
        }
        wire
    }

    /// Blocks of any size, and control now and then.
    fn go_on(&mut self) {
        for _ in 0..self.dice.below(4) {
            let most = 1 << self.dice.below(11);
            let frames = 1 + self.dice.below(most);
            self.render(frames);
            if self.dice.chance(50) {
                self.step();
            }
        }
    }

    /// Removes all that there is, and lets it come home.
    fn clear(&mut self) {
        let mut edit = self.graph.edit();
        let mut model = self.model.clone();
        for id in self.model.nodes.keys().copied().filter(|id| *id > OUTPUT) {
            self.handles[&id].remove(&mut edit);
            assert!(model.remove(id).is_ok());
        }
        let direct = (OUTPUT, 0, STREAMS);
        if model.connect(direct).is_ok() {
            Handle::connect(&mut edit, &self.handles[&STREAMS], &self.handles[&OUTPUT], 0);
        }
        self.commit(edit, model, None, &[]);
        self.settle();
        self.settle();
        self.handles.retain(|id, _| *id <= OUTPUT);
        self.facts.retain(|id, _| *id <= OUTPUT);
        self.gone = Vec::new();
        self.fading.clear();
        self.log = VecDeque::new();
    }
}

/// A transaction in the making: its first mistake decides.
struct Draft {
    model: Model,
    why: Option<Why>,
    added: Vec<u64>,
}

impl Draft {
    fn try_to(&mut self, change: impl FnOnce(&mut Model) -> Result<(), Why>) {
        if self.why.is_none() {
            self.why = change(&mut self.model).err();
        }
    }
}

fn seed() -> u64 {
    std::env::var("CODETTA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(3)
}

fn edits() -> u64 {
    std::env::var("CODETTA_EDITS").ok().and_then(|edits| edits.parse().ok()).unwrap_or(10_000)
}

/// The engine takes what the model takes, refuses what it refuses and by the same names, never clicks, settles on the
/// level that the model says, and every processor is freed once, by control.
#[test]
fn ten_thousand_random_edits() {
    const ROUNDS: u64 = 4;
    let seed = seed();
    println!("CODETTA_SEED={seed}");
    let mut fuzz = Fuzz::new(seed);
    let mut memory = Vec::new();
    for round in 0..ROUNDS {
        // The second half does what the first did: buffers have grown as far as they will.
        fuzz.dice = Dice(seed ^ (round % 2));
        for edit in 0..edits() / ROUNDS {
            let changes = 1 + fuzz.dice.below(4);
            fuzz.transact(changes);
            fuzz.go_on();
            if edit % 25 == 0 {
                fuzz.settle();
            }
        }
        fuzz.clear();
        fuzz.tally.assert_all_home();
        memory.push(live_bytes());
    }
    println!("{:?}\nlive bytes after each round: {memory:?}", fuzz.seen);
    assert!(fuzz.seen.taken > 2_000 && fuzz.seen.refused.values().sum::<u32>() > 1_000);
    assert!(fuzz.seen.refused.len() >= 8, "every kind of mistake: {:?}", fuzz.seen.refused);
    assert!(fuzz.seen.settled > 100 && fuzz.seen.heard > 50);
    assert!(fuzz.tally.made.load(Relaxed) > 2_000);
    assert_eq!(memory[1], memory[3], "bytes that are still there: {memory:?}");
    assert!(!fuzz.session.is_closed());
}
