//! The session ends, and no block comes any more: what the renderer has not settled is settled in its place.

mod common;

use codetta::{End, Report, Session, Shutdown};
use common::*;

/// What was heard to its end in the last block was played, and not cut short by what came after.
#[test]
fn what_the_last_block_played_was_played() {
    let (session, mut offline) = Session::builder().channels(1).offline().expect("valid");
    let (mut writer, stream) = session.stream(plain()).expect("the first");
    let segments = [0, 480].map(|from| say(&mut writer, &numbered(from, 480)));
    offline.render_only(&mut [0.0; 1_920]);
    drop(offline);
    for segment in segments {
        assert_eq!(segment.poll().map(|outcome| (outcome.end, outcome.played)), Some((End::Played, 480)));
    }
    let position = stream.position();
    assert_eq!((position.pushed, position.consumed, position.played), (960, 960, 960));
}

/// Of one that was cut and has another behind it, as many frames were pushed as lie between, whether a block comes or not.
#[test]
fn segments_between_others_keep_their_lengths() {
    for comes_a_block in [false, true] {
        let (session, mut offline) = Session::builder().channels(1).offline().expect("valid");
        let (mut writer, _stream) = session.stream(plain()).expect("the first");
        offline.render(&mut [0.0; 480]);
        say(&mut writer, &numbered(0, 50));
        put(&mut writer, &numbered(0, 100));
        let _ = writer.clear();
        put(&mut writer, &numbered(0, 200));
        if comes_a_block {
            offline.render(&mut [0.0; 480]);
        }
        let closing = session.begin_shutdown(Shutdown::Discard);
        drop(offline);
        let report: Report = closing.poll().expect("over");
        assert_eq!(report.segments.iter().map(|outcome| outcome.pushed).collect::<Vec<_>>(), [50, 100, 200]);
        assert_truthful(&report);
    }
}
