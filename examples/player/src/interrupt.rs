//! Ctrl-C and its kin, counted.

use std::io;

#[cfg(unix)]
use signal_hook::consts::SIGHUP;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// Signals that ask the player to stop. From the moment this is made they no longer end the process by themselves.
pub struct Interrupts(Signals);

impl Interrupts {
    /// Begins to watch.
    pub fn new() -> io::Result<Self> {
        Signals::new([SIGINT, SIGTERM, SIGHUP]).map(Self)
    }

    /// How many have come since the last call. Two of one kind may be told as one.
    pub fn take(&mut self) -> usize {
        self.0.pending().count()
    }
}
