//! A drain across the loss of a device: what the device took is never called drained, though more is heard later.

mod common;

use codetta::{
    Drain, Drained, OnDeviceLoss, Segment, Session, SteppedControl, SteppedDevice, Stream, StreamConfig,
    Writer,
};
use common::*;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(3_600);

/// A stream on a device that lets each frame be heard 100 ms late.
struct Stage {
    session: Session,
    device: SteppedDevice,
    control: SteppedControl,
    writer: Writer,
    stream: Stream,
}

impl Stage {
    fn new(config: StreamConfig) -> Self {
        let builder = Session::builder().channels(1).on_device_loss(OnDeviceLoss::Virtual);
        let (session, time) = builder.stepped().expect("valid");
        let (device, control) = time.apart();
        let (writer, stream) = session.stream(config.prebuffer(Duration::ZERO)).expect("the first");
        Self { session, device, control, writer, stream }
    }

    /// So many blocks of 10 ms, in time, with a step of control after each.
    fn play(&mut self, blocks: usize) {
        for _ in 0..blocks {
            assert!(self.device.call(&mut [0.0; 480], Some(ms(100))));
            self.device.wait(ms(10));
            self.control.step();
        }
    }

    /// The device goes, and another is there.
    fn lose(&mut self) {
        self.device.lose();
        self.control.step();
        self.control.step();
    }

    fn drain(&self) -> Drain {
        self.stream.drain_ticket(LONG)
    }

    /// Frames of one more segment, heard whole.
    fn say(&mut self, blocks: usize) -> Segment {
        let segment = say(&mut self.writer, &numbered(0, blocks * 480));
        self.play(blocks + 12);
        segment
    }
}

/// What is written later to the open segment does not make up for what was lost of it; and what was left of the covered
/// frames is waited for.
#[test]
fn frames_written_later_do_not_make_up_for_those_lost() {
    let mut stage = Stage::new(plain());
    put(&mut stage.writer, &numbered(0, 9_600));
    let drains = [stage.drain(), stage.session.drain_ticket(LONG)];
    stage.play(15);
    stage.lose();
    assert_eq!((stage.stream.position().consumed, stage.stream.position().played), (7_200, 1_920));
    put(&mut stage.writer, &numbered(0, 9_600));
    // Five blocks of what was covered are left, and are heard 100 ms after they are asked for.
    stage.play(15);
    assert_eq!(drains.each_ref().map(Drain::poll), [None, None]);
    stage.play(1);
    assert_eq!(drains.each_ref().map(Drain::poll), [Some(Drained::DeviceLost); 2]);
}

/// Nothing more is written, and nothing flushed: it is answered all the same, once the rest was heard.
#[test]
fn a_drain_of_what_was_lost_does_not_wait_for_more() {
    for written in [4_800, 7_200, 9_600] {
        let mut stage = Stage::new(plain());
        put(&mut stage.writer, &numbered(0, written));
        let drain = stage.drain();
        stage.play(15);
        stage.lose();
        stage.play(16);
        assert_eq!(drain.poll(), Some(Drained::DeviceLost), "{written} frames");
    }
}

/// The device had let be heard all that the drain covers, or had none of it yet: it took frames written later, or none.
#[test]
fn what_was_not_covered_or_not_given_is_not_lost() {
    // All that was covered is heard with the last block before the device goes.
    let mut stage = Stage::new(plain());
    put(&mut stage.writer, &numbered(0, 1_920));
    let drain = stage.drain();
    put(&mut stage.writer, &numbered(0, 9_600));
    stage.play(14);
    assert_eq!(drain.poll(), None);
    assert!(stage.device.call(&mut [0.0; 480], Some(ms(100))));
    stage.lose();
    assert_eq!(drain.poll(), Some(Drained::Drained));

    // Written as the device went, and heard on the next one.
    let mut stage = Stage::new(plain());
    let first = stage.say(2);
    put(&mut stage.writer, &numbered(0, 960));
    let drain = stage.drain();
    stage.lose();
    stage.play(13);
    assert_eq!(
        (first.poll().map(|outcome| outcome.played), drain.poll()),
        (Some(960), Some(Drained::Drained))
    );
}

/// What is lost of a stream after the covered frames were heard is nothing to a drain that still waits for another stream.
#[test]
fn what_is_lost_while_another_stream_is_waited_for_was_not_covered() {
    // The first frame that is lost is the one after them, or later. Also where a device went before that held nothing of the
    // segment: it has taken nothing.
    for (held_nothing, blocks) in [(false, 15), (false, 16), (true, 15), (true, 16)] {
        let mut stage = Stage::new(plain());
        let (mut other, paused) = stage.session.stream(plain()).expect("the second");
        paused.pause();
        put(&mut other, &numbered(0, 480));
        if held_nothing {
            put(&mut stage.writer, &numbered(0, 480));
            stage.play(12);
            stage.lose();
        }
        put(&mut stage.writer, &numbered(0, 1_920));
        let drain = stage.session.drain_ticket(LONG);
        put(&mut stage.writer, &numbered(0, 9_600));
        stage.play(blocks);
        stage.lose();
        assert_eq!(drain.poll(), None);
        paused.resume();
        let _ = other.flush();
        stage.play(14);
        assert_eq!(drain.poll(), Some(Drained::Drained), "{held_nothing}, {blocks} blocks");
    }
}

/// A drain that is asked for later covers what was lost as long as its segment is open, which has that outcome; and
/// nothing of it afterwards.
#[test]
fn a_drain_after_the_loss_is_answered_what_its_segments_are() {
    let mut stage = Stage::new(plain());
    put(&mut stage.writer, &numbered(0, 4_800));
    stage.play(15);
    stage.lose();
    put(&mut stage.writer, &numbered(0, 480));
    let within = stage.drain();
    stage.play(12);
    assert_eq!(within.poll(), Some(Drained::DeviceLost));
    let lost = stage.writer.flush().accepted().expect("it is open");
    stage.play(1);
    assert_eq!(lost.poll().map(|outcome| outcome.end), Some(codetta::End::DeviceLost));
    put(&mut stage.writer, &numbered(0, 480));
    let next = stage.drain();
    stage.play(12);
    assert_eq!(next.poll(), Some(Drained::Drained));
}

/// Lost from twice: what was heard in between is counted, and what was lost is not.
#[test]
fn a_drain_of_what_two_devices_took() {
    let mut stage = Stage::new(plain());
    put(&mut stage.writer, &numbered(0, 24_000));
    let drain = stage.drain();
    for _ in 0..2 {
        stage.play(15);
        stage.lose();
    }
    put(&mut stage.writer, &numbered(0, 24_000));
    // Twenty blocks of the fifty are left, and ten of latency.
    stage.play(30);
    assert_eq!(drain.poll(), None);
    stage.play(1);
    assert_eq!(drain.poll(), Some(Drained::DeviceLost));
}

/// At another rate a frame may be counted as lost or as heard too little, and never the drain as drained.
#[test]
fn a_drain_of_what_was_lost_at_another_rate() {
    for rate in [8_000, 22_050, 44_100, 96_000, 192_000] {
        for written in [1, 3, 5].map(|part| part * rate as usize / 25) {
            let mut stage = Stage::new(StreamConfig::new(rate, 1).buffer(Duration::from_secs(2)));
            put(&mut stage.writer, &numbered(0, written));
            let drain = stage.drain();
            stage.play(12);
            stage.lose();
            put(&mut stage.writer, &numbered(0, rate as usize));
            stage.play(100);
            assert_eq!(drain.poll(), Some(Drained::DeviceLost), "{written} frames at {rate} Hz");
        }
    }
}
