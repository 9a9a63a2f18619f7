//! What a stream and an idle session take: bytes for one default stream, and the share of a core for a session that does
//! nothing.
//!
//! `cargo run --release -p codetta-benches --example footprint`

use std::alloc::System;
use std::time::Duration;

use codetta::{Command, Output, Session, StreamConfig};
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};

#[global_allocator]
static COUNTING: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// So many that what the first of them brings for all is lost in the mean.
const STREAMS: usize = 32;

fn main() {
    println!("bytes of one default stream");
    for (rate, channels) in [(48_000, 2), (48_000, 1), (44_100, 2), (24_000, 1), (16_000, 1)] {
        println!("  {rate:>6} Hz, {channels} channels: {:>8}", bytes(StreamConfig::new(rate, channels)));
    }
    #[cfg(unix)]
    idle::report();
}

/// Allocated and kept by one stream of a 48 kHz stereo session, all its handles included.
fn bytes(config: StreamConfig) -> usize {
    let (session, _offline) =
        Session::builder().max_streams(STREAMS).offline().expect("an offline session needs no device");
    let region = Region::new(COUNTING);
    let streams: Vec<_> =
        (0..STREAMS).map(|_| session.stream(config).expect("streams up to the maximum")).collect();
    let change = region.change();
    drop(streams);
    (change.bytes_allocated - change.bytes_deallocated) / STREAMS
}

#[cfg(unix)]
mod idle {
    use super::{Command, Duration, Output, Session, StreamConfig};
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;

    const WATCHED: Duration = Duration::from_secs(5);

    pub fn report() {
        println!("share of one core, over {} s, all threads", WATCHED.as_secs());
        let session =
            Session::builder().output(Output::Virtual).start().expect("a virtual device always starts");
        println!("  virtual device, no stream:         {:.3} %", share());
        let (_writer, stream) = session.stream(StreamConfig::new(48_000, 2)).expect("the first stream");
        assert_eq!(stream.pause(), Command::Accepted, "the session is open");
        println!("  virtual device, one paused stream: {:.3} %", share());
        drop(session);
        let (_session, _host) = Session::builder().host().expect("a host session needs no device");
        println!("  control thread alone (host):       {:.3} %", share());
    }

    /// The processor's time that this process takes while nobody asks anything of it, in percent.
    fn share() -> f64 {
        // Starting is not idling.
        std::thread::sleep(Duration::from_millis(500));
        let before = used();
        std::thread::sleep(WATCHED);
        (used() - before) / WATCHED.as_secs_f64() * 100.0
    }

    /// Seconds of processor time, user's and system's.
    fn used() -> f64 {
        let usage = getrusage(UsageWho::RUSAGE_SELF).expect("asking for oneself is always allowed");
        (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1.0e6
    }
}
