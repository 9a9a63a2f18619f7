//! What holds of every node: the same bits however its frames are cut into calls, and nothing allocated in them.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use crate::counted_node::Counted;
use codetta::graph::{Curve, Factor, ParamSpec, Processor, Setup, Solo, TriggerSpec};

/// Something that happens to a node between two frames.
#[derive(Debug, Clone, Copy)]
pub enum Step {
    /// A parameter turns to what processors see of a value.
    Turn { index: u32, to: f32, frames: u32, curve: Curve },
    /// A trigger, with its value.
    Fire(u32, f32),
    /// It has slept.
    Reset,
}

pub fn turn(index: u32, to: f32, frames: u32, curve: Curve) -> Step {
    Step::Turn { index, to, frames, curve }
}

const FRAMES: usize = 6_001;

/// Runs the node with the steps at their frames (in order), in calls of many lengths.
pub fn same_in_any_call<P: Processor>(make: impl Fn() -> P, inputs: usize, steps: &[(usize, Step)]) {
    let whole = run(make(), inputs, steps, 512);
    assert!(whole.iter().flatten().any(|sample| *sample != 0.0), "it is heard");
    for block in [1, 7, 64, 128, 441, 480] {
        let cut = run(make(), inputs, steps, block);
        for (whole, cut) in whole.iter().zip(&cut) {
            let differs = whole.iter().zip(cut).position(|(a, b)| a.to_bits() != b.to_bits());
            assert_eq!(differs, None, "in calls of {block}");
        }
    }
}

fn run<P: Processor>(node: P, inputs: usize, steps: &[(usize, Step)], block: usize) -> Vec<Vec<f32>> {
    let input = noise(inputs);
    let mut solo = Solo::new(Counted::new(node), Setup::new(48_000, 2));
    solo.set_block(block);
    let mut out: Vec<Vec<f32>> = Vec::new();
    let mut from = 0;
    let end = (FRAMES, None);
    for (until, step) in steps.iter().map(|(frame, step)| (*frame, Some(*step))).chain([end]) {
        let piece: Vec<Vec<f32>> = input.iter().map(|channel| channel[from..until].to_vec()).collect();
        let piece = if inputs == 0 { solo.render(until - from) } else { solo.process(&piece) };
        out.resize(piece.len(), Vec::new());
        out.iter_mut().zip(piece).for_each(|(out, piece)| out.extend(piece));
        from = until;
        match step {
            Some(Step::Turn { index, to, frames, curve }) => {
                let spec = ParamSpec::<Counted<P>, Factor>::new(index, "", (0.0, 0.0), 0.0);
                solo.ramp_to(spec, Factor(to), frames, curve);
            }
            Some(Step::Fire(index, value)) => solo.trigger(TriggerSpec::new(index, ""), value),
            Some(Step::Reset) => solo.reset(),
            None => {}
        }
    }
    out
}

/// So many channels, none like another.
pub fn noise(channels: usize) -> Vec<Vec<f32>> {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..channels).map(|_| (0..FRAMES).map(|_| next()).collect()).collect()
}
