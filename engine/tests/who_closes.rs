//! Closing from either handle: who was first, and what a second close still changes.

mod common;

use codetta::{Close, Shutdown, WriteState};
use common::*;

/// Whoever closes is told whether it was he, from either handle; a discard makes a difference to a drain, never the reverse.
#[test]
fn the_one_who_closes_is_told_so() {
    use codetta::Closed::{Already, Now};
    for (first, second, answer) in [
        (Close::Drain, Close::Drain, Already),
        (Close::Drain, Close::Discard, Now),
        (Close::Discard, Close::Drain, Already),
        (Close::Discard, Close::Discard, Already),
    ] {
        let rig = Rig::mono();
        let (mut writer, stream) = rig.stream(plain());
        put(&mut writer, &numbered(0, 480));
        assert_eq!((writer.close(first), stream.close(second)), (Now, answer), "{first:?} {second:?}");
        let (mut writer, stream) = rig.stream(plain());
        put(&mut writer, &numbered(0, 480));
        assert_eq!((stream.close(first), writer.close(second)), (Now, answer), "{first:?} {second:?}");
        let late = [Now, Now, answer, answer].iter().filter(|closed| **closed == Already).count() as u64;
        assert_eq!(rig.session.account().late.closes, late);
    }
}

/// One stream's end is nothing to the others: a shutdown finds them all, at the call.
#[test]
fn a_shutdown_closes_those_that_outlive_another() {
    let mut rig = Rig::mono();
    let mut streams: Vec<_> = (0..3).map(|_| rig.stream(plain())).collect();
    let _ = streams.remove(1).1.close(Close::Discard);
    rig.render(480);
    rig.render(480);
    let _closing = rig.session.begin_shutdown(Shutdown::Discard);
    for (writer, _) in &mut streams {
        assert_eq!(writer.write(&[0.5_f32; 10]).state, WriteState::Closed);
    }
}

/// A handle says whether its stream accepts anything.
#[test]
fn a_handle_says_whether_it_is_closed() {
    let rig = Rig::mono();
    let (_writer, stream) = rig.stream(plain());
    assert!(!stream.is_closed());
    let _ = stream.close(Close::Drain);
    assert!(stream.is_closed());
}
