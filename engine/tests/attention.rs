//! How often control looks: as often as somebody waits for it, and no more.

mod common;

use codetta::{Close, Session, SteppedControl, SteppedDevice, Write, WriteState};
use common::*;
use std::{future::Future, sync::Arc, task::Context, time::Duration};

fn parts() -> (Session, SteppedDevice, SteppedControl) {
    let (session, time) = Session::builder().stepped().expect("valid");
    let (device, control) = time.apart();
    (session, device, control)
}

/// Steps control, and answers after how long it wants to be stepped again.
fn patience(device: &SteppedDevice, control: &mut SteppedControl) -> Option<Duration> {
    control.step().map(|next| next - device.now())
}

/// Nothing plays: seldom. A segment is out: more often, until its outcome is.
#[test]
fn control_looks_more_often_while_something_plays() {
    let (session, device, mut control) = parts();
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    assert_eq!(patience(&device, &mut control), Some(ms(20)));
    drop(say(&mut writer, &numbered(0, 480)));
    assert_eq!(patience(&device, &mut control), Some(ms(5)));
    assert!(device.call(&mut [0.0; 2 * 480], None));
    assert_eq!(patience(&device, &mut control), Some(ms(20)));
}

/// Somebody waits for a drain: often, until it is answered.
#[test]
fn control_looks_often_while_a_drain_waits() {
    let (session, device, mut control) = parts();
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    drop(say(&mut writer, &numbered(0, 480)));
    let drain = session.drain_ticket(ms(1_000));
    assert_eq!(patience(&device, &mut control), Some(ms(2)));
    assert!(device.call(&mut [0.0; 2 * 480], None));
    assert_eq!(patience(&device, &mut control), Some(ms(20)));
    assert!(drain.poll().is_some());
}

/// A producer that waits is woken once a quarter of its buffer is free, and not before.
#[test]
fn a_producer_is_woken_by_a_quarter_of_its_buffer() {
    let (session, device, mut control) = parts();
    let (mut writer, _stream) = session.stream(plain().buffer(ms(100))).expect("the first");
    put(&mut writer, &numbered(0, 4_800));
    let (alarm, waker) = Alarm::set();
    assert!(writer.poll_write(&mut Context::from_waker(&waker), &[0.5_f32]).is_pending());
    for (frames, woken) in [(1_199, 0), (1, 1), (480, 1)] {
        assert!(device.call(&mut vec![0.0; 2 * frames], None));
        control.step();
        assert_eq!(alarm.rung(), woken);
    }
}

/// A producer waits for room, or a stream for its end: often, until it has come.
#[test]
fn control_looks_often_while_a_stream_waits() {
    let (session, device, mut control) = parts();
    let narrow = plain().buffer(ms(10)).prebuffer(Duration::ZERO);
    let (mut writer, stream) = session.stream(narrow).expect("the first");
    put(&mut writer, &numbered(0, 480));
    assert_eq!(patience(&device, &mut control), Some(ms(5)));
    let waker = Alarm::set().1;
    assert!(writer.poll_write(&mut Context::from_waker(&waker), &[0.5_f32]).is_pending());
    assert_eq!(patience(&device, &mut control), Some(ms(2)));
    assert!(device.call(&mut [0.0; 2 * 480], None));
    // It is woken in this step; that nobody waits is seen in the same.
    assert_eq!(patience(&device, &mut control), Some(ms(5)));

    let _ = stream.close(Close::Drain);
    assert_eq!(writer.write(&[0.5_f32]).state, WriteState::Closed);
    assert_eq!(patience(&device, &mut control), Some(ms(2)));
    assert!(device.call(&mut [0.0; 2 * 480], None));
    assert_eq!(patience(&device, &mut control), Some(ms(20)), "the stream is over");
}

/// Who gave up waiting is waited for no more: not looked after, nor woken.
#[test]
fn control_lets_go_of_a_producer_that_gave_up() {
    let (session, device, mut control) = parts();
    let (mut writer, _stream) = session.stream(plain().max_segments(1)).expect("the first");
    drop(say(&mut writer, &numbered(0, 480)));
    assert_eq!(writer.write_all(&[0.5_f32], Duration::ZERO), Write { frames: 0, state: WriteState::Full });
    assert_eq!(patience(&device, &mut control), Some(ms(5)));

    let (alarm, waker) = Alarm::set();
    let mut waiting = Box::pin(writer.write_async(&[0.5_f32]));
    assert!(waiting.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
    assert_eq!(patience(&device, &mut control), Some(ms(2)));
    drop((waiting, waker));
    assert_eq!(Arc::strong_count(&alarm), 1, "nobody keeps its waker");
    assert_eq!(patience(&device, &mut control), Some(ms(5)));
}

/// What the device says that it dropped or repeated is counted once, and nothing else is.
#[test]
fn xruns_are_counted_once() {
    let (session, device, mut control) = parts();
    control.step();
    assert_eq!(session.account().xruns, 0);
    for told in 1..=3 {
        device.xrun();
        control.step();
        control.step();
        assert_eq!(session.account().xruns, told);
    }
}
