//! Watches whether each seed comes to its end, and names the one that does not: whoever ends the program from outside cannot.

use crate::tally::Tally;
use std::{
    process,
    sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel},
    thread,
    time::Duration,
};

/// A thread that is told of each seed as it begins.
#[derive(Debug)]
pub struct Watchdog(Sender<(u64, Tally)>);

impl Watchdog {
    /// No seed may take longer than this, of real time.
    pub fn new(longest: Duration) -> Self {
        let (sender, seeds) = channel();
        // It ends with the program, or ends it.
        thread::spawn(move || watch(&seeds, longest));
        Self(sender)
    }

    /// This seed begins; those before have come to their end, and to this.
    pub fn begins(&self, seed: u64, tally: Tally) {
        // It listens as long as `self` is there.
        let _ = self.0.send((seed, tally));
    }
}

fn watch(seeds: &Receiver<(u64, Tally)>, longest: Duration) {
    let Ok((mut seed, mut tally)) = seeds.recv() else { return };
    loop {
        match seeds.recv_timeout(longest) {
            Ok(next) => (seed, tally) = next,
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => break,
        }
    }
    println!("FOUND: seed {seed} does not come to its end\n  {} s were not enough", longest.as_secs());
    println!("{}", again(seed));
    tally.findings += 1;
    println!("{tally}");
    process::exit(1);
}

/// How that seed is run again.
pub fn again(seed: u64) -> String {
    format!("again: cargo run --release -p codetta-simulator -- --seed {seed}")
}
