//! A whole session, its end, and what must hold of its report.

use super::{World, turns};
use crate::oracle::Answer;
use codetta::Report;
use std::{collections::HashMap, rc::Rc, time::Duration};

impl World {
    /// Runs the session to its end.
    pub fn run(self: &Rc<Self>) {
        self.enter();
        self.pass(self.plan.length);
        if self.finding().is_none() && !self.over.get() {
            if self.oracle().closing.is_none() {
                self.shut_down();
            }
            // Its own rules end it; this is for what they miss.
            self.pass(self.now().saturating_add(Duration::from_secs(60)));
            let over = self.over.get() || self.finding().is_some();
            self.oracle().check(over, "shutdown is bounded", || "60 s, and it is not over".into());
        }
        turns::leave();
        if self.finding().is_none() {
            self.settle();
        }
        // What is left goes while nobody looks.
        self.voices.borrow_mut().clear();
    }

    fn settle(&self) {
        let Some(session) = self.session() else { return };
        self.hear_events();
        let report = session.account();
        self.examine(&report);
        if self.finding().is_some() {
            return;
        }
        // Those until the end; if it came in the midst of other calls, nobody can say which that are.
        if let Some(late) = self.late_at_end.get() {
            self.oracle().check(late == report.late.into(), "late calls are counted", || {
                format!("{late:?}, the report {:?}", report.late)
            });
        }
        // Whatever comes now is late, and leaves no trace but a count.
        self.over.set(false);
        self.late_calls();
        self.callback();
        self.hear_events();
        let (after, late) = (session.account(), self.oracle().late);
        let same = after.segments == report.segments && after.ledger == report.ledger;
        self.oracle().check(same, "late calls leave no trace", || "the report has changed".into());
        let told = session.late().into();
        self.oracle().check(late == told, "late calls are counted", || format!("{late:?}, told {told:?}"));
    }

    fn examine(&self, report: &Report) {
        let mut oracle = self.oracle();
        oracle.check(report.complete, "the report is complete", || "it is not".into());
        let mut next: HashMap<u64, usize> = HashMap::new();
        let (mut pushed, mut played, mut discarded) = (0, 0, 0);
        for outcome in &report.segments {
            let index = next.entry(outcome.stream.0).or_default();
            let told =
                oracle.voices.get(self.index(outcome.stream)).and_then(|voice| voice.segments.get(*index));
            let same = told.is_some_and(|segment| segment.answer == Some(Answer::from(outcome)));
            oracle.check(same, "the report says what was told", || format!("{outcome:?}"));
            *index += 1;
            (pushed, played, discarded) =
                (pushed + outcome.pushed, played + outcome.played, discarded + outcome.discarded);
        }
        let ledger = report.ledger;
        let sums = (ledger.pushed, ledger.played, ledger.discarded) == (pushed, played, discarded);
        oracle.check(sums && pushed == played + discarded, "the ledger balances", || format!("{ledger:?}"));
        for stream in 0..oracle.voices.len() {
            let voice = &oracle.voices[stream];
            let (begun, answered, accepted) = (voice.segments.len(), voice.answered, voice.accepted);
            let of_it: u64 =
                voice.segments.iter().filter_map(|segment| segment.answer).map(|answer| answer.pushed).sum();
            oracle.check(begun == answered, "one outcome for each segment", || {
                format!("stream {stream}: {answered} answered of {begun}")
            });
            oracle.check(of_it == accepted, "every accepted frame is in the ledger", || {
                format!("stream {stream}: {of_it} of {accepted}")
            });
        }
        drop(oracle);
        self.ask_handles();
    }

    /// Every handle of a segment has the answer that was told, and every drain one.
    fn ask_handles(&self) {
        for (stream, voice) in self.voices.borrow().iter().enumerate() {
            for segment in voice.segments.borrow().iter() {
                let answer = segment.poll().as_ref().map(Answer::from);
                let mut oracle = self.oracle();
                let told =
                    oracle.voices[stream].segments.get(segment.id() as usize).and_then(|known| known.answer);
                oracle.check(answer.is_some() && answer == told, "a handle has the answer", || {
                    format!("stream {stream}: {answer:?}, told {told:?}")
                });
            }
        }
        let left = self.drains.borrow().iter().filter(|(_, drain)| drain.poll().is_none()).count();
        self.oracle().check(left == 0, "every drain is answered", || format!("{left} are not"));
    }
}
