//! A callback that stops coming, or sleeps inside the renderer, while producers push and drains wait.

use super::{
    super::Shutdown,
    drains::drain,
    explore::explore,
    stage::{SAMPLE, Stage, audio_thread, millis, shutdown, toss},
    told::{Accepted, Pusher, Told, check},
};
use crate::{
    graph::{Activity, Audio, Layout, Processor, Setup},
    stream::{Stream, Writer},
};
use shuttle::{
    sync::{Condvar, Mutex},
    thread::{self, JoinHandle},
};
use std::sync::Arc;

fn producer(writer: Writer, accepted: &Accepted) -> JoinHandle<Told> {
    let mut pusher = Pusher::new(writer, accepted);
    thread::spawn(move || {
        for frames in [3, 9, 2, 2, 1] {
            pusher.write(frames);
            pusher.write(2);
            pusher.flush();
        }
        pusher.told()
    })
}

/// Two shutdowns' deadlines: the first one's holds. Everything is settled in the renderer's place, with what was heard. The
/// mutants `second-drain-overwrites` and `drains-stay-open` break it.
#[test]
fn a_callback_that_stops_is_done_without() {
    explore(|| {
        let stage = Stage::new(2);
        let (session, accepted) = (stage.session.clone(), Accepted::default());
        let producers = [stage.stream().0, stage.stream().0].map(|writer| producer(writer, &accepted));
        // Three blocks, and no more.
        let (audio, device) = (stage.audio(Some(3)), stage.device.clone());
        let (over, control) = (stage.over.clone(), stage.control(millis(5)));
        let waiting = [millis(10), millis(2_000)].map(|timeout| {
            let (session, accepted) = (session.clone(), accepted.clone());
            thread::spawn(move || drain(&session, &accepted, timeout, None))
        });
        let first = session.begin_shutdown(Shutdown::Drain(millis(40)));
        let report = shutdown(&session, Shutdown::Drain(millis(3_600_000)));
        assert_eq!(first.poll().as_ref(), Some(&report));
        assert!(over.is_up() || session.is_closed());
        let told = producers.map(|thread| thread.join().expect("a producer"));
        waiting.into_iter().for_each(|thread| thread.join().expect("a drain"));
        control.join().expect("control");
        audio.join().expect("the callback");
        // It comes back when all is over, and finds nothing to render.
        let mut out = [1.0; 8];
        device.call(&mut out, None);
        assert!(out == [0.0; 8] || out == [1.0; 8], "the device is stopped, or has silence");
        check(&report, told);
    });
}

/// A door in the callback: shut, it holds whoever renders.
#[derive(Clone, Default)]
struct Door(Arc<(Mutex<State>, Condvar)>);

#[derive(Default)]
struct State {
    inside: bool,
    open: bool,
}

impl Door {
    fn go_through(&self) {
        let (state, changed) = &*self.0;
        let mut state = state.lock().expect("nobody panics with it");
        state.inside = true;
        changed.notify_all();
        drop(changed.wait_while(state, |state| !state.open));
    }

    fn wait_for_somebody(&self) {
        let (state, changed) = &*self.0;
        drop(changed.wait_while(state.lock().expect("as above"), |state| !state.inside));
    }

    fn open(&self) {
        let (state, changed) = &*self.0;
        state.lock().expect("as above").open = true;
        changed.notify_all();
    }
}

impl Processor for Door {
    fn name(&self) -> &'static str {
        "door"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::effect(setup.channels, setup.channels)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        self.go_through();
        Activity::Sounding
    }
}

fn through_a_door(stage: &Stage) -> Door {
    let (door, graph) = (Door::default(), stage.session.graph());
    let mut edit = graph.edit();
    let node = edit.add(door.clone());
    let (streams, output) = (edit.streams(), edit.output());
    edit.disconnect(&streams, &output).connect(&streams, &node).connect(&node, &output);
    edit.commit().expect("a graph without a loop");
    door
}

/// Control gives the one who sleeps inside up, settles from what was published, and frees nothing that he still uses: he
/// wakes before the end, in it or after it, and is the last to have a handle. The mutant
/// `abandoned-callback-frees` breaks it, and within some thousand schedules loom's `force-reads-and-does-not-seal`.
#[test]
fn a_callback_that_sleeps_inside_is_given_up() {
    explore(|| {
        let stage = Stage::new(2);
        let door = through_a_door(&stage);
        let (session, accepted, device) = (stage.session.clone(), Accepted::default(), stage.device.clone());
        let (first, stream): (Writer, Stream) = stage.stream();
        let mut pusher = Pusher::new(first, &accepted);
        pusher.write(4);
        pusher.flush();
        let sleeper = audio_thread(move || {
            let mut out = [1.0; 8];
            device.call(&mut out, None);
            assert!(out.iter().all(|sample| sample.abs() <= SAMPLE), "its own block, or silence");
            device.call(&mut [0.0; 8], None);
            // Dropped here: it may be the last that has the device, and with it the renderer's lease.
            drop(device);
        });
        door.wait_for_somebody();
        // Another's segments are not for this stream's drain to wait for.
        let other = producer(stage.stream().0, &Accepted::default());
        let (over, control) = (stage.over.clone(), stage.control(millis(20)));
        let (asker, known) = (session.clone(), accepted.clone());
        let asked = thread::spawn(move || drain(&asker, &known, millis(300), Some(&stream)));
        let opened = door.clone();
        let opening = thread::spawn(move || {
            // In some schedules he wakes as control gives him up; in others only when all is over.
            if toss() {
                over.wait();
            }
            opened.open();
        });
        let report = shutdown(&session, Shutdown::Drain(millis(100)));
        pusher.write(1);
        let told = [pusher.told(), other.join().expect("a producer")];
        drop((session, door));
        asked.join().expect("a drain");
        control.join().expect("control");
        opening.join().expect("whoever opens");
        sleeper.join().expect("the callback");
        check(&report, told);
    });
}
