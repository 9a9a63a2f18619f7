//! What the contract tests share: an offline rig, signals whose every sample is known, and what holds of any report.

#![allow(dead_code, reason = "each test binary uses a part of it")]

mod alarm;
mod truth;

#[allow(unused_imports, reason = "each test binary uses a part of it")]
pub use alarm::{Alarm, poll};
use codetta::{Offline, Report, Segment, Session, SessionBuilder, Shutdown, Stream, StreamConfig, Writer};
use std::time::Duration;
#[allow(unused_imports, reason = "each test binary uses a part of it")]
pub use truth::{assert_balanced, assert_truthful};

/// Engine rate of every rig here.
pub const RATE: u32 = 48_000;

pub const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A mono stream at the engine's rate, whose fades are steps: every frame is heard as written.
pub fn plain() -> StreamConfig {
    StreamConfig::new(RATE, 1).fade(Duration::ZERO).buffer(Duration::from_secs(2))
}

/// A mono stream at the engine's rate with the default fade of 240 frames.
pub fn faded() -> StreamConfig {
    StreamConfig::new(RATE, 1).buffer(Duration::from_secs(2))
}

/// The frames of the default fade at the engine's rate.
pub const FADE: u64 = 240;

/// A session that is rendered by hand, without threads or clocks.
pub struct Rig {
    pub session: Session,
    pub offline: Offline,
    channels: usize,
}

impl Rig {
    pub fn new() -> Self {
        Self::with(Session::builder())
    }

    /// Of a session of one channel: what is heard is the stream's samples.
    pub fn mono() -> Self {
        Self::with(Session::builder().channels(1))
    }

    pub fn with(builder: SessionBuilder) -> Self {
        let (session, offline) = builder.sample_rate(RATE).offline().expect("a valid format");
        let channels = session.channels();
        Self { session, offline, channels }
    }

    pub fn stream(&self, config: StreamConfig) -> (Writer, Stream) {
        self.session.stream(config).expect("there is room for another")
    }

    /// Renders one block, and lets control step.
    pub fn render(&mut self, frames: usize) -> Vec<f32> {
        let mut out = vec![f32::NAN; frames * self.channels];
        self.offline.render(&mut out);
        out
    }

    /// Renders blocks of `block` frames, the last one shorter.
    pub fn render_in(&mut self, frames: usize, block: usize) -> Vec<f32> {
        let mut out = Vec::new();
        let mut left = frames;
        while left > 0 {
            let now = left.min(block);
            out.extend(self.render(now));
            left -= now;
        }
        out
    }

    /// Ends the session, and renders until it has ended.
    pub fn end(&mut self, shutdown: Shutdown) -> Report {
        let closing = self.session.begin_shutdown(shutdown);
        self.offline.step();
        for _ in 0..10_000 {
            if let Some(report) = closing.poll() {
                assert_truthful(&report);
                return report;
            }
            self.render(480);
        }
        panic!("100 s have been rendered, and the session is not over");
    }
}

/// Writes all of it at once, and flushes: the segment must be accepted.
pub fn say(writer: &mut Writer, samples: &[f32]) -> Segment {
    put(writer, samples);
    writer.flush().accepted().expect("something was written")
}

/// Writes all of it at once: there must be room.
pub fn put(writer: &mut Writer, samples: &[f32]) {
    let write = writer.write(samples);
    assert_eq!((write.frames, write.state), (samples.len(), codetta::WriteState::Open));
}

/// Samples `from`, `from + 1` …, as numbers that f32 tells apart and none of which is zero.
pub fn numbered(from: usize, frames: usize) -> Vec<f32> {
    (from..from + frames).map(|n| (n + 1) as f32 / (1 << 20) as f32).collect()
}

/// A sine of 100 Hz and amplitude 0.5 that begins at zero; 480 frames are a period.
pub fn sine(frames: usize) -> Vec<f32> {
    (0..frames).map(|n| 0.5 * (std::f32::consts::TAU * (n % 480) as f32 / 480.0).sin()).collect()
}

/// The largest step between neighbours, silence before the first.
pub fn largest_step(mono: &[f32]) -> f32 {
    let before = std::iter::once(&0.0).chain(mono);
    before.zip(mono).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max)
}

/// What [`sine`] steps by itself (0.0066) and what two fades of 240 frames at full level add (0.0021 each).
pub const NO_CLICK: f32 = 0.0066 + 2.0 * 0.0022;

/// Frames that are not silent, in order.
pub fn heard(mono: &[f32]) -> Vec<f32> {
    mono.iter().copied().filter(|sample| *sample != 0.0).collect()
}

/// As many cases as `PROPTEST_CASES` says, or `default`. What fails is printed, not kept.
pub fn cases(default: u32) -> proptest::test_runner::Config {
    let config = proptest::test_runner::Config::default();
    let asked = std::env::var_os("PROPTEST_CASES").is_some();
    let cases = if asked { config.cases } else { default };
    proptest::test_runner::Config { cases, failure_persistence: None, ..config }
}
