//! An oracle that is told, by hand, what an engine may have done.

use codetta::{Clear, Write, WriteState};
use codetta_simulator::{
    lane::Lane,
    oracle::{Answer, End, Ended, Oracle},
};
use std::time::Duration;

/// When everything happens.
pub const NOW: Duration = Duration::from_secs(1);

/// A stream that has written and flushed 100 frames, in a session of one channel.
pub struct Told {
    pub oracle: Oracle,
    pub lane: Lane,
}

impl Told {
    pub fn new() -> Self {
        let mut oracle = Oracle::new(48_000, 1, false, Duration::ZERO);
        let lane = oracle.free_lane().expect("the first stream finds one");
        oracle.made(Some(lane), 4);
        let mut told = Self { oracle, lane };
        told.says(100, 0);
        told
    }

    pub fn says(&mut self, frames: usize, segment: u64) {
        self.writes(frames);
        self.flushes(segment);
    }

    pub fn writes(&mut self, frames: usize) {
        let began = self.oracle.begins(0, false, frames as u64);
        let alone = self.oracle.ends(0, false, frames as u64, began);
        self.oracle.wrote(0, frames as u64, Write { frames, state: WriteState::Open }, alone);
    }

    pub fn flushes(&mut self, segment: u64) {
        let began = self.oracle.begins(0, false, 0);
        let alone = self.oracle.ends(0, false, 0, began);
        self.oracle.flushed(0, Ended::Accepted(segment), alone);
    }

    pub fn clears(&mut self) {
        let began = self.oracle.begins(0, true, 0);
        let alone = self.oracle.ends(0, true, 0, began);
        self.oracle.cleared(0, Clear::Cleared, began, alone);
    }

    /// The device receives these frames of the stream, and then silence.
    pub fn receives(&mut self, frames: impl Iterator<Item = u64>, silence: usize) {
        let mut out: Vec<f32> = frames.map(|frame| self.lane.sample(frame)).collect();
        out.extend(vec![0.0; silence]);
        let began = self.oracle.begin();
        self.oracle.block(&out, began, NOW, None, true);
        self.oracle.begin();
    }

    /// The device receives these frames, and lets be heard what it had before.
    pub fn receives_late(&mut self, frames: impl Iterator<Item = u64>) {
        let out: Vec<f32> = frames.map(|frame| self.lane.sample(frame)).collect();
        let began = self.oracle.begin();
        self.oracle.block(&out, began, NOW, Some(Duration::ZERO), true);
        self.oracle.begin();
    }

    pub fn is_answered(&mut self, segment: u64, end: End, played: u64) {
        let heard = (played > 0).then_some((NOW, NOW));
        let answer = Answer { segment, tag: 0, end, pushed: 100, played, discarded: 100 - played, heard };
        self.oracle.answered(0, answer, NOW);
    }

    #[track_caller]
    pub fn breaks(&self, rule: &str) {
        assert_eq!(
            self.oracle.finding.as_ref().map(|finding| finding.rule),
            Some(rule),
            "{:?}",
            self.oracle.finding
        );
    }

    #[track_caller]
    pub fn holds(&self) {
        assert_eq!(self.oracle.finding, None);
    }
}
