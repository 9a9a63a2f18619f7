//! A comparison of engines that render different things is none.

use codetta_benches::{
    BATCH_BLOCKS, CodettaStreams, Contestant, FirewheelSamplers, Floor, OddioFrames, OddioStreams, Timing,
};

const STREAMS: usize = 16;

fn steady_block(contestant: &mut dyn Contestant) -> Vec<f32> {
    let mut timing = Timing::default();
    // Past fades at the start, past every ring's end.
    timing.blocks(contestant, 2 * BATCH_BLOCKS as u64 + 7);
    timing.last_block().to_vec()
}

/// Every contestant renders the mix that the floor renders, to within rounding: no stream missing, none without its gain.
#[test]
fn all_contestants_render_the_same_mix() {
    let expected = steady_block(&mut Floor::new(STREAMS));
    let others: [&mut dyn Contestant; 4] = [
        &mut CodettaStreams::new(STREAMS),
        &mut OddioFrames::new(STREAMS),
        &mut OddioStreams::new(STREAMS),
        &mut FirewheelSamplers::new(STREAMS),
    ];
    for contestant in others {
        let rendered = steady_block(contestant);
        let worst = expected.iter().zip(&rendered).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        // One stream alone reaches some 3e-4.
        assert!(worst < 2.0e-6, "{} is {worst:e} away from the floor", contestant.name());
    }
}
