//! What happened, in order: the last of it to be shown, all of it in one number to be compared.

use std::{collections::VecDeque, fmt, time::Duration};

/// Events that a finding shows.
const SHOWN: usize = 60;

/// One event: when, what, of which stream if of one, and what it was told or answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Event {
    /// On the session's clock.
    pub at: Duration,
    /// How deep in the midst of others.
    pub depth: u32,
    /// The verb.
    pub what: &'static str,
    /// Its numbers.
    pub numbers: [u64; 3],
}

impl fmt::Display for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c] = self.numbers;
        let indent = self.depth as usize * 2;
        write!(f, "{:>14.6}  {:indent$}{} {a} {b} {c}", self.at.as_secs_f64(), "", self.what)
    }
}

/// The events of a session.
#[derive(Debug, Clone)]
pub struct Trace {
    last: VecDeque<Event>,
    hash: u64,
    events: u64,
    prints: bool,
}

impl Trace {
    /// An empty one; `prints`: each event at once.
    pub fn new(prints: bool) -> Self {
        // FNV-1a's offset and, below, its prime: equality is all that is asked of it.
        Self { last: VecDeque::new(), hash: 0xcbf2_9ce4_8422_2325, events: 0, prints }
    }

    /// Notes an event.
    pub fn note(&mut self, event: Event) {
        if self.prints && self.last.back() != Some(&event) {
            println!("{event}");
        }
        for number in event.numbers {
            self.mix(number);
        }
        self.mix(event.at.as_nanos() as u64);
        event.what.bytes().for_each(|byte| self.mix(u64::from(byte)));
        self.events += 1;
        // A flood is shown once.
        if self.last.back() == Some(&event) {
            return;
        }
        if self.last.len() == SHOWN {
            self.last.pop_front();
        }
        self.last.push_back(event);
    }

    /// Notes what was heard.
    pub fn heard(&mut self, out: &[f32]) {
        for sample in out.iter().filter(|sample| **sample != 0.0) {
            self.mix(u64::from(sample.to_bits()));
        }
    }

    fn mix(&mut self, number: u64) {
        self.hash = (self.hash ^ number).wrapping_mul(0x0000_0100_0000_01b3);
    }

    /// All that happened, in one number.
    pub fn hash(&self) -> u64 {
        self.hash
    }

    /// How many events there were.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// The last of them.
    pub fn last(&self) -> impl Iterator<Item = &Event> {
        self.last.iter()
    }
}
