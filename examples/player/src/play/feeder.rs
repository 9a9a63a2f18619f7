//! The thread that decodes and writes: the only one that the engine's back-pressure stops.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError};
use std::time::{Duration, Instant};

use codetta::{Segment, Session, WriteState};

use super::controls::{Controls, News, Order, Tally};
use super::deck::Deck;
use crate::decode::{Input, PcmSource, Spec, open};
use crate::playlist::Problem;

/// How long a write may wait for room before orders are looked at: what a key press waits at most.
const PATIENCE: Duration = Duration::from_millis(30);

/// Where to go on.
enum Then {
    Next,
    Go(usize, u64),
    Stop,
}

/// Feeds the inputs one after the other.
pub struct Feeder {
    inputs: Vec<Input>,
    orders: Receiver<Order>,
    news: Sender<News>,
    controls: Arc<Controls>,
    drain_timeout: Duration,
    session: Option<Arc<Session>>,
    deck: Option<Deck>,
    played: BTreeSet<usize>,
    failed: BTreeSet<usize>,
}

impl Feeder {
    /// `drain_timeout`: how long the last of what is queued may take, pauses not counted.
    pub fn new(
        inputs: Vec<Input>,
        orders: Receiver<Order>,
        news: Sender<News>,
        controls: Arc<Controls>,
        drain_timeout: Duration,
    ) -> Self {
        let (played, failed) = (BTreeSet::new(), BTreeSet::new());
        Self { inputs, orders, news, controls, drain_timeout, session: None, deck: None, played, failed }
    }

    /// Feeds everything, and tells how it went.
    pub fn run(mut self) {
        let mut overdue = false;
        let (mut index, mut frame) = (0, 0);
        loop {
            let then =
                if index < self.inputs.len() { self.feed(index, frame) } else { self.settle(&mut overdue) };
            (index, frame) = match then {
                Then::Next if index < self.inputs.len() => (index + 1, 0),
                Then::Go(index, frame) => (index, frame),
                Then::Next | Then::Stop => break,
            };
        }
        let tally = Tally { played: self.played.len(), failed: self.failed.len(), overdue };
        let _ = self.news.send(News::Done(tally));
    }

    /// Feeds one input from `frame` to its end.
    fn feed(&mut self, index: usize, frame: u64) -> Then {
        let opened = open(&self.inputs[index]).and_then(|mut source| {
            if frame > 0 {
                source.start_at(frame)?;
            }
            Ok(source)
        });
        let mut source = match opened {
            Ok(source) => source,
            Err(e) => return self.problem(index, &e.to_string()),
        };
        let spec = source.spec();
        // Decoded before the stream is waited for: where the format changes, this is what keeps the gap small.
        let mut samples = Vec::new();
        if let Err(e) = source.read(&mut samples) {
            return self.problem(index, &e.to_string());
        }
        if samples.is_empty() {
            return if frame == 0 { self.problem(index, "there is no sound in it") } else { Then::Next };
        }
        if let Some(then) = self.await_session(spec) {
            return then;
        }
        match self.ready_deck(index, spec) {
            Ok(()) => {}
            Err(then) => return then,
        }
        let _ = self.news.send(News::File { index, spec });
        let then = self.pump(index, frame, &mut *source, samples);
        if let Some(damage) = source.damage().filter(|_| matches!(then, Then::Next)) {
            let _ = self.problem(index, &damage);
        }
        then
    }

    /// Writes what the source gives, until it ends or an order comes.
    fn pump(&mut self, index: usize, frame: u64, source: &mut dyn PcmSource, mut samples: Vec<f32>) -> Then {
        let Some(deck) = &mut self.deck else { return Then::Stop };
        let _ = deck.writer.begin(index as u64);
        let mut told = false;
        while !samples.is_empty() {
            let mut rest = &samples[..];
            while !rest.is_empty() {
                let write = deck.writer.write_all(rest, PATIENCE);
                rest = &rest[write.frames * deck.spec.channels..];
                if !told && write.frames > 0 {
                    self.played.insert(index);
                    if let Some(segment) = deck.writer.segment() {
                        let (stream, segment) = (deck.writer.stream_id(), segment.id());
                        let _ = self.news.send(News::Segment { stream, segment, index, base: frame });
                        told = true;
                    }
                }
                if write.state == WriteState::Closed {
                    return Then::Stop;
                }
                if let Some(then) = order(&self.orders) {
                    deck.leave(&then);
                    return then;
                }
            }
            if let Err(e) = source.read(&mut samples) {
                deck.end();
                return self.problem(index, &e.to_string());
            }
        }
        deck.end();
        Then::Next
    }

    /// Waits for the last segment's outcome; pauses do not count as waiting.
    fn settle(&mut self, overdue: &mut bool) -> Then {
        let mut waited = Duration::ZERO;
        while let Some(segment) = self.deck.as_ref().and_then(|deck| deck.last.as_ref()) {
            if segment.poll().is_some() {
                break;
            }
            let began = Instant::now();
            if let Some(then) = wait(&self.orders, PATIENCE) {
                if let Some(deck) = &mut self.deck {
                    deck.leave(&then);
                }
                return then;
            }
            if !self.controls.paused() {
                waited += began.elapsed();
            }
            if waited >= self.drain_timeout {
                *overdue = true;
                break;
            }
        }
        Then::Next
    }

    /// The session is made when it is known that something can be played, and at which rate.
    fn await_session(&mut self, spec: Spec) -> Option<Then> {
        if self.session.is_none() {
            let _ = self.news.send(News::First(spec));
            match self.orders.recv() {
                Ok(Order::Start(session)) => self.session = Some(session),
                Ok(_) | Err(_) => return Some(Then::Stop),
            }
        }
        None
    }

    /// Has a stream of this format: the one there is, or the next, once the one there is has played out.
    fn ready_deck(&mut self, index: usize, spec: Spec) -> Result<(), Then> {
        if self.deck.as_ref().is_some_and(|deck| deck.fits(spec)) {
            return Ok(());
        }
        let Some(session) = &self.session else { return Err(Then::Stop) };
        let next = match Deck::open(session, spec) {
            Ok(next) => next,
            Err(codetta::StreamError::Closed) => return Err(Then::Stop),
            Err(e) => return Err(self.problem(index, &e.to_string())),
        };
        if let Some(deck) = &mut self.deck {
            while !deck.is_empty() {
                if let Some(then) = wait(&self.orders, Duration::from_millis(1)) {
                    deck.leave(&then);
                    return Err(then);
                }
            }
        }
        self.controls.apply(&next.stream);
        let _ = self.news.send(News::Stream(next.stream.clone()));
        // The stream before drains and closes as it is dropped.
        self.deck = Some(next);
        Ok(())
    }

    fn problem(&mut self, index: usize, what: &str) -> Then {
        self.failed.insert(index);
        let problem = Problem { file: self.inputs[index].name(), error: what.into() };
        let _ = self.news.send(News::Problem(problem));
        Then::Next
    }
}

fn order(orders: &Receiver<Order>) -> Option<Then> {
    match orders.try_recv() {
        Ok(order) => Some(then(order)),
        Err(TryRecvError::Empty) => None,
        Err(TryRecvError::Disconnected) => Some(Then::Stop),
    }
}

fn wait(orders: &Receiver<Order>, timeout: Duration) -> Option<Then> {
    match orders.recv_timeout(timeout) {
        Ok(order) => Some(then(order)),
        Err(RecvTimeoutError::Timeout) => None,
        Err(RecvTimeoutError::Disconnected) => Some(Then::Stop),
    }
}

fn then(order: Order) -> Then {
    match order {
        Order::Go { index, frame } => Then::Go(index, frame),
        Order::Start(_) | Order::Stop => Then::Stop,
    }
}

impl Deck {
    /// Makes way for what was ordered. A stop leaves what is queued: it is drained.
    fn leave(&mut self, then: &Then) {
        if matches!(then, Then::Go(..)) {
            let _ = self.writer.clear();
            self.last = None;
        }
    }

    fn end(&mut self) {
        let flushed: Option<Segment> = self.writer.flush().accepted();
        self.last = flushed.or(self.last.take());
    }
}
