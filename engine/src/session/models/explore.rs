//! Runs a model over many schedules, and any one of them again.

use shuttle::{
    Config, Runner,
    scheduler::{PctScheduler, RandomScheduler, ReplayScheduler},
};
use std::{
    env,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

/// Runs a model under so many schedules as `CODETTA_SHUTTLE` says, half of them at random, half after PCT, and says how
/// many there were.
pub(super) fn explore(model: impl Fn() + Send + Sync + Clone + 'static) {
    if let Ok(schedule) = env::var("CODETTA_SHUTTLE_REPLAY") {
        Runner::new(ReplayScheduler::new_from_encoded(&schedule), config()).run(model);
        return;
    }
    let half = number("CODETTA_SHUTTLE").unwrap_or(400).div_ceil(2) as usize;
    let seed = number("CODETTA_SEED").unwrap_or_else(|| RandomState::new().hash_one(0));
    println!("CODETTA_SEED={seed}");
    let random = Runner::new(RandomScheduler::new_from_seed(seed, half), config()).run(model.clone());
    let pct = Runner::new(PctScheduler::new_from_seed(seed, DEPTH, half), config()).run(model);
    println!("{} schedules", random + pct);
}

/// PCT finds with a known probability what takes so many orderings to happen: most races take two or three.
const DEPTH: usize = 3;

fn config() -> Config {
    let mut config = Config::new();
    // A block and a panic's message, unoptimised.
    config.stack_size = 0x4_0000;
    config.silence_warnings = true;
    config.max_time =
        number("CODETTA_SHUTTLE_SECONDS").map(|seconds| Duration::from_secs(seconds).div_f64(2.0));
    config
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok().map(|text| text.parse().expect("a number"))
}
