//! Outcomes: exactly one for each segment, in order, and what it says is true.

use super::{Answer, End, Finding, Oracle};
use std::time::Duration;

impl Oracle {
    /// A segment of a stream was answered, at `now`.
    pub fn answered(&mut self, stream: usize, answer: Answer, now: Duration) {
        if let Err(finding) = self.examine(stream, answer, now) {
            self.fail(finding);
        }
        let step = self.begin();
        if let Some(voice) = self.voices.get_mut(stream)
            && let Some(segment) = voice.segments.get_mut(voice.answered)
        {
            segment.answer = Some(answer);
            segment.answered = Some(step);
            voice.answered += 1;
            voice.played += answer.played;
            let index = voice.answered - 1;
            if self.rendering {
                self.told.push((stream, index));
            } else if let Err(finding) = self.was_heard(stream, index) {
                self.fail(finding);
            }
        }
    }

    fn examine(&self, stream: usize, answer: Answer, now: Duration) -> Result<(), Finding> {
        let wrong =
            |rule, what: String| Err(Finding::new(rule, format!("stream {stream}: {what}; {answer:?}")));
        let Some(voice) = self.voices.get(stream) else {
            return wrong("one outcome for each segment", "no such stream".into());
        };
        let index = voice.answered;
        let Some(segment) = voice.segments.get(index).filter(|_| answer.segment == index as u64) else {
            return wrong(
                "one outcome for each segment, in order",
                format!("segment {index} was to be next"),
            );
        };
        if answer.pushed != answer.played + answer.discarded {
            return wrong("the ledger balances", "pushed is not played and discarded".into());
        }
        let writes = voice.offered > 0 && index + 1 == voice.segments.len();
        let pushed = answer.pushed == segment.pushed
            || (writes && (segment.pushed..=segment.pushed + voice.offered).contains(&answer.pushed));
        if !pushed || answer.tag != segment.tag {
            return wrong(
                "an outcome tells what was accepted",
                format!("{} frames were, tag {}", segment.pushed, segment.tag),
            );
        }
        let cut = segment.cut.is_some() || segment.may_be_cut || voice.cutting > 0;
        let session_over = self.closing.is_some_and(|closing| closing.discards);
        let may_be = match answer.end {
            End::Played => segment.flushed.is_some() || voice.busy > 0,
            End::Closed => segment.flushed.is_none() && (voice.closed.is_some() || voice.busy > 0),
            End::Interrupted => cut,
            End::Discarded => voice.discarded.is_some() || session_over || voice.busy > 0,
            End::DeadlineExceeded => self.closing.is_some_and(|closing| now >= closing.deadline),
            End::DeviceLost => self.lost,
            _ => false,
        };
        if !may_be {
            return wrong("an outcome tells how it ended", "nothing happened that would end it so".into());
        }
        let complete = matches!(answer.end, End::Played | End::Closed);
        if complete && answer.discarded > 0 {
            return wrong("played is played whole", "something was discarded".into());
        }
        if answer.heard.is_some() != (answer.played > 0)
            || answer.heard.is_some_and(|(first, last)| first > last)
        {
            return wrong("a time exactly if something was heard", String::new());
        }
        Ok(())
    }

    /// What an answer says was heard, against what was received.
    pub(super) fn was_heard(&self, stream: usize, index: usize) -> Result<(), Finding> {
        let voice = &self.voices[stream];
        let segment = &voice.segments[index];
        let Some(answer) = segment.answer else { return Ok(()) };
        let wrong =
            |rule, what: String| Err(Finding::new(rule, format!("stream {stream}: {what}; {answer:?}")));
        if voice.fades
            && voice.lane.is_some()
            && matches!(answer.end, End::Played)
            && !voice.may_be_whole(index)
        {
            return wrong("tails whole", format!("{} of {} received", segment.count, segment.pushed));
        }
        if !voice.is_exact() || voice.offered > 0 {
            return Ok(());
        }
        if self.torn {
            return match answer.played <= segment.count {
                true => Ok(()),
                false => wrong("no outcome over-reports", format!("{} were received", segment.count)),
            };
        }
        let complete = matches!(answer.end, End::Played | End::Closed);
        let heard = voice.heard(index, self.heard.heard, segment.lost);
        if answer.played > heard {
            return wrong(
                "no outcome over-reports",
                format!("{heard} have been heard, of {}", segment.count),
            );
        }
        if complete && (segment.count != segment.pushed || segment.lost > 0) {
            return wrong("tails whole", format!("{} of {} received", segment.count, segment.pushed));
        }
        // Nothing forces: a segment is answered when all that was received of it has been heard.
        let forced = self.lost || self.closing.is_some();
        let least = segment.count - segment.lost.min(segment.count);
        if !forced && answer.played < least {
            return wrong("what was received was played", format!("{least} at least"));
        }
        Ok(())
    }

    /// What control must answer in a step that begins now: all of it was heard, or cut, before the last block.
    pub fn due(&self, last_block: u64) -> Vec<(usize, usize)> {
        let mut due = Vec::new();
        for (stream, voice) in self.voices.iter().enumerate() {
            if !voice.is_exact() || voice.busy > 0 {
                continue;
            }
            let Some(segment) = voice.segments.get(voice.answered) else { continue };
            let whole = segment.count == segment.pushed && segment.flushed.is_some_and(|at| at < last_block);
            let cut = segment.cut.is_some_and(|at| at < last_block);
            let heard = segment.before(self.heard.heard) == segment.count && !voice.is_in_pieces(&self.heard);
            if (whole || cut) && heard && voice.made < last_block {
                due.push((stream, voice.answered));
            }
        }
        due
    }

    /// That step has ended.
    pub fn was_due(&mut self, due: &[(usize, usize)]) {
        for (stream, segment) in due {
            let answered = self.voices[*stream].answered > *segment;
            let what =
                format!("stream {stream}, segment {segment}: {:?}", self.voices[*stream].segments[*segment]);
            self.check(answered, "an outcome comes when it is due", || what);
        }
    }
}
