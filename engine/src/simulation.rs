//! Where a simulator may let somebody else go on: feature `simulation`, for Codetta's own proofs, and no part of what
//! versions promise.
//!
//! A thread can be interrupted between any two of its operations on what it shares with others. With this feature each of
//! those operations asks, beforehand, a function that the simulator has left for its thread: what that does happens in between.
//! While the thread holds a lock it is not asked, since nobody else could take that lock.

#![allow(clippy::disallowed_types, reason = "it wraps the locks that control and callers use")]

use std::cell::Cell;

thread_local! {
    static ASKED: Cell<Option<fn()>> = const { Cell::new(None) };
    static UNTIL: Cell<u64> = const { Cell::new(u64::MAX) };
    static LOCKS: Cell<usize> = const { Cell::new(0) };
}

/// Leaves a function that this thread asks when it has come to the operation set by [`ask_after`].
pub fn on_pause(asked: fn()) {
    ASKED.set(Some(asked));
}

/// So many operations pass before the function is asked, once.
pub fn ask_after(operations: u64) {
    UNTIL.set(operations);
}

/// A point between two operations.
fn pause() {
    match UNTIL.get() {
        u64::MAX => {}
        0 if LOCKS.get() > 0 => {}
        0 => {
            UNTIL.set(u64::MAX);
            if let Some(asked) = ASKED.get() {
                asked();
            }
        }
        left => UNTIL.set(left - 1),
    }
}

/// A point before each use of a ring.
#[derive(Debug, Default)]
pub(crate) struct Point(());

impl Point {
    // As shuttle's, which is somewhere.
    #[allow(clippy::unused_self)]
    pub(crate) fn pass(&self) {
        pause();
    }
}

/// What stands in for `std::sync` in [`crate::sync`].
pub(crate) mod sync {
    use super::{LOCKS, pause};
    use std::{
        ops::{Deref, DerefMut},
        sync::{LockResult, PoisonError, WaitTimeoutResult},
        time::Duration,
    };

    pub(crate) mod atomic {
        use super::pause;
        pub(crate) use std::sync::atomic::Ordering;
        use std::{ops::Deref, sync::atomic as std_atomic};

        /// Whoever is about to use one comes to a point where others may go on.
        macro_rules! atomic {
            ($name:ident, $value:ty) => {
                #[derive(Debug, Default)]
                pub(crate) struct $name(std_atomic::$name);

                impl $name {
                    pub(crate) const fn new(value: $value) -> Self {
                        Self(std_atomic::$name::new(value))
                    }
                }

                impl Deref for $name {
                    type Target = std_atomic::$name;

                    fn deref(&self) -> &Self::Target {
                        pause();
                        &self.0
                    }
                }
            };
        }
        atomic!(AtomicBool, bool);
        atomic!(AtomicU64, u64);
        atomic!(AtomicUsize, usize);
    }

    #[derive(Debug, Default)]
    pub(crate) struct Mutex<T>(std::sync::Mutex<T>);

    #[derive(Debug)]
    pub(crate) struct MutexGuard<'a, T>(Option<std::sync::MutexGuard<'a, T>>);

    impl<T> Mutex<T> {
        pub(crate) const fn new(value: T) -> Self {
            Self(std::sync::Mutex::new(value))
        }

        pub(crate) fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
            pause();
            let guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            LOCKS.set(LOCKS.get() + 1);
            Ok(MutexGuard(Some(guard)))
        }
    }

    impl<T> Deref for MutexGuard<'_, T> {
        type Target = T;

        fn deref(&self) -> &T {
            self.0.as_ref().expect("held until it is dropped")
        }
    }

    impl<T> DerefMut for MutexGuard<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            self.0.as_mut().expect("held until it is dropped")
        }
    }

    impl<T> Drop for MutexGuard<'_, T> {
        fn drop(&mut self) {
            LOCKS.set(LOCKS.get() - 1);
        }
    }

    /// In a simulation nobody blocks: it is here for what compiles.
    #[derive(Debug, Default)]
    pub(crate) struct Condvar(std::sync::Condvar);

    impl Condvar {
        pub(crate) const fn new() -> Self {
            Self(std::sync::Condvar::new())
        }

        pub(crate) fn notify_all(&self) {
            self.0.notify_all();
        }

        pub(crate) fn wait_timeout<'a, T>(
            &self,
            mut guard: MutexGuard<'a, T>,
            timeout: Duration,
        ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
            let held = guard.0.take().expect("held until it is dropped");
            let (held, result) = self.0.wait_timeout(held, timeout).unwrap_or_else(PoisonError::into_inner);
            guard.0 = Some(held);
            Ok((guard, result))
        }
    }
}
