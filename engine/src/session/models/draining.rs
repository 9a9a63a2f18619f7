//! A session that is shut down with a drain, by two at once, while others drain and producers push.

use super::{
    super::Shutdown,
    drains::drain,
    explore::explore,
    stage::{FOREVER, Stage, millis, shutdown},
    told::{Accepted, Pusher, check},
};
use crate::stream::{Drained, End};
use shuttle::thread;

/// Every segment is answered once, in order and in full; every drain truthfully; everybody has the same report. The
/// mutants `drains-settle-without-the-inbox`, `credit-one-too-many`, `readers-after-settlements`,
/// `fence-takes-the-next-segment-for-its-own` and `reader-freed-in-its-block` break it.
#[test]
fn a_shutdown_that_drains_answers_for_everything() {
    explore(|| {
        let stage = Stage::new(3);
        let (session, accepted, over) = (stage.session.clone(), Accepted::default(), stage.over.clone());
        let mut producers = Vec::new();
        let mut handles = Vec::new();
        for index in 0..3 {
            let (writer, stream) = stage.stream();
            let (mut pusher, observed) = (Pusher::new(writer, &accepted), stream.clone());
            producers.push(thread::spawn(move || {
                pusher.write(3);
                let first = pusher.flush();
                pusher.write(10);
                if index == 1 {
                    pusher.clear();
                } else {
                    pusher.flush();
                }
                if observed.stats().settled > 0 {
                    assert!(first.is_none_or(|first| first.poll().is_some()), "settled, and no answer");
                }
                pusher.write(2);
                pusher.flush();
                pusher.write(5);
                pusher.told()
            }));
            handles.push(stream);
        }
        let audio = stage.audio(None);
        let control = stage.control(millis(2));
        let (by_session, by_stream) = (session.clone(), session.clone());
        let (known, stream) = (accepted.clone(), handles[0].clone());
        let drains = [
            thread::spawn(move || {
                drain(&by_session, &known, millis(20), None);
            }),
            thread::spawn(move || {
                // Only what it covers is its own to answer for.
                drain(&by_stream, &Accepted::default(), millis(5), Some(&stream));
            }),
        ];
        let other = session.clone();
        let second = thread::spawn(move || shutdown(&other, Shutdown::Drain(millis(30))));
        let report = shutdown(&session, Shutdown::Drain(millis(40)));
        assert_eq!(report, second.join().expect("the same call"), "everybody's report is the same");
        let told: Vec<_> = producers.into_iter().map(|thread| thread.join().expect("a producer")).collect();
        drains.into_iter().for_each(|thread| thread.join().expect("a drain"));
        control.join().expect("control");
        audio.join().expect("the callback");
        assert!(over.is_up());
        let late = check(&report, told);
        let counted = session.late();
        assert_eq!((counted.writes, counted.frames), (late.writes, late.frames));
        assert_eq!((counted.flushes, counted.clears, counted.closes), (late.flushes, late.clears, 1));
        assert_eq!(session.drain(millis(1)), Drained::Closed);
    });
}

/// With time enough, all of it is heard: an open segment too, which nobody flushed. A drain whose all is settled is drained,
/// however short. The mutants `nobody-ends-the-open-segment` and `deadline-before-the-fences` break it.
#[test]
fn a_drain_with_time_enough_hears_everything() {
    explore(|| {
        let stage = Stage::new(2);
        let (session, accepted) = (stage.session.clone(), Accepted::default());
        let producers: Vec<_> = (0..2)
            .map(|_| {
                let (writer, stream) = stage.stream();
                let (mut pusher, session) = (Pusher::new(writer, &accepted), session.clone());
                thread::spawn(move || {
                    pusher.write(3);
                    if let Some(segment) = pusher.flush() {
                        let _ = segment.wait(FOREVER);
                        let drained = stream.drain_ticket(millis(0)).wait(FOREVER);
                        let closed = session.is_closed();
                        assert!(drained == Some(Drained::Drained) || closed, "{drained:?}");
                    }
                    pusher.write(10);
                    pusher.flush();
                    pusher.write(4);
                    // The writer outlives the session: control ends what it left open.
                    (stream, pusher)
                })
            })
            .collect();
        let (audio, control) = (stage.audio(None), stage.control(millis(2)));
        let report = shutdown(&session, Shutdown::Drain(millis(60_000)));
        control.join().expect("control");
        audio.join().expect("the callback");
        let told = producers.into_iter().map(|thread| thread.join().expect("a producer").1.told());
        check(&report, told.collect::<Vec<_>>());
        for outcome in &report.segments {
            assert!(matches!(outcome.end, End::Played | End::Closed), "{outcome:?}");
        }
    });
}
