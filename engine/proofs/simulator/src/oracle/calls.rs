//! What a producer is answered, and what that means for the stream.

use super::{Finding, Oracle, Segment, faded::Fading, voice::Voice};
use crate::lane::Lane;
use codetta::{Write, WriteState};

/// Calls that came too late, as the callers count them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "as in codetta::Late")]
pub struct Late {
    pub writes: u64,
    pub frames: u64,
    pub flushes: u64,
    pub clears: u64,
    pub closes: u64,
    pub drains: u64,
    pub commands: u64,
    pub interrupted_frames: u64,
}

impl From<codetta::Late> for Late {
    fn from(late: codetta::Late) -> Self {
        Self {
            writes: late.writes,
            frames: late.frames,
            flushes: late.flushes,
            clears: late.clears,
            closes: late.closes,
            drains: late.drains,
            commands: late.commands,
            interrupted_frames: late.interrupted_frames,
        }
    }
}

/// What a flush was answered, without the handle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// That segment is ended.
    Accepted(u64),
    /// That one was interrupted before.
    Interrupted(u64),
    /// There was nothing.
    Nothing,
    /// It is closed.
    Closed,
}

impl Oracle {
    /// A stream was made.
    pub fn made(&mut self, lane: Option<Lane>, credits: usize) {
        let made = self.begin();
        if let Some((_, owner)) = self.lanes.iter_mut().find(|(free, _)| Some(*free) == lane) {
            *owner = Some(self.voices.len());
        }
        let (fades, fading) = (self.fade > 0, Fading::new(self.fade));
        self.voices.push(Voice { lane, credits, made, fades, fading, ..Voice::default() });
    }

    /// A call on a stream begins; `cuts`: it may cut what is queued. The answer is for [`ends`](Self::ends).
    pub fn begins(&mut self, stream: usize, cuts: bool, offered: u64) -> u64 {
        let voice = &mut self.voices[stream];
        voice.busy += 1;
        voice.touches += 1;
        voice.cutting += u32::from(cuts);
        if offered > 0 {
            voice.offered = offered;
            if !voice.open {
                // What it begins may be received before it is answered.
                let (base, tag) = (voice.accepted, voice.next_tag);
                voice.segments.push(Segment {
                    base,
                    tag,
                    provisional: true,
                    may_be_cut: true,
                    ..Segment::default()
                });
            }
        }
        self.begin()
    }

    /// It ends. `true`: it met nobody, so that there is one right answer.
    pub fn ends(&mut self, stream: usize, cuts: bool, offered: u64, began: u64) -> bool {
        let alone = self.step == began && !self.controlling && self.voices[stream].busy == 1;
        let voice = &mut self.voices[stream];
        voice.busy -= 1;
        voice.cutting -= u32::from(cuts);
        if offered > 0 {
            voice.offered = 0;
        }
        self.begin();
        alone
    }

    pub(super) fn is_closed(&self, stream: usize) -> bool {
        self.voices[stream].closed.is_some()
    }

    /// The open segment was cut.
    fn open_is_cut(&self, stream: usize) -> Option<bool> {
        let voice = &self.voices[stream];
        voice
            .segments
            .iter()
            .rfind(|segment| !segment.provisional)
            .filter(|_| voice.open)
            .map(|segment| segment.cut.is_some() || segment.may_be_cut || segment.answer.is_some())
    }

    /// A write of `offered` frames was answered.
    pub fn wrote(&mut self, stream: usize, offered: u64, write: Write, alone: bool) {
        let taken = write.frames as u64;
        let (closed, open) = (self.is_closed(stream), self.open_is_cut(stream));
        match write.state {
            WriteState::Closed => {
                self.late.writes += 1;
                self.late.frames += offered;
                self.check(closed || !alone, "accepted until it is closed", || {
                    format!("stream {stream}: a write")
                });
                let voice = &mut self.voices[stream];
                voice.sealed |= !alone;
            }
            WriteState::Interrupted => {
                self.late.interrupted_frames += offered;
                self.check(open == Some(true) || !alone, "interrupted only if it is", || {
                    format!("stream {stream}")
                });
            }
            WriteState::Ragged => self.fail(Finding::new("whole frames", "were called ragged")),
            _ => {
                self.check(!closed || !alone, "nothing accepted after a close", || {
                    format!("stream {stream}: a write")
                });
                let unheard =
                    open == Some(true) && !self.voices[stream].segments.last().is_some_and(|s| s.may_be_cut);
                self.check(!unheard || !alone, "an interrupted segment takes no more", || {
                    format!("stream {stream}")
                });
                let whole = taken == offered;
                self.check(
                    whole == (write.state == WriteState::Open) && taken <= offered,
                    "full exactly if something is left",
                    || format!("{taken} of {offered}, {:?}", write.state),
                );
                if alone && !whole && taken == 0 {
                    self.may_be_full(stream);
                }
            }
        }
        if taken > 0 {
            self.accept(stream, taken, alone);
        }
        let voice = &mut self.voices[stream];
        voice.segments.pop_if(|segment| segment.provisional && segment.answer.is_none());
        voice.current = voice.current.min(voice.segments.len());
    }

    /// With nothing queued and nothing unanswered there is room.
    fn may_be_full(&mut self, stream: usize) {
        let voice = &self.voices[stream];
        let idle = voice.answered == voice.begun() && !voice.sealed;
        self.check(!idle, "full only if something is queued", || format!("stream {stream}"));
    }

    fn accept(&mut self, stream: usize, taken: u64, alone: bool) {
        let (controlling, step) = (self.controlling, self.step);
        let voice = &mut self.voices[stream];
        let unanswered = voice.segments.len() - voice.answered - usize::from(!voice.open);
        if !voice.open {
            let tag = std::mem::take(&mut voice.next_tag);
            if let Some(segment) = voice.segments.last_mut() {
                (segment.tag, segment.provisional, segment.may_be_cut) = (tag, false, !alone);
                segment.begun = step;
            }
            voice.open = true;
            voice.dirty = true;
            voice.dirty_is_vague |= !alone;
        }
        let (begun, credits) = (voice.segments.len() - voice.answered, voice.credits);
        voice.accepted += taken;
        if let Some(segment) = voice.segments.last_mut() {
            segment.pushed += taken;
        }
        let more = begun > unanswered && begun > credits && !controlling;
        self.check(!more, "no more segments than credits", || {
            format!("stream {stream}: {begun} are unanswered, of {credits}")
        });
    }

    /// A flush was answered; `flushed`: as by a producer's flush, not by its close.
    pub fn flushed(&mut self, stream: usize, ended: Ended, alone: bool) {
        let (closed, open) = (self.is_closed(stream), self.open_is_cut(stream));
        let step = self.step;
        let voice = &mut self.voices[stream];
        let last = (voice.segments.len() as u64).wrapping_sub(1);
        let right = match (ended, closed, open) {
            (Ended::Closed, closed, _) => {
                self.late.flushes += 1;
                closed
            }
            (_, true, _) => false,
            (Ended::Accepted(id), _, Some(cut)) => {
                id == last && (!cut || voice.segments[last as usize].may_be_cut)
            }
            (Ended::Interrupted(id), _, Some(cut)) => id == last && cut,
            (Ended::Nothing, _, open) => open.is_none(),
            _ => false,
        };
        let voice = &mut self.voices[stream];
        if let (Ended::Accepted(_), Some(segment)) = (ended, voice.segments.last_mut()) {
            segment.flushed = Some(step);
        }
        if ended != Ended::Closed {
            voice.open = false;
        }
        self.check(right || !alone, "a flush is answered what it did", || {
            format!("stream {stream}: {ended:?}, closed {closed}, open {open:?}, the last is {last}")
        });
    }
}
