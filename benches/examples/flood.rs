//! One load of the bench `flood`, for an instrument that counts: `flood [codetta|firewheel] LOAD BLOCK BLOCKS`.
//!
//! `benches/flood.sh` counts with it the instructions of each block.

use std::hint::black_box;

use codetta_benches::CHANNELS;
use codetta_benches::flood::{CodettaFlood, FirewheelFlood, Flooded, Load, Schedule};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [engine, load, block, blocks] = &arguments[..] else {
        panic!("flood codetta|firewheel quiet|edits|commands|both BLOCK BLOCKS");
    };
    let load = Load::ALL.into_iter().find(|known| known.name() == load).expect("a load");
    let block = block.parse().expect("frames a block");
    let mut flooded: Box<dyn Flooded> = match engine.as_str() {
        "firewheel" => Box::new(FirewheelFlood::new(block)),
        _ => Box::new(CodettaFlood::new(block)),
    };
    let mut schedule = Schedule::new(load, block);
    let mut out = vec![0.0; block * CHANNELS];
    for _ in 0..blocks.parse().expect("how many blocks") {
        schedule.turn(&mut *flooded);
        audio_block(&mut *flooded, &mut out);
        black_box(&mut out);
    }
}

/// The audio thread's work alone: what is counted is found by this name.
#[inline(never)]
fn audio_block(flooded: &mut dyn Flooded, out: &mut [f32]) {
    flooded.render(out);
}
