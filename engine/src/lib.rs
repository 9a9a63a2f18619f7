//! A lock-free real-time audio engine for sound that *arrives*, which answers for every segment what was heard.
//!
//! - Make a session: [`Session::builder`], on a sound card, on the virtual device, into a file, on a [`device::Device`] of your
//!   own, in your own callback ([`HostRenderer`]), [`Offline`], or [`Stepped`] for tests.
//! - Push sound: [`Session::stream`] gives a [`Writer`] (the one producer) and a [`Stream`] (the control handle).
//! - Mark where a segment ends: [`Writer::flush`] gives a [`Segment`], which is answered exactly once with an
//!   [`Outcome`].
//! - Stop: [`Writer::clear`], [`Stream::interrupt`], [`Stream::pause`], [`Writer::close`].
//! - Wait, with a deadline: [`Session::drain`], [`Segment::wait`]; or await them.
//! - Change the sound on its way: [`Session::graph`], with the processors in [`nodes`] and your own.
//! - End: [`Session::shutdown`] gives the [`Report`], whose [`Ledger`] balances.
//!
//! Nothing that comes too late is an error: a flush after a close is answered as a value, and counted in [`Late`].
//!
//! ```
//! use codetta::{End, Output, Session, Shutdown, StreamConfig};
//! use std::time::Duration;
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let session = Session::builder().output(Output::Virtual).start()?;
//! let (mut writer, stream) = session.stream(StreamConfig::new(24_000, 1))?;
//!
//! let speech = vec![0_i16; 4_800];
//! let _ = writer.write_all(&speech, Duration::from_secs(1));
//! let segment = writer.flush().accepted().ok_or("something was written")?;
//!
//! let outcome = segment.wait(Duration::from_secs(2)).ok_or("200 ms are over by now")?;
//! assert_eq!((outcome.end, outcome.played), (End::Played, 4_800));
//!
//! let report = session.shutdown(Shutdown::Drain(Duration::from_secs(1)));
//! assert!(report.ledger.balances());
//! # Ok(())
//! # }
//! ```
//!
//! # Features
//! - `cpal`: sound cards. On Linux this needs the ALSA headers.
//! - `serde`: reports, outcomes and ledgers serialise.
//! - `loudness`: a meter of loudness after ITU-R BS.1770 and EBU R 128 (the crate `ebur128`).
//! - `fundsp`: any unit of the crate `fundsp` as a processor of the graph.
//! - `rt-alloc`, `rt-san`, `rt-trap`: for tests, one at a time: what must not be done in a block ends the process.

#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

#[cfg(doctest)]
#[doc = include_str!("../../docs/graph.md")]
struct TheGraph;

mod bell;
mod clock;
mod convert;
pub mod device;
pub mod graph;
mod guests;
mod log;
#[cfg(all(test, loom))]
mod models;
pub mod nodes;
mod prefetch;
mod promise;
mod render;
#[cfg(feature = "serde")]
mod seconds;
mod session;
#[cfg(feature = "simulation")]
pub mod simulation;
mod stream;
mod sync;

pub use convert::{ConvertError, Sample};
pub use device::{DeviceInfo, DeviceKind, WavFormat};
pub use log::{CommandLog, LogError};
pub use render::observed::{Histogram, Levels};
pub use session::{
    Closing, DeviceChange, Event, Events, HostRenderer, Ledger, Offline, OnDeviceLoss, Output, Replay,
    ReplayError, Report, Session, SessionBuilder, SessionError, Shutdown, Stepped, SteppedControl,
    SteppedDevice, Underruns,
};
pub use stream::{
    Clear, Close, Closed, Command, Drain, Drained, End, Flush, Interrupt, Late, Outcome, Position, Rejection,
    Segment, Stream, StreamConfig, StreamError, StreamId, StreamStats, Write, WriteState, Writer,
};
