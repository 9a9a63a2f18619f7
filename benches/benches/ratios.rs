//! The judge: all contestants in turns in one process, and what each costs beside the floor of the same round.
//!
//! A machine's speed wanders by tens of percent within minutes. Whatever slows one round slows all of its contestants, so
//! the ratio within a round stands where times do not.

use std::time::Duration;

use codetta_benches::{
    BATCH_BLOCKS, BLOCK, CodettaStreams, Contestant, FirewheelSamplers, Floor, OddioFrames, OddioStreams,
    Timing,
};

const ROUNDS: usize = 15;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    // A filter for criterion's benches is given to all of them.
    if arguments.iter().any(|a| !a.starts_with('-') && !"ratios".contains(a.as_str())) {
        return;
    }
    // `cargo test --benches` only asks whether it starts.
    let timed = arguments.iter().any(|a| a == "--bench");
    let (sizes, rounds): (&[usize], _) = if timed { (&[16, 256, 1000], ROUNDS) } else { (&[4], 1) };
    println!(
        "ns a stream and frame: median of {rounds} rounds (least … most); × floor: median of the rounds' ratios"
    );
    for &streams in sizes {
        compare(streams, rounds);
    }
}

fn compare(streams: usize, rounds: usize) {
    let mut contestants: [Box<dyn Contestant>; 5] = [
        Box::new(Floor::new(streams)),
        Box::new(CodettaStreams::new(streams)),
        Box::new(OddioFrames::new(streams)),
        Box::new(OddioStreams::new(streams)),
        Box::new(FirewheelSamplers::new(streams)),
    ];
    let mut timing = Timing::default();
    let mut costs = vec![Vec::with_capacity(rounds); contestants.len()];
    // The first round only warms.
    for round in 0..=rounds {
        for (contestant, costs) in contestants.iter_mut().zip(&mut costs) {
            let taken = timing.blocks(&mut **contestant, BATCH_BLOCKS as u64);
            if round > 0 {
                costs.push(per_stream_and_frame(taken, streams));
            }
        }
    }
    println!("\n{streams} streams");
    for (contestant, own) in contestants.iter().zip(&costs) {
        let ratios = own.iter().zip(&costs[0]).map(|(own, floor)| own / floor).collect();
        let (least, median, most) = spread(own.clone());
        let (low, ratio, high) = spread(ratios);
        println!(
            "{:>14} {median:6.3} ns ({least:.3} … {most:.3})   {ratio:5.2} × floor ({low:.2} … {high:.2})",
            contestant.name()
        );
    }
}

fn per_stream_and_frame(taken: Duration, streams: usize) -> f64 {
    taken.as_secs_f64() * 1.0e9 / (BATCH_BLOCKS * BLOCK * streams) as f64
}

/// Least, median, most.
fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[0], values[values.len() / 2], values[values.len() - 1])
}
