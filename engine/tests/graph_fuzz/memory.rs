//! An allocator that knows how many bytes a thread has taken and not given back, and counts when it is asked to.

#![allow(unsafe_code, reason = "a global allocator cannot be written without")]

use crate::counting::Counting;
use std::{
    alloc::{GlobalAlloc, Layout},
    cell::Cell,
};

thread_local! {
    static LIVE: Cell<i64> = const { Cell::new(0) };
}

/// [`Counting`], and an account of bytes.
pub struct Ledger;

fn add(bytes: i64) {
    LIVE.set(LIVE.get() + bytes);
}

// SAFETY: every call goes to `Counting` as it came; the account is a thread-local cell that needs neither allocation nor
// destruction.
unsafe impl GlobalAlloc for Ledger {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        add(layout.size() as i64);
        // SAFETY: the caller keeps the contract of `GlobalAlloc::alloc`.
        unsafe { Counting.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        add(layout.size() as i64);
        // SAFETY: as above.
        unsafe { Counting.alloc_zeroed(layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        add(size as i64 - layout.size() as i64);
        // SAFETY: as above; `pointer` came from `Counting`.
        unsafe { Counting.realloc(pointer, layout, size) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        add(-(layout.size() as i64));
        // SAFETY: as above.
        unsafe { Counting.dealloc(pointer, layout) }
    }
}

/// Bytes that this thread has allocated, less those that it has freed.
pub fn live_bytes() -> i64 {
    LIVE.get()
}
