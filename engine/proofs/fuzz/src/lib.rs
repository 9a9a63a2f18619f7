//! Fuzz targets: each takes any bytes, and panics where something does not hold that should hold of all of them.
//!
//! What makes a fuzzer of each is in `fuzz_targets/`. `scripts/proofs/fuzz.sh` builds and runs them, and `cargo fuzz` can.
//! Inputs to begin with, and all that was ever found, are in `corpus/`.

// What the proptests of the engine are made of.
#[path = "../../../tests/graph_fuzz/handle.rs"]
mod handle;
#[path = "../../../tests/fuzz_steps/op.rs"]
mod op;
#[path = "../../../tests/graph_fuzz/tally.rs"]
mod tally;
#[path = "../../../tests/fuzz_steps/time.rs"]
mod time;
#[path = "../../../tests/common/truth.rs"]
mod truth;
#[path = "../../../tests/fuzz_steps/voice.rs"]
mod voice;
#[path = "../../../tests/fuzz_steps/world.rs"]
mod world;

// The player's decoders: a module, for a library of the player would bring its terminal with it, to be built twice as slowly.
#[allow(dead_code, unused_imports, reason = "the player uses the rest")]
#[path = "../../../../examples/player/src/decode/mod.rs"]
mod player;

mod command_log;
mod common;
mod decode;
mod graph;
mod operations;
mod raw_pcm;
mod wav;

pub use command_log::command_log;
pub use decode::decode;
pub use graph::graph;
pub use operations::operations;
pub use raw_pcm::raw_pcm;
pub use wav::wav;
