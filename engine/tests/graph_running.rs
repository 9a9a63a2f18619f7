//! The graph while it runs: what sleeps, what fails, what starts at a frame, and what can be seen of it.

mod common;

use codetta::{
    Command, Session, StreamConfig,
    graph::{Activity, Audio, Db, Layout, ParamInfo, Processor, Setup, Tail, Trigger, TriggerSpec},
    nodes::{Bus, Gain},
};
use common::*;
use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering::Relaxed},
};

/// What was done to a [`Probe`].
#[derive(Debug, Default)]
struct Seen {
    frames: AtomicU64,
    resets: AtomicU64,
    dropped: AtomicU64,
}

/// Passes everything on, and counts. Panics when it is told to.
#[derive(Debug)]
struct Probe {
    seen: Arc<Seen>,
    tail: u64,
    is_armed: bool,
}

impl Probe {
    const ARM: TriggerSpec<Probe> = TriggerSpec::new(0, "arm");
    const PANIC: TriggerSpec<Probe> = TriggerSpec::new(1, "panic");

    fn new(tail: u64) -> (Self, Arc<Seen>) {
        let seen = Arc::<Seen>::default();
        (Self { seen: Arc::clone(&seen), tail, is_armed: false }, seen)
    }
}

impl Processor for Probe {
    fn name(&self) -> &'static str {
        "probe"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::effect(setup.channels, setup.channels).tail(Tail::Frames(self.tail))
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        assert!(!self.is_armed, "as it was told");
        self.seen.frames.fetch_add(audio.frames() as u64, Relaxed);
        Activity::Sounding
    }

    fn trigger(&mut self, trigger: Trigger) {
        assert_eq!(trigger.index, Self::ARM.index(), "as it was told");
        self.is_armed = true;
    }

    fn reset(&mut self) {
        self.seen.resets.fetch_add(1, Relaxed);
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        self.seen.dropped.fetch_add(1, Relaxed);
    }
}

/// A rig whose streams go through a probe, which also has a way around it.
fn probed(tail: u64) -> (Rig, codetta::graph::Node<Probe>, Arc<Seen>) {
    let mut rig = Rig::mono();
    let (probe, seen) = Probe::new(tail);
    let mut edit = rig.session.graph().edit();
    let (streams, output, probe) = (edit.streams(), edit.output(), edit.add(probe));
    edit.connect(&streams, &probe).connect(&probe, &output);
    edit.commit().expect("it fits");
    rig.render_in(2_000, 100);
    (rig, probe, seen)
}

/// A processor is called from the first frame that sounds until its tail is over and a block more, and then not at all.
#[test]
fn what_is_silent_is_not_called() {
    for block in [64, 333, 1_000] {
        let (mut rig, _probe, seen) = probed(1_000);
        assert_eq!(seen.frames.load(Relaxed), 0, "nothing has sounded");
        let (mut writer, _stream) = rig.stream(plain());
        drop(say(&mut writer, &[0.5; 700]));
        rig.render_in(9_999, block);
        assert_eq!(seen.frames.load(Relaxed), 700 + 1_000 + 512, "blocks of {block}");
        assert_eq!(seen.resets.load(Relaxed), 1);
    }
}

/// A processor that panics costs itself: the rest is heard, and it is freed when it is removed.
#[test]
#[cfg_attr(feature = "rt-guard", ignore = "a panic allocates, and prints")]
fn a_panic_costs_one_node() {
    for trigger in [Probe::ARM, Probe::PANIC] {
        let (mut rig, probe, seen) = probed(0);
        let (mut writer, _stream) = rig.stream(plain());
        put(&mut writer, &[0.25; 10_000]);
        assert_eq!(rig.render(100)[99], 0.5, "by both ways");
        assert_eq!(probe.trigger(trigger, 1.0, rig.session.frame() + 50), Command::Accepted);
        let out = rig.render(100);
        assert_eq!(out[99], 0.25, "by the way around it");
        let of_probe = |rig: &Rig| {
            let snapshot = rig.session.graph().snapshot();
            snapshot.nodes.into_iter().find(|node| node.id == probe.id()).expect("it is still there")
        };
        assert!(of_probe(&rig).has_failed);
        let mut edit = rig.session.graph().edit();
        edit.remove(&probe);
        edit.commit().expect("it can be removed");
        assert_eq!(rig.render_in(2_000, 100)[1_999], 0.25);
        assert_eq!(seen.dropped.load(Relaxed), 1);
    }
}

/// A stream that is to start at a frame is heard from exactly that one, and can be interrupted before.
#[test]
fn a_stream_starts_at_its_frame() {
    for block in [1, 100, 5_000] {
        let mut rig = Rig::mono();
        let (mut writer, stream) = rig.stream(plain());
        let (mut other, second) = rig.stream(plain());
        assert_eq!(stream.start_at(777), Command::Accepted);
        assert_eq!(second.start_at(codetta::graph::When::Time(ms(100))), Command::Accepted);
        let segment = say(&mut writer, &numbered(0, 300));
        let held = say(&mut other, &[1.0; 300]);
        let mut out = rig.render_in(700, block);
        let _ = second.interrupt();
        out.extend(rig.render_in(1_300, block));
        let first = out.iter().position(|sample| *sample != 0.0);
        assert_eq!((first, heard(&out)), (Some(777), numbered(0, 300)), "blocks of {block}");
        assert_eq!(segment.poll().map(|outcome| outcome.played), Some(300));
        assert_eq!(
            held.poll().map(|outcome| (outcome.end, outcome.played)),
            Some((codetta::End::Interrupted, 0))
        );
    }
}

/// Streams go into the input that they ask for; when it goes, they are heard with all others, without a click.
#[test]
fn streams_have_inputs_of_their_own() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let (music, output) = (edit.add_input("music"), edit.output());
    let quiet = edit.add(Gain::new().level(Db(-20.0)));
    edit.connect(&music, &quiet).connect(&quiet, &output);
    edit.commit().unwrap();
    let (mut bed, _) = rig.stream(faded().input(&music));
    let (mut voice, _) = rig.stream(faded());
    put(&mut bed, &sine(48_000));
    drop(say(&mut voice, &[0.0; 480]));
    let peak = |out: &[f32]| out.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    let mut out = rig.render_in(2_000, 128);
    assert!((peak(&out) - 0.05).abs() < 0.001);
    let mut edit = rig.session.graph().edit();
    edit.remove(&music);
    edit.commit().unwrap();
    out.extend(rig.render_in(4_000, 128));
    assert!((peak(&out[5_000..]) - 0.5).abs() < 0.001);
    assert!(largest_step(&out) < NO_CLICK, "{}", largest_step(&out));
}

/// A picture of the graph, and what each node takes of a block's time.
#[test]
fn the_graph_can_be_looked_at() {
    let mut rig = Rig::new();
    let graph = rig.session.graph();
    let mut edit = graph.edit();
    let (streams, output) = (edit.streams(), edit.output());
    let bus = edit.add(Bus::new("the \"sum\""));
    let ducker = edit.add(codetta::nodes::Ducker::new());
    edit.disconnect(&streams, &output).connect(&streams, &bus).connect(&bus, &output);
    edit.connect_side(&streams, &ducker, 0).connect(&ducker, &output);
    edit.commit().unwrap();
    let dot = graph.to_dot();
    for part in [
        "digraph codetta {",
        "label=\"node 2\\nthe \\\"sum\\\"\"",
        "n0 -> n2 [];",
        "n0 -> n3 [style=dashed, label=\"side 0\"];",
    ] {
        assert!(dot.contains(part), "{part} in {dot}");
    }
    assert!(graph.snapshot().nodes.iter().all(|node| node.share.is_none()), "nothing is measured");
    assert!(!graph.is_taken());
    graph.measure(true);
    let (mut writer, _stream) = rig.stream(StreamConfig::new(RATE, 1));
    put(&mut writer, &sine(20_000));
    rig.render_in(10_000, 480);
    assert!(graph.is_taken());
    let snapshot = graph.snapshot();
    let share = |id| snapshot.nodes.iter().find(|node| node.id == id).and_then(|node| node.share);
    assert!(share(ducker.id()) > Some(0.0) && share(ducker.id()) < Some(1.0));
    assert_eq!(snapshot.connections.len(), 4);
}

/// A processor that is wrong about itself is refused by its name.
#[test]
fn a_processor_has_to_be_right_about_itself() {
    struct Wrong(Layout, Vec<ParamInfo>);
    impl Processor for Wrong {
        fn name(&self) -> &'static str {
            "wrong"
        }
        fn params(&self) -> Vec<ParamInfo> {
            self.1.clone()
        }
        fn prepare(&mut self, _: &Setup) -> Layout {
            self.0.clone()
        }
        fn process(&mut self, _: &mut Audio<'_>) -> Activity {
            Activity::Silent
        }
    }
    let (session, _offline) = Session::builder().offline().unwrap();
    let gap = vec![Gain::LEVEL.info(), Gain::LEVEL.info()];
    for wrong in [
        Wrong(Layout::source(0), Vec::new()),
        Wrong(Layout::effect(9, 2), Vec::new()),
        Wrong(Layout::effect(2, 2).side(0), Vec::new()),
        Wrong(Layout::effect(2, 2), gap),
    ] {
        let mut edit = session.graph().edit();
        let _ = edit.add(wrong);
        let why = edit.commit().unwrap_err().to_string();
        assert!(why.starts_with("node ") && why.contains("(wrong) declares "), "{why}");
    }
}
