//! The atomics and the cell that the models exchange for loom's: whatever is built on this facade is what loom explores.

#[cfg(not(loom))]
pub(crate) use std::sync::atomic::{AtomicU64, Ordering};

#[cfg(loom)]
pub(crate) use loom::{
    cell::UnsafeCell,
    sync::atomic::{AtomicU64, Ordering},
};

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
