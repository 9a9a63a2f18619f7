//! A segment as the oracle knows it: what its producer was told of it, and what the device received.

use std::time::Duration;

/// How a segment ended, as the engine's own answer says.
pub use codetta::End;

/// An answer: an [`Outcome`](codetta::Outcome), as plain data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Its number in the stream.
    pub segment: u64,
    /// The producer's number for it.
    pub tag: u64,
    /// How it ended.
    pub end: End,
    /// Frames accepted.
    pub pushed: u64,
    /// Frames heard.
    pub played: u64,
    /// Frames not heard.
    pub discarded: u64,
    /// When the first and the last were heard.
    pub heard: Option<(Duration, Duration)>,
}

impl From<&codetta::Outcome> for Answer {
    fn from(outcome: &codetta::Outcome) -> Self {
        Self {
            segment: outcome.segment,
            tag: outcome.tag,
            end: outcome.end,
            pushed: outcome.pushed,
            played: outcome.played,
            discarded: outcome.discarded,
            heard: outcome.first_heard.zip(outcome.last_heard),
        }
    }
}

/// A segment.
#[derive(Debug, Clone, Default)]
pub struct Segment {
    /// The producer's number for it.
    pub tag: u64,
    /// The stream's frames before it.
    pub base: u64,
    /// Frames accepted.
    pub pushed: u64,
    /// When it was begun, at the latest.
    pub begun: u64,
    /// When a flush ended it. One that is not flushed is ended by a close.
    pub flushed: Option<u64>,
    /// When it was cut: nothing of it may sound in a block that begins later.
    pub cut: Option<u64>,
    /// It may have been cut: a call that would cut it met one that began it.
    pub may_be_cut: bool,
    /// A write that may begin it is under way.
    pub provisional: bool,
    /// The frames that the device received: stretches of the output's clock.
    pub received: Vec<(u64, u64)>,
    /// How many those are.
    pub count: u64,
    /// Of those, what a device took with it when it went.
    pub lost: u64,
    /// Frames of it before the first of those.
    pub lost_after: Option<u64>,
    /// When it was answered: nothing of it may sound in a block that begins later.
    pub answered: Option<u64>,
    /// The engine's answer.
    pub answer: Option<Answer>,
}

impl Segment {
    /// One more frame was received.
    pub fn receive(&mut self, clock: u64) {
        self.count += 1;
        match self.received.last_mut() {
            Some((start, frames)) if *start + *frames == clock => *frames += 1,
            _ => self.received.push((clock, 1)),
        }
    }

    /// Frames at its beginning of which no device took any.
    pub fn unbroken(&self) -> u64 {
        self.lost_after.unwrap_or(u64::MAX)
    }

    /// Frames received before a time of the output's clock.
    pub fn before(&self, clock: u64) -> u64 {
        self.received.iter().map(|(start, frames)| clock.saturating_sub(*start).min(*frames)).sum()
    }
}
