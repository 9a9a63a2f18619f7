//! When a block is asked for, it is known what has been heard of those before; of itself nothing has.

mod common;

use codetta::{DeviceChange, End, Event, OnDeviceLoss, Session, SteppedControl, SteppedDevice, nodes::Gain};
use common::*;
use std::time::Duration;

const LATENCY: Duration = ms(100);
const HELD: usize = 4_800;

/// A mono session, with a graph or without, in which a segment of so many frames waits.
fn waiting(
    frames: usize,
    with_graph: bool,
) -> (Session, SteppedDevice, SteppedControl, codetta::Stream, codetta::Segment) {
    let builder = Session::builder().channels(1).on_device_loss(OnDeviceLoss::Stop);
    let (session, time) = builder.stepped().expect("valid");
    let (device, mut control) = time.apart();
    if with_graph {
        let mut edit = session.graph().edit();
        let (streams, output, gain) = (edit.streams(), edit.output(), edit.add(Gain::new()));
        edit.disconnect(&streams, &output).connect(&streams, &gain).connect(&gain, &output);
        edit.commit().expect("a way through");
    }
    let (mut writer, stream) = session.stream(plain().prebuffer(Duration::ZERO)).expect("the first");
    let segment = say(&mut writer, &numbered(0, frames));
    control.step();
    (session, device, control, stream, segment)
}

/// However long a block is, and in however many parts it is rendered.
#[test]
fn nothing_of_a_block_is_heard_while_it_is_rendered() {
    for (with_graph, block) in [(false, 1_024), (false, 8_192), (true, 512), (true, 8_192), (true, 96_000)] {
        let (_session, device, mut control, stream, segment) = waiting(2_000, with_graph);
        assert!(device.call(&mut vec![0.0; block], Some(LATENCY)));
        control.step();
        assert_eq!((stream.position().played, segment.poll()), (0, None), "{with_graph} {block}");
        // What the next one says is exact again.
        assert!(device.call(&mut [0.0; 480], Some(LATENCY)));
        control.step();
        let heard = block.saturating_sub(HELD).min(2_000) as u64;
        assert_eq!(stream.position().played, heard, "{with_graph} {block}");
    }
}

/// It had not said that it let any of it be heard.
#[test]
fn a_device_that_goes_with_its_block_takes_all_of_it() {
    for with_graph in [false, true] {
        let (_session, device, mut control, _stream, segment) = waiting(8_192, with_graph);
        assert!(device.call(&mut [0.0; 8_192], Some(LATENCY)));
        device.lose();
        while segment.poll().is_none() {
            control.step();
            device.wait(ms(100));
        }
        let outcome = segment.poll().expect("answered");
        assert_eq!((outcome.end, outcome.played, outcome.discarded), (End::DeviceLost, 0, 8_192));
        assert_eq!(outcome.first_heard, None);
    }
}

/// One that does not know this time still holds what it held.
#[test]
fn a_block_without_a_latency_has_the_last_one() {
    let (_session, device, mut control, stream, _segment) = waiting(48_000, false);
    for _ in 0..8 {
        assert!(device.call(&mut [0.0; 480], Some(LATENCY)));
    }
    assert!(device.call(&mut [0.0; 480], None));
    control.step();
    assert_eq!(stream.position().played, 0, "4,320 frames are less than it holds");
    for _ in 0..4 {
        assert!(device.call(&mut [0.0; 480], None));
    }
    assert_eq!(stream.position().played, 12 * 480 - HELD as u64);
}

/// Another device is another latency: what one said says nothing of the next.
#[test]
fn a_new_device_has_a_latency_of_its_own() {
    let builder = Session::builder().channels(1).on_device_loss(OnDeviceLoss::Virtual);
    let (session, time) = builder.stepped().expect("valid");
    let (device, mut control) = time.apart();
    let events = session.events();
    let (mut writer, stream) = session.stream(plain().prebuffer(Duration::ZERO)).expect("the first");
    put(&mut writer, &numbered(0, 48_000));
    assert!(device.call(&mut [0.0; 480], Some(LATENCY)));
    device.lose();
    let reopened = |event| matches!(event, Event::DeviceChanged { reason: DeviceChange::Reopened, .. });
    while !std::iter::from_fn(|| events.try_recv()).any(reopened) {
        control.step();
        device.wait(ms(100));
    }
    assert!(device.call(&mut [0.0; 480], None));
    assert_eq!(stream.position().played, 480, "taken as heard: the 480 before are lost");
}
