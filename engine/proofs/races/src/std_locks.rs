//! Tells ThreadSanitizer what the compiled parts of std's locks do.
//!
//! Without this, whoever gets a lock by its slow path is taken for somebody who never had it: a false report. Each function
//! here does what std's own does, by calling it, and adds the hand-over that std documents, at the lock's own address and
//! at no other. So nothing is suppressed, and a race beside a lock is reported as ever: `bin/bait.rs` is the proof.
//!
//! | of std | what is said |
//! |---|---|
//! | `Mutex::lock`, contended | acquires the mutex |
//! | `Condvar::wait`, `wait_timeout` | release the mutex, and acquire it again |
//! | `Once::call` (`OnceLock`, `LazyLock`) | releases the once before it is complete; who looks acquires it, in code built here |
//! | `Arc`, dropped last | acquires what other owners did before they let go: std does that by a fence, which the sanitizer does not know |
//!
//! The drop of an `Arc` is seen as what it is made of: a `fetch_sub` with Release that finds a one. These programs have
//! no other.

#![allow(unsafe_code)] // Functions of the linker's: their types are std's.

use std::{
    ffi::{c_int, c_void},
    sync::OnceState,
    time::Duration,
};

/// As the compiler says it to the sanitizer.
const RELEASE: c_int = 3;

unsafe extern "C" {
    fn __tsan_acquire(address: *const c_void);
    fn __tsan_release(address: *const c_void);
    #[link_name = "__real___tsan_atomic64_fetch_sub"]
    fn fetch_sub(address: *mut u64, by: u64, order: c_int) -> u64;
}

#[allow(improper_ctypes)] // They are Rust's own.
unsafe extern "Rust" {
    #[link_name = concat!("__real_", env!("STD_MUTEX_LOCK_CONTENDED"))]
    fn lock_contended(mutex: *const c_void);
    #[link_name = concat!("__real_", env!("STD_CONDVAR_WAIT"))]
    fn wait(condvar: *const c_void, mutex: *const c_void);
    #[link_name = concat!("__real_", env!("STD_CONDVAR_WAIT_TIMEOUT"))]
    fn wait_timeout(condvar: *const c_void, mutex: *const c_void, timeout: Duration) -> bool;
    #[link_name = concat!("__real_", env!("STD_ONCE_CALL"))]
    fn once_call(once: *const c_void, ignores_poison: bool, run: &mut dyn FnMut(&OnceState));
}

// SAFETY of all of them: called where std calls its own function, with the same arguments, which go there as they came;
// the two calls of the sanitizer take any address.

#[unsafe(export_name = concat!("__wrap_", env!("STD_MUTEX_LOCK_CONTENDED")))]
unsafe fn wrapped_lock_contended(mutex: *const c_void) {
    // SAFETY: see above.
    unsafe {
        lock_contended(mutex);
        __tsan_acquire(mutex);
    }
}

#[unsafe(export_name = concat!("__wrap_", env!("STD_CONDVAR_WAIT")))]
unsafe fn wrapped_wait(condvar: *const c_void, mutex: *const c_void) {
    // SAFETY: see above.
    unsafe {
        __tsan_release(mutex);
        wait(condvar, mutex);
        __tsan_acquire(mutex);
    }
}

#[unsafe(export_name = concat!("__wrap_", env!("STD_CONDVAR_WAIT_TIMEOUT")))]
unsafe fn wrapped_wait_timeout(condvar: *const c_void, mutex: *const c_void, timeout: Duration) -> bool {
    // SAFETY: see above.
    unsafe {
        __tsan_release(mutex);
        let in_time = wait_timeout(condvar, mutex, timeout);
        __tsan_acquire(mutex);
        in_time
    }
}

#[unsafe(export_name = concat!("__wrap_", env!("STD_ONCE_CALL")))]
unsafe fn wrapped_once_call(once: *const c_void, ignores_poison: bool, run: &mut dyn FnMut(&OnceState)) {
    let mut run = |state: &OnceState| {
        run(state);
        // SAFETY: see above.
        unsafe { __tsan_release(once) };
    };
    // SAFETY: see above.
    unsafe {
        once_call(once, ignores_poison, &mut run);
        // Somebody else may have run it, while this one waited.
        __tsan_acquire(once);
    }
}

#[unsafe(export_name = "__wrap___tsan_atomic64_fetch_sub")]
unsafe extern "C" fn wrapped_fetch_sub(address: *mut u64, by: u64, order: c_int) -> u64 {
    // SAFETY: see above.
    unsafe {
        let before = fetch_sub(address, by, order);
        if order == RELEASE && before == 1 {
            __tsan_acquire(address.cast());
        }
        before
    }
}
