//! What is cut: cleared by its producer, or interrupted from elsewhere.

use super::Oracle;
use codetta::{Clear, Interrupt};

impl Oracle {
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
}
