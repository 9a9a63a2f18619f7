//! A graph of two hundred nodes, and what arrives while it plays: edits, and commands to its parameters.
//!
//! Eight groups of eight voices, each a looped sound, a gain and a low pass; a bus for each group, one for all, and a
//! limiter: 202 nodes. An edit is one of a round of four: an effect is put in behind a voice's filter, moved to another
//! bus, moved back, and taken out again.

mod firewheel;
mod schedule;
mod subject;

pub use firewheel::FirewheelFlood;
pub use schedule::{Load, Schedule, Turn};
pub use subject::CodettaFlood;

/// Buses.
const GROUPS: usize = 8;
/// Sounds of one bus.
const VOICES: usize = 8;
/// Nodes that are told something: a sound, a gain and a filter for each voice.
const NODES: u64 = 3 * (GROUPS * VOICES) as u64;
/// Frames until what the graph began with has faded in, and everything in it is awake.
const SETTLED: u64 = 9_600;

/// An engine with the graph.
pub trait Flooded {
    /// Its name in the figures.
    fn name(&self) -> &'static str;

    /// Makes edit number `number`, alone. Control's work.
    fn edit(&mut self, number: u64);

    /// Sends parameter command number `number`: for the start of the next block, or so many frames into it.
    fn tell(&mut self, number: u64, frames: Option<u64>);

    /// Control's other work: it sends what has to be sent and frees what came home.
    fn step(&mut self);

    /// Renders a block into `out`, interleaved: the audio thread's work, and all that is measured.
    fn render(&mut self, out: &mut [f32]);
}

/// Edit number `number` of the rounds: which group and voice, and which of a round's four.
fn edit_at(number: u64) -> (usize, usize, u64) {
    let round = number / 4;
    let (groups, voices) = (GROUPS as u64, VOICES as u64);
    ((round % groups) as usize, (round / groups % voices) as usize, number % 4)
}

/// What command number `number` is for: which group, voice and stage of it.
fn command_at(number: u64) -> (usize, usize, u64) {
    let (groups, voices) = (GROUPS as u64, VOICES as u64);
    // Prime to the number of nodes: all have their turn, neighbours far apart in time.
    let node = number * 85 % NODES;
    ((node % groups) as usize, (node / groups % voices) as usize, node / groups / voices)
}

/// A level for command number `number`, in dB.
fn level_at(number: u64) -> f32 {
    -3.0 - (number * 37 % 100) as f32 / 10.0
}

/// A cut-off for command number `number`, in Hz.
fn cut_off_at(number: u64) -> f32 {
    500.0 + (number * 61 % 8_000) as f32
}
