//! Programs over the real engine, with real threads: stress tests by themselves, and under ThreadSanitizer proofs that
//! whatever is handed from thread to thread is handed over by something that orders it.
//!
//! | program | who meets whom |
//! |---|---|
//! | `streams` | producers, steering, watchers, the host's callback and the session's end |
//! | `graph` | edits, parameters, meters and taps, beside streams |
//! | `devices` | a device that is lost, falls silent or is stuck inside its callback, and the one that goes on |
//! | `bait` | what must be reported, and what must not |
//!
//! Each but `bait` runs rounds for so many seconds: `streams SECONDS SEED`. The dice are the seed's; how the threads
//! meet is the machine's, so a seed brings a failure back more often, not always.
//!
//! The programs' own threads meet by relaxed atomics alone until they are joined: a lock or a channel of theirs would put
//! in order what the engine has to.

pub mod audio;
pub mod check;
pub mod device;
pub mod dice;
pub mod producer;
pub mod run;
#[cfg(codetta_tsan)]
mod std_locks;
pub mod steering;
pub mod watching;

use std::sync::atomic::{AtomicBool, Ordering};

/// A word to the threads of a round that publishes nothing.
#[derive(Debug, Default)]
pub struct Word(AtomicBool);

impl Word {
    /// Says it.
    pub fn say(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether it was said.
    pub fn is_said(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
