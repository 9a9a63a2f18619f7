//! Standard output by lines, for readers that may go away.

use std::fmt::Display;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::exit::complain;

/// Whether a line was lost to something else than a reader that had gone. Standard output is one, however many write to
/// it; relaxed, for it is read when all has been written.
static FAILED: AtomicBool = AtomicBool::new(false);

/// Writes lines to standard output, each at once.
///
/// After the first that cannot be written it is silent: a reader that has gone (`codetta … | head -1`) has had enough,
/// and the sound goes on. Anything else, such as a full disk, is told once on standard error, and by the exit code.
#[derive(Debug, Default)]
pub struct Lines {
    gone: bool,
}

impl Lines {
    /// To standard output.
    pub fn new() -> Self {
        Self::default()
    }

    /// Writes one line.
    pub fn line(&mut self, line: impl Display) {
        if !self.gone {
            let mut out = io::stdout().lock();
            let result = writeln!(out, "{line}").and_then(|()| out.flush());
            self.written(result);
        }
    }

    /// Takes in how a write to standard output went.
    pub fn written(&mut self, result: io::Result<()>) {
        let Err(e) = result else { return };
        self.gone = true;
        if e.kind() != ErrorKind::BrokenPipe && !FAILED.swap(true, Ordering::Relaxed) {
            complain(format_args!("cannot write to standard output: {e}"));
        }
    }

    /// Whether standard output could not be written, though somebody may have wanted it.
    pub fn failed() -> bool {
        FAILED.load(Ordering::Relaxed)
    }
}
