//! A segment that comes out as no frame at all has its outcome like any other, and in its turn.

mod common;

use codetta::{End, OnDeviceLoss, Session, Shutdown, StreamConfig};
use common::*;

/// A segment that comes out as no frame at all counted as played although it was interrupted.
#[test]
fn a_segment_too_short_for_a_frame_can_be_interrupted() {
    let (session, mut offline) = Session::builder().sample_rate(8_000).offline().expect("valid");
    let (mut writer, stream) = session.stream(StreamConfig::new(48_000, 1)).expect("the first");
    let _ = stream.pause();
    offline.render(&mut [0.0; 160]);
    let segment = say(&mut writer, &[0.5; 2]);
    let _ = stream.interrupt();
    offline.render(&mut [0.0; 160]);
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.pushed, outcome.played), (End::Interrupted, 2, 0));
}

/// A segment that comes out as no frame at all is heard in passing: it had been played, and at no time. It has no frame either that
/// a lost device could take with it.
#[test]
fn a_segment_too_short_for_a_frame_is_heard_at_a_time() {
    let builder = Session::builder().sample_rate(8_000).on_device_loss(OnDeviceLoss::Virtual);
    let (session, mut time) = builder.stepped().expect("valid");
    time.set_latency(Some(ms(300)));
    let (mut writer, _stream) = session.stream(StreamConfig::new(48_000, 1)).expect("the first");
    let segments = [600, 2].map(|frames| say(&mut writer, &vec![0.5; frames]));
    time.advance(ms(150));
    time.lose();
    time.advance(ms(1_000));
    let [lost, short] = segments.map(|segment| segment.poll().expect("answered"));
    assert_eq!((lost.end, lost.played), (End::DeviceLost, 0));
    assert_eq!((short.end, short.played), (End::Played, 2));
    assert_balanced(&short);
}

/// It is heard when those before it are: behind one that the device still held, it counted as played at once.
#[test]
fn a_segment_too_short_for_a_frame_is_not_heard_before_its_turn() {
    let (session, mut time) = Session::builder().sample_rate(8_000).stepped().expect("valid");
    time.set_latency(Some(ms(300)));
    let (mut writer, stream) = session.stream(StreamConfig::new(48_000, 1)).expect("the first");
    let segments = [600, 2].map(|frames| say(&mut writer, &vec![0.5; frames]));
    time.advance(ms(150));
    assert_eq!((stream.position().consumed, stream.position().played), (602, 0));
    time.advance(ms(1_000));
    assert_eq!(stream.position().played, 602);
    assert_eq!(segments.map(|segment| segment.poll().map(|outcome| outcome.played)), [Some(600), Some(2)]);
}

/// Nor where its turn never comes, since the end of the session settles by force what the device still holds.
#[test]
fn a_segment_too_short_for_a_frame_whose_turn_never_came_was_not_heard() {
    let (session, mut time) = Session::builder().sample_rate(8_000).stepped().expect("valid");
    time.set_latency(Some(ms(2_000)));
    let (mut writer, stream) = session.stream(StreamConfig::new(48_000, 1)).expect("the first");
    let segments = [600, 2].map(|frames| say(&mut writer, &vec![0.5; frames]));
    time.advance(ms(150));
    session.begin_shutdown(Shutdown::Drain(ms(100)));
    time.advance(ms(1_000));
    for outcome in segments.map(|segment| segment.poll().expect("by force")) {
        assert_eq!((outcome.end, outcome.played, outcome.first_heard), (End::DeadlineExceeded, 0, None));
        assert_balanced(&outcome);
    }
    assert_eq!(stream.position().played, 0);
}
