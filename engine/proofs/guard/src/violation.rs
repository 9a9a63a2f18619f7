//! Says what was done in the scope, and where, and ends the process.

use std::{backtrace::Backtrace, io::Write, process};

/// The caller has switched its checker off: what is done here would be the next violation.
pub(crate) fn report(what: std::fmt::Arguments<'_>) -> ! {
    let place = Backtrace::force_capture();
    // Not `eprintln!`: a test harness keeps that for itself, and this process says no more after it.
    let _ = writeln!(std::io::stderr(), "real-time violation: {what}\n{place}");
    process::exit(crate::EXIT)
}
