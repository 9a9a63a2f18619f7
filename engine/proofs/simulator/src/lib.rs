//! Whole sessions of Codetta under a seeded scheduler and virtual time, with faults, against an oracle.
//!
//! A seed decides everything: what the session is like, who acts when, who is interrupted in the midst of what, and what
//! goes wrong. The same seed gives the same session, bit for bit. What the device receives is taken apart sample by sample:
//! each stream numbers its frames, in a lane of the mix of its own.
//!
//! | file | idea |
//! |---|---|
//! | `dice`, `plan` | what a seed says |
//! | `lane` | how a sample says whose it is |
//! | `world` | the session, its parties, and what goes wrong |
//! | `oracle` | what must hold, in a model of its own |
//! | `trace` | what happened |

pub mod dice;
pub mod lane;
pub mod oracle;
pub mod plan;
pub mod trace;
pub mod world;

use oracle::Finding;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    time::Duration,
};
use world::World;

/// What a seed came to.
#[derive(Debug)]
pub struct Verdict {
    /// The promise that was not kept, if one was not.
    pub finding: Option<Finding>,
    /// The last events, to be shown.
    pub last: Vec<trace::Event>,
    /// All of them, in one number.
    pub hash: u64,
    /// How many there were.
    pub events: u64,
    /// How much time was simulated.
    pub simulated: Duration,
}

/// Runs the session of a seed. `prints`: each event as it happens.
pub fn run(seed: u64, prints: bool) -> Verdict {
    let world = World::new(seed, prints);
    // Whose mistake a panic is, is to be seen; that there is none, is promised.
    let panic = catch_unwind(AssertUnwindSafe(|| world.run())).err();
    world::leave();
    let panic = panic.map(|_| Finding::new("nothing panics", "as was told above"));
    let (finding, trace) = (panic.or(world.finding()), world.trace());
    Verdict {
        last: if finding.is_some() { trace.last().copied().collect() } else { Vec::new() },
        finding,
        hash: trace.hash(),
        events: trace.events(),
        simulated: world.simulated(),
    }
}
