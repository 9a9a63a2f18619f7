//! Drop it on a thread of its own, and wait for that no longer than so long.
//!
//! Dropping a stream may hang for ever: one sound server's client waits in `drop` for an answer that a removed device
//! cannot give. Stopping a device has a deadline all the same, so what hangs is left behind.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "control, and the thread that it gives a drop to"
)]

use std::{
    convert::Infallible,
    mem,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

/// How long stopping a device waits for the device. Dropping a healthy stream takes a few periods, a stuck one never
/// ends; a caller of `stop` has been promised a second.
pub(super) const LIMIT: Duration = Duration::from_millis(500);

/// Drops `value` on a thread called `codetta-reaper`; says whether that was done within `limit`.
///
/// What was not done in time goes on, on that thread. Where there is no thread to be had the value is leaked: a leak
/// is bounded, a drop that hangs is not.
///
/// **Thread**: any but an audio thread; returns within `limit`.
#[cfg_attr(not(feature = "cpal"), allow(dead_code, reason = "only streams of sound cards are dropped so"))]
pub(super) fn reap<T: Send + 'static>(value: T, limit: Duration) -> bool {
    let (ending, ended) = mpsc::channel::<Infallible>();
    // In a slot of its own, for a closure that could not be spawned would be dropped here, with the value in it.
    let slot = Arc::new(Mutex::new(Some(value)));
    let theirs = Arc::clone(&slot);
    let spawned = thread::Builder::new().name("codetta-reaper".into()).spawn(move || {
        let _ending = ending;
        let value = theirs.lock().unwrap_or_else(PoisonError::into_inner).take();
        drop(value);
    });
    match spawned {
        Ok(_) => has_ended(&ended, limit),
        Err(_) => {
            mem::forget(slot.lock().unwrap_or_else(PoisonError::into_inner).take());
            false
        }
    }
}

/// Waits until the thread that holds the other end has let go of it.
pub(super) fn has_ended(ended: &mpsc::Receiver<Infallible>, limit: Duration) -> bool {
    // Nothing can be sent, so an answer is either the hang-up or the time.
    matches!(ended.recv_timeout(limit), Err(mpsc::RecvTimeoutError::Disconnected))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A value whose drop waits for a word that may never come.
    struct Stuck(mpsc::Receiver<()>, mpsc::Sender<&'static str>);

    impl Drop for Stuck {
        fn drop(&mut self) {
            let _ = self.0.recv();
            let _ = self.1.send("dropped");
        }
    }

    #[test]
    fn a_drop_that_ends_is_waited_for() {
        let (release, word) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        drop(release);
        assert!(reap(Stuck(word, tell), Duration::MAX));
        assert_eq!(told.try_recv(), Ok("dropped"));
    }

    /// Fails by hanging if the value is dropped by the caller, or joined.
    #[test]
    fn a_drop_that_hangs_does_not_hold_the_caller_and_ends_when_it_can() {
        let (release, word) = mpsc::channel();
        let (tell, told) = mpsc::channel();
        assert!(!reap(Stuck(word, tell), Duration::ZERO));
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Empty));
        drop(release);
        assert_eq!(told.recv(), Ok("dropped"));
    }

    #[test]
    fn a_drop_that_panics_has_ended() {
        struct Panics;
        impl Drop for Panics {
            fn drop(&mut self) {
                panic!("told to");
            }
        }
        assert!(reap(Panics, Duration::MAX));
    }
}
