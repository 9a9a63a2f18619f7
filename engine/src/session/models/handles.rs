//! Streams made while the session ends, and handles, writers and the session dropped from several threads.

use super::{
    super::Shutdown,
    explore::explore,
    stage::{FOREVER, Stage, config, millis, shutdown},
    told::{Accepted, Pusher, check},
};
use crate::stream::StreamError;
use shuttle::thread;
use std::sync::Arc;

/// A stream is made before the end was asked for, and closed with the rest, or refused; there is no third. The mutants
/// `stream-after-the-end`, `end-asked-while-a-stream-is-made` and `newest-books-not-seen` break it.
#[test]
fn a_stream_is_made_before_the_end_or_refused() {
    explore(|| {
        let stage = Stage::new(3);
        let (session, accepted) = (stage.session.clone(), Accepted::default());
        let makers: Vec<_> = (0..2)
            .map(|_| {
                let (session, accepted) = (session.clone(), accepted.clone());
                thread::spawn(move || match session.stream(config()) {
                    Ok((writer, _)) => {
                        let mut pusher = Pusher::new(writer, &accepted);
                        pusher.write(3);
                        pusher.flush();
                        pusher.write(1);
                        Some(pusher.told())
                    }
                    Err(why) => {
                        assert!(matches!(why, StreamError::Closed | StreamError::TooMany { .. }), "{why}");
                        assert!(session.is_closed());
                        None
                    }
                })
            })
            .collect();
        let (audio, control) = (stage.audio(Some(4)), stage.control(millis(5)));
        let report = shutdown(&session, Shutdown::Discard);
        let told: Vec<_> = makers.into_iter().filter_map(|thread| thread.join().expect("a maker")).collect();
        control.join().expect("control");
        audio.join().expect("the callback");
        check(&report, told);
        assert_eq!(session.stream(config()).err(), Some(StreamError::Closed));
    });
}

/// The session is dropped while producers write, and handles with it: control ends it, and everybody who asks is answered.
/// The mutants `dropped-session-goes-on` and `finished-read-after-the-tail` break it.
#[test]
fn a_dropped_session_answers_everybody() {
    explore(|| {
        let stage = Stage::new(2);
        let (session, accepted) = (stage.session.clone(), Accepted::default());
        let core = Arc::clone(&session.core);
        let producers = [stage.stream(), stage.stream()].map(|(writer, stream)| {
            let mut pusher = Pusher::new(writer, &accepted);
            let steering = thread::spawn(move || {
                let ticket = stream.drain_ticket(millis(20));
                drop(stream.clone());
                drop(stream);
                assert!(ticket.wait(FOREVER).is_some());
            });
            let pushing = thread::spawn(move || {
                pusher.write(5);
                let segment = pusher.flush();
                pusher.write(12);
                // The writer's drop closes its stream, and ends the open segment.
                (pusher.told(), segment)
            });
            (steering, pushing)
        });
        let audio = stage.audio(None);
        let control = stage.control(millis(2));
        drop(session);
        let mut told = Vec::new();
        for (steering, pushing) in producers {
            let (this, segment) = pushing.join().expect("a producer");
            assert!(segment.is_none_or(|segment| segment.wait(FOREVER).is_some()));
            steering.join().expect("a handle");
            told.push(this);
        }
        control.join().expect("control");
        audio.join().expect("the callback");
        let report = core.report.get().expect("it is over");
        check(&report, told);
    });
}
