//! The worst block while a thousand edits and a hundred thousand parameter commands a second arrive.
//!
//! Each run has an engine of its own, to which the same is done before the same block; of a block's times over the runs the
//! least is kept, so what the machine did meanwhile goes out. Control's work is done between blocks, and not timed.
//!
//! A word after `--` is a filter: `flood/64/warm`.

use std::hint::black_box;
use std::time::Duration;

use codetta_benches::flood::{CodettaFlood, FirewheelFlood, Flooded, Load, Schedule, Turn};
use codetta_benches::graph::BLOCKS;
use codetta_benches::{CHANNELS, RATE, now};

const RUNS: usize = 11;
/// More than a private cache of the machines that this is run on, walked before each cold block.
const SCRATCH: usize = 4 << 20;
/// The worst block may cost so many medians of the quiet graph, and what was asked for.
const ALLOWED: f64 = 3.0;

type Make = fn(usize) -> Box<dyn Flooded>;

/// A block's time, and what arrived before it.
type Block = (f64, Turn);

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let filters: Vec<_> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    // `cargo test --benches` only asks whether it starts.
    let timed = arguments.iter().any(|a| a == "--bench");
    let (sizes, runs, seconds) = if timed { (&BLOCKS[..], RUNS, 1.0) } else { (&[64][..], 1, 0.05) };
    println!("µs a block: the median and the worst; within: three quiet medians and the work asked for");
    for &block in sizes {
        for is_cold in [false, true] {
            let title = format!("flood/{block}/{}", if is_cold { "cold" } else { "warm" });
            if !filters.is_empty() && !filters.iter().any(|f| title.contains(f.as_str())) {
                continue;
            }
            println!("\n{title}");
            let blocks = (seconds * f64::from(RATE)) as usize / block;
            let makers: [Make; 2] =
                [|block| Box::new(CodettaFlood::new(block)), |block| Box::new(FirewheelFlood::new(block))];
            for make in makers {
                let loads =
                    measure(make, block, (runs, blocks), &mut vec![1; if is_cold { SCRATCH } else { 0 }]);
                report(make(block).name(), &loads);
            }
        }
    }
}

/// The blocks of every load, each the least of `runs`. The loads have their runs in turns.
fn measure(make: Make, block: usize, (runs, blocks): (usize, usize), scratch: &mut [u8]) -> Vec<Vec<Block>> {
    let mut least = vec![vec![(f64::INFINITY, Turn::default()); blocks]; Load::ALL.len()];
    let mut out = vec![0.0; block * CHANNELS];
    for _ in 0..runs {
        for (load, least) in Load::ALL.into_iter().zip(&mut least) {
            let mut flooded = make(block);
            let mut schedule = Schedule::new(load, block);
            for (least, turn) in least {
                *turn = schedule.turn(&mut *flooded);
                for line in scratch.iter_mut().step_by(64) {
                    *line = line.wrapping_add(1);
                }
                black_box(&mut *scratch);
                let start = now();
                flooded.render(&mut out);
                *least = least.min(micros(now() - start));
                black_box(&mut out);
            }
        }
    }
    least
}

fn report(name: &str, loads: &[Vec<Block>]) {
    let median = median(&loads[0]);
    let [_, edit, command, _] = [0, 1, 2, 3].map(|load| asked(&loads[0], &loads[load]));
    for (load, blocks) in Load::ALL.into_iter().zip(loads) {
        let times = blocks.iter().map(|(time, _)| *time).enumerate();
        let (at, worst) = times.max_by(|a, b| a.1.total_cmp(&b.1)).expect("some blocks");
        let allowed =
            |turn: &Turn| ALLOWED * median + turn.edits as f64 * edit + turn.commands as f64 * command;
        let over = blocks.iter().filter(|(time, turn)| *time > allowed(turn)).count();
        println!(
            "{name:>10} {:>9}: median {:7.1}, worst {worst:7.1} (block {at:3}) = {:4.2} × quiet, {:4.2} × its median; {over} of {} over",
            load.name(),
            self::median(blocks),
            worst / median,
            worst / self::median(blocks),
            blocks.len(),
        );
    }
    println!("{name:>10} asked for: {edit:.3} µs an edit, {command:.4} µs a command");
}

/// What one edit or command costs, all its blocks taken together.
fn asked(quiet: &[Block], loaded: &[Block]) -> f64 {
    let total = |blocks: &[Block]| blocks.iter().map(|(time, _)| time).sum::<f64>();
    let count: u64 = loaded.iter().map(|(_, turn)| turn.edits + turn.commands).sum();
    (total(loaded) - total(quiet)) / count.max(1) as f64
}

fn median(blocks: &[Block]) -> f64 {
    let mut times: Vec<_> = blocks.iter().map(|(time, _)| *time).collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1.0e6
}
