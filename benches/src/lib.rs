//! What Codetta is compared with, and how it is timed.
//!
//! Each [`Contestant`] mixes the same streams with the same gains: 48 kHz, stereo, `f32`, blocks of 128 frames; those of
//! [`graph`] render the same thousand nodes; [`flood`] asks what a block costs while edits and commands arrive. `benches/README.md` says what is compared and what is left out.

// A hundred nested gains of oddio are a type that deep, and more.
#![recursion_limit = "512"]

mod aligned;
mod comparison;
mod contestant;
mod firewheel_engine;
pub mod flood;
mod floor;
pub mod graph;
mod material;
mod peer_firewheel;
mod peer_oddio;
mod subject;
mod timing;

pub use comparison::compare;
pub use contestant::Contestant;
pub use floor::Floor;
pub use material::{BATCH_BLOCKS, BLOCK, BUFFER_FRAMES, CHANNELS, RATE, gain_db, signal};
pub use peer_firewheel::FirewheelSamplers;
pub use peer_oddio::{OddioFrames, OddioStreams};
pub use subject::CodettaStreams;
pub use timing::{Timing, now};
