//! What a lost device took with it, to the frame: which segments' frames, and when the rest was heard.

mod common;

use codetta::{End, OnDeviceLoss, Outcome, Session, SteppedDevice};
use common::*;
use std::time::Duration;

/// Blocks of 10 ms, in time, each heard 100 ms later.
fn play(device: &SteppedDevice, blocks: usize) {
    for _ in 0..blocks {
        assert!(device.call(&mut [0.0; 2 * 480], Some(ms(100))));
        device.wait(ms(10));
    }
}

fn heard(outcome: Outcome) -> (End, u64, Option<Duration>, Option<Duration>) {
    (outcome.end, outcome.played, outcome.first_heard, outcome.last_heard)
}

/// Three segments: of the first a part had been heard, of the second nothing was, the third comes after.
#[test]
fn each_segment_loses_what_the_device_held_of_it() {
    let builder = Session::builder().on_device_loss(OnDeviceLoss::Virtual);
    let (session, time) = builder.stepped().expect("valid");
    let (device, mut control) = time.apart();
    let (mut writer, stream) = session.stream(plain()).expect("the first");
    let segments = [4_800, 4_800, 480].map(|frames| say(&mut writer, &numbered(0, frames)));
    play(&device, 15);
    control.step();
    // The 15th block was asked for at 140 ms: what was asked for by 40 ms is heard then.
    let position = stream.position();
    assert_eq!((position.consumed, position.played), (7_200, 1_920));
    device.lose();
    control.step();
    assert_eq!(stream.position(), position, "what is lost was given, and not heard");

    let from = device.now();
    play(&device, 17);
    control.step();
    let [first, second, third] = segments.map(|segment| segment.poll().map(heard));
    assert_eq!(first, Some((End::DeviceLost, 1_920, Some(ms(100)), Some(ms(140)))));
    // Half of it was lost; the other half is the new device's first, 100 ms after it was asked for.
    let began = from + ms(100);
    assert_eq!(second, Some((End::DeviceLost, 2_400, Some(began), Some(began + ms(50)))));
    assert_eq!(third, Some((End::Played, 480, Some(began + ms(50)), Some(began + ms(60)))));
    let ledger = session.account().ledger;
    assert_eq!((ledger.played, ledger.discarded), (1_920 + 2_400 + 480, 2_880 + 2_400));
}

/// Lost twice, each time within the same segment: it has what was heard of it in between.
#[test]
fn a_segment_can_be_lost_from_twice() {
    let builder = Session::builder().on_device_loss(OnDeviceLoss::Virtual);
    let (session, time) = builder.stepped().expect("valid");
    let (device, mut control) = time.apart();
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    let segment = say(&mut writer, &numbered(0, 24_000));
    for blocks in [15, 20] {
        play(&device, blocks);
        control.step();
        device.lose();
        control.step();
    }
    play(&device, 30);
    control.step();
    let outcome = segment.poll().expect("heard");
    // Each time the device held eleven blocks: ten of latency, and the one that was asked for last.
    assert_eq!((outcome.end, outcome.discarded, outcome.played), (End::DeviceLost, 22 * 480, 28 * 480));
    assert_eq!(outcome.first_heard, Some(ms(100)));
}

/// Discarded before the next device rendered anything: what the first took with it is lost all the same, and only the rest
/// is discarded.
#[test]
fn what_was_lost_stays_lost_where_the_rest_is_discarded() {
    let builder = Session::builder().on_device_loss(OnDeviceLoss::Virtual);
    let (session, time) = builder.stepped().expect("valid");
    let (device, mut control) = time.apart();
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    let segments = [4_800, 4_800].map(|frames| say(&mut writer, &numbered(0, frames)));
    play(&device, 15);
    device.lose();
    control.step();
    let closing = session.begin_shutdown(codetta::Shutdown::Discard);
    for _ in 0..100 {
        device.wait(ms(10));
        control.step();
    }
    assert!(closing.poll().is_some());
    let [first, second] = segments.map(|segment| segment.poll().map(heard));
    assert_eq!(first, Some((End::DeviceLost, 1_920, Some(ms(100)), Some(ms(140)))));
    assert_eq!(second, Some((End::Discarded, 0, None, None)));
}
