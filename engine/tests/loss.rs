//! The device goes away, falls silent, comes back, or keeps other time: the answers stay true.

mod common;

use codetta::{
    Drained, End, Event, Events, OnDeviceLoss, Report, Session, Shutdown, Stepped, Stream, Writer,
};
use common::*;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);

/// A second of sound on a device that is lost after 400 ms of it.
struct Lost {
    session: Session,
    time: Stepped,
    writer: Writer,
    stream: Stream,
    events: Events,
}

fn lost_at_40_percent(policy: OnDeviceLoss, latency: Option<Duration>) -> Lost {
    let (session, mut time) = Session::builder().on_device_loss(policy).stepped().expect("valid");
    time.set_latency(latency);
    let events = session.events();
    let (mut writer, stream) = session.stream(plain()).expect("the first");
    say(&mut writer, &numbered(0, 48_000));
    time.advance(ms(400));
    time.lose();
    Lost { session, time, writer, stream, events }
}

/// Lets time pass until the session's only segment is answered: 20 s at most.
fn answered(lost: &mut Lost) -> codetta::Outcome {
    for _ in 0..2_000 {
        lost.time.advance(ms(10));
        if let Some(outcome) = lost.session.account().segments.first() {
            return *outcome;
        }
    }
    panic!("20 s, and no answer");
}

fn end(session: &Session, time: &mut Stepped) -> Report {
    let closing = session.begin_shutdown(Shutdown::Drain(ms(100)));
    time.advance(Duration::from_secs(5));
    let report = closing.poll().expect("bounded");
    assert_truthful(&report);
    report
}

/// Another device goes on, and the lost one held nothing: all of it is heard.
#[test]
fn where_nothing_was_held_a_loss_loses_nothing() {
    for policy in [OnDeviceLoss::Virtual, OnDeviceLoss::Rebuild] {
        let mut lost = lost_at_40_percent(policy, None);
        let outcome = answered(&mut lost);
        assert_eq!((outcome.end, outcome.played), (End::Played, 48_000), "{policy:?}");
        assert_eq!(heard(&left(&lost.time.take_output())), numbered(0, 48_000));
        let _ = end(&lost.session, &mut lost.time);
    }
}

fn left(stereo: &[f32]) -> Vec<f32> {
    stereo.iter().copied().step_by(2).collect()
}

/// What the lost device still held was not heard, and is said to be lost; the rest goes on.
#[test]
fn what_the_lost_device_held_is_discarded() {
    for policy in [OnDeviceLoss::Virtual, OnDeviceLoss::Rebuild] {
        let mut lost = lost_at_40_percent(policy, Some(ms(50)));
        let before = lost.stream.position();
        let next = {
            let drain = lost.session.drain_ticket(LONG);
            let next = say(&mut lost.writer, &numbered(0, 480));
            let outcome = answered(&mut lost);
            assert_eq!(outcome.end, End::DeviceLost, "{policy:?}");
            // All that was consumed and not played by then, and no more.
            assert_eq!(outcome.discarded, before.consumed - before.played);
            assert!((2_400..=2_400 + 480).contains(&outcome.discarded), "{outcome:?}");
            lost.time.advance(ms(200));
            assert_eq!(drain.poll(), Some(Drained::DeviceLost));
            next
        };
        assert_eq!(next.poll().expect("heard").end, End::Played);
        let _ = end(&lost.session, &mut lost.time);
    }
}

/// No other device goes on: the session ends by itself, and says what was heard.
#[test]
fn where_a_loss_ends_the_session_everything_is_answered() {
    for (latency, played) in [(None, 19_200), (Some(ms(50)), 19_200 - 2_400 - 480)] {
        let mut lost = lost_at_40_percent(OnDeviceLoss::Stop, latency);
        let unheard = say(&mut lost.writer, &numbered(0, 480));
        let drain = lost.session.drain_ticket(LONG);
        lost.time.advance(ms(100));
        assert!(lost.session.is_closed());
        let report = lost.session.begin_shutdown(Shutdown::Drain(LONG)).poll().expect("over");
        assert_truthful(&report);
        let first = report.segments[0];
        assert_eq!((first.end, first.pushed), (End::DeviceLost, 48_000));
        assert!((played..=played + 480).contains(&first.played), "{latency:?}: {first:?}");
        let second = unheard.poll().expect("settled");
        assert_eq!((second.end, second.played, second.first_heard), (End::DeviceLost, 0, None));
        assert_eq!(drain.poll(), Some(Drained::DeviceLost));
    }
}

/// What is played out at the end is worth another device; what is discarded is not.
#[test]
fn a_loss_in_a_shutdown_wants_another_device_for_a_drain_alone() {
    for (shutdown, device, played) in
        [(Shutdown::Drain(LONG), "stepped again", 48_000), (Shutdown::Discard, "stepped", 19_200)]
    {
        let mut lost = lost_at_40_percent(OnDeviceLoss::Rebuild, None);
        let closing = lost.session.begin_shutdown(shutdown);
        lost.time.advance(Duration::from_secs(10));
        let report = closing.poll().expect("over");
        assert_eq!((report.device.name.as_str(), report.ledger.played), (device, played), "{shutdown:?}");
        assert_truthful(&report);
    }
}

/// The change is told: who went, why, and who goes on.
#[test]
fn a_loss_is_told() {
    let mut lost = lost_at_40_percent(OnDeviceLoss::Virtual, None);
    let _ = answered(&mut lost);
    let told: Vec<_> = std::iter::from_fn(|| lost.events.try_recv())
        .filter_map(|event| match event {
            Event::DeviceChanged { from, to, reason } => Some((from, to.map(|info| info.name), reason)),
            _ => None,
        })
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!((told[0].0.as_str(), told[0].1.as_deref()), ("stepped", None));
    assert_eq!(told[1].1.as_deref(), Some("stepped again"));
}

/// A silent device is given up once its heartbeat is missed; what it held is lost, and nothing is heard twice.
#[test]
fn a_stall_longer_than_the_heartbeat_is_a_loss() {
    let builder = Session::builder().heartbeat(ms(200)).on_device_loss(OnDeviceLoss::Stop);
    let (session, mut time) = builder.stepped().unwrap();
    let (mut writer, _stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 48_000));
    time.advance(ms(100));
    time.stall();
    time.advance(ms(190));
    assert_eq!(segment.poll(), None);
    time.advance(ms(100));
    let outcome = segment.poll().expect("given up");
    assert_eq!((outcome.end, outcome.played), (End::DeviceLost, 4_800));
    time.resume();
    time.advance(ms(100));
    assert_eq!(segment.poll(), Some(outcome));
    assert_truthful(&session.begin_shutdown(Shutdown::Discard).poll().expect("over"));
}

/// The old device's callback comes back after another has gone on: it is refused, and every sample is heard once.
#[test]
fn after_a_stall_another_device_goes_on_where_the_first_stood() {
    let builder = Session::builder().heartbeat(ms(200)).on_device_loss(OnDeviceLoss::Virtual);
    let (session, mut time) = builder.stepped().unwrap();
    let (mut writer, stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 48_000));
    time.advance(ms(100));
    time.stall();
    time.advance(ms(1_000));
    assert_eq!(stream.position().played, 4_800, "a device that does not ask plays nothing");
    time.resume();
    time.advance(ms(1_000));
    let outcome = segment.poll().expect("heard");
    assert_eq!((outcome.end, outcome.played), (End::Played, 48_000));
    assert_eq!(heard(&left(&time.take_output())), numbered(0, 48_000));
    let _ = end(&session, &mut time);
}

/// Shorter than the heartbeat it is a pause of the world, and nothing else.
#[test]
fn a_stall_shorter_than_the_heartbeat_is_nothing() {
    let (session, mut time) = Session::builder().heartbeat(ms(500)).stepped().unwrap();
    let events = session.events();
    let (mut writer, _stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 9_600));
    time.advance(ms(100));
    time.stall();
    time.advance(ms(400));
    time.resume();
    time.advance(ms(110));
    assert_eq!(segment.poll().expect("heard").end, End::Played);
    assert_eq!(heard(&left(&time.take_output())), numbered(0, 9_600));
    let changed = |event: &Event| matches!(event, Event::DeviceChanged { .. });
    assert!(!std::iter::from_fn(|| events.try_recv()).any(|event| changed(&event)));
    let _ = end(&session, &mut time);
}

/// Another rate than it says, callbacks that come late, blocks of any size that change: the same frames are heard.
#[test]
fn other_rates_jitter_and_blocks_change_nothing_but_the_time() {
    let (session, mut time) = Session::builder().stepped().unwrap();
    let (mut writer, stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 48_000));
    time.set_jitter(ms(7));
    for (step, block) in [480, 1, 64, 441, 8_192, 7, 1_024, 128].into_iter().cycle().take(64).enumerate() {
        time.set_block(block);
        time.set_rate([48_000, 44_100, 96_000][step % 3]);
        time.set_latency([None, Some(ms(20)), Some(ms(3))][step % 3]);
        let before = stream.position();
        time.advance(ms(50));
        let now = stream.position();
        assert!(now.played >= before.played && now.played <= now.consumed && now.consumed <= now.pushed);
    }
    let outcome = segment.poll().expect("heard");
    assert_eq!((outcome.end, outcome.played), (End::Played, 48_000));
    assert_eq!(heard(&left(&time.take_output())), numbered(0, 48_000));
    let _ = end(&session, &mut time);
}
