//! What arrives in which block: the same each time.

use super::{Flooded, NODES};
use crate::RATE;

/// Edits a second.
const EDITS: u64 = 1_000;
/// Parameter commands a second.
const COMMANDS: u64 = 100_000;

/// What arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Load {
    /// Nothing.
    Quiet,
    /// A thousand edits a second.
    Edits,
    /// A hundred thousand parameter commands a second: every other one for a frame within the block, the rest for now.
    Commands,
    /// Edits and commands.
    Both,
}

impl Load {
    /// All; the quiet one first.
    pub const ALL: [Self; 4] = [Self::Quiet, Self::Edits, Self::Commands, Self::Both];

    /// Its name in the figures.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quiet => "quiet",
            Self::Edits => "edits",
            Self::Commands => "commands",
            Self::Both => "both",
        }
    }
}

/// How much arrived before a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Turn {
    /// Edits.
    pub edits: u64,
    /// Parameter commands.
    pub commands: u64,
}

/// What is still to arrive, spread evenly over blocks of one size.
#[derive(Clone, Copy, Debug)]
pub struct Schedule {
    load: Load,
    block: u64,
    frame: u64,
}

impl Schedule {
    /// From the start, for blocks of `block` frames.
    pub fn new(load: Load, block: usize) -> Self {
        Self { load, block: block as u64, frame: 0 }
    }

    /// Does to `flooded` what arrives before its next block.
    pub fn turn(&mut self, flooded: &mut dyn Flooded) -> Turn {
        let (from, to) = (self.frame, self.frame + self.block);
        self.frame = to;
        let due = |a_second: u64| (from * a_second / u64::from(RATE))..(to * a_second / u64::from(RATE));
        let mut turn = Turn::default();
        if matches!(self.load, Load::Edits | Load::Both) {
            for number in due(EDITS) {
                flooded.edit(number);
                turn.edits += 1;
            }
        }
        if matches!(self.load, Load::Commands | Load::Both) {
            let due = due(COMMANDS);
            let count = due.end - due.start;
            for number in due {
                let frames = turn.commands * self.block / count;
                // A node has both kinds by turns.
                let is_timed = (number + number / NODES) % 2 == 1;
                flooded.tell(number, is_timed.then_some(frames));
                turn.commands += 1;
            }
        }
        flooded.step();
        turn
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graph::BLOCKS;

    /// What arrived.
    #[derive(Default)]
    struct Counted {
        edits: u64,
        now: u64,
        timed: Vec<u64>,
    }

    impl Flooded for Counted {
        fn name(&self) -> &'static str {
            "counted"
        }

        fn edit(&mut self, number: u64) {
            assert_eq!(number, self.edits);
            self.edits += 1;
        }

        fn tell(&mut self, _: u64, frames: Option<u64>) {
            self.now += u64::from(frames.is_none());
            self.timed.extend(frames);
        }

        fn step(&mut self) {}

        fn render(&mut self, _: &mut [f32]) {}
    }

    /// A second brings what it is to bring, whatever the block; half of the commands within it, none behind it.
    #[test]
    fn a_second_is_a_second() {
        for block in BLOCKS {
            let (mut counted, mut schedule) = (Counted::default(), Schedule::new(Load::Both, block));
            let turns: Vec<_> = (0..RATE as usize / block).map(|_| schedule.turn(&mut counted)).collect();
            let commands = counted.now + counted.timed.len() as u64;
            assert_eq!((counted.edits, commands), (EDITS, COMMANDS), "{block}");
            assert!(counted.now.abs_diff(COMMANDS / 2) < NODES, "{block}");
            assert!(counted.timed.iter().all(|frame| *frame < block as u64), "{block}");
            let spread = |count: fn(&Turn) -> u64| {
                turns.iter().map(count).max().unwrap_or(0) - turns.iter().map(count).min().unwrap_or(0)
            };
            assert!(spread(|turn| turn.edits) <= 1 && spread(|turn| turn.commands) <= 1, "{block}");
        }
    }
}
