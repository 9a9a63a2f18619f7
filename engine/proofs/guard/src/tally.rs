//! How many scopes all processes of a run entered: each adds its own to a file when it ends.

/// Has this process add its number to the file that `RTGUARD_TALLY` names, if a checker watches and somebody asks.
pub(crate) fn at_the_end() {
    #[cfg(any(feature = "alloc", feature = "rtsan", feature = "trap"))]
    crate::alloc::uncounted(watched::at_the_end);
}

#[cfg(any(feature = "alloc", feature = "rtsan", feature = "trap"))]
mod watched {
    #![allow(unsafe_code, reason = "the C library's atexit: Rust has no such thing")]

    use std::{env, fs::OpenOptions, io::Write};

    const FILE: &str = "RTGUARD_TALLY";

    pub(super) fn at_the_end() {
        if env::var_os(FILE).is_some() {
            // SAFETY: the function is one of ours, and lives as long as the process.
            let _ = unsafe { libc::atexit(add) };
        }
    }

    extern "C" fn add() {
        let Some(path) = env::var_os(FILE) else { return };
        if let Ok(mut file) = OpenOptions::new().create(true).append(true).open(path) {
            let _ = writeln!(file, "{}", crate::entered());
        }
    }
}
