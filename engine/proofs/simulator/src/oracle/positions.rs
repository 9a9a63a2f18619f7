//! Positions: they only grow, none overtakes the one before it, and they say what was received.

use super::{Heard, Oracle};
use codetta::Position;

impl Oracle {
    /// What a stream's position says; `before` is what it said last. `vague`: a block is under way, or others went
    /// on while it was read.
    pub fn position(&mut self, stream: usize, before: Position, now: Position, vague: bool) {
        let ordered = now.played <= now.consumed && now.consumed <= now.pushed;
        let grown =
            now.played >= before.played && now.consumed >= before.consumed && now.pushed >= before.pushed;
        self.check(ordered && grown, "positions only grow", || {
            format!("stream {stream}: {before:?}, then {now:?}")
        });
        let Some(voice) = self.voices.get(stream) else { return };
        let (accepted, offered, sealed) = (voice.accepted, voice.offered, voice.sealed);
        let (received, exact) = (voice.received, voice.is_exact() && !self.torn);
        if vague {
            return;
        }
        let right = sealed || (accepted..=accepted + offered).contains(&now.pushed);
        self.check(right, "pushed is what was accepted", || {
            format!("stream {stream}: {}, and {accepted} were", now.pushed)
        });
        if !exact || offered > 0 {
            return;
        }
        self.check(now.consumed == received, "consumed is what was received", || {
            format!("stream {stream}: {}, and {received} were", now.consumed)
        });
        let Heard { heard, .. } = self.heard;
        let voice = &self.voices[stream];
        // What the answers say was examined.
        let answered = voice.segments.iter().enumerate().skip(voice.answered);
        let unanswered: u64 = answered.map(|(index, segment)| voice.heard(index, heard, segment.lost)).sum();
        let played = voice.played + unanswered;
        // Settled, and not told yet, while control is at it.
        let settling = self.controlling || self.closing.is_some() || voice.is_in_pieces(&self.heard);
        self.check(now.played <= played, "played never over-reports", || {
            format!("stream {stream}: {}, and {played} were heard", now.played)
        });
        self.check(now.played >= played || settling, "played tells what was heard", || {
            format!("stream {stream}: {}, and {played} were heard", now.played)
        });
    }
}
