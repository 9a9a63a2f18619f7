//! Edits that look wrong and are right, or the other way round: nothing is left over, mixed up or late.

mod common;
#[path = "common/counting.rs"]
mod counting;

use codetta::{
    Command, Session,
    graph::{Activity, Audio, Companion, Db, EditError, Layout, Node, Processor, Setup, StreamInput},
    nodes::{Bus, Gain, Sample, SamplePlayer},
};
use common::*;
use counting::counted;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

struct Half(Arc<AtomicBool>);

impl Companion for Half {
    fn step(&mut self) {}
}

impl Drop for Half {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

struct Two(Arc<AtomicBool>);

impl Processor for Two {
    fn name(&self) -> &'static str {
        "two"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::effect(setup.channels, setup.channels)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Sounding
    }

    fn companion(&mut self) -> Option<Box<dyn Companion>> {
        Some(Box::new(Half(Arc::clone(&self.0))))
    }
}

/// Added and removed in one edit: it was never in the graph, and nothing of it is left.
#[test]
fn what_is_added_and_removed_in_one_edit_leaves_nothing() {
    let mut rig = Rig::mono();
    let is_gone = Arc::new(AtomicBool::new(false));
    let mut edit = rig.session.graph().edit();
    let node = edit.add(Two(Arc::clone(&is_gone)));
    edit.remove(&node);
    edit.commit().expect("a valid edit");
    rig.render_in(1_000, 100);
    assert!(!node.is_in_graph(), "it is not");
    assert!(is_gone.load(Relaxed), "its companion is still stepped");
}

/// What comes home from a session that has ended without rendering: all of it.
#[test]
fn a_session_that_ends_unrendered_frees_its_edits() {
    let is_gone = Arc::new(AtomicBool::new(false));
    let (session, offline) = Session::builder().offline().expect("a valid format");
    let mut edit = session.graph().edit();
    let _ = edit.add(Two(Arc::clone(&is_gone)));
    edit.commit().expect("a valid edit");
    drop((session, offline));
    assert!(is_gone.load(Relaxed));
}

/// Inputs that come and go are more for a moment than there may be at a time: there is room for them.
#[test]
fn inputs_that_are_replaced_allocate_nothing_on_the_audio_thread() {
    let (session, mut offline) = Session::builder().max_nodes(2).offline().expect("a valid format");
    let mut inputs: Vec<Node<StreamInput>> = Vec::new();
    let mut out = [0.0; 2 * 16];
    for round in 0..20 {
        let mut edit = session.graph().edit();
        let output = edit.output();
        for input in inputs.drain(..) {
            edit.remove(&input);
        }
        for _ in 0..2 {
            let input = edit.add_input("voices");
            edit.connect(&input, &output);
            inputs.push(input);
        }
        // What goes holds its place for a fade longer: busy then, and a retry helps.
        let mut refused = edit.commit();
        while let Err(again) = refused {
            assert_eq!(again.why, EditError::Busy);
            offline.render_only(&mut out);
            offline.step();
            refused = again.edit.commit();
        }
        let ((), allocations) = counted(|| offline.render_only(&mut out));
        assert_eq!(allocations, 0, "round {round}");
        offline.step();
    }
}

/// Numbers of nodes are those of one graph: another's is not in this one.
#[test]
fn another_graphs_node_is_unknown() {
    let (here, there) = (Rig::mono(), Rig::mono());
    let mut edit = there.session.graph().edit();
    let foreign = edit.add(Gain::new());
    edit.commit().expect("a valid edit");
    let mut edit = here.session.graph().edit();
    let own = edit.add(Gain::new());
    edit.commit().expect("a valid edit");
    assert_eq!(own.id(), foreign.id());
    let mut edit = here.session.graph().edit();
    edit.remove(&foreign);
    let removed = edit.commit();
    assert!(own.is_in_graph(), "another graph's node was named, and this one's removed");
    assert!(matches!(removed.unwrap_err().why, EditError::Unknown { .. }));
}

/// A stream is not made for an input that is not there yet: it would have to leave another in the middle of a sound.
#[test]
fn an_input_comes_before_its_streams() {
    let rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let input = edit.add_input("voices");
    let made = rig.session.stream(faded().input(&input));
    assert_eq!(made.unwrap_err(), codetta::StreamError::NoInput { node: input.id() });
    edit.commit().expect("a valid edit");
    assert!(rig.session.stream(faded().input(&input)).is_ok());
}

/// A player that nothing hears: its notes pass by, and are not heard later.
#[test]
fn notes_that_nothing_hears_pass_by() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let player = edit.add(SamplePlayer::new(&Sample::from_interleaved(&[0.5_f32; 100], 1, RATE)));
    let output = edit.output();
    edit.commit().expect("a valid edit");
    let _ = player.play(Db(0.0), 100);
    rig.render_in(10_000, 480);
    let mut edit = rig.session.graph().edit();
    edit.connect(&player, &output);
    edit.commit().expect("a valid edit");
    let out = rig.render_in(1_000, 100);
    assert_eq!(heard(&out), [], "a note of 10,000 frames ago");
}

/// Every edit that was committed has been taken: what control sends afterwards to clean up is no edit.
#[test]
fn what_is_taken_stays_taken() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let (bus, output) = (edit.add(Bus::new("bus")), edit.output());
    edit.connect(&bus, &output);
    edit.commit().expect("a valid edit");
    for _ in 0..20 {
        rig.render(64);
        assert!(rig.session.graph().is_taken());
    }
}

/// Commands that are never due keep their places only as long as their node.
#[test]
fn commands_that_are_never_due_go_with_their_node() {
    let (session, mut offline) = Session::builder().max_commands(16).offline().expect("a valid format");
    let mut edit = session.graph().edit();
    let (node, other) = (edit.add(Gain::new()), edit.add(Gain::new()));
    edit.commit().expect("a valid edit");
    let mut out = [0.0; 2 * 480];
    offline.render(&mut out);
    for _ in 0..16 {
        assert_eq!(node.param(Gain::LEVEL).at(u64::MAX).set(Db(0.0)), Command::Accepted);
    }
    assert_eq!(other.param(Gain::LEVEL).at(1_000).set(Db(0.0)), Command::Full);
    // What is for now waits for nothing, and needs none of their places.
    offline.render(&mut out);
    assert_eq!(other.param(Gain::LEVEL).set(Db(0.0)), Command::Accepted);
    let mut edit = session.graph().edit();
    edit.remove(&node);
    edit.commit().expect("a valid edit");
    for _ in 0..10 {
        offline.render(&mut out);
    }
    for _ in 0..16 {
        assert_eq!(other.param(Gain::LEVEL).at(u64::MAX).set(Db(0.0)), Command::Accepted);
    }
}
