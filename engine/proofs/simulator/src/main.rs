//! Runs seeds, and says how to run again the one that failed.

mod tally;
mod watchdog;

use clap::Parser;
use codetta_simulator::{Verdict, run};
use std::{
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tally::Tally;
use watchdog::{Watchdog, again};

/// Whole sessions of Codetta under a seeded scheduler and virtual time.
#[derive(Debug, Parser)]
struct Options {
    /// The session of this seed alone.
    #[arg(long)]
    seed: Option<u64>,
    /// Prints each event as it happens.
    #[arg(long, requires = "seed")]
    trace: bool,
    /// Seeds for so many seconds of real time.
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    /// The first seed; fresh, and printed, unless told.
    #[arg(long)]
    from: Option<u64>,
    /// Goes on after a finding, and names each.
    #[arg(long)]
    all: bool,
    /// So many seeds, instead of a time.
    #[arg(long)]
    count: Option<u64>,
    /// A seed that takes so many seconds of real time does not come to its end.
    #[arg(long, default_value_t = 60)]
    longest: u64,
}

fn main() -> ExitCode {
    let options = Options::parse();
    let (watchdog, mut tally) = (Watchdog::new(Duration::from_secs(options.longest)), Tally::new());
    if let Some(seed) = options.seed {
        watchdog.begins(seed, tally);
        let verdict = run(seed, options.trace);
        println!(
            "seed {seed}: {} events, {:.1} s, trace {:016x}",
            verdict.events,
            verdict.simulated.as_secs_f64(),
            verdict.hash
        );
        return tell(seed, &verdict);
    }
    let fresh = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_micros() as u64);
    let from = options.from.unwrap_or_else(fresh);
    println!("seeds from {from}");
    let budget = Duration::from_secs(options.seconds);
    while options.count.map_or(tally.began.elapsed() < budget, |count| tally.sessions < count) {
        let seed = from.wrapping_add(tally.sessions);
        watchdog.begins(seed, tally);
        let verdict = run(seed, false);
        tally.sessions += 1;
        tally.simulated += verdict.simulated;
        if let Some(finding) = &verdict.finding {
            tally.findings += 1;
            if options.all {
                println!("seed {seed}: {}: {:.300}", finding.rule, finding.what);
                continue;
            }
            tell(seed, &verdict);
            break;
        }
    }
    println!("{tally}");
    if tally.findings == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn tell(seed: u64, verdict: &Verdict) -> ExitCode {
    let Some(finding) = &verdict.finding else { return ExitCode::SUCCESS };
    for event in &verdict.last {
        println!("{event}");
    }
    println!("FOUND: {}\n  {}", finding.rule, finding.what);
    println!("{}", again(seed));
    ExitCode::FAILURE
}
