//! Any calls on a session, its streams and its device.

use crate::{common::ms, op::Op, world::World};
use arbitrary::{Arbitrary, Result, Unstructured};
use codetta::{OnDeviceLoss, Shutdown};

/// Steps of one sequence: more of them only repeat.
const MOST: usize = 200;

/// The bytes are a sequence of calls; after each of them the account is true, and at the end everything is answered.
pub fn operations(bytes: &[u8]) {
    let mut bytes = Unstructured::new(bytes);
    let Ok(Ends { loses_for_good, is_offline, drains, restarts }) = bytes.arbitrary() else { return };
    let policy = if loses_for_good { OnDeviceLoss::Stop } else { OnDeviceLoss::Virtual };
    let mut world = World::new(policy, is_offline);
    world.act(&Op::Open { rate: 24_000, stereo: false, fade: 5, prebuffer: 20, credits: 4 });
    for _ in 0..MOST {
        if bytes.is_empty() {
            break;
        }
        let Ok(op) = op(&mut bytes) else { break };
        world.act(&op);
        world.assert_true();
    }
    let shutdown = drains.map_or(Shutdown::Discard, |within| Shutdown::Drain(ms(u64::from(within))));
    world.end(shutdown, restarts);
}

/// How a sequence begins and ends.
#[derive(Debug, Arbitrary)]
struct Ends {
    loses_for_good: bool,
    is_offline: bool,
    drains: Option<u8>,
    restarts: bool,
}

/// The next call: what is common has the most numbers.
fn op(bytes: &mut Unstructured<'_>) -> Result<Op> {
    let kind = bytes.int_in_range(0..=39)?;
    let i = usize::from(bytes.int_in_range(0..=3_u8)?);
    Ok(match kind {
        0 => Op::Open {
            rate: *bytes.choose(&[8_000, 24_000, 44_100, 48_000, 96_000, 192_000, 7, 0])?,
            stereo: bytes.arbitrary()?,
            fade: bytes.int_in_range(0..=20)?,
            prebuffer: bytes.int_in_range(0..=60)?,
            credits: bytes.int_in_range(0..=4)?,
        },
        1..=9 => Op::Write(i, bytes.int_in_range(0..=3_000)?),
        10 | 11 => Op::WriteBits(i, bytes.int_in_range(0..=300)?, bytes.arbitrary()?),
        12..=15 => Op::Flush(i),
        16 => Op::Begin(i, bytes.arbitrary()?),
        17 => Op::Clear(i),
        18 => Op::CloseWriter(i, bytes.arbitrary()?),
        19 => Op::DropWriter(i),
        20 => Op::Interrupt(i),
        21 => Op::Pause(i),
        22 => Op::Resume(i),
        23 => Op::Gain(i, bytes.arbitrary()?, bytes.int_in_range(0..=50)?),
        24 => Op::Pan(i, f32::from(bytes.int_in_range(-64..=64_i8)?) / 60.0, bytes.int_in_range(0..=50)?),
        25 => Op::StartAt(
            i,
            if bytes.arbitrary()? { bytes.arbitrary()? } else { bytes.int_in_range(0..=3_000)? },
        ),
        26 => Op::CloseStream(i, bytes.arbitrary()?),
        27 => Op::Drain(i, bytes.int_in_range(0..=200)?),
        28 => Op::DrainAll(bytes.int_in_range(0..=200)?),
        29 => Op::Block(*bytes.choose(&[1, 7, 64, 441, 480, 1_024, 8_192])?),
        30 => Op::Latency(if bytes.arbitrary()? { Some(bytes.int_in_range(0..=120)?) } else { None }),
        31 => Op::Jitter(bytes.int_in_range(0..=20)?),
        32 => Op::Rate(bytes.int_in_range(30_000..=60_000)?),
        33 => Op::Stall,
        34 => Op::Restart,
        35 => Op::Lose,
        _ => Op::Advance(bytes.int_in_range(0..=60)?),
    })
}
