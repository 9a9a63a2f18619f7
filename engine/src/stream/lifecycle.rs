//! The lifecycle word: one atomic a stream, in which producing, interrupting and closing meet.
//!
//! ```text
//!  63                        24 23            8 7      6 5     4     3     2       1       0
//! ┌────────────────────────────┬───────────────┬────────┬─────┬─────┬─────┬───────┬───────┬─────────┐
//! │ source frames accepted     │ epoch         │ reason │DIRTY│FINAL│ENDED│DISCARD│CLOSING│PRODUCING│
//! └────────────────────────────┴───────────────┴────────┴─────┴─────┴─────┴───────┴───────┴─────────┘
//! ```
//!
//! The producer enters with one read-modify-write that sets PRODUCING, and only while CLOSING is clear; it leaves with
//! another that clears PRODUCING and, at the same instant, publishes how many frames it accepted. So whoever reads the
//! word with PRODUCING clear knows the exact count, and whoever sets CLOSING knows that nothing can be accepted after
//! it. Interrupting raises the epoch: a segment is interrupted exactly if it was begun in an older one.
//!
//! No operation here blocks or allocates. The loops retry only when another thread has changed the word in between.

use crate::sync::{AtomicU64, Ordering};

const PRODUCING: u64 = 1;
const CLOSING: u64 = 1 << 1;
const DISCARD: u64 = 1 << 2;
const ENDED: u64 = 1 << 3;
const FINAL: u64 = 1 << 4;
const DIRTY: u64 = 1 << 5;
const REASON_SHIFT: u32 = 6;
const REASON: u64 = 0b11 << REASON_SHIFT;
const EPOCH_SHIFT: u32 = 8;
const EPOCH: u64 = 0xffff << EPOCH_SHIFT;
const FRAMES_SHIFT: u32 = 24;
/// Frames are counted modulo this. Only differences within one stream's backlog are taken, which are far smaller.
const FRAMES_SPAN: u64 = 1 << (64 - FRAMES_SHIFT);

/// Why what is queued is not to be heard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reason {
    Discarded = 0,
    DeadlineExceeded = 1,
    DeviceLost = 2,
}

/// Why the producer may not enter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Late;

/// What the producer did between entering and leaving.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Done {
    /// Source frames accepted.
    pub(crate) frames: u64,
    /// A segment was begun, in this epoch.
    pub(crate) begun: Option<u16>,
    /// Everything begun until now is to be discarded.
    pub(crate) clear: bool,
    /// The producer closes, its last segment ended.
    pub(crate) close: Option<Closing>,
}

/// How a stream closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closing {
    Drain,
    Discard(Reason),
}

impl Closing {
    fn bits(self) -> u64 {
        match self {
            Self::Drain => CLOSING,
            Self::Discard(reason) => CLOSING | DISCARD | (reason as u64) << REASON_SHIFT,
        }
    }

    /// The word closed so, if that changes it: a drain can still be turned into a discard, never back.
    fn added_to(self, word: u64) -> Option<u64> {
        let already = if self == Self::Drain { CLOSING } else { DISCARD };
        (word & already == 0).then_some(word | self.bits())
    }
}

/// What an interruption met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Raised {
    /// Every segment begun before is interrupted.
    Now,
    /// No segment was begun since the last interruption.
    Nothing,
    /// The stream discards, or has been settled.
    Closed,
}

/// The word.
#[derive(Debug)]
pub(crate) struct Lifecycle(AtomicU64);

impl Lifecycle {
    pub(crate) fn new() -> Self {
        Self(AtomicU64::new(0))
    }

    /// Enters as the producer. `Late` leaves no trace in the word.
    pub(crate) fn enter(&self) -> Result<Word, Late> {
        // Acquire: what the last one inside left in the producer's half is ours to see.
        self.update(Ordering::Acquire, |word| (word & (PRODUCING | CLOSING) == 0).then_some(word | PRODUCING))
            .ok_or(Late)
    }

    /// Enters in the producer's stead, once the stream is closing and the producer is outside: control ends the segment
    /// that its producer left open.
    pub(crate) fn enter_to_end(&self) -> Option<Word> {
        self.update(Ordering::Acquire, |word| {
            (word & CLOSING != 0 && word & (PRODUCING | ENDED | FINAL) == 0).then_some(word | PRODUCING)
        })
    }

    /// Leaves, publishing what was done. The answer is the word as it was an instant before: if it is settled
    /// ([`Word::is_final`]), control has closed the books in the meantime, and what was done is late.
    pub(crate) fn leave(&self, done: Done) -> Word {
        // Release: samples, sentinels and the producer's half are published by it. Relaxed here, and an accepted flush
        // can lose its outcome: the reader would see PRODUCING clear without the sentinel.
        self.update(Ordering::Release, |word| {
            // The books are closed: the count in them is the last, whoever reads it and when.
            if word & FINAL != 0 {
                return Some(word & !PRODUCING);
            }
            let mut next = word.wrapping_add(done.frames << FRAMES_SHIFT) & !PRODUCING;
            // Not one that was cut while it was begun: there would be nothing for the next interruption to cut.
            if done.begun == Some(Word(word).epoch()) {
                next |= DIRTY;
            }
            // Not in vain, as in `interrupt`: clearing over and over must not bring the epoch round.
            if done.clear && next & DIRTY != 0 {
                next = raise_epoch(next);
            }
            if let Some(closing) = done.close {
                // Somebody else may have closed since we entered: their drain gives way to our discard.
                next = closing.added_to(next).unwrap_or(next) | ENDED;
            }
            Some(next)
        })
        .unwrap_or(Word(FINAL)) // unreachable: the closure always answers
    }

    /// Leaves after [`enter_to_end`](Self::enter_to_end): nothing more will ever come.
    pub(crate) fn leave_ended(&self) {
        self.leave(Done { close: Some(Closing::Drain), ..Done::default() });
    }

    /// Interrupts every segment begun until now.
    pub(crate) fn interrupt(&self) -> Raised {
        let mut answer = Raised::Closed;
        self.update(Ordering::AcqRel, |word| {
            if word & (DISCARD | FINAL) != 0 {
                answer = Raised::Closed;
                return None;
            }
            // Not raising it in vain keeps the epoch from coming round: more segments than there are credits would have
            // to be begun while one of them is still outstanding.
            if word & DIRTY == 0 {
                answer = Raised::Nothing;
                return None;
            }
            answer = Raised::Now;
            Some(raise_epoch(word))
        });
        answer
    }

    /// Closes. `true` if this call changed anything.
    pub(crate) fn close(&self, closing: Closing) -> bool {
        self.update(Ordering::AcqRel, |word| closing.added_to(word)).is_some()
    }

    /// Closes the books: from here on the count of accepted frames is the one in the answer, and a producer that is
    /// still inside finds itself late when it leaves.
    pub(crate) fn seal(&self, reason: Reason) -> Word {
        self.update(Ordering::AcqRel, |word| {
            let mut next = word | CLOSING | FINAL;
            if next & DISCARD == 0 {
                next |= Closing::Discard(reason).bits();
            }
            Some(next)
        })
        .unwrap_or(Word(FINAL)) // unreachable: the closure always answers
    }

    /// Reads the word. The reader does this *before* it looks at any ring's tail: a word that says "nothing more
    /// comes" is then true of the tails that follow.
    pub(crate) fn read(&self) -> Word {
        // Acquire: pairs with the Release of `leave`.
        Word(self.0.load(Ordering::Acquire))
    }

    fn update(&self, success: Ordering, mut next: impl FnMut(u64) -> Option<u64>) -> Option<Word> {
        // Relaxed: a stale word only costs a retry; the exchange decides.
        let mut word = self.0.load(Ordering::Relaxed);
        loop {
            let wanted = next(word)?;
            match self.0.compare_exchange_weak(word, wanted, success, Ordering::Relaxed) {
                Ok(_) => return Some(Word(word)),
                Err(current) => word = current,
            }
        }
    }
}

fn raise_epoch(word: u64) -> u64 {
    (word & !(EPOCH | DIRTY)) | (word.wrapping_add(1 << EPOCH_SHIFT) & EPOCH)
}

/// One reading of the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Word(u64);

impl Word {
    pub(crate) fn is_producing(self) -> bool {
        self.0 & PRODUCING != 0
    }

    pub(crate) fn is_closing(self) -> bool {
        self.0 & CLOSING != 0
    }

    pub(crate) fn is_final(self) -> bool {
        self.0 & FINAL != 0
    }

    /// Why what is queued is to be thrown away, if it is.
    pub(crate) fn discarding(self) -> Option<Reason> {
        (self.0 & DISCARD != 0).then_some(match (self.0 & REASON) >> REASON_SHIFT {
            0 => Reason::Discarded,
            1 => Reason::DeadlineExceeded,
            _ => Reason::DeviceLost,
        })
    }

    /// Nobody is inside, and nobody will ever come in again to add anything that will be heard.
    pub(crate) fn nothing_more_comes(self) -> bool {
        self.0 & PRODUCING == 0 && self.0 & CLOSING != 0 && self.0 & (ENDED | DISCARD) != 0
    }

    /// Draining, with the open segment still to be ended by somebody. What is discarded needs no end.
    pub(crate) fn wants_ending(self) -> bool {
        self.is_closing() && self.0 & (ENDED | FINAL | DISCARD) == 0
    }

    pub(crate) fn epoch(self) -> u16 {
        ((self.0 & EPOCH) >> EPOCH_SHIFT) as u16
    }

    /// Source frames accepted over the stream's life, given any count that is within 2³⁹ frames of it.
    pub(crate) fn frames_near(self, near: u64) -> u64 {
        let ahead = (self.0 >> FRAMES_SHIFT).wrapping_sub(near) & (FRAMES_SPAN - 1);
        if ahead < FRAMES_SPAN / 2 { near + ahead } else { near.saturating_sub(FRAMES_SPAN - ahead) }
    }
}

/// Whether a segment begun in epoch `begun` was interrupted by epoch `now`. Epochs come round; the older is the one less
/// than half the circle behind.
pub(crate) fn is_stale(begun: u16, now: u16) -> bool {
    (now.wrapping_sub(begun) as i16) > 0
}

#[cfg(all(test, not(loom)))]
mod tests;
