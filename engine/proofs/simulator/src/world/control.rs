//! Control's step, and what it told.

use super::{NEVER, World};
use crate::oracle::Answer;
use codetta::{Event, simulation};
use std::time::Duration;

impl World {
    /// Control steps.
    pub(super) fn step(&self) {
        let Some(mut control) = self.control.borrow_mut().take() else { return };
        self.hear_events();
        let now = self.now();
        let began = self.oracle().begin();
        let (due, passed) = if self.depth.get() == 0 {
            let oracle = self.oracle();
            (oracle.due(self.last_block.get()), oracle.drains_passed(now))
        } else {
            Default::default()
        };
        self.oracle().controlling = true;
        let next = control.step();
        let (alone, late) = (self.oracle.borrow().step == began, self.oracle.borrow().late);
        self.note("control", [next.map_or(u64::MAX, |next| next.as_micros() as u64), 0, 0]);
        self.hear_events();
        self.closes_by_itself();
        self.oracle().controlling = false;
        if alone && self.depth.get() == 0 {
            self.oracle().was_due(&due);
        }
        self.poll_drains(began, now);
        if alone {
            self.oracle().were_passed(&passed);
        }
        self.oracle().begin();
        let after = self.now();
        if after > now {
            // It was held up in the middle.
            self.punctual.set(self.punctual.get().max(after));
        }
        match next {
            Some(next) => {
                // It may have been held up in the middle: time went on.
                let patient = next.saturating_sub(self.now()) <= Duration::from_millis(20) || !alone;
                self.oracle()
                    .check(patient, "control looks again soon", || format!("{now:?}, next {next:?}"));
                self.control_due.set(next.max(self.punctual.get()));
                *self.control.borrow_mut() = Some(control);
                self.bound(now);
            }
            None => {
                self.control_due.set(NEVER);
                self.over.set(true);
                self.oracle().over = true;
                let rendering = self.rendering.get();
                self.oracle().torn |= rendering;
                self.late_at_end.set(Some(late).filter(|_| alone && self.depth.get() == 0));
            }
        }
    }

    /// What was told since the last time.
    pub(super) fn hear_events(&self) {
        // Nobody goes on meanwhile, so that they are heard in their order.
        simulation::ask_after(u64::MAX);
        while let Some(event) = self.events.try_recv() {
            match event {
                Event::Finished(outcome) => {
                    let now = self.now();
                    let played = outcome.played;
                    self.note("outcome", [outcome.stream.0, outcome.segment, played]);
                    let index = self.index(outcome.stream);
                    self.oracle().answered(index, Answer::from(&outcome), now);
                }
                Event::DeviceChanged { to, .. } => {
                    self.note("device", [u64::from(to.is_some()), 0, 0]);
                    if to.is_none() {
                        self.oracle().lose();
                        self.last_block.set(0);
                        self.may_call_stale.set(false);
                    }
                }
                _ => {}
            }
        }
        self.pause_later();
    }

    /// Drains that are answered, and those that should be.
    fn poll_drains(&self, began: u64, now: Duration) {
        let late = self.depth.get() == 0;
        let mut open = Vec::new();
        let drains = std::mem::take(&mut *self.drains.borrow_mut());
        for (index, drain) in drains {
            let answer = drain.poll();
            // Time may have gone on in the middle of the step.
            let by = self.now();
            self.oracle().drained(index, answer, by);
            if answer.is_none() {
                open.push((index, drain));
            }
        }
        self.drains.borrow_mut().append(&mut open);
        let due = self.oracle().drains_due(began, now);
        self.oracle()
            .check(due == 0 || !late, "a drain is answered by its deadline", || format!("{due} are not"));
    }

    /// The end comes within its bound, however long nobody renders.
    fn bound(&self, now: Duration) {
        let Some(closing) = self.oracle().closing else { return };
        // As documented: the drain's deadline, the longest fade and three seconds, if control can go on.
        let bound = closing.deadline.max(self.punctual.get()) + self.plan.fade + Duration::from_secs(3);
        self.oracle().check(now <= bound, "shutdown is bounded", || format!("{now:?}, bound {bound:?}"));
    }
}
