//! The oracle: a plain model of what a session promises, told of every call and every block, and asked whether it held.
//!
//! It knows nothing of how the engine does it. Where calls overlap, it takes every answer that some order of them explains; where
//! they do not, the one that there is.
//!
//! | file | idea |
//! |---|---|
//! | `segment`, `voice` | what was accepted, and what must be received of it, sample by sample |
//! | `faded` | the same, where streams fade |
//! | `heard` | when what was received has been heard |
//! | `calls` | what a producer is answered |
//! | `cuts` | what a clear and an interruption are answered, and what they cut |
//! | `steering` | commands, closes, and the end of the session |
//! | `answers` | outcomes: one for each segment, in order, and true |
//! | `drains` | drains: answered once, in time, and true |
//! | `positions` | positions: monotone, bounded, and what was received |

mod answers;
mod calls;
mod cuts;
mod drains;
mod faded;
mod heard;
mod positions;
mod segment;
mod steering;
mod voice;

pub use calls::{Ended, Late};
pub use drains::{Covers, Drain};
pub use heard::Heard;
pub use segment::{Answer, End, Segment};
pub use voice::{Block, Voice};

use crate::lane::{Lane, whole};
use std::time::Duration;

/// A promise that was not kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Which.
    pub rule: &'static str,
    /// How.
    pub what: String,
}

impl Finding {
    /// Names the promise, and says what was seen.
    pub fn new(rule: &'static str, what: impl Into<String>) -> Self {
        Self { rule, what: what.into() }
    }
}

/// How the end of the session was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// When: everything is closed from then on.
    pub since: u64,
    /// What is queued is discarded.
    pub discards: bool,
    /// When a drain must have ended.
    pub deadline: Duration,
}

/// The model of one session.
#[derive(Debug)]
pub struct Oracle {
    /// Counts everything that begins: what began later is larger.
    pub step: u64,
    rate: u32,
    channels: usize,
    /// The streams' fade, in frames.
    fade: u64,
    /// Each with the stream that was given it last.
    lanes: Vec<(Lane, Option<usize>)>,
    /// Its streams, by number.
    pub voices: Vec<Voice>,
    /// The output's clock.
    pub heard: Heard,
    /// Drains that were asked for.
    pub drains: Vec<Drain>,
    /// Calls that came too late.
    pub late: Late,
    /// The end, if it was asked for.
    pub closing: Option<Closing>,
    /// A device went away.
    pub lost: bool,
    /// The session is over.
    pub over: bool,
    /// Control settled, or lost a device, in the midst of a block: what of it was heard, nobody can say exactly.
    pub torn: bool,
    /// Control is in the midst of a step.
    pub controlling: bool,
    /// A block is under way: what it sounds like is not known yet …
    pub rendering: bool,
    /// … and these answers were told meanwhile.
    told: Vec<(usize, usize)>,
    /// The first promise that was not kept.
    pub finding: Option<Finding>,
    scratch: Vec<u32>,
}

impl Oracle {
    /// Of a session of this rate and so many channels.
    pub fn new(rate: u32, channels: usize, split: bool, fade: Duration) -> Self {
        Self {
            step: 0,
            rate,
            channels,
            fade: (fade.as_nanos() * u128::from(rate)).div_ceil(1_000_000_000) as u64,
            lanes: Lane::all(channels, split).into_iter().map(|lane| (lane, None)).collect(),
            voices: Vec::new(),
            heard: Heard::default(),
            drains: Vec::new(),
            late: Late::default(),
            closing: None,
            lost: false,
            over: false,
            torn: false,
            controlling: false,
            rendering: false,
            told: Vec::new(),
            finding: None,
            scratch: Vec::new(),
        }
    }

    /// Something begins.
    pub fn begin(&mut self) -> u64 {
        self.step += 1;
        self.step
    }

    /// A promise was not kept: the first is what is told.
    pub fn fail(&mut self, finding: Finding) {
        self.finding.get_or_insert(finding);
    }

    /// Fails if a promise does not hold.
    pub fn check(&mut self, holds: bool, rule: &'static str, what: impl FnOnce() -> String) {
        if !holds && self.finding.is_none() {
            self.fail(Finding::new(rule, what()));
        }
    }

    /// A lane that no stream has.
    pub fn free_lane(&self) -> Option<Lane> {
        // Of a block under way nobody knows yet who sounds in it.
        if self.rendering {
            return None;
        }
        let is_over = |stream: usize| {
            let voice = &self.voices[stream];
            voice.closed.is_some() && voice.answered == voice.segments.len() && voice.busy == 0
        };
        let free = |(_, owner): &&(Lane, Option<usize>)| owner.is_none_or(is_over);
        self.lanes.iter().find(free).map(|(lane, _)| *lane)
    }

    /// Whether what is queued may have been discarded by the session, at `now`.
    pub fn may_discard(&self, now: Duration) -> bool {
        self.lost || self.closing.is_some_and(|closing| closing.discards || now >= closing.deadline)
    }

    /// The device has received, by `now`, a block that began as step `began`. `rendered`: the engine's own clock went on with
    /// it; if not, it must be silent.
    pub fn block(
        &mut self,
        out: &[f32],
        began: u64,
        now: Duration,
        latency: Option<Duration>,
        rendered: bool,
    ) {
        if !rendered {
            let silent = out.iter().all(|sample| *sample == 0.0);
            self.check(silent, "silence without the lease", || "a refused callback was not silent".into());
            return;
        }
        let block = Block { began, clock: self.heard.clock, discards: self.may_discard(now) };
        if out.iter().all(|sample| *sample == 0.0) {
            self.silence(block);
        } else {
            (0..self.channels).for_each(|channel| self.channel(out, channel, block));
        }
        self.heard.block((out.len() / self.channels) as u64, latency, self.rate);
        self.rendering = false;
        for (stream, segment) in std::mem::take(&mut self.told) {
            if let Err(finding) = self.was_heard(stream, segment) {
                self.fail(finding);
            }
        }
    }

    /// A block in which nobody plays.
    fn silence(&mut self, block: Block) {
        for (_, owner) in &self.lanes {
            let voice = owner.and_then(|stream| self.voices.get_mut(stream));
            if let Some(Err(finding)) = voice.map(|voice| voice.is_silent(block)) {
                self.finding.get_or_insert(finding);
            }
        }
    }

    fn channel(&mut self, out: &[f32], channel: usize, block: Block) {
        let samples = || out.iter().copied().skip(channel).step_by(self.channels);
        let owner = |lane: &(Lane, Option<usize>)| lane.1.filter(|_| lane.0.channel == channel);
        let mut owners = self.lanes.iter().filter_map(owner);
        let Some(owner) = owners.next() else {
            let silent = samples().all(|sample| sample == 0.0);
            return self.check(silent, "silence where nobody plays", || format!("channel {channel}"));
        };
        if self.fade > 0 {
            // What had the lane before may still decay.
            let loudest = self.voices.iter().map(Voice::loudest).fold(1.0, f64::max);
            let result = self.voices[owner].follow_faded(samples(), loudest, block);
            return result.unwrap_or_else(|finding| self.fail(finding));
        }
        let mut numbers = std::mem::take(&mut self.scratch);
        numbers.clear();
        numbers.extend(samples().map(|sample| whole(sample).unwrap_or(u32::MAX)));
        if let Some(at) = numbers.iter().position(|number| *number == u32::MAX) {
            let sample = out[at * self.channels + channel];
            self.fail(Finding::new("exact samples", format!("{sample} at frame {at} of channel {channel}")));
        } else {
            self.take_apart(channel, &numbers, block);
        }
        self.scratch = numbers;
    }

    fn take_apart(&mut self, channel: usize, numbers: &[u32], block: Block) {
        for index in 0..self.lanes.len() {
            let (lane, owner) = self.lanes[index];
            if lane.channel != channel {
                continue;
            }
            let result = match owner.and_then(|stream| self.voices.get_mut(stream)) {
                Some(voice) => voice.follow(numbers.iter().map(|number| lane.read(*number)), block),
                None if numbers.iter().any(|number| lane.read(*number) != 0) => {
                    Err(Finding::new("silence where nobody plays", format!("{lane:?}")))
                }
                None => Ok(()),
            };
            if let Err(finding) = result {
                self.fail(finding);
            }
        }
    }

    /// The session told that its device has gone.
    pub fn lose(&mut self) {
        self.torn |= self.rendering;
        self.lost = true;
        let Heard { clock, heard, .. } = self.heard;
        for voice in &mut self.voices {
            voice.lose(heard, clock);
        }
        self.heard.lose();
    }
}
