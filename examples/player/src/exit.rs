//! What the shell is told.

use std::process::ExitCode;

/// How the command ended. Where two fit, the one that says more about what was heard is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Everything was played, or the listener quit.
    Ok = 0,
    /// The command line is wrong, or its output cannot be written.
    Usage = 1,
    /// Not one input gave a frame.
    NothingPlayable = 2,
    /// Some inputs could not be played, or not wholly.
    SomeFailed = 3,
    /// The device could not be opened, or went away.
    DeviceLost = 4,
    /// The drain's deadline came before the last frame; as `timeout` answers.
    DrainDeadline = 124,
    /// Interrupted by a signal; 128 + SIGINT, as shells answer.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Says what went wrong, in one line on standard error. A standard error that is closed is no reason to stop.
pub fn complain(message: impl std::fmt::Display) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "codetta: {message}");
}
