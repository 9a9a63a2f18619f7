//! Plans of the graph on their way home: each is freed once, by control and never in a callback, with all that goes in it.
//!
//! A plan comes home once it is taken, and takes with it what the renderer does not need any more. In the models a processor
//! stands for all of it: it counts where it is freed.

use super::{Rig, callback, explore, joined, spawn};
use crate::{
    Session, Shutdown,
    graph::{Activity, Audio, EditError, Layout, Node, Processor, Setup},
    sync::ring::AUDIO,
};
use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

/// Frames in which all that fades has faded.
const FADE: usize = 256;

/// How many were freed, which is no part of what is explored: by the callback a thousand at once, so that no sum hides it.
type Freed = Arc<AtomicUsize>;

struct Counted(Freed);

impl Drop for Counted {
    fn drop(&mut self) {
        // A model that has failed is unwound by whichever thread failed.
        if !std::thread::panicking() {
            let by_callback = loom::thread::current().name() == Some(AUDIO);
            self.0.fetch_add(if by_callback { 1_000 } else { 1 }, Ordering::Relaxed);
        }
    }
}

impl Processor for Counted {
    fn name(&self) -> &'static str {
        "counted"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::effect(setup.channels, setup.channels)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Sounding
    }
}

fn add(session: &Session, freed: &Freed) -> Result<Node<Counted>, EditError> {
    let mut edit = session.graph().edit();
    let node = edit.add(Counted(Arc::clone(freed)));
    let (streams, output) = (edit.streams(), edit.output());
    edit.connect(&streams, &node).connect(&node, &output);
    // What was refused is freed with the edit.
    edit.commit().map(|()| node).map_err(|refused| refused.why)
}

fn remove(session: &Session, node: &Node<Counted>) {
    let mut edit = session.graph().edit();
    edit.remove(node);
    edit.commit().expect("there is room for it");
}

fn freed(count: &Freed) -> usize {
    count.load(Ordering::Relaxed)
}

/// A node that has faded, which the next plan that is sent takes out.
fn faded(rig: &mut Rig, count: &Freed) {
    let node = add(&rig.session, count).expect("the first");
    rig.device.call(&mut [0.0; FADE], None);
    rig.control.step();
    remove(&rig.session, &node);
    rig.device.call(&mut [0.0; FADE], None);
}

/// A callback takes two plans, and what has faded goes home in the second, whether control looks before, while or after it
/// comes. The mutants `replaced-plan-freed-in-its-block` and `plan-freed-where-another-is` break it.
#[test]
fn what_a_plan_replaces_is_freed_at_home() {
    explore(|| {
        let mut rig = Rig::with_nodes(1, 2);
        let count = Freed::default();
        faded(&mut rig, &count);
        add(&rig.session, &count).expect("the second");
        rig.control.step();
        assert_eq!(freed(&count), 0, "its plan has not been taken");
        let rendering = callback(&rig.device, None);
        rig.control.step();
        joined(rendering);
        rig.control.step();
        assert_eq!(freed(&count), 1, "it is home");
    });
}

/// Edits are committed faster than control takes home what they replace: what would find no place there is refused to whoever
/// commits, and never left to the callback. The mutant `plans-without-places` breaks it.
#[test]
fn a_plan_always_has_its_place_at_home() {
    explore(|| {
        let mut rig = Rig::with_nodes(1, 4);
        let count = Freed::default();
        add(&rig.session, &count).expect("the first");
        add(&rig.session, &count).expect("the second");
        let (session, counted) = (Arc::clone(&rig.session), Arc::clone(&count));
        let editor = spawn(move || {
            for _ in 0..2 {
                assert!(matches!(add(&session, &counted), Ok(_) | Err(EditError::Busy)));
            }
        });
        let rendering = callback(&rig.device, None);
        rig.control.step();
        joined(editor);
        joined(rendering);
        rig.pass();
        rig.pass();
        assert!(rig.session.graph().edit().commit().is_ok(), "the places are there again");
        let _ = rig.end();
        assert_eq!(freed(&count), 4, "each once, and not by the callback");
    });
}

/// The session ends while an edit is committed, and a callback is inside or comes too late: what the renderer has, what is on
/// its way there and what is on its way home are all freed by the time that the session is over. The mutants
/// `seized-renderer-is-not-taken`, `plans-unread-are-left`, `plans-at-home-are-left` and `edits-go-on-to-the-last` break it.
#[test]
fn a_seized_renderer_leaves_no_plan_behind() {
    explore(|| {
        let mut rig = Rig::with_nodes(1, 2);
        let count = Freed::default();
        faded(&mut rig, &count);
        rig.control.step();
        let closing = rig.session.begin_shutdown(Shutdown::Discard);
        let (session, counted) = (Arc::clone(&rig.session), Arc::clone(&count));
        let editor = spawn(move || drop(add(&session, &counted)));
        let rendering = callback(&rig.device, None);
        rig.control.step();
        joined(rendering);
        rig.control.step();
        joined(editor);
        assert!(closing.poll().is_some(), "nobody is inside any more");
        assert_eq!(freed(&count), 2, "each once, and not by the callback");
    });
}

/// Control's thread dies, and waits for nobody: what it can have is freed, what a callback inside still uses is left, and the
/// callback, whose device is the last owner of all this, frees nothing. The mutants `plan-taken-though-inside` and
/// `left-to-the-callback-to-free` break it.
#[test]
fn a_callback_that_is_left_inside_frees_no_plan() {
    explore(|| {
        let mut rig = Rig::with_nodes(1, 2);
        let count = Freed::default();
        faded(&mut rig, &count);
        rig.control.step();
        add(&rig.session, &count).expect("the second");
        let rendering = callback(&rig.device, None);
        let Rig { session, device, control } = rig;
        drop((session, device));
        drop(control);
        joined(rendering);
        assert!(freed(&count) <= 2, "each once at most, and not by the callback");
    });
}
