//! The engine's tests of stream, session and renderer in one program: linking each of them for each mutant would be most
//! of the time.
//!
//! Not in here is a test that names a module by `crate::`, or counts allocations: there is one allocator a program.

#![allow(clippy::duplicate_mod, reason = "each of them has its `common`, as where it stands by itself")]

#[path = "../../tests/agent.rs"]
mod agent;
#[path = "../../tests/async_and_waiting.rs"]
mod async_and_waiting;
#[path = "../../tests/attention.rs"]
mod attention;
#[path = "../../tests/borders.rs"]
mod borders;
#[path = "../../tests/clicks.rs"]
mod clicks;
#[path = "../../tests/closing.rs"]
mod closing;
#[path = "../simulator/tests/cut_off.rs"]
mod cut_off;
#[path = "../simulator/tests/drained_in_the_midst.rs"]
mod drained_in_the_midst;
#[path = "../../tests/drains.rs"]
mod drains;
#[path = "../../tests/drains_and_loss.rs"]
mod drains_and_loss;
#[path = "../../tests/events.rs"]
mod events;
#[path = "../../tests/graph_clicks.rs"]
mod graph_clicks;
#[path = "../../tests/graph_edits.rs"]
mod graph_edits;
#[path = "../../tests/graph_guests.rs"]
mod graph_guests;
#[path = "../../tests/graph_inputs.rs"]
mod graph_inputs;
#[path = "../../tests/graph_params.rs"]
mod graph_params;
#[path = "../../tests/graph_replay.rs"]
mod graph_replay;
#[path = "../../tests/graph_running.rs"]
mod graph_running;
#[path = "../../tests/heard.rs"]
mod heard;
#[path = "../simulator/tests/in_the_midst.rs"]
mod in_the_midst;
#[path = "../../tests/loss.rs"]
mod loss;
#[path = "../../tests/lost_frames.rs"]
mod lost_frames;
#[path = "../simulator/tests/meanwhile.rs"]
mod meanwhile;
#[path = "../../tests/no_more_blocks.rs"]
mod no_more_blocks;
#[path = "../../tests/outcomes.rs"]
mod outcomes;
#[path = "../../tests/panicking_device.rs"]
mod panicking_device;
#[path = "../../tests/panicking_guests.rs"]
mod panicking_guests;
#[path = "../../tests/places.rs"]
mod places;
#[path = "../../tests/progress.rs"]
mod progress;
#[path = "../../tests/regressions.rs"]
mod regressions;
#[path = "../../tests/same_bits.rs"]
mod same_bits;
#[path = "../../tests/sequences.rs"]
mod sequences;
#[path = "../../tests/setting_up.rs"]
mod setting_up;
#[path = "../../tests/sound.rs"]
mod sound;
#[path = "../../tests/starving.rs"]
mod starving;
#[path = "../../tests/steering.rs"]
mod steering;
#[path = "../../tests/stuck_device.rs"]
mod stuck_device;
#[path = "../../tests/times.rs"]
mod times;
#[path = "../../tests/too_short.rs"]
mod too_short;
#[path = "../../tests/untaken.rs"]
mod untaken;
#[path = "../../tests/waking.rs"]
mod waking;
#[path = "../../tests/who_closes.rs"]
mod who_closes;
