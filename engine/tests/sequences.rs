//! The sequences of calls on which outputs of voice agents hang, lose an outcome, or say what is not true.
//!
//! 24 kHz mono in a session of 48 kHz. Fades are steps, so that "at 100 ms" is exact: what a fade adds is in `sound.rs`.
//! An adapter says "finished, 0 s" of itself where nothing was accepted: then nothing is owed.

mod common;

use codetta::{
    Clear, Close, End, Flush, Outcome, Rejection, Segment, Session, Shutdown, Stepped, Stream, StreamConfig,
    WriteState, Writer,
};
use common::*;
use std::time::Duration;

struct Agent {
    session: Session,
    time: Stepped,
    writer: Writer,
    stream: Stream,
}

impl Agent {
    fn new() -> Self {
        let (session, time) = Session::builder().stepped().expect("a valid format");
        let config = StreamConfig::new(24_000, 1).fade(Duration::ZERO).buffer(Duration::from_secs(2));
        let (writer, stream) = session.stream(config).expect("the first");
        Self { session, time, writer, stream }
    }

    fn capture(&mut self, millis: usize) -> usize {
        self.writer.write(&sine(24 * millis)).frames
    }

    fn flush(&mut self) -> Option<Segment> {
        self.writer.flush().accepted()
    }

    fn wait(&mut self, millis: u64) {
        self.time.advance(ms(millis));
    }

    /// What was answered until now, in order: how, and how many milliseconds were heard.
    fn answers(&self) -> Vec<(End, f64)> {
        let seconds = |outcome: &Outcome| (outcome.end, outcome.played as f64 / 24.0);
        self.session.account().segments.iter().map(seconds).collect()
    }

    fn assert_ends_truthfully(mut self) {
        let closing = self.session.begin_shutdown(Shutdown::Discard);
        self.wait(500);
        assert_truthful(&closing.poll().expect("it never hangs"));
    }
}

#[test]
fn capture_flush_is_finished() {
    let mut agent = Agent::new();
    agent.capture(300);
    assert!(agent.flush().is_some());
    // The last of 30 blocks is asked for at 290 ms; a device that says no latency has it heard then.
    agent.wait(289);
    assert_eq!(agent.answers(), []);
    agent.wait(11);
    assert_eq!(agent.answers(), [(End::Played, 300.0)]);
    agent.assert_ends_truthfully();
}

#[test]
fn flushes_and_clears_of_nothing_owe_nothing() {
    let mut agent = Agent::new();
    assert!(agent.flush().is_none());
    assert!(agent.flush().is_none() && agent.flush().is_none());
    assert_eq!(agent.writer.clear(), Clear::Nothing);
    agent.wait(100);
    assert_eq!(agent.answers(), []);
    agent.assert_ends_truthfully();
}

/// The second flush is what raised `ChanClosed` elsewhere.
#[test]
fn a_second_flush_is_silent() {
    let mut agent = Agent::new();
    agent.capture(300);
    assert!(agent.flush().is_some());
    assert!(matches!(agent.writer.flush(), Flush::Rejected(Rejection::Nothing)));
    agent.wait(400);
    assert_eq!(agent.answers(), [(End::Played, 300.0)]);
    agent.assert_ends_truthfully();
}

#[test]
fn a_clear_without_a_flush_is_answered_at_once() {
    let mut agent = Agent::new();
    agent.capture(300);
    agent.wait(100);
    assert_eq!(agent.writer.clear(), Clear::Cleared);
    // One block, of 10 ms.
    agent.wait(11);
    assert_eq!(agent.answers(), [(End::Interrupted, 100.0)]);
    agent.assert_ends_truthfully();
}

#[test]
fn a_short_capture_cleared_before_or_after_its_flush_is_interrupted_unheard() {
    for flush_first in [false, true] {
        let mut agent = Agent::new();
        agent.capture(5);
        if flush_first {
            assert!(agent.flush().is_some());
        }
        assert_eq!(agent.writer.clear(), Clear::Cleared);
        assert!(agent.flush().is_none());
        agent.wait(11);
        assert_eq!(agent.answers(), [(End::Interrupted, 0.0)]);
        agent.assert_ends_truthfully();
    }
}

#[test]
fn an_empty_capture_owes_nothing() {
    let mut agent = Agent::new();
    assert_eq!(agent.capture(0), 0);
    assert!(agent.flush().is_none());
    agent.wait(50);
    assert_eq!(agent.answers(), []);
    agent.assert_ends_truthfully();
}

#[test]
fn a_close_answers_what_was_flushed() {
    let mut agent = Agent::new();
    agent.capture(300);
    assert!(agent.flush().is_some());
    agent.wait(50);
    let _ = agent.stream.close(Close::Discard);
    agent.wait(11);
    assert_eq!(agent.answers(), [(End::Discarded, 50.0)]);
    agent.assert_ends_truthfully();
}

#[test]
fn after_a_close_captures_and_flushes_are_rejected() {
    let mut agent = Agent::new();
    let _ = agent.stream.close(Close::Discard);
    let write = agent.writer.write(&sine(7_200));
    assert_eq!((write.frames, write.state), (0, WriteState::Closed));
    assert!(matches!(agent.writer.flush(), Flush::Rejected(Rejection::Closed)));
    agent.wait(400);
    assert_eq!(agent.answers(), []);
    let late = agent.session.late();
    assert_eq!((late.writes, late.frames, late.flushes), (1, 7_200, 1));
    agent.assert_ends_truthfully();
}

#[test]
fn a_close_before_the_flush_answers_what_was_captured() {
    let mut agent = Agent::new();
    agent.capture(300);
    agent.wait(50);
    let _ = agent.stream.close(Close::Discard);
    assert!(agent.flush().is_none());
    agent.wait(11);
    assert_eq!(agent.answers(), [(End::Discarded, 50.0)]);
    agent.assert_ends_truthfully();
}

#[test]
fn two_segments_follow_each_other_without_a_gap() {
    let mut agent = Agent::new();
    assert_eq!(agent.capture(300), 7_200);
    let first = agent.flush().expect("accepted");
    assert_eq!(agent.capture(300), 7_200);
    let second = agent.flush().expect("accepted");
    agent.wait(610);
    let (first, second) = (first.poll().expect("heard"), second.poll().expect("heard"));
    assert_eq!((first.end, second.end), (End::Played, End::Played));
    assert_eq!((first.first_heard, first.last_heard), (Some(ms(0)), Some(ms(300))));
    assert_eq!((second.first_heard, second.last_heard), (Some(ms(300)), Some(ms(600))));
    agent.assert_ends_truthfully();
}

#[test]
fn a_clear_interrupts_all_that_is_queued_at_once() {
    let mut agent = Agent::new();
    for _ in 0..3 {
        agent.capture(300);
        assert!(agent.flush().is_some());
    }
    assert_eq!(agent.writer.clear(), Clear::Cleared);
    agent.wait(11);
    assert_eq!(agent.answers(), [(End::Interrupted, 0.0); 3]);
    agent.assert_ends_truthfully();
}

#[test]
fn paused_is_paused() {
    let mut agent = Agent::new();
    agent.capture(300);
    assert!(agent.flush().is_some());
    agent.wait(100);
    let _ = agent.stream.pause();
    for _ in 0..50 {
        agent.wait(100);
        assert_eq!(agent.stream.position().played, 2_400);
    }
    assert_eq!(agent.answers(), []);
    agent.assert_ends_truthfully();
}

#[test]
fn a_pause_lengthens_by_itself_and_no_more() {
    let mut agent = Agent::new();
    agent.capture(300);
    let segment = agent.flush().expect("accepted");
    agent.wait(50);
    let _ = agent.stream.pause();
    agent.wait(300);
    let _ = agent.stream.resume();
    agent.wait(270);
    let outcome = segment.poll().expect("heard");
    assert_eq!((outcome.played, outcome.last_heard), (7_200, Some(ms(600))));
    agent.assert_ends_truthfully();
}

#[test]
fn cleared_while_paused_says_where_it_stood() {
    let mut agent = Agent::new();
    agent.capture(500);
    agent.wait(200);
    let _ = agent.stream.pause();
    agent.wait(400);
    assert!(agent.flush().is_some());
    assert_eq!(agent.writer.clear(), Clear::Cleared);
    agent.wait(11);
    assert_eq!(agent.answers(), [(End::Interrupted, 200.0)]);
    agent.assert_ends_truthfully();
}

/// The silence of a starved segment is not counted as heard: a resampler keeps its last frames until the flush, so here
/// up to 100 ms have been.
#[test]
fn silence_is_never_counted_as_heard() {
    let mut agent = Agent::new();
    agent.capture(100);
    agent.wait(700);
    agent.capture(300);
    assert_eq!(agent.writer.clear(), Clear::Cleared);
    assert!(agent.flush().is_none());
    agent.wait(11);
    let answers = agent.answers();
    let (end, heard) = answers[0];
    assert!(answers.len() == 1 && end == End::Interrupted && (90.0..=100.0).contains(&heard), "{answers:?}");
    agent.assert_ends_truthfully();
}

/// Whatever the prebuffer, what is said to be heard is what came out of the device.
#[test]
fn a_prebuffer_is_not_counted_as_heard() {
    for (prebuffer, heard) in [(ms(20), 100.0), (ms(400), 0.0)] {
        let mut agent = Agent::new();
        let config = StreamConfig::new(24_000, 1).fade(Duration::ZERO).prebuffer(prebuffer);
        (agent.writer, agent.stream) = agent.session.stream(config).unwrap();
        agent.capture(300);
        agent.wait(100);
        assert!(agent.flush().is_some());
        assert_eq!(agent.writer.clear(), Clear::Cleared);
        agent.wait(11);
        assert_eq!(agent.answers(), [(End::Interrupted, heard)]);
        let came_out = agent.time.take_output().iter().step_by(2).filter(|sample| **sample != 0.0).count();
        assert!((came_out as f64 / 48.0 - heard).abs() < 2.0, "{came_out} frames came out");
        agent.assert_ends_truthfully();
    }
}

/// `Writer::clear` starts the next segment at once. The adapter that gets frames of the cleared speech until its flush
/// wants `Stream::interrupt`: those frames are then counted and dropped.
#[test]
fn after_a_clear_a_capture_is_the_next_segment_and_after_an_interruption_it_is_dropped() {
    let mut agent = Agent::new();
    agent.capture(300);
    agent.wait(100);
    assert_eq!(agent.writer.clear(), Clear::Cleared);
    agent.capture(300);
    assert!(agent.flush().is_some());
    agent.wait(400);
    assert_eq!(agent.answers(), [(End::Interrupted, 100.0), (End::Played, 300.0)]);
    agent.assert_ends_truthfully();

    let mut agent = Agent::new();
    agent.capture(300);
    agent.wait(100);
    let _ = agent.stream.interrupt();
    assert_eq!(agent.capture(300), 0);
    assert!(matches!(agent.writer.flush(), Flush::Interrupted(_)));
    agent.wait(400);
    assert_eq!(agent.answers(), [(End::Interrupted, 100.0)]);
    assert_eq!(agent.session.late().interrupted_frames, 7_200);
    agent.assert_ends_truthfully();
}
