//! Ten thousand random edits while it renders, against a model of a page: what is valid, what is heard, and who frees.

#[path = "graph_fuzz/change.rs"]
mod change;
#[path = "common/counting.rs"]
mod counting;
#[path = "graph_fuzz/dice.rs"]
mod dice;
#[path = "graph_fuzz/handle.rs"]
mod handle;
#[path = "graph_fuzz/model.rs"]
mod model;
#[path = "graph_fuzz/parts.rs"]
mod parts;
#[path = "graph_fuzz/side_by_side.rs"]
mod side_by_side;
#[path = "graph_fuzz/tally.rs"]
mod tally;
#[path = "graph_fuzz/transaction.rs"]
mod transaction;

use counting::live_bytes;
use dice::Dice;
use side_by_side::Fuzz;
use std::sync::atomic::Ordering::Relaxed;

fn seed() -> u64 {
    std::env::var("CODETTA_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(3)
}

fn edits() -> u64 {
    std::env::var("CODETTA_EDITS").ok().and_then(|edits| edits.parse().ok()).unwrap_or(10_000)
}

/// The engine takes what the model takes, refuses what it refuses and by the same names, never clicks, settles on the
/// level that the model says, and every processor is freed once, by control.
#[test]
fn ten_thousand_random_edits() {
    const ROUNDS: u64 = 4;
    let seed = seed();
    println!("CODETTA_SEED={seed}");
    let mut fuzz = Fuzz::new(seed);
    let mut memory = Vec::new();
    for round in 0..ROUNDS {
        // The second half does what the first did: buffers have grown as far as they will.
        fuzz.dice = Dice(seed ^ (round % 2));
        for edit in 0..edits() / ROUNDS {
            let changes = 1 + fuzz.dice.below(4);
            fuzz.transact(changes);
            fuzz.go_on();
            if edit % 25 == 0 {
                fuzz.settle();
            }
        }
        fuzz.clear();
        fuzz.tally.assert_all_home();
        memory.push(live_bytes());
    }
    println!("{:?}\nlive bytes after each round: {memory:?}", fuzz.seen);
    assert!(fuzz.seen.taken > 2_000 && fuzz.seen.refused.values().sum::<u32>() > 1_000);
    assert!(fuzz.seen.refused.len() >= 8, "every kind of mistake: {:?}", fuzz.seen.refused);
    assert!(fuzz.seen.settled > 100 && fuzz.seen.heard > 50);
    assert!(fuzz.tally.made.load(Relaxed) > 2_000);
    assert_eq!(memory[1], memory[3], "bytes that are still there: {memory:?}");
    assert!(!fuzz.session.is_closed());
}
