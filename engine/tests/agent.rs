//! What the author of a voice agent relies on.

mod common;

use codetta::{End, Event, Flush, Interrupt, OnDeviceLoss, Output, Session, Shutdown};
use common::*;
use std::time::Duration;

/// The user cuts in between two sentences: the next one is not cut by it, but the producer can know.
#[test]
fn an_interruption_between_two_sentences_is_seen_by_the_producer() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    let before = writer.interruptions();
    let first = say(&mut writer, &numbered(0, 4_800));
    assert_eq!(stream.interrupt(), Interrupt::Interrupted);
    assert_eq!(stream.interrupt(), Interrupt::Nothing, "nothing was begun since");
    assert_eq!(writer.interruptions(), before + 1);
    let second = say(&mut writer, &numbered(0, 480));
    rig.render_in(960, 480);
    let ends = [first, second].map(|segment| segment.poll().map(|outcome| outcome.end));
    assert_eq!(ends, [Some(End::Interrupted), Some(End::Played)]);
}

/// The user cuts in while a sentence is being written: the flush that follows answers what was heard of it.
#[test]
fn the_flush_of_an_interrupted_segment_answers_its_outcome() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    put(&mut writer, &numbered(0, 4_800));
    rig.render(960);
    assert_eq!(stream.interrupt(), Interrupt::Interrupted);
    rig.render(480);
    let Flush::Interrupted(segment) = writer.flush() else { panic!("it had been interrupted") };
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.pushed, outcome.played), (End::Interrupted, 4_800, 960));
}

/// Progress is that of the segment it names.
#[test]
fn progress_counts_the_segments_own_frames() {
    let builder = Session::builder().channels(1).progress_every(ms(10));
    let mut rig = Rig::with(builder);
    let events = rig.session.events();
    let (mut writer, _stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 960));
    say(&mut writer, &numbered(0, 1_440));
    rig.render_in(2_400, 480);
    let told: Vec<_> = std::iter::from_fn(|| events.try_recv())
        .filter_map(|event| match event {
            Event::Progress { segment, pushed, played, .. } => Some((segment, pushed, played)),
            _ => None,
        })
        .collect();
    assert!(told.contains(&(0, 960, 480)) && told.contains(&(1, 1_440, 480)), "{told:?}");
    assert!(told.iter().all(|(_, pushed, played)| played <= pushed), "{told:?}");
}

/// Where nobody can have heard it, it does not count as played: the session ends instead of going on virtually.
#[test]
fn a_rebuild_that_must_be_heard_stops_where_there_is_no_device() {
    let builder = Session::builder().on_device_loss(OnDeviceLoss::RebuildOrStop);
    let (session, mut time) = builder.stepped().expect("valid");
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    let segment = say(&mut writer, &numbered(0, 24_000));
    time.advance(ms(100));
    time.lose();
    time.advance(ms(1_000));
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played), (End::DeviceLost, 4_800));
    assert!(session.is_closed());
}

/// A callback that panics is not called again; sound and outcomes go on.
#[test]
fn an_event_callback_that_panics_costs_only_itself() {
    let mut calls = 0;
    let builder = Session::builder().channels(1).on_event(move |_| {
        calls += 1;
        assert_eq!(calls, 0, "a caller's own mistake");
    });
    let mut rig = Rig::with(builder);
    let (mut writer, _stream) = rig.stream(plain());
    for _ in 0..3 {
        let segment = say(&mut writer, &numbered(0, 480));
        rig.render_in(960, 480);
        assert_eq!(segment.poll().map(|outcome| outcome.end), Some(End::Played));
    }
    assert!(rig.end(Shutdown::Discard).complete);
}

/// A drain that was asked for goes on when the session's handle is dropped.
#[test]
fn a_drain_under_way_survives_the_session() {
    let session = Session::builder().output(Output::Virtual).start().expect("no sound card is needed");
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    say(&mut writer, &numbered(0, 4_800));
    let closing = session.begin_shutdown(Shutdown::Drain(Duration::from_secs(20)));
    drop(session);
    let report = closing.wait(Duration::from_secs(30)).expect("bounded");
    assert_eq!((report.ledger.played, report.segments[0].end), (4_800, End::Played));
}
