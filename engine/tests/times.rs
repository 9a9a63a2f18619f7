//! When something was heard, to the frame: however long a block is, whatever the graph holds back.

mod common;
#[path = "common/graphs.rs"]
mod graphs;

use codetta::{Outcome, Session};
use common::*;
use graphs::Late;
use std::time::Duration;

/// When its first and last frame were heard, in frames since the session started.
fn times(outcome: Outcome) -> [Option<f64>; 2] {
    let frames = |time: Duration| (time.as_secs_f64() * f64::from(RATE)).round();
    [outcome.first_heard.map(frames), outcome.last_heard.map(frames)]
}

/// A block longer than the renderer mixes at a time: each of its frames has its own time all the same.
#[test]
fn in_a_long_block_every_frame_has_its_time() {
    let mut rig = Rig::new();
    let (mut writer, _stream) = rig.stream(plain());
    let [first, second] = [3_000, 3_500].map(|length| say(&mut writer, &numbered(0, length)));
    rig.render(8_192);
    assert_eq!(first.poll().map(times), Some([Some(0.0), Some(3_000.0)]));
    assert_eq!(second.poll().map(times), Some([Some(3_000.0), Some(6_500.0)]));
}

/// What is mixed into the graph is heard when it comes out of it, and when the device lets it be heard.
#[test]
fn what_the_graph_holds_is_heard_so_much_later() {
    let (session, mut time) = Session::builder().stepped().expect("valid");
    let mut edit = session.graph().edit();
    let (late, streams, output) = (edit.add(Late(4_800)), edit.streams(), edit.output());
    edit.connect(&streams, &late).connect(&late, &output);
    edit.commit().expect("valid");
    time.set_latency(Some(ms(20)));
    time.advance(ms(100));
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    let segment = say(&mut writer, &numbered(0, 480));
    time.advance(ms(120));
    assert_eq!(segment.poll(), None);
    time.advance(ms(30));
    // It was written at 100 ms.
    let first = 4_800.0 + 4_800.0 + 960.0;
    assert_eq!(segment.poll().map(times), Some([Some(first), Some(first + 480.0)]));
}

/// Rendered, and settled before the device let any of it be heard: there is no time at which it was.
#[test]
fn what_was_not_heard_has_no_times() {
    let (session, mut time) = Session::builder().stepped().expect("valid");
    time.set_latency(Some(Duration::from_secs(10)));
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    let segment = say(&mut writer, &numbered(0, 4_800));
    time.advance(ms(50));
    drop(session.begin_shutdown(codetta::Shutdown::Discard));
    time.advance(Duration::from_secs(1));
    let outcome = segment.poll().expect("by force");
    assert_eq!((outcome.played, times(outcome)), (0, [None, None]));
}
