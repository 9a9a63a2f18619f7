//! A drain is a fence, answered once, by its deadline.

mod common;

use codetta::{Close, Drained, End, Event, Output, Session, Shutdown, StreamConfig};
use common::*;
use std::{thread, time::Duration};

const LONG: Duration = Duration::from_secs(60);

/// What is accepted after the call does not extend it.
#[test]
fn later_segments_do_not_extend_a_drain() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 4_800));
    let drains = [rig.session.drain_ticket(LONG), stream.drain_ticket(LONG)];
    let later = say(&mut writer, &numbered(0, 4_800));
    rig.render(4_799);
    assert_eq!(drains.each_ref().map(|drain| drain.poll()), [None, None]);
    rig.render(1);
    rig.offline.step();
    assert_eq!(drains.each_ref().map(|drain| drain.poll()), [Some(Drained::Drained); 2]);
    assert_eq!(drains.map(|drain| drain.wait(Duration::ZERO)), [Some(Drained::Drained); 2]);
    assert_eq!(later.poll(), None);
}

/// Nor does what becomes of it change the answer, where another stream is still waited for.
#[test]
fn what_becomes_of_later_segments_does_not_change_a_drains_answer() {
    let mut rig = Rig::mono();
    let ((mut writer, stream), (mut other, _)) = (rig.stream(plain()), rig.stream(plain()));
    say(&mut writer, &numbered(0, 480));
    say(&mut other, &numbered(0, 4_800));
    let drain = rig.session.drain_ticket(LONG);
    let later = say(&mut writer, &numbered(0, 480));
    rig.render(600);
    let _ = stream.interrupt();
    rig.render(600);
    assert_eq!((later.poll().map(|outcome| outcome.end), drain.poll()), (Some(End::Interrupted), None));
    rig.render_in(3_600, 480);
    rig.offline.step();
    assert_eq!(drain.poll(), Some(Drained::Drained));
}

/// A drain of one stream is not told of another.
#[test]
fn what_becomes_of_another_stream_does_not_change_a_drains_answer() {
    let mut rig = Rig::mono();
    let ((mut writer, stream), (mut other, cut)) = (rig.stream(plain()), rig.stream(plain()));
    say(&mut writer, &numbered(0, 960));
    let interrupted = say(&mut other, &numbered(0, 960));
    let drains = [stream.drain_ticket(LONG), cut.drain_ticket(LONG)];
    let _ = cut.interrupt();
    rig.render(480);
    assert_eq!(interrupted.poll().map(|outcome| outcome.end), Some(End::Interrupted));
    rig.render(480);
    rig.offline.step();
    assert_eq!(drains.map(|drain| drain.poll()), [Some(Drained::Drained), Some(Drained::Interrupted)]);
}

/// An open segment is waited for as far as it had been written: a producer that never stops does not hold a drain up.
#[test]
fn later_writes_to_the_open_segment_do_not_extend_a_drain() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    put(&mut writer, &numbered(0, 4_800));
    let drain = rig.session.drain_ticket(LONG);
    for _ in 0..10 {
        assert_eq!(drain.poll(), None);
        put(&mut writer, &numbered(0, 480));
        rig.render(480);
    }
    rig.offline.step();
    assert_eq!(drain.poll(), Some(Drained::Drained));
}

/// Nothing accepted: nothing to wait for, also behind the fence of other streams.
#[test]
fn a_drain_of_nothing_is_drained() {
    let mut rig = Rig::mono();
    let none = rig.session.drain_ticket(LONG);
    let (_writer, stream) = rig.stream(plain());
    let empty = stream.drain_ticket(LONG);
    rig.offline.step();
    assert_eq!([none.poll(), empty.poll()], [Some(Drained::Drained); 2]);
}

/// 100 at once, from 100 threads, on a device that runs: each has its answer, and it is told once.
#[test]
fn a_hundred_concurrent_drains_are_each_answered_once() {
    let session = Session::builder().output(Output::Virtual).start().unwrap();
    let (mut writer, _stream) = session.stream(StreamConfig::new(24_000, 1)).unwrap();
    let events = session.events();
    say(&mut writer, &sine(2_400));
    thread::scope(|scope| {
        let wait = || session.drain(Duration::from_secs(20));
        let all: Vec<_> = (0..100).map(|_| scope.spawn(wait)).collect();
        for drain in all {
            assert_eq!(drain.join().unwrap(), Drained::Drained);
        }
    });
    let report = session.shutdown(Shutdown::Drain(Duration::from_secs(5)));
    assert_truthful(&report);
    let answers = std::iter::from_fn(|| events.try_recv())
        .filter(|event| matches!(event, Event::Drained(Drained::Drained)));
    assert_eq!((answers.count(), report.events_missed), (100, 0));
}

/// What discards while a drain waits is its answer; what merely closes lets it drain.
#[test]
fn closing_while_draining() {
    let draining = |end: fn(&mut Rig, codetta::Writer, codetta::Stream)| {
        let mut rig = Rig::mono();
        let (mut writer, stream) = rig.stream(plain());
        let segment = say(&mut writer, &numbered(0, 4_800));
        let drain = rig.session.drain_ticket(LONG);
        rig.render(480);
        end(&mut rig, writer, stream);
        rig.offline.step();
        rig.render_in(4_800, 480);
        (drain.poll(), segment.poll().map(|outcome| (outcome.end, outcome.played)))
    };
    let whole = Some((End::Played, 4_800));
    let cut = |end| Some((end, 480));
    assert_eq!(
        draining(|_, mut writer, _| {
            let _ = writer.close(Close::Drain);
        }),
        (Some(Drained::Drained), whole)
    );
    assert_eq!(
        draining(|_, _writer, stream| {
            let _ = stream.close(Close::Discard);
        }),
        (Some(Drained::Closed), cut(End::Discarded))
    );
    assert_eq!(draining(|_, writer, _| drop(writer)), (Some(Drained::Drained), whole));
    assert_eq!(
        draining(|rig, _, _| drop(rig.session.begin_shutdown(Shutdown::Discard))),
        (Some(Drained::Closed), cut(End::Discarded))
    );
    assert_eq!(
        draining(|rig, _, _| drop(rig.session.begin_shutdown(Shutdown::Drain(LONG)))),
        (Some(Drained::Drained), whole)
    );
    assert_eq!(
        draining(|_, mut writer, _| {
            let _ = writer.clear();
        }),
        (Some(Drained::Interrupted), cut(End::Interrupted))
    );
    assert_eq!(
        draining(|_, _writer, stream| {
            let _ = stream.interrupt();
        }),
        (Some(Drained::Interrupted), cut(End::Interrupted))
    );
}

/// The rule for a stream that does not move: a drain neither resumes nor flushes; it waits to its deadline, and says
/// what is left.
#[test]
fn a_drain_of_a_paused_stream_says_what_is_left() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 4_800));
    rig.render(480);
    let _ = stream.pause();
    let drain = rig.session.drain_ticket(ms(100));
    rig.render_in(4_799, 480);
    assert_eq!(drain.poll(), None);
    rig.render(1);
    rig.render(1);
    assert_eq!(drain.poll(), Some(Drained::DeadlineExceeded { frames_left: 4_320 }));
    let _ = stream.resume();
    rig.render_in(4_320, 480);
    assert_eq!(rig.session.account().ledger.played, 4_800, "giving up waiting throws nothing away");
}

/// Less than the prebuffer, and no flush: the producer has gone to fetch more. It may never come back.
#[test]
fn a_drain_of_a_starved_stream_says_what_is_left() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    put(&mut writer, &numbered(0, 100));
    let (drain, other) = (stream.drain_ticket(ms(50)), rig.session.drain_ticket(ms(50)));
    rig.render_in(4_800, 480);
    let left = Some(Drained::DeadlineExceeded { frames_left: 100 });
    assert_eq!((drain.poll(), other.poll()), (left, left));
}

/// No block comes: the deadline holds all the same.
#[test]
fn a_drain_on_a_stalled_device_says_what_is_left() {
    let (session, mut time) = Session::builder().stepped().unwrap();
    let (mut writer, _stream) = session.stream(plain()).unwrap();
    say(&mut writer, &numbered(0, 4_800));
    time.advance(ms(20));
    time.stall();
    let drain = session.drain_ticket(ms(500));
    time.advance(ms(499));
    assert_eq!(drain.poll(), None);
    time.advance(ms(5));
    assert_eq!(drain.poll(), Some(Drained::DeadlineExceeded { frames_left: 4_800 - 960 }));
}

/// A shutdown with a nearer deadline answers the drain, with everything that was left, of all streams.
#[test]
fn a_drain_cut_by_a_shutdowns_deadline_says_all_that_is_left() {
    let mut rig = Rig::mono();
    let streams = [rig.stream(plain()), rig.stream(plain())].map(|(mut writer, stream)| {
        say(&mut writer, &numbered(0, 1_000));
        say(&mut writer, &numbered(0, 500));
        let _ = stream.pause();
        (writer, stream)
    });
    let drain = rig.session.drain_ticket(LONG);
    let _ = rig.end(Shutdown::Drain(ms(50)));
    assert_eq!(drain.poll(), Some(Drained::DeadlineExceeded { frames_left: 3_000 }));
    drop(streams);
}

/// After the end it is answered at once, and counted.
#[test]
fn a_drain_after_the_end_is_closed() {
    let mut rig = Rig::mono();
    let (_writer, stream) = rig.stream(plain());
    let _ = stream.close(Close::Discard);
    rig.render(480);
    rig.render(480);
    assert_eq!(stream.drain(LONG), Drained::Closed);
    let _ = rig.end(Shutdown::Discard);
    assert_eq!(rig.session.drain(LONG), Drained::Closed);
    assert_eq!(rig.session.late().drains, 2);
}

/// What is written later to the segment that was open, its flush and the segments after it are behind the fence.
#[test]
fn neither_the_rest_of_its_segment_nor_the_next_extends_a_drain() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    put(&mut writer, &numbered(0, 4_800));
    let drains = [rig.session.drain_ticket(ms(300)), stream.drain_ticket(ms(300))];
    say(&mut writer, &numbered(4_800, 48_000));
    put(&mut writer, &numbered(0, 480));
    rig.render_in(4_320, 480);
    assert!(drains.iter().all(|drain| drain.poll().is_none()), "10 ms are left");
    rig.render(480);
    assert_eq!(drains.map(|drain| drain.poll()), [Some(Drained::Drained); 2]);
}
