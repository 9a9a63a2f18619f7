//! The order in which one side leaves what the other looks at: the word and the tails of the rings, frames and their
//! segments, tickets and outcomes, outcomes and credits.

use super::{BLOCK, Rig, check, explore, joined, spawn};
use crate::{Clear, Close, Closed, End, Flush, Interrupt, Stream, Writer};

/// What is written to the first segment, and to the second.
const FIRST: f32 = 0.25;
const SECOND: f32 = 0.5;

impl Rig {
    /// A stream whose reader and book are where they belong, so that a callback finds it.
    fn running(&mut self, credits: usize) -> (Writer, Stream) {
        let made = self.stream(credits);
        self.pass();
        made
    }

    /// One callback. What is heard in it goes behind what was heard before.
    fn hear(&self, heard: &mut Vec<f32>) {
        let mut out = [0.0; BLOCK];
        assert!(self.device.call(&mut out, None));
        heard.extend(out.iter().filter(|sample| **sample != 0.0));
    }

    /// Once nobody else acts, all that was accepted is heard and answered, in few blocks.
    fn play_out(&mut self, stream: &Stream, heard: &mut Vec<f32>, accepted: &[u64]) -> Vec<End> {
        for _ in 0..3 {
            self.hear(heard);
            self.control.step();
        }
        let stats = stream.stats();
        assert_eq!(stats.settled, accepted.len() as u64, "a segment has lost its outcome");
        let report = self.end();
        check(&report, accepted);
        let played: u64 = report.segments.iter().map(|outcome| outcome.played).sum();
        assert_eq!(played, heard.len() as u64, "what was heard is what is said to be: {heard:?}");
        let position = stream.position();
        assert_eq!((position.pushed, position.played), (accepted.iter().sum(), played));
        report.segments.iter().map(|outcome| outcome.end).collect()
    }
}

/// Writes a frame, and flushes it.
fn speak(writer: &mut Writer, sample: f32) {
    assert_eq!(writer.write(&[sample]).frames, 1, "there is room, and a credit");
    assert!(matches!(writer.flush(), Flush::Accepted(_) | Flush::Interrupted(_)));
}

/// A stream is over when all that it accepted before its close has been seen: a block that meets both hears both. The
/// mutant `tails-read-before-the-word` breaks it.
#[test]
fn a_close_right_behind_a_frame_cuts_nothing_off() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.running(1);
        let producer = spawn(move || {
            assert_eq!(writer.write(&[FIRST]).frames, 1);
            assert_eq!(writer.close(Close::Drain), Closed::Now);
            writer
        });
        let mut heard = Vec::new();
        rig.hear(&mut heard);
        rig.hear(&mut heard);
        let _writer = joined(producer);
        assert_eq!(rig.play_out(&stream, &mut heard, &[1]), [End::Closed]);
        assert_eq!(heard, [FIRST]);
    });
}

/// A flush that another's close meets is accepted and heard, or late; the frame before it is heard in any case, and its
/// report finds its ticket. The mutant `ticket-behind-the-end` breaks it.
#[test]
fn a_frame_that_a_close_meets_is_heard_or_late() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.running(1);
        let producer = spawn(move || {
            let frames = writer.write(&[FIRST]).frames;
            (frames, writer.flush().accepted().is_some(), writer)
        });
        let mut heard = Vec::new();
        let _ = stream.close(Close::Drain);
        rig.hear(&mut heard);
        rig.control.step();
        let (frames, flushed, _writer) = joined(producer);
        rig.control.step();
        let ends = rig.play_out(&stream, &mut heard, &[1][..frames]);
        assert_eq!(ends, [if flushed { End::Played } else { End::Closed }][..frames]);
        assert_eq!(heard, [FIRST][..frames]);
    });
}

/// A discard settles what was accepted before it, to the frame: nobody goes home while the producer is inside. The mutant
/// `home-while-one-is-inside` breaks it.
#[test]
fn a_discard_answers_for_what_was_accepted() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.running(1);
        let producer = spawn(move || {
            let frames = writer.write(&[FIRST]).frames;
            let _ = writer.flush();
            (frames, writer)
        });
        let mut heard = Vec::new();
        let _ = stream.close(Close::Discard);
        rig.hear(&mut heard);
        rig.hear(&mut heard);
        let (frames, _writer) = joined(producer);
        let ends = rig.play_out(&stream, &mut heard, &[1][..frames]);
        assert_eq!(ends, [End::Discarded][..frames]);
    });
}

/// The first frame of the next segment is never taken for the last of this one. The mutant
/// `begins-read-before-samples` breaks it.
#[test]
fn each_frame_is_counted_to_its_segment() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.running(2);
        let producer = spawn(move || {
            speak(&mut writer, FIRST);
            speak(&mut writer, SECOND);
            writer
        });
        let mut heard = Vec::new();
        rig.hear(&mut heard);
        rig.hear(&mut heard);
        let _writer = joined(producer);
        assert_eq!(rig.play_out(&stream, &mut heard, &[1, 1]), [End::Played; 2]);
        assert_eq!(heard, [FIRST, SECOND]);
    });
}

/// A clear throws away what was begun before it, and nothing of the segment right behind. The mutants
/// `tails-read-before-the-word`, `begins-read-before-samples` and `frames-before-their-begin` break it.
#[test]
fn a_segment_right_behind_a_clear_is_heard() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.running(2);
        assert_eq!(writer.write(&[FIRST]).frames, 1);
        let producer = spawn(move || {
            assert_eq!(writer.clear(), Clear::Cleared);
            speak(&mut writer, SECOND);
            writer
        });
        let mut heard = Vec::new();
        rig.hear(&mut heard);
        rig.hear(&mut heard);
        let _writer = joined(producer);
        assert_eq!(rig.play_out(&stream, &mut heard, &[1, 1]), [End::Interrupted, End::Played]);
        assert_eq!(heard.last(), Some(&SECOND));
    });
}

/// An interruption cuts what was begun before it, and nothing that was begun since. The mutants
/// `tails-read-before-the-word`, `begins-read-before-samples` and `frames-before-their-begin` break it.
#[test]
fn a_segment_begun_behind_an_interruption_is_heard() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.running(2);
        assert_eq!(writer.write(&[FIRST]).frames, 1);
        let producer = spawn(move || {
            let cut = matches!(writer.flush(), Flush::Interrupted(_));
            speak(&mut writer, SECOND);
            (cut, writer)
        });
        let mut heard = Vec::new();
        assert_eq!(stream.interrupt(), Interrupt::Interrupted);
        rig.hear(&mut heard);
        let (cut, _writer) = joined(producer);
        let ends = rig.play_out(&stream, &mut heard, &[1, 1]);
        assert_eq!(ends[0], End::Interrupted, "it was begun before");
        assert!(!cut || ends[1] == End::Played && heard == [SECOND], "it was begun after: {heard:?}");
    });
}

/// A credit comes back behind the outcome that it stands for. The mutant `credit-before-its-outcome` breaks it.
#[test]
fn whoever_has_the_credit_has_the_outcome() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.running(1);
        assert_eq!(writer.write(&[FIRST]).frames, 1);
        let segment = writer.flush().accepted().expect("written");
        let mut heard = Vec::new();
        rig.hear(&mut heard);
        let producer = spawn(move || {
            let frames = writer.write(&[SECOND]).frames;
            assert!(frames == 0 || segment.poll().is_some(), "its credit is back");
            let _ = writer.flush();
            (frames, writer)
        });
        rig.control.step();
        let (frames, _writer) = joined(producer);
        rig.play_out(&stream, &mut heard, &[1; 2][..1 + frames]);
    });
}
