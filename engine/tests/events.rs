//! Events through a receiver: in order, up to a bound, and to an end.

mod common;

use codetta::{Event, Session, Shutdown};
use common::*;
use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

/// Nobody waits so long in a test that passes.
const FOREVER: Duration = Duration::from_secs(3_600);

/// What is there comes at once; after the last there is nothing to wait for.
#[test]
fn a_receiver_comes_to_an_end() {
    let mut rig = Rig::mono();
    let events = rig.session.events();
    let (mut writer, _stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 480));
    rig.render(960);
    let _ = rig.end(Shutdown::Discard);
    assert!(matches!(events.recv_timeout(FOREVER), Some(Event::Started { .. })));
    assert!(matches!(events.recv_timeout(FOREVER), Some(Event::Finished(_))));
    assert!(matches!(events.recv_timeout(FOREVER), Some(Event::Closed(_))));
    assert_eq!(events.recv_timeout(FOREVER), None);
}

/// Each that does not fit is counted; the callback has had them all.
#[test]
fn what_does_not_fit_a_receiver_is_counted() {
    let told = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&told);
    let on_event = move |_: &Event| {
        count.fetch_add(1, Ordering::Relaxed);
    };
    let mut rig = Rig::with(Session::builder().channels(1).on_event(on_event));
    let events = rig.session.events();
    let (mut writer, _stream) = rig.stream(plain());
    for _ in 0..3_000 {
        say(&mut writer, &[0.5; 2]);
        rig.render(2);
    }
    rig.render(480);
    let report = rig.end(Shutdown::Discard);
    let received = std::iter::from_fn(|| events.try_recv()).count() as u64;
    // The last event tells of the end, after the report was made.
    let told = told.load(Ordering::Relaxed);
    assert!(told > 6_000 && received < told);
    assert_eq!(report.events_missed, told - 1 - received);
}
