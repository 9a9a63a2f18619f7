//! Wakes the control thread before its time: something was asked of it.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "rung by callers' threads, never by the audio thread"
)]

use std::{
    sync::{Arc, OnceLock},
    thread::Thread,
};

/// Rung by callers' threads; never by the audio thread. Without a thread to wake (a stepped session) it is silent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Bell(Arc<OnceLock<Thread>>);

impl Bell {
    pub(crate) fn belongs_to(&self, thread: Thread) {
        // A session has one control thread, and starts it once.
        let _ = self.0.set(thread);
    }

    pub(crate) fn ring(&self) {
        if let Some(thread) = self.0.get() {
            thread.unpark();
        }
    }
}
