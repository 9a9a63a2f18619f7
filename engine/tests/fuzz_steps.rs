//! Any sequence of calls on a device that stalls, jitters and is lost: after every one of them the account is true.
//!
//! Single-threaded and on simulated time, so that a failing sequence shrinks and fails again. The fuzz target `operations`
//! makes its sequences from bytes, and holds them to the same.

mod common;
#[path = "fuzz_steps/op.rs"]
mod op;
#[path = "fuzz_steps/time.rs"]
mod time;
#[path = "fuzz_steps/voice.rs"]
mod voice;
#[path = "fuzz_steps/world.rs"]
mod world;

use codetta::{OnDeviceLoss, Shutdown};
use common::{cases, ms};
use op::Op;
use proptest::prelude::*;
use world::World;

fn op() -> impl Strategy<Value = Op> {
    let which = 0..4_usize;
    let rate = prop::sample::select(vec![8_000, 24_000, 44_100, 48_000, 96_000]);
    let open = (rate, any::<bool>(), 0..20_u64, 0..60_u64, 1..5_usize);
    prop_oneof![
        2 => open.prop_map(|(rate, stereo, fade, prebuffer, credits)| Op::Open { rate, stereo, fade, prebuffer, credits }),
        10 => (which.clone(), 0..3_000_usize).prop_map(|(i, n)| Op::Write(i, n)),
        2 => (which.clone(), 0..300_usize, any::<u32>()).prop_map(|(i, n, bits)| Op::WriteBits(i, n, bits)),
        6 => which.clone().prop_map(Op::Flush),
        1 => (which.clone(), any::<u64>()).prop_map(|(i, tag)| Op::Begin(i, tag)),
        2 => which.clone().prop_map(Op::Clear),
        1 => (which.clone(), any::<bool>()).prop_map(|(i, drain)| Op::CloseWriter(i, drain)),
        1 => which.clone().prop_map(Op::DropWriter),
        3 => which.clone().prop_map(Op::Interrupt),
        2 => which.clone().prop_map(Op::Pause),
        2 => which.clone().prop_map(Op::Resume),
        1 => (which.clone(), -60.0..20.0_f32, 0..50_u64).prop_map(|(i, db, ramp)| Op::Gain(i, db, ramp)),
        1 => (which.clone(), -1.2..1.2_f32, 0..50_u64).prop_map(|(i, pan, ramp)| Op::Pan(i, pan, ramp)),
        1 => (which.clone(), 0..3_000_u64).prop_map(|(i, frames)| Op::StartAt(i, frames)),
        1 => (which.clone(), any::<bool>()).prop_map(|(i, drain)| Op::CloseStream(i, drain)),
        1 => (which, 0..200_u64).prop_map(|(i, within)| Op::Drain(i, within)),
        1 => (0..200_u64).prop_map(Op::DrainAll),
        12 => (0..60_u64).prop_map(Op::Advance),
        1 => prop::sample::select(vec![1, 7, 64, 441, 480, 1_024, 8_192]).prop_map(Op::Block),
        1 => prop::option::of(0..120_u64).prop_map(Op::Latency),
        1 => (0..20_u64).prop_map(Op::Jitter),
        1 => (30_000..60_000_u32).prop_map(Op::Rate),
        1 => Just(Op::Stall),
        2 => Just(Op::Restart),
        1 => Just(Op::Lose),
    ]
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn after_any_sequence_the_account_is_true(
        ops in prop::collection::vec(op(), 1..120),
        policy in prop::sample::select(vec![OnDeviceLoss::Virtual, OnDeviceLoss::Stop]),
        within in prop::option::of(0..300_u64),
        restart in any::<bool>(),
        is_offline in prop::bool::weighted(0.2),
    ) {
        let mut world = World::new(policy, is_offline);
        world.act(&Op::Open { rate: 24_000, stereo: false, fade: 5, prebuffer: 20, credits: 4 });
        for op in &ops {
            world.act(op);
            world.assert_true();
        }
        world.end(within.map_or(Shutdown::Discard, |within| Shutdown::Drain(ms(within))), restart);
    }
}
