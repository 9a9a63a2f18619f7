//! The judge of the mix: all contestants in turns in one process, and what each costs beside the floor of the same round.

use codetta_benches::{
    CodettaStreams, Contestant, FirewheelSamplers, Floor, OddioFrames, OddioStreams, Timing, compare,
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
        let mut contestants: [Box<dyn Contestant>; 5] = [
            Box::new(Floor::new(streams)),
            Box::new(CodettaStreams::new(streams)),
            Box::new(OddioFrames::new(streams)),
            Box::new(OddioStreams::new(streams)),
            Box::new(FirewheelSamplers::new(streams)),
        ];
        println!("\n{streams} streams");
        compare(Timing::default(), streams, rounds, &mut contestants);
    }
}
