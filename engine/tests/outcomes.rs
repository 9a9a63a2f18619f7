//! What became of a segment is answered exactly once, in order, and never too favourably.

mod common;

use codetta::{Clear, Close, End, Flush, Rejection, Session, Shutdown, StreamConfig, WriteState};
use common::*;
use std::time::Duration;

/// Played, cleared, interrupted, closed: one outcome each, in the order of the segments, and the ticket says the same
/// as the report.
#[test]
fn every_accepted_segment_has_one_outcome_in_order() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    let mut segments = Vec::new();
    for tag in 0..6 {
        let _ = writer.begin(100 + tag);
        segments.push(say(&mut writer, &numbered(0, 480)));
        match tag {
            2 => assert_eq!(writer.clear(), Clear::Cleared),
            4 => drop(stream.interrupt()),
            _ => {}
        }
        rig.render(480);
    }
    let _ = writer.begin(200);
    put(&mut writer, &numbered(0, 100));
    drop(writer);
    let report = rig.end(Shutdown::Drain(Duration::from_secs(1)));

    let ends: Vec<End> = report.segments.iter().map(|outcome| outcome.end).collect();
    use End::{Closed, Interrupted, Played};
    assert_eq!(ends, [Played, Played, Interrupted, Played, Interrupted, Played, Closed]);
    let tags: Vec<u64> = report.segments.iter().map(|outcome| outcome.tag).collect();
    assert_eq!(tags, [100, 101, 102, 103, 104, 105, 200]);
    for (segment, outcome) in segments.iter().zip(&report.segments) {
        assert_eq!(segment.poll(), Some(*outcome));
        assert_eq!((segment.id(), segment.tag()), (outcome.segment, outcome.tag));
    }
}

/// Asked again, it says the same: nothing that comes later changes an answer.
#[test]
fn an_answer_stays() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    let segment = say(&mut writer, &numbered(0, 480));
    assert_eq!(segment.poll(), None);
    rig.render(480);
    let answer = segment.poll().expect("all of it was rendered");
    let _ = (stream.interrupt(), writer.clear(), stream.close(Close::Discard));
    rig.render(480);
    let _ = rig.end(Shutdown::Discard);
    assert_eq!((answer.end, segment.poll()), (End::Played, Some(answer)));
}

/// Nothing flushed, or twice: said as a value, and there is no segment of it.
#[test]
fn flushing_nothing_leaves_no_trace() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    let nothing = |flush| assert!(matches!(flush, Flush::Rejected(Rejection::Nothing)));
    nothing(writer.flush());
    nothing(writer.begin(1));
    assert_eq!(writer.clear(), Clear::Nothing);
    let empty: [f32; 0] = [];
    assert_eq!(writer.write(&empty).frames, 0);
    nothing(writer.flush());
    say(&mut writer, &numbered(0, 10));
    nothing(writer.flush());
    nothing(writer.flush());
    let report = rig.end(Shutdown::Drain(ms(100)));
    assert_eq!(report.segments.len(), 1);
    assert_eq!(report.late, codetta::Late::default());
}

/// A frame of two samples is never split.
#[test]
fn half_a_frame_is_not_taken() {
    let rig = Rig::new();
    let (mut writer, _stream) = rig.stream(StreamConfig::new(RATE, 2));
    let write = writer.write(&[0.0_f32; 7]);
    assert_eq!((write.frames, write.state), (0, codetta::WriteState::Ragged));
}

/// Positions: played ≤ consumed ≤ pushed, none goes back, and what the device still holds is not played.
#[test]
fn played_excludes_the_latency_of_the_device() {
    let (session, mut time) = Session::builder().stepped().unwrap();
    time.set_latency(Some(ms(30)));
    let (mut writer, stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 9_600));
    let mut before = stream.position();
    for step in 0..40 {
        time.advance(ms(10));
        let now = stream.position();
        assert!(now.played <= now.consumed && now.consumed <= now.pushed);
        assert!(now.played >= before.played && now.consumed >= before.consumed);
        // The block just rendered begins to be heard 30 ms from when it was asked for.
        assert!(now.played <= 480 * step, "{now:?} after {step} blocks");
        assert!(now.consumed == now.pushed || now.consumed - now.played <= 480 * 4);
        before = now;
    }
    let outcome = segment.poll().expect("heard");
    assert_eq!((outcome.end, outcome.played), (End::Played, 9_600));
    assert_eq!(outcome.first_heard, Some(ms(30)));
    assert_eq!(outcome.last_heard, Some(ms(230)));
}

/// A segment is not finished when it was rendered, but when it was heard.
#[test]
fn an_outcome_waits_for_the_latency() {
    let (session, mut time) = Session::builder().stepped().unwrap();
    time.set_latency(Some(ms(200)));
    let (mut writer, stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 480));
    time.advance(ms(190));
    assert_eq!((segment.poll(), stream.position().consumed), (None, 480));
    time.advance(ms(40));
    assert_eq!(segment.poll().expect("heard by now").played, 480);
}

/// Cut while the device held it: what was on its way to the listener counts as heard once it is, and no more than that.
#[test]
fn an_interruption_with_latency_counts_what_was_on_its_way() {
    let (session, mut time) = Session::builder().stepped().unwrap();
    time.set_latency(Some(ms(50)));
    let (mut writer, stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 48_000));
    time.advance(ms(100));
    let consumed = stream.position().consumed;
    let _ = stream.interrupt();
    time.advance(ms(200));
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played), (End::Interrupted, consumed));
}

/// While paused the position stands still, however long, and goes on where it was.
#[test]
fn played_stands_still_while_paused() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded());
    let segment = say(&mut writer, &numbered(0, 4_800));
    rig.render(480);
    let _ = stream.pause();
    rig.render(480);
    let paused = stream.position();
    assert_eq!(paused.played, 480 + FADE, "the fade is heard");
    for _ in 0..100 {
        rig.render(480);
        assert_eq!(stream.position(), paused);
    }
    let _ = stream.resume();
    rig.render(480);
    assert_eq!(stream.position().played, paused.played + 480);
    rig.render_in(4_800, 480);
    assert_eq!(segment.poll().expect("heard").played, 4_800);
    assert_eq!(stream.stats().underruns, 0, "a pause is no underrun");
}

/// Accepted and not one frame heard is an answer of its own: played is 0, and there is no time.
#[test]
fn accepted_and_not_one_frame_heard() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded());
    let cleared = say(&mut writer, &numbered(0, 480));
    let _ = writer.clear();
    rig.render(480);
    let outcome = cleared.poll().expect("settled");
    assert_eq!((outcome.end, outcome.pushed, outcome.played), (End::Interrupted, 480, 0));
    assert_eq!((outcome.first_heard, outcome.last_heard), (None, None));

    let _ = stream.pause();
    let paused = say(&mut writer, &numbered(0, 480));
    rig.render(480);
    let _ = rig.end(Shutdown::Discard);
    let outcome = paused.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played, outcome.first_heard), (End::Discarded, 0, None));
}

/// An interruption ends the open segment; what its producer still writes to it is counted, never heard.
#[test]
fn what_is_written_after_an_interruption_is_counted_and_not_heard() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    put(&mut writer, &numbered(0, 1_440));
    let open = writer.segment().expect("open");
    rig.render(480);
    let _ = stream.interrupt();
    let late = writer.write(&numbered(0, 1_000));
    assert_eq!((late.frames, late.state), (0, codetta::WriteState::Interrupted));
    rig.render(480);
    let outcome = open.poll().expect("interrupted, so settled, though never flushed");
    assert_eq!((outcome.end, outcome.pushed, outcome.played), (End::Interrupted, 1_440, 480));
    assert!(matches!(writer.flush(), Flush::Interrupted(_)));

    let next = say(&mut writer, &numbered(5_000, 480));
    assert_eq!(rig.render(480), numbered(5_000, 480));
    assert_eq!(next.poll().expect("heard").end, End::Played);
    assert_eq!(rig.session.late().interrupted_frames, 1_000);
}

/// Positions and outcomes are in the stream's own frames, at every rate and length, exactly.
#[test]
fn frames_are_the_streams_own() {
    for rate in [8_000, 11_025, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000] {
        let mut rig = Rig::mono();
        let (mut writer, stream) = rig.stream(StreamConfig::new(rate, 1));
        let segments: Vec<_> =
            [1, 2, 7, 479, 1_001].map(|frames| say(&mut writer, &sine(frames))).into_iter().collect();
        for _ in 0..400 {
            rig.render(64);
            let position = stream.position();
            assert!(position.played <= position.consumed && position.consumed <= position.pushed);
        }
        let played: Vec<u64> = segments.iter().map(|s| s.poll().expect("heard").played).collect();
        assert_eq!(played, [1, 2, 7, 479, 1_001], "{rate} Hz");
        assert_eq!(stream.position().played, 1_490);
        let _ = rig.end(Shutdown::Discard);
    }
}

/// A segment that cannot begin, since no credit is left, has not begun: nothing counts it.
#[test]
fn a_beginning_that_is_refused_leaves_no_gap() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain().max_segments(1));
    let first = say(&mut writer, &numbered(0, 480));
    for _ in 0..3 {
        let refused = writer.write(&numbered(480, 480));
        assert_eq!((refused.frames, refused.state), (0, codetta::WriteState::Full));
    }
    rig.render(960);
    let second = say(&mut writer, &numbered(480, 480));
    assert_eq!((first.id(), second.id()), (0, 1));
    rig.render(960);
    assert_eq!(second.poll().map(|outcome| outcome.end), Some(codetta::End::Played));
    let _ = rig.end(codetta::Shutdown::Discard);
}

/// Control may come as late as it likes: all that may be under way is kept for it.
#[test]
fn outcomes_wait_for_control() {
    let (session, mut offline) = Session::builder().channels(1).offline().expect("valid");
    let (mut writer, _stream) = session.stream(plain().max_segments(8)).expect("the first");
    let segments: Vec<_> = (0..8).map(|at| say(&mut writer, &numbered(10 * at, 10))).collect();
    offline.render_only(&mut [0.0; 480]);
    offline.step();
    for segment in segments {
        assert_eq!(segment.poll().map(|outcome| (outcome.end, outcome.played)), Some((End::Played, 10)));
    }
}

/// A buffer holds what it is said to hold, also where what comes out of the conversion is more than what goes in.
#[test]
fn a_buffer_holds_what_it_should() {
    for (rate, channels) in [(48_000, 1), (48_000, 2), (16_000, 2), (44_100, 1)] {
        let rig = Rig::mono();
        let config = StreamConfig::new(rate, channels).buffer(ms(1_000));
        let (mut writer, _stream) = rig.stream(config);
        let write = writer.write(&vec![0.5_f32; 2 * rate as usize * channels]);
        assert!(
            write.state == WriteState::Full && write.frames >= rate as usize,
            "{rate}, {channels}: {write:?}"
        );
        assert!(writer.flush().segment().is_some());
    }
}

/// An account that does not balance would say so.
#[test]
fn a_wrong_ledger_does_not_balance() {
    let mut ledger = Rig::mono().end(Shutdown::Discard).ledger;
    assert!(ledger.balances());
    ledger.pushed += 1;
    assert!(!ledger.balances());
}
