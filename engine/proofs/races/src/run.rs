//! Rounds for so many seconds, and what was counted in them.

use crate::dice::Dice;
use std::{
    env,
    fmt::Display,
    ops::AddAssign,
    panic::{AssertUnwindSafe, catch_unwind, resume_unwind},
    time::{Duration, Instant, SystemTime},
};

/// What the threads of a round did.
#[derive(Debug, Clone, Copy, Default)]
pub struct Counts {
    /// Blocks rendered.
    pub blocks: u64,
    /// Calls from other threads.
    pub operations: u64,
    /// Segments whose outcome was compared.
    pub segments: u64,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.blocks += other.blocks;
        self.operations += other.operations;
        self.segments += other.segments;
    }
}

/// Runs rounds until the time of the first argument is over, with dice of the second; says which seed, and how much was
/// done.
pub fn rounds(name: &str, mut round: impl FnMut(&mut Dice) -> Counts) {
    let seconds = argument(1).unwrap_or(5);
    let seed = argument(2).unwrap_or_else(fresh_seed);
    println!("{name}: seed {seed}");
    let (began, mut counts, mut done) = (Instant::now(), Counts::default(), 0_u64);
    while done == 0 || began.elapsed() < Duration::from_secs(seconds) {
        let seed = seed.wrapping_add(done);
        match catch_unwind(AssertUnwindSafe(|| round(&mut Dice::new(seed)))) {
            Ok(counted) => counts += counted,
            Err(panic) => {
                println!("{name}: FAILED, try again: {name} 1 {seed}");
                resume_unwind(panic);
            }
        }
        done += 1;
    }
    let Counts { blocks, operations, segments } = counts;
    let took = began.elapsed().as_secs();
    println!("{name}: {done} rounds {blocks} blocks {operations} operations {segments} segments {took} s");
}

fn argument(index: usize) -> Option<u64> {
    let said = env::args().nth(index)?;
    Some(said.parse().unwrap_or_else(|_| refuse(&said)))
}

fn refuse(said: &impl Display) -> ! {
    eprintln!("not a number: {said}. Arguments: SECONDS SEED");
    std::process::exit(2)
}

fn fresh_seed() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    Dice::new(now.subsec_nanos().into()).below(1_000_000_000)
}
