//! Streams: one source of PCM each, pushed by one producer, answered for segment by segment.
//!
//! | file | side | idea |
//! |---|---|---|
//! | `writer`, `waiting` | producer | [`Writer`]: takes PCM, marks segments; waits for room where asked to |
//! | `producer` | producer, or control in its stead | converter and rings, behind the lifecycle word |
//! | `handle` | any thread | [`Stream`]: interrupt, pause, gain, close, positions |
//! | `drain` | any thread, control | a fence over what was accepted before it |
//! | `commands` | any thread → audio | the ordered queue of commands |
//! | `lifecycle` | all | the one word in which they meet |
//! | `sentinel` | producer → audio | where segments begin and end |
//! | `reader` | audio thread | mixes, fades, settles |
//! | `settlement` | audio → control | what became of a segment |
//! | `segment`, `outcome` | any thread | the ticket, and the answer |

mod answers;
pub(crate) mod commands;
mod config;
mod counters;
pub(crate) mod drain;
mod handle;
pub(crate) mod lifecycle;
#[cfg(all(test, loom))]
mod models;
mod outcome;
mod producer;
pub(crate) mod reader;
mod segment;
mod sentinel;
mod settlement;
pub(crate) mod shared;
mod waiting;
mod writer;

pub use answers::{Clear, Close, Closed, Command, Flush, Interrupt, Rejection, Write, WriteState};
pub use config::{StreamConfig, StreamError, StreamId};
pub use counters::{Late, StreamStats};
pub(crate) use counters::{LateCounters, count};
pub use drain::{Drain, Drained};
pub use handle::{Position, Stream};
pub use outcome::{End, Outcome};
pub(crate) use producer::Half;
pub use segment::Segment;
pub(crate) use segment::Ticket;
pub(crate) use settlement::Settlement;
pub use writer::Writer;
