//! What a producer or a handle is answered, and what that means for the stream.

use super::{Closing, Oracle, Segment, faded::Fading, voice::Voice};
use crate::lane::Lane;
use codetta::{Clear, Close, Closed, Command, Interrupt, Write, WriteState};
use std::time::Duration;

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

    fn is_closed(&self, stream: usize) -> bool {
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
            WriteState::Ragged => self.fail(super::Finding::new("whole frames", "were called ragged")),
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

    /// A clear was answered.
    pub fn cleared(&mut self, stream: usize, clear: Clear, began: u64, alone: bool) {
        let closed = self.is_closed(stream);
        let voice = &self.voices[stream];
        let outstanding = voice.answered < voice.begun();
        let right = match clear {
            Clear::Closed => closed,
            Clear::Cleared => !closed && outstanding,
            _ => !closed && !outstanding,
        };
        self.check(right || !alone, "a clear is answered what it did", || {
            format!("stream {stream}: {clear:?}, closed {closed}, outstanding {outstanding}")
        });
        match clear {
            Clear::Closed => self.late.clears += 1,
            _ => {
                if clear == Clear::Cleared {
                    self.cut(stream, began);
                }
                self.voices[stream].open = false;
            }
        }
    }

    /// Everything that had begun when the call did is cut; what began since, perhaps.
    fn cut(&mut self, stream: usize, began: u64) {
        let step = self.step;
        let voice = &mut self.voices[stream];
        voice.dirty = false;
        for segment in voice.segments.iter_mut().skip(voice.answered).filter(|segment| !segment.provisional) {
            if segment.begun < began {
                segment.cut.get_or_insert(step);
            } else {
                segment.may_be_cut = true;
            }
        }
        // A write under way may have begun another before.
        if voice.offered > 0 && !voice.open {
            voice.dirty = true;
        }
    }

    /// An interruption was answered.
    pub fn interrupted(&mut self, stream: usize, interrupt: Interrupt, began: u64, alone: bool) {
        let voice = &self.voices[stream];
        let (over, dirty) = (self.over || voice.discarded.is_some(), voice.dirty);
        let vague = voice.dirty_is_vague;
        // A closed stream whose segments are all answered may have ended.
        let may_be_over = over || voice.closed.is_some() && voice.answered == voice.begun() || self.lost;
        let right = match interrupt {
            Interrupt::Closed => may_be_over || self.closing.is_some(),
            Interrupt::Interrupted => !over && (dirty || vague),
            _ => !over && (!dirty || vague),
        };
        self.check(right || !alone, "an interruption is answered what it did", || {
            format!("stream {stream}: {interrupt:?}, over {over}, begun since {dirty}")
        });
        match interrupt {
            Interrupt::Closed => self.late.clears += 1,
            Interrupt::Interrupted => self.cut(stream, began),
            _ => self.voices[stream].dirty = false,
        }
    }

    /// After one that met nobody it is known again whether something was begun.
    pub fn interruption_is_known(&mut self, stream: usize, alone: bool) {
        self.voices[stream].dirty_is_vague = !alone;
    }

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
            other => {
                self.fail(super::Finding::new("a command is answered what it did", format!("{other:?}")))
            }
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
