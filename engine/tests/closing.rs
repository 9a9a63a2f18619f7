//! Ending: from any thread, at any moment, in any order, twice; always bounded, and always with the whole truth.

mod common;

use codetta::{
    Clear, Close, Closed, Command, Drained, End, Flush, Interrupt, Output, Rejection, Report, Session,
    Shutdown, StreamConfig, StreamError, WriteState,
};
use common::*;
use std::{sync::Arc, thread, time::Duration};

const LONG: Duration = Duration::from_secs(60);

/// Whoever comes after the end is told so, by a value, and counted.
#[test]
fn every_verb_after_the_end_answers_closed_and_is_counted() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 480));
    let _ = rig.end(Shutdown::Discard);

    let write = writer.write(&numbered(0, 100));
    assert_eq!((write.frames, write.state), (0, WriteState::Closed));
    assert_eq!(writer.write_all(&numbered(0, 100), LONG).state, WriteState::Closed);
    assert!(matches!(writer.flush(), Flush::Rejected(Rejection::Closed)));
    assert!(matches!(writer.begin(1), Flush::Rejected(Rejection::Closed)));
    assert_eq!(writer.clear(), Clear::Closed);
    assert!(writer.segment().is_none());
    assert_eq!(stream.interrupt(), Interrupt::Closed);
    assert_eq!([writer.close(Close::Drain), stream.close(Close::Discard)], [Closed::Already; 2]);
    assert_eq!([stream.pause(), stream.resume()], [Command::Closed; 2]);
    assert_eq!(stream.set_gain(0.0, ms(1)), Command::Closed);
    assert_eq!([stream.drain(LONG), rig.session.drain(LONG)], [Drained::Closed; 2]);
    assert!(matches!(rig.session.stream(plain()), Err(StreamError::Closed)));
    rig.session.begin_shutdown(Shutdown::Discard);

    let late = rig.session.late();
    assert_eq!((late.writes, late.frames, late.flushes, late.clears), (2, 200, 2, 2));
    assert_eq!((late.closes, late.commands, late.drains), (3, 3, 2));
}

/// A close that cannot change anything any more is late, whoever calls it and however it would have closed.
#[test]
fn a_close_after_the_end_is_late_from_either_handle() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    let _ = rig.end(Shutdown::Drain(ms(10)));
    assert_eq!(stream.close(Close::Discard), Closed::Already);
    assert_eq!(writer.close(Close::Discard), Closed::Already);
    assert_eq!(rig.session.late().closes, 2);
}

/// The instant of the close decides: what was accepted before it is answered, what comes after is not accepted.
#[test]
fn a_drain_close_plays_what_was_accepted_and_takes_nothing_more() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 480));
    put(&mut writer, &numbered(480, 480));
    assert_eq!(stream.close(Close::Drain), Closed::Now);
    assert_eq!(writer.write(&numbered(960, 10)).state, WriteState::Closed);
    assert!(matches!(writer.flush(), Flush::Rejected(Rejection::Closed)));
    assert_eq!(heard(&rig.render_in(2_000, 100)), numbered(0, 960));
    let ends: Vec<_> = rig.session.account().segments.iter().map(|o| (o.end, o.played)).collect();
    assert_eq!(ends, [(End::Played, 480), (End::Closed, 480)]);
}

/// A close cannot be taken back, but a drain can be cut short.
#[test]
fn a_discard_cuts_a_drain_short() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    let segment = say(&mut writer, &numbered(0, 9_600));
    let slow = rig.session.begin_shutdown(Shutdown::Drain(LONG));
    rig.render(480);
    assert_eq!((slow.poll(), segment.poll()), (None, None));
    let report = rig.end(Shutdown::Discard);
    assert_eq!(slow.poll(), Some(report));
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played), (End::Discarded, 480));
    assert_eq!(stream.close(Close::Drain), Closed::Already);
}

/// At the deadline what is left is settled: so much was heard, the rest was not.
#[test]
fn a_drain_past_its_deadline_is_settled_truthfully() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    let segments = [0, 1, 2].map(|_| say(&mut writer, &numbered(0, 4_800)));
    let report = rig.end(Shutdown::Drain(ms(150)));
    let ends = segments.map(|segment| segment.poll().map(|outcome| (outcome.end, outcome.played)));
    assert_eq!(ends[0], Some((End::Played, 4_800)));
    assert_eq!(ends[1].map(|(end, _)| end), Some(End::DeadlineExceeded));
    assert_eq!(ends[2], Some((End::DeadlineExceeded, 0)));
    // 150 ms, and the block in which control came to it.
    assert!((7_200..=7_200 + 960).contains(&report.ledger.played), "{:?}", report.ledger);
}

/// From many threads at once, on a device that runs: one report, whoever asks and however often.
#[test]
fn shutdown_is_idempotent_from_many_threads() {
    let session = Arc::new(Session::builder().output(Output::Virtual).start().unwrap());
    let (mut writer, _stream) = session.stream(StreamConfig::new(24_000, 1)).unwrap();
    let segment = say(&mut writer, &sine(1_200));
    let ask = |_| {
        let session = Arc::clone(&session);
        thread::spawn(move || session.shutdown(Shutdown::Drain(Duration::from_secs(20))))
    };
    let asked: Vec<_> = (0..16).map(ask).collect();
    let mut reports: Vec<Report> = asked.into_iter().map(|asked| asked.join().unwrap()).collect();
    reports.push(session.shutdown(Shutdown::Discard));
    reports.push(session.account());
    assert_truthful(&reports[0]);
    assert!(reports.windows(2).all(|pair| pair[0] == pair[1]));
    assert_eq!(segment.poll(), Some(reports[0].segments[0]));
    assert_eq!((reports[0].segments[0].end, reports[0].ledger.played), (End::Played, 1_200));
}

/// Two threads, one that drains a paused stream for long, one that discards: both have the same report.
#[test]
fn a_discard_from_another_thread_ends_a_blocking_drain() {
    let session = Session::builder().output(Output::Virtual).start().unwrap();
    let (mut writer, stream) = session.stream(StreamConfig::new(24_000, 1)).unwrap();
    let _ = stream.pause();
    say(&mut writer, &sine(1_200));
    thread::scope(|scope| {
        let drain = scope.spawn(|| session.shutdown(Shutdown::Drain(LONG)));
        while !session.is_closed() {
            thread::yield_now();
        }
        let report = session.shutdown(Shutdown::Discard);
        assert_eq!(drain.join().unwrap(), report);
        assert_truthful(&report);
        assert_eq!(report.segments[0].end, End::Discarded);
    });
}

/// Dropping the session discards; whoever still holds a segment has its answer, and no call on a handle hangs.
#[test]
fn dropping_the_session_discards() {
    let Rig { session, mut offline, .. } = Rig::mono();
    let (mut writer, stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 4_800));
    let drain = session.drain_ticket(LONG);
    offline.render(&mut [0.0; 480]);
    drop(session);
    offline.step();
    offline.render(&mut [0.0; 480]);
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played), (End::Discarded, 480));
    assert_eq!(drain.poll(), Some(Drained::Closed));
    assert_eq!(writer.write(&[0.0_f32]).state, WriteState::Closed);
    assert_eq!(stream.close(Close::Drain), Closed::Already);
}

/// The same on a running device, with real threads; the waiter is answered by control alone.
#[test]
fn dropping_a_running_session_answers_who_waits() {
    let session = Session::builder().output(Output::Virtual).start().unwrap();
    let (mut writer, stream) = session.stream(StreamConfig::new(24_000, 1)).unwrap();
    let _ = stream.pause();
    let segment = say(&mut writer, &sine(1_200));
    let waiting = thread::spawn(move || segment.wait(LONG));
    drop((session, stream));
    assert_eq!(waiting.join().unwrap().map(|outcome| outcome.end), Some(End::Discarded));
    drop(writer);
}

/// All handles dropped without a close: what was accepted is heard, an open segment too.
#[test]
fn a_dropped_writer_closes_and_everything_is_heard() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    let flushed = say(&mut writer, &numbered(0, 300));
    put(&mut writer, &numbered(300, 30));
    let open = writer.segment().expect("open");
    drop((stream, writer));
    assert_eq!(heard(&rig.render_in(960, 100)), numbered(0, 330));
    let ends = [flushed, open].map(|segment| segment.poll().map(|outcome| (outcome.end, outcome.played)));
    assert_eq!(ends, [Some((End::Played, 300)), Some((End::Closed, 30))]);
    assert_eq!(rig.session.late(), codetta::Late::default());
}

/// The open segment of a stream that another thread closes is ended in the producer's stead: heard whole, the tail in the
/// resampler included, and sounding as if it had been flushed.
#[test]
fn an_open_segment_closed_from_another_thread_keeps_its_tail() {
    for frames in [1, 50, 300, 2_400, 6_001] {
        let play = |end: fn(&mut codetta::Writer, codetta::Stream)| {
            let mut rig = Rig::mono();
            let (mut writer, stream) = rig.stream(StreamConfig::new(24_000, 1));
            let handle = stream.clone();
            put(&mut writer, &sine(frames));
            let segment = writer.segment().expect("open");
            end(&mut writer, handle);
            // Control looks before the device asks again.
            rig.offline.step();
            let out = rig.render_in(2 * frames + 960, 480);
            (out, segment.poll().expect("heard").played, stream.stats().underruns)
        };
        let flushed = play(|writer, _| drop(writer.flush()));
        let closed = play(|_, stream| drop(thread::spawn(move || stream.close(Close::Drain)).join()));
        assert_eq!(flushed.1, frames as u64);
        assert_eq!(closed, flushed, "{frames} frames");
    }
}

/// A callback that never comes: every call is bounded, and says that nothing was heard.
#[test]
fn a_callback_that_never_starts_holds_nobody_up() {
    let (session, renderer) = Session::builder().host().unwrap();
    let (mut writer, stream) = session.stream(StreamConfig::new(24_000, 1)).unwrap();
    let flushed = say(&mut writer, &sine(2_400));
    put(&mut writer, &sine(240));
    let _ = (stream.pause(), stream.set_gain(-6.0, ms(5)), stream.resume());
    assert_eq!(session.drain(ms(10)), Drained::DeadlineExceeded { frames_left: 2_640 });
    assert_eq!(flushed.wait(ms(1)), None);
    let report = session.shutdown(Shutdown::Drain(ms(50)));
    assert_truthful(&report);
    let ends: Vec<_> = report.segments.iter().map(|o| (o.end, o.pushed, o.played)).collect();
    assert_eq!(ends, [(End::DeadlineExceeded, 2_400, 0), (End::DeadlineExceeded, 240, 0)]);
    drop(renderer);
}

/// A callback that comes after control has settled finds silence, and is told that it is over.
#[test]
fn a_callback_that_wakes_late_renders_silence() {
    let (session, mut renderer) = Session::builder().host().unwrap();
    let (mut writer, _stream) = session.stream(StreamConfig::new(48_000, 1)).unwrap();
    let segment = say(&mut writer, &numbered(0, 4_800));
    assert!(renderer.render(&mut [0.0; 2 * 480]));
    let report = session.shutdown(Shutdown::Drain(ms(20)));
    assert_truthful(&report);
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played), (End::DeadlineExceeded, 480));
    let mut block = [1.0; 2 * 480];
    assert!(!renderer.render(&mut block));
    assert!(block.iter().all(|sample| *sample == 0.0));
    assert_eq!(segment.poll(), Some(outcome));
}

/// Whoever rendered and stepped the session goes away: everything is answered there and then.
#[test]
fn dropping_who_drives_the_session_answers_everything() {
    let Rig { session, mut offline, .. } = Rig::mono();
    let (mut writer, stream) = session.stream(plain()).unwrap();
    let segment = say(&mut writer, &numbered(0, 4_800));
    let drain = session.drain_ticket(LONG);
    offline.render(&mut [0.0; 480]);
    drop(offline);
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played), (End::Discarded, 480));
    assert_eq!(drain.poll(), Some(Drained::Closed));
    assert_eq!(writer.write(&[0.0_f32]).state, WriteState::Closed);
    assert_eq!(stream.drain(LONG), Drained::Closed);
    assert_truthful(&session.shutdown(Shutdown::Drain(LONG)));
}

/// A caller's event callback that panics takes the control thread with it, and nobody waits for what it owed.
#[test]
fn an_event_callback_that_panics_leaves_nobody_waiting() {
    let builder = Session::builder().output(Output::Virtual).on_event(|_| panic!("a caller's own mistake"));
    let session = builder.start().unwrap();
    let (mut writer, _stream) = session.stream(StreamConfig::new(24_000, 1)).unwrap();
    let segment = say(&mut writer, &sine(24));
    assert!(segment.wait(LONG).is_some());
    assert_truthful(&session.shutdown(Shutdown::Drain(LONG)));
    assert!(matches!(writer.flush(), Flush::Rejected(Rejection::Closed)));
}

/// Places come back: as many streams as the session has, again and again.
#[test]
fn a_stream_that_is_over_makes_room_for_another() {
    let mut rig = Rig::with(Session::builder().channels(1).max_streams(3));
    for _ in 0..50 {
        let mut streams: Vec<_> = (0..3).map(|_| rig.stream(plain())).collect();
        assert!(matches!(rig.session.stream(plain()), Err(StreamError::TooMany { max: 3 })));
        say(&mut streams[1].0, &numbered(0, 10));
        drop(streams);
        rig.render(480);
        rig.render(480);
    }
    assert_eq!(rig.end(Shutdown::Discard).ledger.played, 500);
}
