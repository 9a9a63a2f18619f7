//! The judge of the graph: all contestants in turns in one process, and what each costs beside the floor of the same round.
//!
//! A word after `--` is a filter: `chain`, `tree/64`.

use codetta_benches::{Timing, compare, graph};

const ROUNDS: usize = 15;

fn main() {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let filters: Vec<_> = arguments.iter().filter(|a| !a.starts_with('-')).collect();
    // `cargo test --benches` only asks whether it starts.
    let timed = arguments.iter().any(|a| a == "--bench");
    let (blocks, rounds) = if timed { (&graph::BLOCKS[..], ROUNDS) } else { (&[64][..], 1) };
    println!(
        "ns a node and frame: median of {rounds} rounds (least … most); × floor: median of the rounds' ratios"
    );
    for shape in graph::Shape::ALL {
        for &block in blocks {
            let title = format!("graph/{}/{block}", shape.name());
            if !filters.is_empty() && !filters.iter().any(|f| title.contains(f.as_str())) {
                continue;
            }
            println!("\n{title}: {} nodes, blocks of {block} frames", shape.nodes());
            compare(Timing::of(block), shape.nodes(), rounds, &mut shape.contestants(block));
        }
    }
}
