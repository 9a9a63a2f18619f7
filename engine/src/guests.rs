//! Users' code that control and callers run: wakers, callbacks, processors. Its panics end here.
//!
//! A guest that panics costs itself, and nobody's outcome. One that panics while it unwinds from a panic of its own ends the
//! process, in any program.

use std::{
    any::Any,
    fmt, mem,
    panic::{AssertUnwindSafe, catch_unwind},
    task::Waker,
};

/// So many panics, each in freeing what the last one left, are no accident.
const WRECKS: usize = 8;

/// Calls a guest. `None`: it panicked.
pub(crate) fn call<T>(guest: impl FnOnce() -> T) -> Option<T> {
    match catch_unwind(AssertUnwindSafe(guest)) {
        Ok(answer) => Some(answer),
        Err(wreck) => {
            free(wreck);
            None
        }
    }
}

/// What a guest panicked with is the guest's too, and may panic as it is freed, with something that may again. One that does
/// not come to an end is left where it is.
fn free(mut wreck: Box<dyn Any + Send>) {
    for _ in 0..WRECKS {
        match catch_unwind(AssertUnwindSafe(|| drop(wreck))) {
            Ok(()) => return,
            Err(again) => wreck = again,
        }
    }
    mem::forget(wreck);
}

/// Frees what may be users' code, under no lock: a panic in there costs no outcome.
pub(crate) fn let_go<T>(value: T) {
    let _ = call(|| drop(value));
}

/// A task that waits. Neither waking it nor letting go of it panics.
pub(crate) struct Sleeper(Option<Waker>);

impl Sleeper {
    /// **Thread**: the task's own, under no lock: a waker's copy is users' code too, and its panic is the task's.
    pub(crate) fn new(waker: &Waker) -> Self {
        Self(Some(waker.clone()))
    }

    pub(crate) fn wake(mut self) {
        let _ = call(|| self.0.take().map(Waker::wake));
    }
}

impl Drop for Sleeper {
    fn drop(&mut self) {
        if let Some(waker) = self.0.take() {
            let_go(waker);
        }
    }
}

impl fmt::Debug for Sleeper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sleeper")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    /// What panics as it is freed.
    pub(crate) struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("told to, as it is freed");
        }
    }
}
