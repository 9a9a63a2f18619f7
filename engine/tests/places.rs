//! How many streams there can be: as many as the session was told, whatever happened before.

mod common;

use codetta::{Command, Session, StreamError};
use common::*;

/// A stream that could not be made, since the audio thread takes no commands for now, takes nobody's place.
#[test]
fn a_stream_that_could_not_be_made_takes_no_place() {
    let mut rig = Rig::with(Session::builder().channels(1).max_streams(2).max_commands(64));
    let (_writer, stream) = rig.stream(plain());
    while stream.pause() == Command::Accepted {}
    for _ in 0..4 {
        assert_eq!(rig.session.stream(plain()).err(), Some(StreamError::Busy));
    }
    rig.render(1);
    let second = rig.session.stream(plain());
    assert!(second.is_ok());
    assert_eq!(rig.session.stream(plain()).err(), Some(StreamError::TooMany { max: 2 }));
}
