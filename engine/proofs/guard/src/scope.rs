//! The scope: a depth for each thread, and the checker told where it leaves zero and comes back.

use crate::checker;
use std::{
    cell::Cell,
    marker::PhantomData,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
};

thread_local! {
    // Without a destructor and constant: the first look at it neither allocates nor registers anything.
    static DEPTH: Cell<usize> = const { Cell::new(0) };
}

static ENTERED: AtomicU64 = AtomicU64::new(0);

/// How often a scope was entered, on any thread: a check that never ran found nothing.
pub fn entered() -> u64 {
    ENTERED.load(Relaxed)
}

/// Whether this thread is in a scope.
#[cfg(feature = "alloc")]
pub(crate) fn is_inside() -> bool {
    DEPTH.get() > 0
}

/// From here to the drop this thread is a real-time thread.
///
/// **Thread**: any; it stays where it was entered.
#[derive(Debug)]
#[must_use = "the scope ends where it is dropped"]
pub struct Scope(PhantomData<*const ()>);

impl Scope {
    /// Enters the scope.
    #[inline]
    pub fn enter() -> Self {
        if ENTERED.fetch_add(1, Relaxed) == 0 {
            crate::tally::at_the_end();
        }
        let depth = DEPTH.get();
        // The first time on a thread the checker may have something to set up.
        if depth == 0 {
            checker::on();
        }
        DEPTH.set(depth + 1);
        Self(PhantomData)
    }
}

impl Drop for Scope {
    #[inline]
    fn drop(&mut self) {
        let depth = DEPTH.get() - 1;
        DEPTH.set(depth);
        if depth == 0 {
            checker::off();
        }
    }
}

/// Leaves the scope for the length of `f`: for a test's own bookkeeping in a callback, say.
pub fn permit<R>(f: impl FnOnce() -> R) -> R {
    let _back = Outside::leave();
    f()
}

/// Comes back also where `f` panics.
struct Outside(usize);

impl Outside {
    fn leave() -> Self {
        let depth = DEPTH.replace(0);
        if depth > 0 {
            checker::off();
        }
        Self(depth)
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        if self.0 > 0 {
            checker::on();
        }
        DEPTH.set(self.0);
    }
}
