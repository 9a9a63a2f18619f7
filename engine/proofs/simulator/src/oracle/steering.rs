//! Commands, closes, and the end of the session.

use super::{Closing, Finding, Oracle};
use codetta::{Close, Closed, Command};
use std::time::Duration;

impl Oracle {
    /// A close was answered.
    pub fn closed(&mut self, stream: usize, close: Close, closed: Closed, by_producer: bool, alone: bool) {
        let step = self.step;
        let voice = &self.voices[stream];
        let discards = close == Close::Discard;
        let first = voice.closed.is_none() || discards && voice.discarded.is_none();
        let may_be_over =
            voice.closed.is_some() && voice.answered == voice.begun() || self.lost || self.closing.is_some();
        let right = match closed {
            Closed::Now => first,
            Closed::Already => !first || may_be_over,
        };
        self.check(right || !alone, "a close is answered what it did", || {
            format!("stream {stream}: {closed:?}")
        });
        if closed == Closed::Already {
            self.late.closes += 1;
        } else {
            let voice = &mut self.voices[stream];
            voice.closed.get_or_insert(step);
            if discards {
                voice.discarded.get_or_insert(step);
            }
        }
        if by_producer {
            self.voices[stream].open = false;
        }
    }

    /// The writer was dropped: as a close that drains, but nobody counts it.
    pub fn dropped(&mut self, stream: usize) {
        let step = self.step;
        self.voices[stream].closed.get_or_insert(step);
    }

    /// A command is sent: until it is answered, nobody knows whether it has been carried out. The answer is for
    /// [`commanded`](Self::commanded).
    pub fn commands(&mut self, stream: usize) -> (bool, u64) {
        let before = self.voices[stream].paused;
        self.voices[stream].paused.1 = u64::MAX;
        before
    }

    /// It was answered; `full`: as many had been sent since the last block as there may be.
    pub fn commanded(
        &mut self,
        stream: usize,
        command: Command,
        pauses: Option<bool>,
        before: (bool, u64),
        full: bool,
        alone: bool,
    ) {
        let step = self.step;
        match command {
            // Where it met another, nobody knows which came last.
            _ if !alone => {}
            Command::Accepted if pauses.is_some() => {
                self.voices[stream].paused = (pauses == Some(true), step)
            }
            _ => self.voices[stream].paused = before,
        }
        match command {
            Command::Accepted => {}
            Command::Closed => {
                self.late.commands += 1;
                let voice = &self.voices[stream];
                let over =
                    voice.closed.is_some() || self.closing.is_some() || self.lost || voice.busy > 0 || !alone;
                self.check(over, "closed only if it is", || format!("stream {stream}: a command"));
            }
            Command::Full => self.check(full, "full only after a flood", || format!("stream {stream}")),
            other => self.fail(Finding::new("a command is answered what it did", format!("{other:?}"))),
        }
    }

    /// The end of the session was asked for. `within`: so long it may drain.
    pub fn ending(&mut self, within: Option<Duration>, now: Duration) {
        let since = self.begin();
        let deadline = within.map_or(now, |within| now.saturating_add(within));
        match (&mut self.closing, within) {
            (None, _) => self.closing = Some(Closing { since, discards: within.is_none(), deadline }),
            (Some(closing), None) if !closing.discards => {
                closing.discards = true;
                closing.deadline = closing.deadline.min(now);
            }
            _ => {
                self.late.closes += 1;
                return;
            }
        }
        for voice in &mut self.voices {
            voice.closed.get_or_insert(since);
            if within.is_none() {
                voice.discarded.get_or_insert(since);
            }
        }
    }
}
