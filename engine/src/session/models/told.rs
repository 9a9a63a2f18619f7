//! What a producer was told, and what the report must then say.

use super::stage::SAMPLE;
use crate::{
    session::Report,
    stream::{Clear, End, Flush, Late, Rejection, Segment, StreamId, WriteState, Writer},
};
use std::sync::{Arc, Mutex};

/// Segments whose flush was accepted, for whoever drains to compare with.
#[derive(Debug, Clone, Default)]
pub(super) struct Accepted(Arc<Mutex<Vec<Segment>>>);

impl Accepted {
    // The standard lock: no scheduling point lies in it.
    pub(super) fn list(&self) -> Vec<Segment> {
        self.0.lock().expect("nobody panics with it").clone()
    }

    fn add(&self, segment: Segment) {
        self.0.lock().expect("nobody panics with it").push(segment);
    }
}

/// A producer that keeps account of the answers.
#[derive(Debug)]
pub(super) struct Pusher {
    pub(super) writer: Writer,
    accepted: Accepted,
    told: Told,
}

/// What one producer was told.
#[derive(Debug)]
pub(super) struct Told {
    stream: StreamId,
    /// Frames accepted of each segment.
    pushed: Vec<u64>,
    /// Frames accepted of the open one.
    open: u64,
    handles: Vec<Segment>,
    late: Late,
}

impl Pusher {
    pub(super) fn new(writer: Writer, accepted: &Accepted) -> Self {
        let stream = writer.stream_id();
        let told = Told { stream, pushed: Vec::new(), open: 0, handles: Vec::new(), late: Late::default() };
        Self { writer, accepted: accepted.clone(), told }
    }

    pub(super) fn write(&mut self, frames: usize) {
        let write = self.writer.write(&[SAMPLE; 16][..frames]);
        match write.state {
            WriteState::Open => assert_eq!(write.frames, frames),
            WriteState::Full => assert!(write.frames < frames),
            WriteState::Closed => {
                assert_eq!(write.frames, 0);
                self.told.late.writes += 1;
                self.told.late.frames += frames as u64;
            }
            WriteState::Interrupted => {
                assert_eq!(write.frames, 0);
                self.told.late.interrupted_frames += frames as u64;
            }
            WriteState::Ragged => unreachable!("mono"),
        }
        self.told.open += write.frames as u64;
    }

    pub(super) fn flush(&mut self) -> Option<Segment> {
        match self.writer.flush() {
            Flush::Accepted(segment) => {
                self.accepted.add(segment.clone());
                self.end(&segment);
                return Some(segment);
            }
            Flush::Interrupted(segment) => self.end(&segment),
            Flush::Rejected(Rejection::Nothing) => assert_eq!(self.told.open, 0),
            Flush::Rejected(Rejection::Closed) => self.told.late.flushes += 1,
        }
        None
    }

    pub(super) fn clear(&mut self) {
        if self.writer.clear() == Clear::Closed {
            self.told.late.clears += 1;
        } else {
            self.told.end();
        }
    }

    /// Drops the writer.
    pub(super) fn told(self) -> Told {
        self.told
    }

    fn end(&mut self, segment: &Segment) {
        assert_eq!(segment.id(), self.told.pushed.len() as u64);
        self.told.handles.push(segment.clone());
        self.told.end();
    }
}

impl Told {
    fn end(&mut self) {
        if self.open > 0 {
            self.pushed.push(std::mem::take(&mut self.open));
        }
    }

    /// Every accepted segment has one outcome, in order, of as many frames as the producer was told.
    fn check(mut self, report: &Report) -> Late {
        self.end();
        let of_stream = || report.segments.iter().filter(|outcome| outcome.stream == self.stream);
        let order: Vec<u64> = of_stream().map(|outcome| outcome.segment).collect();
        assert_eq!(order, (0..self.pushed.len() as u64).collect::<Vec<_>>(), "each once, and in order");
        let pushed: Vec<u64> = of_stream().map(|outcome| outcome.pushed).collect();
        assert_eq!(pushed, self.pushed, "as much as its producer was told");
        for outcome in of_stream() {
            assert_eq!(outcome.pushed, outcome.played + outcome.discarded);
            let whole = matches!(outcome.end, End::Played | End::Closed);
            assert!(!whole || outcome.discarded == 0, "{outcome:?}");
        }
        for segment in &self.handles {
            assert_eq!(segment.poll().as_ref(), of_stream().nth(segment.id() as usize));
        }
        self.late
    }
}

/// The report is true of all that the producers were told. Answers what came late.
pub(super) fn check(report: &Report, told: impl IntoIterator<Item = Told>) -> Late {
    assert!(report.complete && report.ledger.balances());
    let (mut late, mut segments) = (Late::default(), 0);
    for told in told {
        segments += told.pushed.len() + usize::from(told.open > 0);
        let this = told.check(report);
        late.writes += this.writes;
        late.frames += this.frames;
        late.flushes += this.flushes;
        late.clears += this.clears;
        late.interrupted_frames += this.interrupted_frames;
    }
    assert_eq!(report.segments.len(), segments, "and no other");
    let sum = |of: fn(&crate::stream::Outcome) -> u64| report.segments.iter().map(of).sum::<u64>();
    assert_eq!(report.ledger.pushed, sum(|outcome| outcome.pushed));
    assert_eq!(report.ledger.played, sum(|outcome| outcome.played));
    late
}
