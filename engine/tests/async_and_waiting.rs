//! Waiting: with a deadline, or on a plain waker; and what wakes whom.

mod common;

use codetta::{Close, Drained, End, Segment, Shutdown, StreamConfig, Write, WriteState};
use common::*;
use std::{
    pin::{Pin, pin},
    task::{Poll, Waker},
    time::Duration,
};

/// A stream that holds 4,800 frames.
fn narrow() -> StreamConfig {
    narrow_of(1)
}

fn narrow_of(channels: usize) -> StreamConfig {
    StreamConfig::new(RATE, channels).fade(Duration::ZERO).buffer(ms(100))
}

/// The same in each channel, interleaved.
fn on_each_side(mono: &[f32], channels: usize) -> Vec<f32> {
    mono.iter().flat_map(|sample| std::iter::repeat_n(*sample, channels)).collect()
}

/// A write takes what fits and says so; the rest is the caller's.
#[test]
fn a_write_takes_what_fits() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(narrow());
    assert_eq!(writer.write(&numbered(0, 5_000)), Write { frames: 4_800, state: WriteState::Full });
    assert_eq!(writer.write(&numbered(4_800, 200)), Write { frames: 0, state: WriteState::Full });
    let mut out = rig.render(480);
    assert_eq!(writer.write(&numbered(4_800, 1_000)), Write { frames: 480, state: WriteState::Full });
    out.extend(rig.render(4_800));
    assert_eq!(out, numbered(0, 5_280));
}

/// Frames are frames, of two channels too: those taken, those late, and what is none.
#[test]
fn a_write_counts_frames() {
    let rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(narrow_of(2));
    assert_eq!(writer.write(&[0.5_f32; 200]), Write { frames: 100, state: WriteState::Open });
    assert_eq!(writer.write(&[0.5_f32; 3]), Write { frames: 0, state: WriteState::Ragged });
    let _ = writer.close(Close::Discard);
    assert_eq!(writer.write(&[0.5_f32; 200]), Write { frames: 0, state: WriteState::Closed });
    assert_eq!(rig.session.late().frames, 100);
}

/// Nobody renders: the deadline comes, and the answer says how much was taken all the same.
#[test]
fn a_blocking_write_keeps_its_deadline() {
    let rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(narrow());
    let write = writer.write_all(&numbered(0, 5_000), ms(5));
    assert_eq!(write, Write { frames: 4_800, state: WriteState::Full });
    assert_eq!(writer.write_all(&numbered(0, 1), Duration::ZERO).state, WriteState::Full);
}

/// Far more than fits, written by one thread while another renders: back-pressure holds the writer, and nothing is lost.
#[test]
fn a_blocking_write_goes_on_as_room_is_made() {
    for channels in [1, 2] {
        let mut rig = Rig::mono();
        let (mut writer, _stream) = rig.stream(narrow_of(channels));
        let all = on_each_side(&numbered(0, 50_000), channels);
        let writing = std::thread::spawn(move || {
            let write = writer.write_all(&all, Duration::from_secs(60));
            (write, writer.flush().accepted(), writer)
        });
        let mut out = Vec::new();
        while heard(&out).len() < 50_000 {
            let block = rig.render(480);
            out.extend(heard(&block));
            std::thread::yield_now();
        }
        let (write, segment, _writer) = writing.join().unwrap();
        assert_eq!(write, Write { frames: 50_000, state: WriteState::Open });
        assert_eq!(heard(&out), numbered(0, 50_000));
        rig.render(1);
        assert_eq!(segment.and_then(|segment| segment.poll()).expect("heard").played, 50_000);
    }
}

/// It is woken once there is reason to go on, and goes on where it was.
#[test]
fn an_async_write_is_woken_by_room() {
    for channels in [1, 2] {
        goes_on_as_it_is_woken(channels);
    }
}

fn goes_on_as_it_is_woken(channels: usize) {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(narrow_of(channels));
    let (alarm, waker) = Alarm::set();
    let (all, mut out) = (on_each_side(&numbered(0, 20_000), channels), Vec::new());
    let mut writing = Box::pin(writer.write_async(&all));
    let mut polls = 0;
    let write = loop {
        let before = alarm.rung();
        if let Poll::Ready(write) = poll(writing.as_mut(), &waker) {
            break write;
        }
        polls += 1;
        for _ in 0..20 {
            if alarm.rung() == before {
                out.extend(rig.render(480));
            }
        }
        assert_eq!(alarm.rung(), before + 1, "woken once");
    };
    assert_eq!(write, Write { frames: 20_000, state: WriteState::Open });
    assert!((3..=16).contains(&polls), "a quarter of the buffer at least each time: {polls} polls");
    drop(writing);
    let _ = writer.flush();
    out.extend(rig.render(4_800));
    assert_eq!(heard(&out), numbered(0, 20_000));
}

/// An async write that is dropped keeps what was taken, and no waker is left behind that matters.
#[test]
fn an_async_write_that_is_dropped_keeps_what_it_took() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(narrow());
    let all = numbered(0, 6_000);
    {
        let mut writing = pin!(writer.write_async(&all));
        assert!(poll(writing.as_mut(), Waker::noop()).is_pending());
    }
    assert_eq!(writer.position().pushed, 4_800);
    let _ = writer.flush();
    assert_eq!(heard(&rig.render(5_000)), numbered(0, 4_800));
}

/// Closed while it waits: it is woken, and told.
#[test]
fn a_waiting_write_is_woken_by_a_close() {
    for close in [Close::Drain, Close::Discard] {
        let mut rig = Rig::mono();
        let (mut writer, stream) = rig.stream(narrow());
        let (alarm, waker) = Alarm::set();
        let all = numbered(0, 6_000);
        let mut writing = pin!(writer.write_async(&all));
        assert!(poll(writing.as_mut(), &waker).is_pending());
        let _ = stream.close(close);
        rig.offline.step();
        assert_eq!(alarm.rung(), 1);
        let write = Write { frames: 4_800, state: WriteState::Closed };
        assert_eq!(poll(writing.as_mut(), &waker), Poll::Ready(write));
    }
}

/// Interrupted while it waits: what it waits for is not wanted any more, and it is told so.
#[test]
fn a_waiting_write_is_woken_by_an_interruption() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(narrow());
    let (alarm, waker) = Alarm::set();
    let all = numbered(0, 6_000);
    let mut writing = pin!(writer.write_async(&all));
    assert!(poll(writing.as_mut(), &waker).is_pending());
    let _ = stream.interrupt();
    rig.render(480);
    assert_eq!(alarm.rung(), 1);
    let write = Write { frames: 4_800, state: WriteState::Interrupted };
    assert_eq!(poll(writing.as_mut(), &waker), Poll::Ready(write));
}

/// Segments not yet answered are bounded too: a write that would begin one more waits until one is.
#[test]
fn full_of_segments_is_full() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(narrow().max_segments(2));
    let first = say(&mut writer, &numbered(0, 480));
    say(&mut writer, &numbered(480, 480));
    assert_eq!(writer.write(&numbered(960, 10)), Write { frames: 0, state: WriteState::Full });
    assert!(writer.flush().accepted().is_none());
    let (alarm, waker) = Alarm::set();
    let all = numbered(960, 480);
    let write = {
        let mut writing = pin!(writer.write_async(&all));
        assert!(poll(writing.as_mut(), &waker).is_pending());
        rig.render(480);
        assert!(first.poll().is_some() && alarm.rung() > 0);
        poll(writing.as_mut(), &waker)
    };
    assert_eq!(write, Poll::Ready(Write { frames: 480, state: WriteState::Open }));
    let third = writer.flush().accepted().expect("open");
    assert_eq!(rig.render_in(960, 480), numbered(480, 960));
    assert_eq!(third.poll().expect("heard").segment, 2);
}

/// A segment is a future: pending while it plays, woken once, ready with its outcome, and so for everybody who asks.
#[test]
fn a_segment_can_be_awaited() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    let segment = say(&mut writer, &numbered(0, 960));
    let alarms: Vec<_> = (0..3).map(|_| Alarm::set()).collect();
    let mut waiting: Vec<(Segment, &Waker)> =
        alarms.iter().map(|(_, waker)| (segment.clone(), waker)).collect();
    for _ in 0..3 {
        for (segment, waker) in &mut waiting {
            assert!(poll(Pin::new(segment), waker).is_pending());
        }
    }
    rig.render(480);
    assert!(alarms.iter().all(|(alarm, _)| alarm.rung() == 0));
    rig.render(480);
    assert!(alarms.iter().all(|(alarm, _)| alarm.rung() == 1));
    for (segment, waker) in &mut waiting {
        let Poll::Ready(outcome) = poll(Pin::new(segment), waker) else { panic!("woken, so ready") };
        assert_eq!((outcome.end, outcome.played), (End::Played, 960));
    }
}

/// So are a drain and a shutdown.
#[test]
fn drains_and_shutdowns_can_be_awaited() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 480));
    let (alarm, waker) = Alarm::set();
    let mut drain = rig.session.drain_ticket(ms(100));
    let mut closing = rig.session.begin_shutdown(Shutdown::Drain(ms(100)));
    assert!(poll(Pin::new(&mut drain), &waker).is_pending());
    assert!(poll(Pin::new(&mut closing), &waker).is_pending());
    rig.render(480);
    rig.render(480);
    assert_eq!(alarm.rung(), 2);
    assert_eq!(poll(Pin::new(&mut drain), &waker), Poll::Ready(Drained::Drained));
    assert!(poll(Pin::new(&mut closing), &waker).is_ready());
}

/// A wait that nobody answers ends at its deadline, with "not yet": the segment stays asked for.
#[test]
fn a_wait_keeps_its_deadline() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    let segment = say(&mut writer, &numbered(0, 480));
    let drain = rig.session.drain_ticket(ms(500));
    assert_eq!((segment.wait(ms(1)), drain.wait(ms(1))), (None, None));
    rig.render(480);
    assert!(segment.wait(Duration::ZERO).is_some());
}
