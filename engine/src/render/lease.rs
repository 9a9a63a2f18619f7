//! Who may touch the renderer: the device's callback for the length of a block, or control when no callback comes.
//!
//! ```text
//!            enter                 leave
//!   IDLE ───────────▶ RENDERING ───────────▶ IDLE
//!    │                    │ abandon
//!    │ seize              ▼          leave
//!    └──────▶ SEIZED ◀── ABANDONED ◀──────── (the callback comes back: control may have it)
//! ```
//!
//! The word also carries the device's generation, so that a callback of a device that was given up finds itself
//! refused, and renders silence, also when another device plays on.

#![allow(unsafe_code)] // One cell; the word above it is the proof, and loom checks it.

use crate::sync::{AtomicU64, Ordering, UnsafeCell};

const IDLE: u64 = 0;
const RENDERING: u64 = 1;
const SEIZED: u64 = 2;
const ABANDONED: u64 = 3;
const STATE: u64 = 0b11;
const GENERATION: u64 = STATE + 1;

/// Something that one side at a time may use, without anybody waiting.
pub(crate) struct Lease<T> {
    word: AtomicU64,
    value: UnsafeCell<T>,
}

// SAFETY: `value` is touched only between a successful `enter` and its `leave`, or by the one who seized; the word's
// transitions make those exclude each other, and Acquire/Release hand the contents over. So sharing the lease only ever
// sends the value from thread to thread.
unsafe impl<T: Send> Sync for Lease<T> {}
// SAFETY: as for any owner of a `T`.
unsafe impl<T: Send> Send for Lease<T> {}

/// What seizing met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seizure {
    /// It is ours.
    Taken,
    /// A callback is inside, and may never come back.
    Inside,
}

impl<T> Lease<T> {
    pub(crate) fn new(value: T) -> Self {
        Self { word: AtomicU64::new(IDLE), value: UnsafeCell::new(value) }
    }

    /// The generation that callbacks must show.
    pub(crate) fn generation(&self) -> u64 {
        self.word.load(Ordering::Acquire) / GENERATION
    }

    /// Runs `render` if the lease is idle and of this generation. **Audio thread**, wait-free.
    pub(crate) fn with<R>(&self, generation: u64, render: impl FnOnce(&mut T) -> R) -> Option<R> {
        let mine = generation * GENERATION;
        // Acquire: what the last holder did is ours to see.
        self.word
            .compare_exchange(mine | IDLE, mine | RENDERING, Ordering::Acquire, Ordering::Relaxed)
            .ok()?;
        // SAFETY: we hold RENDERING; nobody else touches the value before we leave, below.
        let result = self.value.with_mut(|value| render(unsafe { &mut *value }));
        // Release: our work is handed to the next holder. If it fails, control has abandoned us: the value is control's
        // from here on.
        let idle =
            self.word.compare_exchange(mine | RENDERING, mine | IDLE, Ordering::Release, Ordering::Relaxed);
        if let Err(word) = idle {
            self.word.store(word & !STATE | SEIZED, Ordering::Release);
        }
        Some(result)
    }

    /// Takes the value from the callbacks for good, or, if one is inside, sees to it that none comes after it.
    pub(crate) fn seize(&self) -> Seizure {
        let mut word = self.word.load(Ordering::Relaxed);
        loop {
            let (next, answer) = match word & STATE {
                SEIZED => {
                    // Acquire: pairs with the Release of the callback that came back and left it to us.
                    self.word.load(Ordering::Acquire);
                    return Seizure::Taken;
                }
                ABANDONED => return Seizure::Inside,
                RENDERING => (word & !STATE | ABANDONED, Seizure::Inside),
                _ => (word & !STATE | SEIZED, Seizure::Taken),
            };
            match self.word.compare_exchange_weak(word, next, Ordering::AcqRel, Ordering::Relaxed) {
                Ok(_) => return answer,
                Err(current) => word = current,
            }
        }
    }

    /// Gives a seized value to the callbacks of a new generation.
    pub(crate) fn release(&self) -> Option<u64> {
        let word = self.word.load(Ordering::Acquire);
        (word & STATE == SEIZED).then(|| {
            let generation = word / GENERATION + 1;
            // Release: what control did to the value is for the next callback to see.
            self.word.store((generation * GENERATION) | IDLE, Ordering::Release);
            generation
        })
    }

    /// The value, if it is seized. Only control calls this, from one thread at a time (it needs `&mut Seized`).
    pub(crate) fn seized<R>(&self, _proof: &mut Seized, use_it: impl FnOnce(&mut T) -> R) -> Option<R> {
        // Acquire: as in `seize`.
        (self.word.load(Ordering::Acquire) & STATE == SEIZED).then(|| {
            // SAFETY: in SEIZED no callback can enter, and `Seized` exists once a lease, borrowed mutably.
            self.value.with_mut(|value| use_it(unsafe { &mut *value }))
        })
    }
}

/// The right to use what was seized: made once, beside the lease.
#[derive(Debug)]
pub(crate) struct Seized(());

impl Seized {
    /// One for each lease; control keeps it.
    pub(crate) fn only() -> Self {
        Self(())
    }
}

impl<T> std::fmt::Debug for Lease<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Lease").field("generation", &self.generation()).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
