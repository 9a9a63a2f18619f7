//! Runs seeds, and says how to run again the one that failed.

use clap::Parser;
use codetta_simulator::{Verdict, run};
use std::{
    process::ExitCode,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

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
}

fn main() -> ExitCode {
    let options = Options::parse();
    if let Some(seed) = options.seed {
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
    let (began, mut sessions, mut simulated) = (Instant::now(), 0_u64, Duration::ZERO);
    let budget = Duration::from_secs(options.seconds);
    let (mut code, mut findings) = (ExitCode::SUCCESS, 0);
    while options.count.map_or(began.elapsed() < budget, |count| sessions < count) {
        let seed = from.wrapping_add(sessions);
        let verdict = run(seed, false);
        sessions += 1;
        simulated += verdict.simulated;
        if let Some(finding) = &verdict.finding {
            findings += 1;
            code = ExitCode::FAILURE;
            if options.all {
                println!("seed {seed}: {}: {:.300}", finding.rule, finding.what);
                continue;
            }
            tell(seed, &verdict);
            break;
        }
    }
    let real = began.elapsed().as_secs_f64();
    println!(
        "{sessions} sessions, {:.0} simulated s, {:.0} x real time, {findings} findings",
        simulated.as_secs_f64(),
        simulated.as_secs_f64() / real
    );
    code
}

fn tell(seed: u64, verdict: &Verdict) -> ExitCode {
    let Some(finding) = &verdict.finding else { return ExitCode::SUCCESS };
    for event in &verdict.last {
        println!("{event}");
    }
    println!("FOUND: {}\n  {}", finding.rule, finding.what);
    println!("again: cargo run --release -p codetta-simulator -- --seed {seed}");
    ExitCode::FAILURE
}
