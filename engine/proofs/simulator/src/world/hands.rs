//! What is done to streams and to the session from elsewhere: by other handles, on other threads.

use super::World;
use codetta::{Close, Command, Interrupt, Shutdown, simulation};
use std::time::Duration;

impl World {
    /// The hands' turn.
    pub(super) fn steer(&self) {
        let (what, wait) = {
            let mut dice = self.dice();
            let every = self.plan.hands_every.as_micros() as u64;
            (dice.weighted(&self.plan.hands), dice.micros(every / 8, every * 2))
        };
        self.hands_due.set(self.now().saturating_add(wait));
        self.hear_events();
        let voices = self.voices.borrow().len();
        let stream = match voices {
            0 => return self.open(),
            // The newest rather than the oldest.
            _ => voices - 1 - (self.dice().spread(0, 64) as usize).min(voices - 1),
        };
        match what {
            0 => self.open(),
            1 | 2 => self.interrupt_stream(stream),
            3 => self.command(stream, Some(true)),
            4 | 5 => self.command(stream, Some(false)),
            6 => self.command(stream, None),
            7 => self.flood(stream),
            8 => self.drain(Some(stream)),
            9 => self.drain(None),
            10 => {
                if self.dice().once_in(3) {
                    self.close_stream(stream);
                }
            }
            _ => {
                if self.dice().once_in(20) {
                    self.shut_down();
                }
            }
        }
    }

    fn interrupt_stream(&self, stream: usize) {
        let voice = self.voice(stream);
        let began = self.oracle().begins(stream, true, 0);
        let interrupt = voice.stream.interrupt();
        self.note("interrupt", [stream as u64, u64::from(interrupt == Interrupt::Interrupted), 0]);
        let alone = self.oracle().ends(stream, true, 0, began);
        self.oracle().interrupted(stream, interrupt, began, alone);
        self.oracle().interruption_is_known(stream, alone);
    }

    /// Pauses or resumes; or a gain of 0 dB, which changes no sample.
    fn command(&self, stream: usize, pauses: Option<bool>) {
        let voice = self.voice(stream);
        let sent = self.commands.get();
        let began = self.oracle().begins(stream, false, 0);
        let before = self.oracle().commands(stream);
        let command = match pauses {
            Some(true) => voice.stream.pause(),
            Some(false) => voice.stream.resume(),
            None => voice.stream.set_gain(0.0, Duration::from_millis(3)),
        };
        self.note("command", [stream as u64, pauses.map_or(2, u64::from), command as u64]);
        let alone = self.oracle().ends(stream, false, 0, began);
        if command == Command::Accepted {
            self.commands.set(self.commands.get() + 1);
        }
        let full = sent >= self.plan.max_commands || !alone;
        self.oracle().commanded(stream, command, pauses, before, full, alone);
    }

    /// Commands until the queue is full; the last that was taken is a resume.
    fn flood(&self, stream: usize) {
        for _ in 0..self.plan.max_commands + self.plan.max_streams + 1 {
            if self.finding().is_some() {
                return;
            }
            self.command(stream, Some(false));
        }
    }

    fn drain(&self, stream: Option<usize>) {
        let Some(session) = self.session() else { return };
        let within = self.dice().micros(0, 3_000_000);
        let drain = self.oracle().drains(stream, within, self.now());
        let ticket = match stream {
            Some(stream) => self.voice(stream).stream.drain_ticket(within),
            None => session.drain_ticket(within),
        };
        let at_once = ticket.poll();
        simulation::ask_after(u64::MAX);
        let (now, late) = (self.now(), session.late().drains);
        let index = self.oracle().drain_asked(drain, at_once, now, late);
        // Before others go on, or its answer is seen later than it came.
        self.drains.borrow_mut().push((index, ticket));
        self.pause_later();
        self.note(
            "drain",
            [stream.map_or(u64::MAX, |stream| stream as u64), within.as_micros() as u64, index as u64],
        );
    }

    fn close_stream(&self, stream: usize) {
        let voice = self.voice(stream);
        let close = self.dice().one_of(&[Close::Drain, Close::Discard]);
        let cuts = close == Close::Discard;
        let began = self.oracle().begins(stream, cuts, 0);
        let closed = voice.stream.close(close);
        self.note("close stream", [stream as u64, u64::from(cuts), closed as u64]);
        let alone = self.oracle().ends(stream, cuts, 0, began);
        self.oracle().closed(stream, close, closed, false, alone);
    }

    /// Asks for the end: to drain, to discard, or by dropping the session.
    pub(super) fn shut_down(&self) {
        let Some(session) = self.session() else { return };
        let within = {
            let mut dice = self.dice();
            let within = dice.micros(0, 2_000_000);
            (!dice.once_in(3)).then_some(within)
        };
        self.closes_by_itself();
        let voices = self.voices.borrow().len();
        for stream in 0..voices {
            let mut oracle = self.oracle();
            oracle.voices[stream].cutting += 1;
            oracle.voices[stream].busy += 1;
        }
        self.note("shut down", [within.map_or(u64::MAX, |within| within.as_micros() as u64), 0, 0]);
        let now = self.now();
        let shutdown = within.map_or(Shutdown::Discard, Shutdown::Drain);
        let closing = session.begin_shutdown(shutdown);
        for stream in 0..voices {
            let mut oracle = self.oracle();
            oracle.voices[stream].cutting -= 1;
            oracle.voices[stream].busy -= 1;
        }
        self.oracle().ending(within, now);
        self.report.borrow_mut().get_or_insert(closing);
    }

    /// Control may have closed the session: no device goes on.
    pub(super) fn closes_by_itself(&self) {
        let is_closed = self.session().is_some_and(|session| session.is_closed());
        let now = self.now();
        let mut oracle = self.oracle();
        if is_closed && oracle.closing.is_none() {
            oracle.ending(None, now);
            let lost = oracle.lost;
            oracle.check(lost, "a session ends when it is told to", || "it closed by itself".into());
        }
    }
}
