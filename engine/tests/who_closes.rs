//! Closing from either handle: who was first, and what a second close still changes.

mod common;

use codetta::Close;
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
