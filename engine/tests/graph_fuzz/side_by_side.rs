//! The engine and the model, side by side: what is rendered is bounded by the model at each frame, and is its level at rest.

use crate::{
    counting::counted,
    dice::Dice,
    handle::Handle,
    model::{Delayed, Fact, Model, OUTPUT, STREAMS},
    tally::{Phase, Tally},
};
use codetta::{Offline, Session, Stream, StreamConfig, Writer, graph::Graph};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::Arc,
    time::Duration,
};

const MAX_NODES: usize = 12;
const CHANNELS: usize = 2;
/// What the stream says all the time.
const SPEECH: f32 = 0.1;
/// Frames of an edit's fade.
pub const FADE: u64 = 240;
/// No way through the graph is later than this.
pub const LATEST: u64 = 64 * MAX_NODES as u64;

/// The engine, rendered by hand, and the model, side by side.
pub struct Fuzz {
    pub dice: Dice,
    pub session: Session,
    pub graph: Graph,
    offline: Offline,
    writer: Writer,
    _stream: Stream,
    pub tally: Arc<Tally>,
    pub model: Model,
    /// Everything that ever was, by number.
    pub handles: BTreeMap<u64, Handle>,
    pub facts: BTreeMap<u64, Fact>,
    pub gone: Vec<u64>,
    /// Connections that were taken away, and until when they may still be heard.
    pub fading: BTreeMap<Delayed, u64>,
    out: Vec<f32>,
    last: [f32; CHANNELS],
    pub clock: u64,
    /// The last edits that were taken, for who has to find out.
    pub log: VecDeque<String>,
    pub seen: Seen,
}

/// What has happened: a fuzz that refuses everything holds nothing.
#[derive(Debug, Default)]
pub struct Seen {
    pub taken: u32,
    pub refused: BTreeMap<&'static str, u32>,
    pub busy: u32,
    pub settled: u32,
    pub heard: u32,
    /// The greatest part of what a step may be that one was.
    closest: f64,
    allocations: u64,
}

impl Fuzz {
    pub fn new(seed: u64) -> Self {
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
    pub fn render(&mut self, frames: usize) {
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

    pub fn step(&mut self) {
        let offline = &mut self.offline;
        Phase::Control.run(|| offline.step());
    }

    /// Renders until nothing fades: then the output is what the model says, if that is steady.
    pub fn settle(&mut self) {
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

    /// Blocks of any size, and control now and then.
    pub fn go_on(&mut self) {
        for _ in 0..self.dice.below(4) {
            let most = 1 << self.dice.below(11);
            let frames = 1 + self.dice.below(most);
            self.render(frames);
            if self.dice.chance(50) {
                self.step();
            }
        }
    }
}
