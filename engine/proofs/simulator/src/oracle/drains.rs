//! Drains: each answered once, in time, and truly.

use super::{End, Finding, Oracle, Segment};
use codetta::Drained;
use std::time::Duration;

/// What of a stream a drain covers.
#[derive(Debug, Clone, Copy)]
pub struct Covers {
    stream: usize,
    /// Those before had been answered.
    first: usize,
    segments: usize,
    open: bool,
    accepted: u64,
}

/// A drain that was asked for.
#[derive(Debug, Clone)]
pub struct Drain {
    covers: Vec<Covers>,
    within: Duration,
    /// Its deadline may be as early as this, and as late as the next, if others went on as it was asked for.
    earliest: Duration,
    deadline: Duration,
    asked: u64,
    /// It was asked for while a call was under way whose effect it may cover or not.
    vague: bool,
    answer: Option<Drained>,
}

impl Oracle {
    /// A drain is asked for, of one stream or of all.
    pub fn drains(&mut self, stream: Option<usize>, within: Duration, now: Duration) -> Drain {
        let (asked, deadline) = (self.begin(), now.saturating_add(within));
        let all = 0..self.voices.len();
        let streams = stream.map_or(all, |stream| stream..stream + 1);
        let covers = |stream: usize| {
            let voice = &self.voices[stream];
            let segments = voice.begun();
            // Never flushed: it need only have been heard as far as it went.
            let open = segments.checked_sub(1).is_some_and(|last| voice.segments[last].flushed.is_none());
            Covers { stream, first: voice.answered.min(segments), segments, open, accepted: voice.accepted }
        };
        let vague = self.controlling || self.voices.iter().any(|voice| voice.busy > 0);
        Drain {
            covers: streams.map(covers).collect(),
            earliest: deadline,
            deadline,
            within,
            asked,
            vague,
            answer: None,
        }
    }

    /// It was asked for, and answered `at_once` if so: then it came too late, as `late` did in all. The answer is its number.
    pub fn drain_asked(
        &mut self,
        mut drain: Drain,
        at_once: Option<Drained>,
        now: Duration,
        late: u64,
    ) -> usize {
        // Others may have ended the session just then: whether it came too late only the engine knows.
        let alone = self.step == drain.asked;
        self.late.drains =
            if alone { self.late.drains + u64::from(at_once == Some(Drained::Closed)) } else { late };
        drain.deadline = now.saturating_add(drain.within);
        // Others went on before it was there: it may cover more, or less.
        drain.vague |= self.step != drain.asked;
        self.drains.push(drain);
        self.drains.len() - 1
    }

    /// Drains that a step must have answered, which began as step `began`, at `now`.
    pub fn drains_due(&self, began: u64, now: Duration) -> usize {
        let is_due = |drain: &&Drain| now >= drain.deadline && drain.asked < began && drain.answer.is_none();
        self.drains.iter().filter(is_due).count()
    }

    /// Drains that the step that begins now, at `now`, must answer: all that they wait for was answered, or heard, before it.
    pub fn drains_passed(&self, now: Duration) -> Vec<usize> {
        let is_passed = |(_, drain): &(usize, &Drain)| {
            let passed =
                |covers: &Covers| self.is_answered(*covers) || self.is_heard(*covers, drain.asked, now);
            drain.answer.is_none() && !drain.vague && drain.covers.iter().all(passed)
        };
        self.drains.iter().enumerate().filter(is_passed).map(|(index, _)| index).collect()
    }

    /// That step has ended: whatever the time, their deadline did not come first.
    pub fn were_passed(&mut self, passed: &[usize]) {
        for index in passed {
            let drain = &self.drains[*index];
            let answered = match drain.answer {
                None => false,
                Some(Drained::DeadlineExceeded { .. }) => self.covers_any(drain, End::DeadlineExceeded),
                Some(_) => true,
            };
            let what = format!("drain {index}, {:?}, of {:?}", drain.answer, drain.covers);
            self.check(answered, "a drain that is passed does not wait for its deadline", || what);
        }
    }

    /// What a drain is answered now.
    pub fn drained(&mut self, index: usize, answer: Option<Drained>, now: Duration) {
        let before = self.drains[index].answer;
        self.check(before.is_none() || before == answer, "a drain is answered once", || {
            format!("{before:?}, then {answer:?}")
        });
        let (None, Some(answer)) = (before, answer) else { return };
        self.drains[index].answer = Some(answer);
        let drain = self.drains[index].clone();
        let any = |end: End| self.covers_any(&drain, end);
        // Where the end is forced, outcomes come after the drains had their turn.
        let in_time = self.closing.is_none() && drain.covers.iter().all(|covers| self.is_answered(*covers));
        let right = match answer {
            Drained::Drained => drain.covers.iter().all(|covers| self.is_drained(*covers)),
            Drained::DeadlineExceeded { .. } => {
                now >= drain.earliest && !in_time || any(End::DeadlineExceeded)
            }
            Drained::DeviceLost => {
                any(End::DeviceLost) || drain.covers.iter().any(|covers| self.has_lost(*covers))
            }
            Drained::Interrupted => any(End::Interrupted),
            Drained::Closed => {
                any(End::Discarded)
                    || self.closing.is_some()
                    || self.over
                    || self.lost
                    || self.is_over(&drain)
            }
            _ => false,
        };
        // In the midst of a block nobody knows yet how far it is heard.
        if right || drain.vague || self.rendering {
            return;
        }
        let what = {
            let of = |covers: &Covers| {
                (
                    *covers,
                    self.voices[covers.stream].lane,
                    &self.voices[covers.stream].segments[covers.first..covers.segments],
                )
            };
            let left = drain.covers.iter().filter(|covers| !self.is_drained(**covers));
            format!(
                "{answer:?}, asked at {}; not drained: {:?}",
                drain.asked,
                left.map(of).collect::<Vec<_>>()
            )
        };
        self.fail(Finding::new("a drain is answered what happened", what));
    }

    fn covers_any(&self, drain: &Drain, end: End) -> bool {
        drain.covers.iter().any(|covers| self.has_ended(*covers, end))
    }

    fn has_ended(&self, covers: Covers, end: End) -> bool {
        let segments = &self.voices[covers.stream].segments;
        segments[covers.first..covers.segments]
            .iter()
            .any(|segment| segment.answer.is_some_and(|answer| answer.end == end))
    }

    fn is_over(&self, drain: &Drain) -> bool {
        drain.covers.iter().all(|covers| {
            let voice = &self.voices[covers.stream];
            voice.closed.is_some() && voice.answered == voice.begun()
        })
    }

    fn is_answered(&self, covers: Covers) -> bool {
        self.voices[covers.stream].answered >= covers.segments
    }

    /// Its last segment was open, and has been heard for sure as far as it went: neither what was written since, nor its flush,
    /// nor the next is waited for. A cut is, since its answer tells how it ended; and so is a close that came before the drain.
    fn is_heard(&self, covers: Covers, asked: u64, now: Duration) -> bool {
        let (voice, last) = (&self.voices[covers.stream], covers.segments.saturating_sub(1));
        let discards = self.closing.is_some_and(|closing| closing.discards || now >= closing.deadline);
        let closed = voice.discarded.is_some() || voice.closed.is_some_and(|closed| closed < asked);
        let is_known = voice.is_exact() && !self.torn && voice.busy == 0 && !voice.is_in_pieces(&self.heard);
        if !covers.open || voice.answered < last || discards || closed || !is_known {
            return false;
        }
        let segment = &voice.segments[last];
        let is_newest = last + 1 == voice.segments.len();
        // What a device took has gone by too; where it took some of the next, the answer of this one is on its way.
        let lost = if is_newest { 0 } else { segment.lost };
        let gone_by = voice.heard(last, self.heard.heard, lost);
        segment.cut.is_none() && !segment.may_be_cut && gone_by >= covers.accepted - segment.base
    }

    /// Everything accepted before was heard; of an open segment as far as it went.
    fn is_drained(&self, covers: Covers) -> bool {
        let voice = &self.voices[covers.stream];
        let passed = |(index, segment): (usize, &Segment)| {
            let ended = segment.answer.is_some_and(|answer| matches!(answer.end, End::Played | End::Closed));
            if ended || !covers.open || index + 1 < covers.segments {
                return ended;
            }
            let heard = voice.heard(index, self.heard.heard, segment.lost);
            let heard = segment.answer.map_or(heard, |answer| answer.played);
            let covered = covers.accepted - segment.base;
            !voice.is_exact() || heard >= covered && segment.unbroken() >= covered
        };
        voice.segments.iter().enumerate().take(covers.segments).skip(covers.first).all(passed)
    }

    /// A device took frames of the last segment, which was open, that the drain covers.
    fn has_lost(&self, covers: Covers) -> bool {
        let voice = &self.voices[covers.stream];
        let last = voice.segments.get(covers.first..covers.segments).and_then(|segments| segments.last());
        let lost = |last: &Segment| last.unbroken() < covers.accepted - last.base;
        // Where not every frame can be told, nobody knows which the device had.
        covers.open && last.is_some_and(|last| lost(last) || self.lost && !voice.is_exact())
    }
}
