//! What a seed's session is like. Each leaves out much: what is rare among everything is common where little else happens.

use crate::dice::Dice;
use codetta::OnDeviceLoss;
use std::time::Duration;

/// How a session is set up, and what is done to it.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The engine's rate, in Hz.
    pub rate: u32,
    /// The output's channels.
    pub channels: usize,
    /// Two lanes a channel.
    pub split: bool,
    /// The streams' fade; zero is heard sample by sample.
    pub fade: Duration,
    /// The streams go through a gain of one.
    pub graph: bool,
    /// When the end is asked for.
    pub length: Duration,
    /// What follows a loss.
    pub on_loss: OnDeviceLoss,
    /// When silence is a loss.
    pub heartbeat: Duration,
    /// Streams at a time.
    pub max_streams: usize,
    /// Commands between two blocks.
    pub max_commands: usize,
    /// Operations on shared state between two interruptions of somebody by others, about; none if zero.
    pub pauses: u64,
    /// How often each thing is done: see [`crate::world`].
    pub hands: [u32; 12],
    /// The same, of faults.
    pub faults: [u32; 12],
    /// The same, of producers.
    pub producers: [u32; 8],
    /// Time between two hands' turns.
    pub hands_every: Duration,
    /// Time between two faults.
    pub faults_every: Duration,
    /// Frames of the first blocks.
    pub block: usize,
    /// The device's latency at first.
    pub latency: Option<Duration>,
}

impl Plan {
    /// The plan of a seed.
    pub fn new(dice: &mut Dice) -> Self {
        let rate = dice.one_of(&[8_000, 8_000, 16_000, 24_000, 44_100, 48_000]);
        let fade = if dice.once_in(4) { dice.micros(200, 20_000) } else { Duration::ZERO };
        let policies =
            [OnDeviceLoss::Rebuild, OnDeviceLoss::RebuildOrStop, OnDeviceLoss::Virtual, OnDeviceLoss::Stop];
        let graph = dice.once_in(3);
        let pauses = if dice.once_in(2) { 0 } else { dice.spread(20, 5_000) };
        Self {
            rate,
            channels: dice.one_of(&[1, 2, 2, 2, 2, 3, 8]),
            split: fade.is_zero() && dice.once_in(2),
            fade,
            graph,
            length: dice.micros(100_000, 60_000_000),
            on_loss: dice.one_of(&policies),
            heartbeat: dice.micros(30_000, 3_000_000),
            max_streams: dice.spread(1, 12) as usize,
            max_commands: dice.spread(16, 200) as usize,
            pauses,
            hands: some(dice),
            faults: some(dice),
            producers: some(dice),
            hands_every: dice.micros(2_000, 2_000_000),
            faults_every: if dice.once_in(5) { Duration::MAX } else { dice.micros(20_000, 10_000_000) },
            block: dice.one_of(&[64, 128, 160, 441, 480, 512, 960, 1_024, 2_048]),
            latency: if dice.once_in(2) { None } else { Some(dice.micros(0, 300_000)) },
        }
    }
}

/// Weights of which about a third are zero.
fn some<const N: usize>(dice: &mut Dice) -> [u32; N] {
    let mut weights = [0; N];
    for weight in &mut weights {
        *weight = dice.one_of(&[0, 0, 1, 3, 10, 30]);
    }
    // Something can always be done.
    weights[0] = weights[0].max(3);
    weights
}
