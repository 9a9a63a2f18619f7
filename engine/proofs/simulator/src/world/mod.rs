//! The session and its parties: producers, hands that steer, the device, control, and what goes wrong.
//!
//! Each party has a time at which it acts next. Whose is first acts; and in the midst of its call another may.
//!
//! | file | idea |
//! |---|---|
//! | `turns` | whose turn it is, and who may interrupt whom |
//! | `producers` | what a producer does |
//! | `hands` | what is done to streams and the session from elsewhere |
//! | `device` | callbacks, and what goes wrong with them |
//! | `control` | control's step, and what it told |
//! | `ending` | the end, and what must hold of the report |

mod control;
mod device;
mod ending;
mod hands;
mod producers;
mod turns;

use crate::{
    dice::Dice,
    oracle::{Finding, Late, Oracle},
    plan::Plan,
    trace::{Event, Trace},
};
use codetta::{
    Closing, Drain, Events, Position, Session, SteppedControl, SteppedDevice, Stream, StreamConfig, StreamId,
    Writer, graph::Db, nodes::Gain, simulation,
};
use std::{
    cell::{Cell, Ref, RefCell, RefMut},
    rc::Rc,
    time::Duration,
};

pub use turns::leave;

/// Never.
const NEVER: Duration = Duration::MAX;

/// A stream, and its producer.
#[derive(Debug)]
struct Voice {
    /// With the producer; none while it is inside a call, or gone.
    writer: RefCell<Option<Writer>>,
    stream: Stream,
    width: usize,
    rate: u32,
    position: Cell<Position>,
    /// The producer's next turn.
    due: Cell<Duration>,
    /// Handles of segments, to be asked in the end.
    segments: RefCell<Vec<codetta::Segment>>,
}

/// The device as it is driven.
#[derive(Debug)]
struct Driven {
    due: Duration,
    block: usize,
    latency: Option<Duration>,
    /// Frames a second that it really takes.
    rate: u32,
    jitter: Duration,
    stalled_until: Duration,
    /// Callbacks that come at once, too early.
    early: u64,
}

/// Everything of one session.
#[derive(Debug)]
pub struct World {
    plan: Plan,
    session: RefCell<Option<Rc<Session>>>,
    device: SteppedDevice,
    control: RefCell<Option<SteppedControl>>,
    events: Events,
    report: RefCell<Option<Closing>>,
    oracle: RefCell<Oracle>,
    voices: RefCell<Vec<Rc<Voice>>>,
    drains: RefCell<Vec<(usize, Drain)>>,
    dice: RefCell<Dice>,
    trace: RefCell<Trace>,
    driven: RefCell<Driven>,
    control_due: Cell<Duration>,
    hands_due: Cell<Duration>,
    faults_due: Cell<Duration>,
    rendering: Cell<bool>,
    depth: Cell<u32>,
    commands: Cell<usize>,
    last_block: Cell<u64>,
    /// Control has not been able to go on before this.
    punctual: Cell<Duration>,
    over: Cell<bool>,
    /// The device has said that it is lost, and control has not told that it knows.
    may_call_stale: Cell<bool>,
    late_at_end: Cell<Option<Late>>,
}

impl World {
    /// The world of a seed.
    pub fn new(seed: u64, prints: bool) -> Rc<Self> {
        let mut dice = Dice::new(seed);
        let plan = Plan::new(&mut dice);
        let builder = Session::builder()
            .sample_rate(plan.rate)
            .channels(plan.channels)
            .on_device_loss(plan.on_loss)
            .heartbeat(plan.heartbeat)
            .max_streams(plan.max_streams)
            .max_commands(plan.max_commands);
        let (session, time) = builder.stepped().expect("a plan is a valid session");
        let (device, control) = time.apart();
        if plan.graph {
            pass_through(&session);
        }
        let oracle = Oracle::new(plan.rate, plan.channels, plan.split, plan.fade);
        let driven = Driven {
            due: Duration::ZERO,
            block: plan.block,
            latency: plan.latency,
            rate: plan.rate,
            jitter: Duration::ZERO,
            stalled_until: Duration::ZERO,
            early: 0,
        };
        let world = Rc::new(Self {
            events: session.events(),
            session: RefCell::new(Some(Rc::new(session))),
            device,
            control: RefCell::new(Some(control)),
            report: RefCell::new(None),
            oracle: RefCell::new(oracle),
            voices: RefCell::default(),
            drains: RefCell::default(),
            dice: RefCell::new(dice),
            trace: RefCell::new(Trace::new(prints)),
            driven: RefCell::new(driven),
            control_due: Cell::new(Duration::ZERO),
            hands_due: Cell::new(Duration::ZERO),
            faults_due: Cell::new(if plan.faults_every == NEVER { NEVER } else { Duration::from_millis(1) }),
            rendering: Cell::new(false),
            depth: Cell::new(0),
            commands: Cell::new(0),
            last_block: Cell::new(0),
            punctual: Cell::new(Duration::ZERO),
            over: Cell::new(false),
            may_call_stale: Cell::new(false),
            late_at_end: Cell::new(None),
            plan,
        });
        world.warm_up();
        world
    }

    /// A graph that was just committed fades in: nobody plays yet.
    fn warm_up(&self) {
        if self.plan.graph {
            for _ in 0..4 {
                let mut out = vec![0.0; 512 * self.plan.channels];
                self.device.call(&mut out, None);
                self.oracle().block(&out, 0, self.now(), None, true);
                if let Some(control) = &mut *self.control.borrow_mut() {
                    control.step();
                }
            }
        }
    }

    fn now(&self) -> Duration {
        self.device.now()
    }

    fn oracle(&self) -> RefMut<'_, Oracle> {
        self.oracle.borrow_mut()
    }

    fn dice(&self) -> RefMut<'_, Dice> {
        self.dice.borrow_mut()
    }

    fn session(&self) -> Option<Rc<Session>> {
        self.session.borrow().clone()
    }

    fn voice(&self, stream: usize) -> Rc<Voice> {
        Rc::clone(&self.voices.borrow()[stream])
    }

    /// The index of a stream's number; past the last if there is none. One that was refused may have left a gap.
    fn index(&self, id: StreamId) -> usize {
        let voices = self.voices.borrow();
        voices.binary_search_by_key(&id, |voice| voice.stream.id()).unwrap_or(usize::MAX)
    }

    fn note(&self, what: &'static str, numbers: [u64; 3]) {
        let event = Event { at: self.now(), depth: self.depth.get(), what, numbers };
        self.trace.borrow_mut().note(event);
    }

    /// What was found, if anything.
    pub fn finding(&self) -> Option<Finding> {
        self.oracle.borrow().finding.clone()
    }

    /// What happened.
    pub fn trace(&self) -> Ref<'_, Trace> {
        self.trace.borrow()
    }

    /// How much time was simulated.
    pub fn simulated(&self) -> Duration {
        self.now()
    }

    /// Makes a stream, if there is a place.
    fn open(&self) {
        let Some(session) = self.session() else { return };
        // Nobody goes on meanwhile, so that streams come in the order of their numbers.
        simulation::ask_after(u64::MAX);
        let lane = self.oracle().free_lane().filter(|_| !self.dice().once_in(6));
        let (config, width, rate, credits) = self.stream_config(lane.is_some());
        let closed = session.is_closed();
        let full = self.commands.get() >= self.plan.max_commands;
        match session.stream(config) {
            Ok((writer, stream)) => {
                let id = stream.id().0;
                self.commands.set(self.commands.get() + 1);
                self.oracle().made(lane, credits);
                let voice = Voice {
                    position: Cell::new(stream.position()),
                    writer: RefCell::new(Some(writer)),
                    stream,
                    width,
                    rate,
                    due: Cell::new(self.now()),
                    segments: RefCell::default(),
                };
                let last = self.voices.borrow().last().map(|voice| voice.stream.id().0);
                self.oracle().check(last < Some(id), "streams are numbered in order", || format!("{id}"));
                self.voices.borrow_mut().push(Rc::new(voice));
                self.pause_later();
                self.note("stream", [id, u64::from(lane.is_some()), credits as u64]);
            }
            Err(error) => {
                self.pause_later();
                self.oracle().begin();
                self.note("no stream", [u64::from(closed), 0, 0]);
                let right = match error {
                    codetta::StreamError::Closed => session.is_closed(),
                    codetta::StreamError::TooMany { .. } => {
                        self.voices.borrow().len() >= self.plan.max_streams
                    }
                    codetta::StreamError::Busy => full,
                    _ => false,
                };
                self.oracle().check(right, "a stream is refused with the reason", || format!("{error}"));
            }
        }
    }

    fn stream_config(&self, has_lane: bool) -> (StreamConfig, usize, u32, usize) {
        let mut dice = self.dice();
        let rates = [8_000, 11_025, 16_000, 22_050, 24_000, 44_100, 48_000, 96_000];
        // A resampler is dear to make: a few.
        let rate = if has_lane || !dice.once_in(10) { self.plan.rate } else { dice.one_of(&rates) };
        // 11.025 kHz and 44.1 kHz do not meet 8 kHz and 48 kHz soon enough.
        let meets = (1..=self.plan.rate)
            .rev()
            .find(|by| rate.is_multiple_of(*by) && self.plan.rate.is_multiple_of(*by))
            .unwrap_or(1)
            >= 25;
        let rate = if meets { rate } else { self.plan.rate };
        let width = if self.plan.channels == 1 { 1 } else { 2 };
        let buffer = dice.micros(2_000, 1_000_000);
        let prebuffer = if dice.once_in(3) { Duration::ZERO } else { dice.micros(0, 60_000).min(buffer) };
        let credits = dice.spread(1, 40) as usize;
        let config = StreamConfig::new(rate, width).buffer(buffer).prebuffer(prebuffer).fade(self.plan.fade);
        (config.max_segments(credits), width, rate, credits)
    }
}

/// Puts a gain of one between the streams and the output: the same sound, by way of the graph.
fn pass_through(session: &Session) {
    let graph = session.graph();
    let mut edit = graph.edit();
    let gain = edit.add(Gain::new().level(Db(0.0)));
    let (streams, output) = (edit.streams(), edit.output());
    edit.disconnect(&streams, &output).connect(&streams, &gain).connect(&gain, &output);
    edit.commit().expect("a gain between the streams and the output is a graph");
}
