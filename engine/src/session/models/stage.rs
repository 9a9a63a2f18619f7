//! A session for a model, and the threads that everybody needs: the callback's, and control's.

use super::super::{Report, Session, SessionBuilder, Shutdown, SteppedControl, SteppedDevice};
use crate::{
    stream::{Stream, StreamConfig, Writer},
    sync::{AtomicBool, Ordering, ring::AUDIO},
};
use shuttle::{
    rand::Rng,
    thread::{self, JoinHandle},
};
use std::{sync::Arc, time::Duration};

/// A frame is an eighth of a millisecond, a block one: so a segment of a few frames spans blocks.
const RATE: u32 = 8_000;
/// Frames of a block.
const BLOCK: usize = 8;
/// Steps of control within which a session is over, whatever happens in them: its deadlines are far fewer.
const STEPS: usize = 4_000;
/// Blocks that a callback makes at most.
const BLOCKS: usize = 4_000;

/// What every sample is.
pub(super) const SAMPLE: f32 = 0.25;

/// Something that happens once, for threads to wait for without one.
#[derive(Debug, Clone, Default)]
pub(super) struct Flag(Arc<AtomicBool>);

impl Flag {
    pub(super) fn raise(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub(super) fn is_up(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }

    pub(super) fn wait(&self) {
        while !self.is_up() {
            thread::yield_now();
        }
    }
}

/// A session on a device and a clock that the model's threads move.
pub(super) struct Stage {
    pub(super) session: Arc<Session>,
    pub(super) device: SteppedDevice,
    pub(super) control: SteppedControl,
    /// The session is over.
    pub(super) over: Flag,
}

impl Stage {
    pub(super) fn new(streams: usize) -> Self {
        Self::of(Session::builder().max_streams(streams))
    }

    pub(super) fn of(builder: SessionBuilder) -> Self {
        let small = builder.sample_rate(RATE).channels(1).max_nodes(2).max_commands(16);
        let (session, stepped) = small.stepped().expect("a device that always opens");
        let (device, control) = stepped.apart();
        Self { session: Arc::new(session), device, control, over: Flag::default() }
    }

    /// A stream whose rings are small enough to be full.
    pub(super) fn stream(&self) -> (Writer, Stream) {
        self.session.stream(config()).expect("there is a place")
    }

    /// Control's thread: steps until the session is over, and `pace` passes between two steps.
    pub(super) fn control(self, pace: Duration) -> JoinHandle<()> {
        let Self { mut control, device, over, session: _ } = self;
        let turns = Turns::new();
        thread::spawn(move || {
            for step in 0..STEPS {
                if control.step().is_none() {
                    over.raise();
                    return;
                }
                device.wait(pace);
                turns.pass(step);
            }
            panic!("a session comes to its end");
        })
    }

    /// The callback's thread: a block after the other, until the session is over or `blocks` are made.
    pub(super) fn audio(&self, blocks: Option<usize>) -> JoinHandle<()> {
        let (device, over, turns) = (self.device.clone(), self.over.clone(), Turns::new());
        audio_thread(move || {
            for block in 0..blocks.unwrap_or(BLOCKS) {
                if over.is_up() {
                    break;
                }
                device.call(&mut [0.0; BLOCK], None);
                device.wait(Duration::from_millis(1));
                turns.pass(block);
            }
        })
    }
}

/// How often a loop lets everybody else go first: each time, or so seldom that whoever was stopped in the middle of a call
/// stays there for all of a session's end.
struct Turns(usize);

impl Turns {
    fn new() -> Self {
        Self(if toss() { 1 } else { 64 })
    }

    fn pass(&self, turn: usize) {
        if turn % self.0 == self.0 - 1 {
            thread::yield_now();
        }
    }
}

/// One of two, as the schedule has it.
pub(super) fn toss() -> bool {
    shuttle::rand::thread_rng().r#gen()
}

pub(super) fn audio_thread(work: impl FnOnce() + Send + 'static) -> JoinHandle<()> {
    thread::Builder::new().name(AUDIO.into()).spawn(work).expect("a thread of a model")
}

/// Two blocks' room, three credits, no fade and no prebuffer.
pub(super) fn config() -> StreamConfig {
    StreamConfig::new(RATE, 1)
        .buffer(Duration::from_millis(2))
        .prebuffer(Duration::ZERO)
        .fade(Duration::ZERO)
        .max_segments(3)
}

/// A wait in real time would make a schedule hang on how busy the machine is: whoever is not answered for ever is a
/// deadlock, which shuttle reports.
pub(super) const FOREVER: Duration = Duration::MAX;

/// As [`Session::shutdown`], waiting [`FOREVER`].
pub(super) fn shutdown(session: &Session, how: Shutdown) -> Report {
    session.begin_shutdown(how).wait(FOREVER).expect("without a timeout")
}

pub(super) fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}
