//! Standard output by lines, for readers that may go away.

use std::fmt::Display;
use std::io::{self, Write};

/// Writes lines to standard output, each at once.
///
/// After the first that cannot be written it is silent: a reader that has gone (`codetta … | head -1`) has had enough,
/// and the sound goes on.
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
            self.gone = writeln!(out, "{line}").and_then(|()| out.flush()).is_err();
        }
    }
}
