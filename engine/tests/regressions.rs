//! What once went wrong, one test for each.

mod common;

use codetta::{Drain, Drained, End, Event, OnDeviceLoss, Session, Shutdown, Stream, WriteState, Writer};
use common::*;
use std::{
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, Wake, Waker},
    time::Duration,
};

/// A stream that had ended a segment with a block, and had been idle since, played the start of the next although it
/// had been interrupted before its first block.
#[test]
fn what_is_interrupted_before_its_first_block_is_not_heard() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded());
    let first = say(&mut writer, &sine(480));
    rig.render(480);
    assert!(first.poll().is_some());
    rig.render_in(48_000, 480);
    let second = say(&mut writer, &[0.5; 4_800]);
    let _ = stream.interrupt();
    assert_eq!(largest_step(&rig.render(480)), 0.0);
    let outcome = second.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played, outcome.first_heard), (End::Interrupted, 0, None));
}

/// The same, paused while it was idle.
#[test]
fn what_is_paused_before_its_first_block_is_not_heard() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded());
    say(&mut writer, &sine(480));
    rig.render_in(960, 480);
    let _ = stream.pause();
    rig.render_in(4_800, 480);
    say(&mut writer, &[0.5; 4_800]);
    assert_eq!(largest_step(&rig.render(480)), 0.0);
    assert_eq!(stream.position().consumed, 480);
}

/// Two segments are cut at once, the first of them with nothing left: the second began at full gain beside the decay.
#[test]
fn two_segments_cut_at_their_border_do_not_click() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded().prebuffer(Duration::ZERO));
    put(&mut writer, &sine(600));
    let mut out = rig.render(600);
    writer.flush().accepted().expect("written");
    say(&mut writer, &[0.5; 4_800]);
    let _ = stream.interrupt();
    out.extend(rig.render(960));
    assert!(largest_step(&out) < NO_CLICK, "a step of {}", largest_step(&out));
}

/// A drain that begins while control settles: it did not hear of the interruption.
#[test]
fn a_drain_begun_while_control_settles_is_told_of_everything() {
    let steered: Arc<Mutex<Option<Stream>>> = Arc::default();
    let begun: Arc<Mutex<Option<Drain>>> = Arc::default();
    let (stream_of_callback, drain_of_callback) = (Arc::clone(&steered), Arc::clone(&begun));
    let on_event = move |event: &Event| {
        let stream = stream_of_callback.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let (Event::Finished(outcome), Some(stream)) = (event, stream)
            && outcome.segment == 0
        {
            let drain = stream.drain_ticket(Duration::from_secs(10));
            *drain_of_callback.lock().unwrap_or_else(PoisonError::into_inner) = Some(drain);
        }
    };
    let (session, mut offline) = Session::builder().on_event(on_event).offline().expect("valid");
    let (mut writer, stream) = session.stream(plain()).expect("the first");
    *steered.lock().expect("not poisoned") = Some(stream.clone());
    say(&mut writer, &numbered(0, 4_800));
    say(&mut writer, &numbered(0, 4_800));
    let _ = stream.interrupt();
    offline.render_only(&mut [0.0; 960]);
    offline.render_only(&mut [0.0; 960]);
    offline.step();
    offline.step();
    let drain = begun.lock().expect("not poisoned").clone().expect("begun in the callback");
    assert_eq!(drain.poll(), Some(Drained::Interrupted));
}

/// Progress is turned off by the longest interval there is: control overflowed.
#[test]
fn the_longest_progress_interval_turns_it_off() {
    let (session, mut offline) = Session::builder().progress_every(Duration::MAX).offline().expect("valid");
    let (mut writer, stream) = session.stream(plain()).expect("the first");
    offline.render(&mut [0.0; 960]);
    say(&mut writer, &numbered(0, 960));
    offline.render(&mut [0.0; 960]);
    assert_eq!(stream.position().played, 480);
}

/// A latency beyond all reason overflowed on the audio thread.
#[test]
fn any_latency_is_taken() {
    let (session, mut renderer) = Session::builder().host().expect("valid");
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    say(&mut writer, &numbered(0, 480));
    assert!(renderer.render_with_latency(&mut [0.0; 960], Duration::MAX));
    assert!(renderer.render(&mut [0.0; 960]));
}

/// What is settled by force says when its last heard frame was heard, not when the last rendered one would have been.
#[test]
fn nothing_was_heard_in_the_future() {
    let (session, mut time) = Session::builder().stepped().expect("valid");
    time.set_latency(Some(ms(1_000)));
    let (mut writer, _stream) = session.stream(plain().buffer(ms(5_000))).expect("the first");
    let segment = say(&mut writer, &numbered(0, 144_000));
    time.advance(ms(1_500));
    session.begin_shutdown(Shutdown::Discard);
    time.advance(ms(1_000));
    let outcome = segment.poll().expect("by force");
    assert!(outcome.played > 0 && outcome.last_heard <= Some(time.now()), "{outcome:?}");
    let length = outcome.last_heard.zip(outcome.first_heard).map(|(last, first)| last - first);
    let played = Duration::from_secs_f64(outcome.played as f64 / 48_000.0);
    assert!(length.is_some_and(|length| length.abs_diff(played) < Duration::from_micros(1)), "{outcome:?}");
}

/// A lost device takes the start with it: what was first heard is the other device's first.
#[test]
fn a_start_that_was_lost_was_not_heard() {
    let (session, mut time) =
        Session::builder().on_device_loss(OnDeviceLoss::Virtual).stepped().expect("valid");
    time.set_latency(Some(ms(200)));
    let events = session.events();
    let (mut writer, _stream) = session.stream(plain().buffer(ms(5_000))).expect("the first");
    let segment = say(&mut writer, &numbered(0, 48_000));
    time.advance(ms(100));
    time.lose();
    time.advance(ms(3_000));
    let outcome = segment.poll().expect("played on");
    assert_eq!((outcome.end, outcome.discarded), (End::DeviceLost, 4_800));
    assert!(outcome.first_heard >= Some(ms(300)), "100 ms, and what the new device takes: {outcome:?}");
    let started = std::iter::from_fn(|| events.try_recv()).find_map(|event| match event {
        Event::Started { at, .. } => Some(at),
        _ => None,
    });
    assert_eq!(started, outcome.first_heard);
}

/// The end of a session cut a fade that was longer than control's patience.
#[test]
fn a_long_fade_is_not_cut_by_the_end() {
    let (session, mut time) = Session::builder().channels(1).stepped().expect("valid");
    let config = plain().fade(ms(1_000)).buffer(ms(5_000));
    let (mut writer, _stream) = session.stream(config).expect("the first");
    put(&mut writer, &[0.5; 144_000]);
    time.advance(ms(500));
    let closing = session.begin_shutdown(Shutdown::Discard);
    time.advance(ms(3_000));
    assert!(closing.poll().is_some());
    assert!(time.take_output().last().is_some_and(|last| last.abs() < 0.01));
}

/// A waker may do anything, also write again at once: control woke it while it held the lock that writing takes.
#[test]
fn a_waker_may_write_again_at_once() {
    #[derive(Default)]
    struct Eager {
        writer: Mutex<Option<Writer>>,
        waker: Mutex<Option<Waker>>,
    }
    impl Wake for Eager {
        fn wake(self: Arc<Self>) {
            let waker = self.waker.lock().expect("not poisoned").clone().expect("set");
            let mut writer = self.writer.lock().expect("not poisoned");
            let writer = writer.as_mut().expect("set");
            fill(writer, &waker);
        }
    }
    fn fill(writer: &mut Writer, waker: &Waker) {
        let samples = [0.1_f32; 48_000];
        let mut context = Context::from_waker(waker);
        // Closed is an answer for ever.
        while let Poll::Ready(write) = writer.poll_write(&mut context, &samples) {
            if write.state == WriteState::Closed {
                return;
            }
        }
    }
    let (session, mut offline) = Session::builder().offline().expect("valid");
    let (mut writer, stream) = session.stream(plain()).expect("the first");
    let eager = Arc::new(Eager::default());
    let waker = Waker::from(Arc::clone(&eager));
    *eager.waker.lock().expect("not poisoned") = Some(waker.clone());
    fill(&mut writer, &waker);
    *eager.writer.lock().expect("not poisoned") = Some(writer);
    let (done, is_done) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        for _ in 0..100 {
            offline.render(&mut [0.0; 960]);
        }
        let _ = done.send(());
    });
    is_done.recv_timeout(Duration::from_secs(20)).expect("control goes on");
    assert!(stream.position().pushed > 24_000 + 480);
    // They hold each other; the test ends here.
    drop(eager.writer.lock().expect("not poisoned").take());
    drop(eager.waker.lock().expect("not poisoned").take());
}

/// A segment that was skipped whole waits to be answered, behind one that the device still holds: until then, what was
/// given to the device after it was not counted as consumed.
#[test]
fn what_plays_after_a_skipped_segment_is_consumed() {
    let (session, mut time) = Session::builder().stepped().expect("valid");
    time.set_latency(Some(ms(500)));
    let (mut writer, stream) = session.stream(plain()).expect("the first");
    say(&mut writer, &numbered(0, 4_800));
    time.advance(ms(100));
    say(&mut writer, &numbered(0, 4_800));
    let _ = stream.interrupt();
    say(&mut writer, &numbered(0, 4_800));
    time.advance(ms(50));
    assert_eq!(stream.position().consumed, 4_800 + 2_400);
}

/// An open segment is cut, before the drain or after it, and the next one heard, between control's looking at outcomes and its
/// looking at drains: the frames of the next were taken for those that the drain waited for.
#[test]
fn a_drain_is_not_answered_by_the_next_segments_frames() {
    type Meanwhile = Box<dyn FnOnce() + Send>;
    for is_cut_before in [false, true] {
        let meanwhile: Arc<Mutex<Option<Meanwhile>>> = Arc::default();
        let taken = Arc::clone(&meanwhile);
        let on_event = move |event: &Event| {
            let due = matches!(event, Event::Finished(_)).then(|| taken.lock().expect("not poisoned").take());
            due.flatten().into_iter().for_each(|meanwhile| meanwhile());
        };
        let (session, time) = Session::builder().on_event(on_event).stepped().expect("valid");
        let (device, mut control) = time.apart();
        let (mut writer, stream) = session.stream(plain().prebuffer(ms(100))).expect("the first");
        let (mut other, _) = session.stream(plain()).expect("the second");
        put(&mut writer, &numbered(0, 480));
        say(&mut other, &numbered(0, 480));
        assert!(device.call(&mut [0.0; 2 * 480], None));
        if is_cut_before {
            let _ = stream.interrupt();
        }
        let drain = stream.drain_ticket(ms(500));
        let again = device.clone();
        *meanwhile.lock().expect("not poisoned") = Some(Box::new(move || {
            let _ = (stream.interrupt(), writer.flush());
            say(&mut writer, &numbered(0, 480));
            assert!(again.call(&mut [0.0; 2 * 480], None));
        }));
        control.step();
        control.step();
        assert_eq!(drain.poll(), Some(Drained::Interrupted), "{is_cut_before}");
    }
}
