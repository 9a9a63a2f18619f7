//! What a run of seeds has come to so far, as its last line says it.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// Sessions that came to their end.
#[derive(Debug, Clone, Copy)]
pub struct Tally {
    /// When the first began.
    pub began: Instant,
    /// How many.
    pub sessions: u64,
    /// How much time they simulated.
    pub simulated: Duration,
    /// How many of them broke a promise.
    pub findings: u64,
}

impl Tally {
    /// It begins now.
    pub fn new() -> Self {
        Self { began: Instant::now(), sessions: 0, simulated: Duration::ZERO, findings: 0 }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (simulated, real) = (self.simulated.as_secs_f64(), self.began.elapsed().as_secs_f64());
        write!(
            f,
            "{} sessions, {simulated:.0} simulated s, {:.0} x real time, {} findings",
            self.sessions,
            simulated / real,
            self.findings
        )
    }
}
