//! Contestants in turns, and what each costs beside the first of them in the same round.
//!
//! A machine's speed wanders by tens of percent within minutes. Whatever slows one round slows all of its contestants, so
//! the ratio within a round stands where times do not.

use crate::{BATCH_BLOCKS, Contestant, Timing};

/// Lets `contestants` render a batch each, one after the other, for `rounds` rounds; prints the nanoseconds that each takes
/// for a frame of one of its `nodes`, and the ratio to the first of them: the floor.
pub fn compare(mut timing: Timing, nodes: usize, rounds: usize, contestants: &mut [Box<dyn Contestant>]) {
    let work = (BATCH_BLOCKS * timing.block() * nodes) as f64;
    let mut costs = vec![Vec::with_capacity(rounds); contestants.len()];
    // The first round only warms.
    for round in 0..=rounds {
        for (contestant, costs) in contestants.iter_mut().zip(&mut costs) {
            let taken = timing.blocks(&mut **contestant, BATCH_BLOCKS as u64);
            if round > 0 {
                costs.push(taken.as_secs_f64() * 1.0e9 / work);
            }
        }
    }
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

/// Least, median, most.
fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (values[0], values[values.len() / 2], values[values.len() - 1])
}
