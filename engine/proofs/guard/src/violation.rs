//! Says what was done in the scope, and where, and ends the process.
//!
//! The thread may have been stopped anywhere, with locks of the standard library in its hands: so the message goes to the
//! file itself, and nothing is done on the way out.

#![allow(unsafe_code, reason = "the standard streams and the ordinary exit take locks")]

use std::{backtrace::Backtrace, fs::File, io::Write, mem::ManuallyDrop, os::fd::FromRawFd, thread};

/// The caller has switched its checker off: what is done here would be the next violation.
pub(crate) fn report(what: std::fmt::Arguments<'_>) -> ! {
    // SAFETY: the standard error stream is open, and stays so: the file is never dropped.
    let mut stderr = ManuallyDrop::new(unsafe { File::from_raw_fd(2) });
    let _ = writeln!(stderr, "real-time violation: {what}");
    // A thread that panics may be printing a backtrace, under the lock that this one needs.
    if thread::panicking() {
        let _ = writeln!(stderr, "in a panic");
    } else {
        let _ = writeln!(stderr, "{}", Backtrace::force_capture());
    }
    // SAFETY: it ends the process, and runs nothing of it.
    unsafe { libc::_exit(crate::EXIT) }
}
