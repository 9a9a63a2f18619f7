//! A comparison of engines that render different graphs is none.

use codetta_benches::graph::{BLOCKS, Shape};
use codetta_benches::{Contestant, Timing};

/// Far beyond what engines start with, and past every loop's end, at a different place of the loop for each block.
const BLOCKS_BEFORE: u64 = 71;

fn steady_block(contestant: &mut dyn Contestant, block: usize) -> Vec<f32> {
    let mut timing = Timing::of(block);
    timing.blocks(contestant, BLOCKS_BEFORE);
    timing.last_block().to_vec()
}

/// How far the worst sample of any contestant is from the floor's, beside the floor's largest.
fn compare(shape: Shape, within: f32) {
    for block in BLOCKS {
        let mut all = shape.contestants(block).into_iter();
        let expected = steady_block(&mut *all.next().expect("the floor"), block);
        let peak = expected.iter().fold(0.0, |peak: f32, s| peak.max(s.abs()));
        assert!(peak > 1.0e-5, "the floor renders something");
        for mut contestant in all {
            let rendered = steady_block(&mut *contestant, block);
            let worst = expected.iter().zip(&rendered).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max) / peak;
            let name = contestant.name();
            assert!(worst < within, "{name} at {block}: {worst:e} of the peak away from the floor");
        }
    }
}

/// Every contestant has every gain: the smallest of them alone changes the signal by 1.1e-3.
#[test]
fn all_contestants_render_the_same_chain() {
    compare(Shape::Chain, 3.0e-4);
}

/// Every contestant sums every leaf, once: one leaf of a thousand is some 5e-3 of the sum's peak.
#[test]
fn all_contestants_render_the_same_tree() {
    compare(Shape::Tree, 1.0e-5);
}
