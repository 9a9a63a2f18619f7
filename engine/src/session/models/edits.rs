//! Edits of the graph that are committed while the session ends.

use super::{
    super::Shutdown,
    explore::explore,
    stage::{Stage, millis, shutdown, toss},
};
use crate::{
    graph::{Activity, Audio, Graph, Layout, Processor, Setup},
    sync::{AtomicUsize, Ordering, ring::AUDIO},
};
use shuttle::thread;
use std::sync::Arc;

/// Counts itself, and where it is freed.
struct Counted(Arc<AtomicUsize>);

impl Drop for Counted {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            // Counted twice would be a fault that the last look finds: its place is the callback's.
            let freed = if thread::current().name() == Some(AUDIO) { 1_000 } else { 1 };
            self.0.fetch_add(freed, Ordering::SeqCst);
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

/// Adds a node, takes it out again, and answers how many were made.
fn edit(graph: &Graph, freed: &Arc<AtomicUsize>, rounds: usize) -> usize {
    for _ in 0..rounds {
        let mut edit = graph.edit();
        let node = edit.add(Counted(Arc::clone(freed)));
        let (streams, output) = (edit.streams(), edit.output());
        edit.connect(&streams, &node).connect(&node, &output);
        if edit.commit().is_ok() {
            let mut edit = graph.edit();
            edit.remove(&node);
            let _ = edit.commit();
        }
    }
    rounds
}

/// Each node is freed once, by whoever edits or by control and never by the callback, whether its plan was taken, was on its way, or
/// was refused. The mutants `plan-freed-in-its-block`, `renderer-left-in-the-lease`, `unread-commands-stay` and
/// `edits-taken-to-the-last` break it.
#[test]
fn every_node_of_an_edit_is_freed_once_and_not_by_the_callback() {
    explore(|| {
        let stage = Stage::new(1);
        let (session, freed) = (stage.session.clone(), Arc::<AtomicUsize>::default());
        let (mut writer, _stream) = stage.stream();
        let editors: Vec<_> = (0..2)
            .map(|_| {
                let (graph, freed) = (session.graph(), Arc::clone(&freed));
                thread::spawn(move || edit(&graph, &freed, 3))
            })
            .collect();
        let producer = thread::spawn(move || {
            let _ = writer.write(&[0.25_f32; 12]);
            let _ = writer.flush();
        });
        let frames = if toss() { 400 } else { 0 };
        let (audio, control) = (stage.audio(None), stage.control(millis(1)));
        // In some schedules a removed node's fade is over by then, and its plan on its way home.
        while session.frame() < frames {
            thread::yield_now();
        }
        let report = shutdown(&session, Shutdown::Drain(millis(10)));
        assert!(report.complete && report.ledger.balances());
        let made: usize = editors.into_iter().map(|thread| thread.join().expect("an editor")).sum();
        producer.join().expect("a producer");
        control.join().expect("control");
        audio.join().expect("the callback");
        // All that control had is freed with the end; nothing waits for the last handle.
        assert_eq!(freed.load(Ordering::SeqCst), made);
        drop((session, _stream));
        assert_eq!(freed.load(Ordering::SeqCst), made);
    });
}
