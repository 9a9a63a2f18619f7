//! The session that is rendered: blocks out, until the music has faded.

use std::time::Duration;

use codetta::device::DeviceInfo;
use codetta::{Event, Events, Offline, Report, Session, Shutdown};

use super::material::Material;
use super::mix::{Mix, Pumped};
use super::plan::Plan;
use super::trace::{Peaks, Trace};
use super::wiring::wire;
use crate::cli;
use crate::playlist::Problem;

/// Frames rendered at once: any number gives the same bits.
const BLOCK: usize = 1_024;
/// In which everything settles that has been rendered.
const SPARE_BLOCKS: usize = 100;

/// A session, its two streams, and how far they are rendered.
pub struct Work {
    session: Session,
    offline: Offline,
    events: Events,
    mix: Mix,
    trace: Trace,
    block: Vec<f32>,
    channels: usize,
    rendered: u64,
}

impl Work {
    /// Wires the graph, and renders until the next frame is the music's first.
    pub fn start(
        args: &cli::Duck,
        rate: u32,
        channels: usize,
        materials: [Material; 2],
    ) -> Result<Self, Problem> {
        let builder = Session::builder().sample_rate(rate).channels(channels).max_streams(2);
        let (session, offline) =
            builder.offline().map_err(|e| Problem { file: "the engine".into(), error: e.to_string() })?;
        let events = session.events();
        let (ends, seen) = wire(&session, args)?;
        let block = vec![0.0; BLOCK * channels];
        // The limiter hears the sound before it lets it out.
        let latency = session.graph().latency();
        let from = latency + BLOCK as u64;
        let mut mix = Mix::new(&session, ends, materials, Plan::new(args))?;
        mix.begin(from);
        let trace = Trace::new(seen, from, rate);
        let mut work = Self { session, offline, events, mix, trace, block, channels, rendered: 0 };
        work.skip(from + latency);
        Ok(work)
    }

    /// Renders frames that are not wanted: those in which the graph fades in, and those by which it is late.
    fn skip(&mut self, mut frames: u64) {
        while frames > 0 {
            let now = frames.min(BLOCK as u64);
            self.mix.pump();
            self.offline.render(&mut self.block[..now as usize * self.channels]);
            frames -= now;
        }
    }

    /// The next frames, interleaved; `None` at the end.
    pub fn render(&mut self) -> Option<&[f32]> {
        if self.mix.pump() == Pumped::Closed {
            return None;
        }
        // Not known as long as there is speech to come, and music for longer than that.
        let left = self.mix.frames().map_or(BLOCK as u64, |frames| frames.saturating_sub(self.rendered));
        let now = left.min(BLOCK as u64) as usize;
        if now == 0 {
            return None;
        }
        let block = &mut self.block[..now * self.channels];
        self.offline.render(block);
        self.rendered += now as u64;
        self.trace.gather();
        Some(block)
    }

    /// Ends the session. `None`: it would not.
    pub fn close(&mut self) -> Option<Report> {
        let closing = self.session.begin_shutdown(Shutdown::Drain(Duration::from_secs(1)));
        for _ in 0..SPARE_BLOCKS {
            self.offline.render(&mut self.block);
            if let Some(report) = closing.poll() {
                return Some(report);
            }
        }
        None
    }

    /// What has happened, one after the other.
    pub fn event(&self) -> Option<Event> {
        self.events.try_recv()
    }

    /// What it is rendered by.
    pub fn device(&self) -> DeviceInfo {
        self.session.device()
    }

    /// Frames rendered until now.
    pub fn frames(&self) -> u64 {
        self.rendered
    }

    /// What was wrong with the files.
    pub fn problems(&self) -> Vec<Problem> {
        self.mix.voices().iter().filter_map(|voice| voice.material().problem()).cloned().collect()
    }

    /// What passed through the graph.
    pub fn seen(self) -> Peaks {
        self.trace.finish()
    }
}
