//! Rust's allocator, counting calls and bytes, and refusing in the scope where the feature `alloc` is on.

#![allow(unsafe_code, reason = "a global allocator cannot be written without")]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

thread_local! {
    static ARMED: Cell<bool> = const { Cell::new(false) };
    static COUNT: Cell<u64> = const { Cell::new(0) };
    static LIVE: Cell<i64> = const { Cell::new(0) };
}

/// The system's allocator, counting for those who ask ([`counted`]). With the feature `alloc` it is every program's
/// allocator, and refuses to serve in a [`Scope`](crate::Scope).
#[derive(Debug)]
pub struct Counting;

#[cfg(feature = "alloc")]
#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Runs `f`; answers what this thread allocated, reallocated and freed in it, where [`Counting`] is the allocator.
pub fn counted<R>(f: impl FnOnce() -> R) -> (R, u64) {
    COUNT.set(0);
    ARMED.set(true);
    let result = f();
    ARMED.set(false);
    (result, COUNT.get())
}

/// Runs what is the guard's own, and nobody's allocation.
#[cfg(any(feature = "alloc", feature = "rtsan", feature = "trap"))]
pub(crate) fn uncounted<R>(f: impl FnOnce() -> R) -> R {
    let armed = ARMED.replace(false);
    let result = f();
    ARMED.set(armed);
    result
}

/// Bytes that this thread has allocated, less those that it has freed, where [`Counting`] is the allocator.
pub fn live_bytes() -> i64 {
    LIVE.get()
}

fn note(what: &str, size: usize, grown: i64) {
    LIVE.set(LIVE.get() + grown);
    if ARMED.get() {
        COUNT.set(COUNT.get() + 1);
    }
    #[cfg(feature = "alloc")]
    if crate::scope::is_inside() {
        crate::permit(|| crate::violation::report(format_args!("{what} of {size} bytes")));
    }
    #[cfg(not(feature = "alloc"))]
    let _ = (what, size);
}

// SAFETY: every call goes to the system's allocator as it came; the counters are thread-local cells that need neither
// allocation nor destruction.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        note("an allocation", layout.size(), layout.size() as i64);
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        note("an allocation", layout.size(), layout.size() as i64);
        // SAFETY: as above.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        note("a reallocation", size, size as i64 - layout.size() as i64);
        // SAFETY: as above; `pointer` came from the system's allocator.
        unsafe { System.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        note("a freeing", layout.size(), -(layout.size() as i64));
        // SAFETY: as above.
        unsafe { System.dealloc(pointer, layout) }
    }
}
