//! A panic in somebody else's decoder, made an error.
//!
//! Decoders read what strangers wrote. One that panics on it has failed at one file, which is no reason to end the
//! playing of all others, or to leave a terminal as no shell expects it.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo, catch_unwind};
use std::sync::Once;

use super::DecodeError;

thread_local! {
    /// Whether this thread is inside [`contained`]: then a decoder's panic is not to be told as one.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// Runs a decoder's code. What it worked on is in no known state after a panic; to ask it again is safe, and of no use.
pub fn contained<R>(work: impl FnOnce() -> Result<R, DecodeError>) -> Result<R, DecodeError> {
    be_quiet();
    let outside = INSIDE.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    INSIDE.set(outside);
    result.unwrap_or(Err(DecodeError::Panicked))
}

/// Lets the hook that was there be asked about all other panics only.
fn be_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let hook = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !INSIDE.get() || is_ours(info) {
                hook(info);
            }
        }));
    });
}

/// Whether it is not the decoder that has panicked, but this folder: that is a mistake here, and is told as one.
fn is_ours(info: &PanicHookInfo<'_>) -> bool {
    let folder = file!().trim_end_matches("contained.rs");
    info.location().is_some_and(|at| at.file().starts_with(folder))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A panic is an error, also the second time, and what is no panic passes.
    #[test]
    fn a_panic_is_an_error() {
        for _ in 0..2 {
            let failed = contained::<()>(|| panic!("as a decoder might"));
            assert!(matches!(failed, Err(DecodeError::Panicked)));
            assert!(!INSIDE.get());
        }
        assert!(matches!(contained(|| Ok(7)), Ok(7)));
        assert!(matches!(contained::<()>(|| Err(DecodeError::NoSound)), Err(DecodeError::NoSound)));
    }
}
