//! Users' code in the graph: what it may do while control runs it, and that its panics cost nobody else anything.

mod common;

use codetta::{
    End, Session, Shutdown,
    graph::{Activity, Audio, Companion, Graph, Layout, Processor, Setup},
    nodes::Bus,
};
use common::*;
use std::sync::Arc;

/// Passes everything on, beside a companion, and holds something that is freed with it.
struct Guest<T>(Option<Box<dyn Companion>>, T);

impl<T: Send + 'static> Processor for Guest<T> {
    fn name(&self) -> &'static str {
        "guest"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::effect(setup.channels, setup.channels)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Sounding
    }

    fn companion(&mut self) -> Option<Box<dyn Companion>> {
        self.0.take()
    }
}

/// Adds a node to the graph that it belongs to, once.
struct Editor(Option<Graph>);

impl Companion for Editor {
    fn step(&mut self) {
        if let Some(graph) = self.0.take() {
            let mut edit = graph.edit();
            let _ = edit.add(Bus::new("from a companion"));
            edit.commit().expect("a valid edit");
        }
    }
}

/// A companion may edit its graph: control, which steps it, waits for nothing that it needs.
#[test]
fn a_companion_may_commit_an_edit() {
    let mut rig = Rig::mono();
    let graph = rig.session.graph();
    let mut edit = graph.edit();
    let _ = edit.add(Guest(Some(Box::new(Editor(Some(graph.clone())))), ()));
    edit.commit().expect("a valid edit");
    rig.render_in(2_000, 100);
    assert!(graph.is_taken());
    assert!(graph.snapshot().nodes.iter().any(|node| node.name == "from a companion"));
}

/// Panics when it is stepped, if it is to, and when it is freed.
struct Wrecked {
    panics_in_step: bool,
}

impl Companion for Wrecked {
    fn step(&mut self) {
        assert!(!self.panics_in_step, "a companion that panics");
    }
}

impl Drop for Wrecked {
    fn drop(&mut self) {
        // A second panic while there is one would be the end of the process, whoever catches the first.
        assert!(std::thread::panicking(), "a companion whose drop panics");
    }
}

/// Panics when its processor is freed, and also if there is a panic already: then it ends the process, unless the processor is
/// freed by itself.
struct Mine;

impl Drop for Mine {
    fn drop(&mut self) {
        panic!("a processor whose drop panics");
    }
}

/// Adds the processor; removes it again, if it is to go, before something is said: which is heard, and reported.
fn says_all_with<P: Processor>(guest: P, goes: bool) {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let guest = edit.add(guest);
    edit.commit().expect("a valid edit");
    rig.render_in(1_000, 100);
    if goes {
        let mut edit = rig.session.graph().edit();
        edit.remove(&guest);
        edit.commit().expect("a valid edit");
        rig.render_in(1_000, 100);
    }
    let (mut writer, _stream) = rig.stream(plain());
    let segment = say(&mut writer, &numbered(0, 480));
    assert_eq!(heard(&rig.render_in(1_000, 100)), numbered(0, 480));
    assert_eq!(segment.poll().map(|outcome| (outcome.end, outcome.played)), Some((End::Played, 480)));
    let last = say(&mut writer, &numbered(480, 480));
    let report = rig.end(Shutdown::Discard);
    assert!(last.poll().is_some());
    assert_eq!(report.segments.len(), 2, "every segment has its outcome: {report:?}");
}

fn companion(panics_in_step: bool) -> Guest<()> {
    Guest(Some(Box::new(Wrecked { panics_in_step })), ())
}

/// A companion that panics costs no outcome: neither the panic nor the next one, when it is freed for it.
#[test]
fn a_companion_that_panics_costs_no_outcome() {
    says_all_with(companion(true), false);
}

/// The same of one that panics when it is freed, after its processor has gone.
#[test]
fn a_companion_whose_drop_panics_costs_no_outcome() {
    says_all_with(companion(false), true);
}

/// The same at the end of the session.
#[test]
fn a_companion_whose_drop_panics_at_the_end_costs_no_outcome() {
    says_all_with(companion(false), false);
}

/// The same of a processor that has gone.
#[test]
fn a_processor_whose_drop_panics_costs_no_outcome() {
    says_all_with(Guest(None, Mine), true);
}

/// And of one that is there at the end of the session.
#[test]
fn a_processor_whose_drop_panics_at_the_end_costs_no_outcome() {
    says_all_with(Guest(None, Mine), false);
}

/// An edit that no block has taken up by the end of the session: its processors go with the session, and not with the last
/// handle, and one that panics costs those behind it nothing.
#[test]
fn an_edit_that_no_block_takes_is_freed_at_the_end() {
    let (session, time) = Session::builder().stepped().expect("valid");
    let (_device, mut control) = time.apart();
    let graph = session.graph();
    let kept = Arc::new(());
    for mined in [true, false] {
        let mut edit = graph.edit();
        if mined {
            let _ = edit.add(Guest(None, Mine));
        }
        let _ = edit.add(Guest(None, Arc::clone(&kept)));
        edit.commit().expect("a valid edit");
    }
    let closing = session.begin_shutdown(Shutdown::Discard);
    while control.step().is_some() {}
    assert!(closing.poll().is_some());
    assert_eq!(Arc::strong_count(&kept), 1, "{graph:?} is still there, and no processor");
}

/// Nor do two of one plan, of which the second would panic while the first does.
#[test]
fn two_processors_whose_drops_panic_are_freed_one_by_one() {
    let mut rig = Rig::mono();
    let kept = Arc::new(());
    let mut edit = rig.session.graph().edit();
    for _ in 0..2 {
        let _ = edit.add(Guest(None, Mine));
        let _ = edit.add(Guest(None, Arc::clone(&kept)));
    }
    edit.commit().expect("a valid edit");
    rig.render_in(1_000, 100);
    let (mut writer, _stream) = rig.stream(plain());
    let segment = say(&mut writer, &numbered(0, 480));
    let _ = rig.end(Shutdown::Discard);
    assert!(segment.poll().is_some());
    assert_eq!(Arc::strong_count(&kept), 1);
}
