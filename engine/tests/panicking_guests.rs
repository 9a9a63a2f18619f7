//! A waker or a callback that panics: it costs itself, and every stream has its outcome all the same.

mod common;

use codetta::{End, Event, Session, Shutdown};
use common::*;
use std::{
    future::Future,
    panic::panic_any,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Wake, Waker},
    thread,
    time::Duration,
};

/// Panics as it is dropped, once: a panic while another unwinds would end the process.
struct Bomb;

impl Drop for Bomb {
    fn drop(&mut self) {
        assert!(thread::panicking(), "dropped");
    }
}

/// Wakers that panic: as they are woken; so, with what panics again; and as they are dropped.
fn wakers() -> [Waker; 3] {
    struct Woken;
    impl Wake for Woken {
        fn wake(self: Arc<Self>) {
            panic!("woken");
        }
    }
    struct WokenTwice;
    impl Wake for WokenTwice {
        fn wake(self: Arc<Self>) {
            panic_any(Bomb);
        }
    }
    struct Dropped(#[allow(dead_code, reason = "it is dropped")] Bomb);
    impl Wake for Dropped {
        fn wake(self: Arc<Self>) {}
    }
    [Arc::new(Woken).into(), Arc::new(WokenTwice).into(), Arc::new(Dropped(Bomb)).into()]
}

/// It is woken by an outcome, at control's step: another who waits for the same is woken, and another stream goes on.
#[test]
fn a_waker_of_a_segment_that_panics_costs_nobody_else() {
    for waker in wakers() {
        let mut rig = Rig::mono();
        let (mut writer, _stream) = rig.stream(plain());
        let (mut other, _other_stream) = rig.stream(plain());
        let whole = say(&mut other, &numbered(0, 4_800));
        let mut segment = say(&mut writer, &numbered(0, 480));
        assert!(Pin::new(&mut segment).poll(&mut Context::from_waker(&waker)).is_pending());
        // From here on it is the session's alone.
        drop(waker);
        let (calm, calm_waker) = Alarm::set();
        let mut again = segment.clone();
        assert!(Pin::new(&mut again).poll(&mut Context::from_waker(&calm_waker)).is_pending());
        rig.render_in(9_600, 480);
        assert_eq!(calm.rung(), 1);
        assert_eq!(segment.poll().map(|outcome| outcome.end), Some(End::Played));
        assert_eq!(whole.poll().map(|outcome| (outcome.end, outcome.played)), Some((End::Played, 4_800)));
        assert!(!rig.session.is_closed());
        assert_eq!(rig.end(Shutdown::Drain(ms(100))).segments.len(), 2);
    }
}

/// It is woken by room; or freed, as another is left in its place.
#[test]
fn a_waker_of_a_writer_that_panics_costs_nobody_else() {
    for is_replaced in [false, true] {
        for waker in wakers() {
            let mut rig = Rig::mono();
            let (mut writer, _stream) = rig.stream(plain().buffer(ms(10)).prebuffer(Duration::ZERO));
            let (mut other, _other_stream) = rig.stream(plain());
            let whole = say(&mut other, &numbered(0, 4_800));
            put(&mut writer, &numbered(0, 480));
            assert!(writer.poll_write(&mut Context::from_waker(&waker), &[0.5_f32]).is_pending());
            drop(waker);
            if is_replaced {
                let mut context = Context::from_waker(Waker::noop());
                assert!(writer.poll_write(&mut context, &[0.5_f32]).is_pending());
            }
            rig.render_in(9_600, 480);
            assert_eq!(whole.poll().map(|outcome| outcome.end), Some(End::Played));
            assert!(!rig.session.is_closed());
            assert_eq!(rig.end(Shutdown::Drain(ms(100))).segments.len(), 2);
        }
    }
}

/// A callback that panics, and once more as it is dropped, is not called again; the rest goes on.
#[test]
fn a_callback_that_panics_twice_costs_itself() {
    let calls = Arc::new(AtomicUsize::new(0));
    let (bomb, counted) = (Bomb, Arc::clone(&calls));
    let mut rig = Rig::with(Session::builder().channels(1).on_event(move |_| {
        let _held = &bomb;
        counted.fetch_add(1, Ordering::SeqCst);
        panic_any(Bomb);
    }));
    let (mut writer, _stream) = rig.stream(plain());
    let events = rig.session.events();
    let segment = say(&mut writer, &numbered(0, 480));
    rig.render_in(1_440, 480);
    assert_eq!(segment.poll().map(|outcome| outcome.end), Some(End::Played));
    assert_eq!(rig.end(Shutdown::Drain(ms(100))).segments.len(), 1);
    assert_eq!((calls.load(Ordering::SeqCst), Arc::strong_count(&calls)), (1, 1));
    let closed = std::iter::from_fn(|| events.try_recv()).any(|event| matches!(event, Event::Closed(_)));
    assert!(closed, "who receives events receives them all");
}

/// A callback that panics as it is dropped at the end: the end is the end, also where nobody has asked for it.
#[test]
fn a_callback_that_panics_as_it_is_dropped_costs_nothing() {
    let rig = || {
        let bomb = Bomb;
        Rig::with(Session::builder().channels(1).on_event(move |_| {
            let _held = &bomb;
        }))
    };
    let mut asked = rig();
    let (mut writer, _stream) = asked.stream(plain());
    let segment = say(&mut writer, &numbered(0, 480));
    let report = asked.end(Shutdown::Drain(ms(100)));
    assert!(report.complete);
    assert_eq!(segment.poll().map(|outcome| outcome.end), Some(End::Played));

    let Rig { session, offline, .. } = rig();
    let (mut writer, _stream) = session.stream(plain()).expect("there is room");
    let segment = say(&mut writer, &numbered(0, 480));
    drop(offline);
    assert_eq!(segment.poll().map(|outcome| outcome.end), Some(End::Discarded));
    assert!(session.account().complete);
}
