//! A seed is a session: the same each time, to the last bit.

use codetta_simulator::run;

/// Everything that happened, and every sample that was heard, in one number: twice the same, and another seed's another.
#[test]
fn the_same_seed_is_the_same_session() {
    let mut hashes = Vec::new();
    for seed in 0..40 {
        let (first, second) = (run(seed, false), run(seed, false));
        assert_eq!(first.finding, None, "seed {seed}");
        assert_eq!((first.hash, first.events), (second.hash, second.events), "seed {seed}");
        assert_eq!(first.simulated, second.simulated, "seed {seed}");
        hashes.push(first.hash);
    }
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 40);
}
