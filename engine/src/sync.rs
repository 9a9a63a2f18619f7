//! The locks, atomics and the cell that the models exchange for theirs: whatever is built on this facade is what loom
//! explores with every stale value, and shuttle with whole sessions.
//!
//! Only control and callers' threads may use the locks; clippy refuses them in the audio thread's modules.

#![allow(clippy::disallowed_types, reason = "here the locks come from")]

#[cfg(all(feature = "simulation", not(any(loom, shuttle))))]
use crate::simulation as provider;
#[cfg(loom)]
use loom as provider;
#[cfg(shuttle)]
use shuttle as provider;
#[cfg(not(any(loom, shuttle, feature = "simulation")))]
use std as provider;

#[cfg(loom)]
pub(crate) mod loom_ring;
/// The rings between the threads: where shuttle or the simulator runs, each use of one is a point at which somebody else may
/// go on; loom sees into them.
#[cfg(any(shuttle, all(feature = "simulation", not(loom))))]
pub(crate) mod ring;

#[cfg(loom)]
pub(crate) use loom::cell::UnsafeCell;
#[cfg(loom)]
pub(crate) use loom_ring as ring;
pub(crate) use provider::sync::{
    Condvar, Mutex, MutexGuard,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
};
#[cfg(not(any(loom, shuttle, feature = "simulation")))]
pub(crate) use rtrb as ring;
use std::sync::PoisonError;

/// Takes a lock whose holders cannot panic half-way: poisoned or not, the state is whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The standard cell in loom's shape: the pointer lives as long as the access. loom counts the access as going on until
/// `f` returns, and so sees a second one that begins in between.
#[cfg(not(loom))]
pub(crate) struct UnsafeCell<T>(std::cell::UnsafeCell<T>);

#[cfg(not(loom))]
impl<T> UnsafeCell<T> {
    pub(crate) fn new(value: T) -> Self {
        Self(std::cell::UnsafeCell::new(value))
    }

    /// Gives `f` the pointer. Making a reference of it is for the caller to justify.
    pub(crate) fn with_mut<R>(&self, f: impl FnOnce(*mut T) -> R) -> R {
        f(self.0.get())
    }
}

/// Runs a model under every interleaving, and every stale value an atomic may still show, with up to three forced
/// switches of thread; `LOOM_MAX_PREEMPTIONS` goes further (`make verify`) or less far. Says how many there were.
#[cfg(all(test, loom))]
pub(crate) fn explore(model: impl Fn() + Send + Sync + 'static) {
    use std::sync::Arc;
    // The standard one: it counts across the runs, and is no part of them.
    let runs = Arc::new(std::sync::atomic::AtomicU64::new(0));
    let counted = Arc::clone(&runs);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound.get_or_insert(3);
    builder.check(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        model();
    });
    let runs = runs.load(Ordering::Relaxed);
    println!("{runs} interleavings");
    assert!(runs > 1, "a model without a race shows nothing");
}
