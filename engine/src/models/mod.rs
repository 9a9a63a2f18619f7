//! loom models of the engine as it is: a session with its streams, its control and a device's callbacks, each side a thread.
//!
//! | file | idea |
//! |---|---|
//! | `draining` | a drain against control that settles, answers and closes |
//! | `answering` | the promise: set, waited for, polled |
//! | `room` | a producer that waits for room, and what wakes it |
//! | `loss` | a device that goes away with its callback inside, and the next one |
//! | `order` | what one side leaves, against the order in which the other looks |
//! | `seizure` | control settles in the renderer's place, whoever is inside |
//! | `garbage` | readers on their way home |
//! | `plans` | plans of the graph on theirs |
//! | `closing` | closes by several at once |
//!
//! Nothing here stands in for the engine, but for the rings: [`crate::sync::ring`] is rtrb's algorithm on atomics and cells
//! that loom sees. So every interleaving of the real code is explored, with every stale value that its atomics may
//! show, as long as it takes few enough steps: one stream, one or two segments of a frame each, and the callbacks and
//! steps of control that the race needs. Smaller models of the lifecycle word and of the lease are in `stream/models`
//! and `render/models.rs`; larger ones, not exhaustive, are what shuttle runs.

mod answering;
mod closing;
mod draining;
mod garbage;
mod loss;
mod order;
mod plans;
mod room;
mod seizure;

use crate::{
    Report, Session, SteppedControl, SteppedDevice, Stream, StreamConfig, Writer, sync::ring::AUDIO,
};
use loom::thread::{self, JoinHandle};
use std::{sync::Arc, time::Duration};

/// The lowest rate there is: a millisecond, the shortest buffer, is eight frames.
const RATE: u32 = 8_000;
/// Frames of a block: a whole buffer.
const BLOCK: usize = 8;

/// Words of a thread's stack: unoptimised, a session takes more than loom gives.
const STACK: usize = 1 << 15;

fn explore(model: impl Fn() + Send + Sync + 'static) {
    let model = Arc::new(model);
    crate::sync::explore(move || {
        let model = Arc::clone(&model);
        joined(spawn(move || model()));
    });
}

fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
    thread::Builder::new().stack_size(STACK).spawn(work).expect("a thread of a model")
}

/// A session, and whoever drives it.
struct Rig {
    session: Arc<Session>,
    device: SteppedDevice,
    control: SteppedControl,
}

impl Rig {
    fn new(streams: usize) -> Self {
        Self::with_nodes(streams, 0)
    }

    fn with_nodes(streams: usize, nodes: usize) -> Self {
        let builder = Session::builder().sample_rate(RATE).channels(1);
        let builder = builder.max_streams(streams).max_nodes(nodes).max_commands(16);
        let (session, stepped) = builder.stepped().expect("a device that always opens");
        let (device, control) = stepped.apart();
        Self { session: Arc::new(session), device, control }
    }

    fn stream(&self, credits: usize) -> (Writer, Stream) {
        self.session.stream(config(credits)).expect("there is a place")
    }

    /// A block and a step of control, once nobody else acts.
    fn pass(&mut self) {
        self.device.call(&mut [0.0; BLOCK], None);
        self.control.step();
    }

    /// Ends the session: the report, after few steps.
    fn end(&mut self) -> Report {
        let closing = self.session.begin_shutdown(crate::Shutdown::Discard);
        for _ in 0..4 {
            self.pass();
            if let Some(report) = closing.poll() {
                assert!(report.ledger.balances());
                return report;
            }
        }
        panic!("a session comes to its end");
    }
}

/// Neither fades nor prebuffers: what is written is heard at once.
fn config(credits: usize) -> StreamConfig {
    let config = StreamConfig::new(RATE, 1).buffer(Duration::from_millis(1)).max_segments(credits);
    config.prebuffer(Duration::ZERO).fade(Duration::ZERO)
}

/// The device's thread: one callback. Whoever frees a ring's end on it has broken the rule, and the model.
fn callback(device: &SteppedDevice, latency: Option<Duration>) -> JoinHandle<()> {
    let device = device.clone();
    let call = move || {
        device.call(&mut [0.0; BLOCK], latency);
    };
    let thread = thread::Builder::new().name(AUDIO.into()).stack_size(STACK);
    thread.spawn(call).expect("a thread of a model")
}

/// What a thread gives back.
fn joined<T>(thread: JoinHandle<T>) -> T {
    thread.join().expect("a failed assertion ends the model")
}

/// One outcome for each of `accepted` frames, in order, and none else.
fn check(report: &Report, accepted: &[u64]) {
    let pushed: Vec<u64> = report.segments.iter().map(|outcome| outcome.pushed).collect();
    assert_eq!(pushed, accepted, "each segment is answered once, in full: {:?}", report.segments);
    for (index, outcome) in report.segments.iter().enumerate() {
        assert_eq!(outcome.segment, index as u64, "in order");
        assert_eq!(outcome.pushed, outcome.played + outcome.discarded);
        let whole = matches!(outcome.end, crate::End::Played | crate::End::Closed);
        assert!(!whole || outcome.discarded == 0, "whole, or it says why not: {outcome:?}");
    }
}
