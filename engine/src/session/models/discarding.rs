//! A session that is shut down with a drain by one and with a discard by another, while a third interrupts.

use super::{
    super::Shutdown,
    drains::drain,
    explore::explore,
    stage::{Stage, millis, shutdown},
    told::{Accepted, Pusher, check},
};
use crate::stream::{Close, Closed, Interrupt};
use shuttle::thread;

/// Whoever comes first, one report, each segment answered once, and what came too late is counted exactly. The mutants
/// `drains-stay-open` and `streams-closed-outside-the-lock` break it.
#[test]
fn a_discard_and_a_drain_end_in_one_report() {
    explore(|| {
        let stage = Stage::new(2);
        let (session, accepted) = (stage.session.clone(), Accepted::default());
        let (first, steered) = stage.stream();
        let (second, closed) = stage.stream();
        let producers: Vec<_> = [first, second]
            .map(|writer| {
                let mut pusher = Pusher::new(writer, &accepted);
                thread::spawn(move || {
                    for frames in [4, 12, 1] {
                        pusher.write(frames);
                        pusher.write(3);
                        pusher.flush();
                    }
                    pusher.write(2);
                    pusher.clear();
                    pusher.write(2);
                    pusher.told()
                })
            })
            .into();
        let (audio, control) = (stage.audio(None), stage.control(millis(1)));
        let other = session.clone();
        let draining = thread::spawn(move || shutdown(&other, Shutdown::Drain(millis(50))));
        let interrupting = thread::spawn(move || {
            let late = |answer: Interrupt| u64::from(answer == Interrupt::Closed);
            let clears = late(steered.interrupt()) + late(steered.interrupt());
            let closes = u64::from(closed.close(Close::Discard) == Closed::Already);
            (clears, closes)
        });
        let (asker, known) = (session.clone(), Accepted::default());
        let asked = thread::spawn(move || {
            drain(&asker, &known, millis(10), None);
            drain(&asker, &known, millis(10), None);
        });
        let report = shutdown(&session, Shutdown::Discard);
        assert_eq!(report, draining.join().expect("the same call"));
        let told: Vec<_> = producers.into_iter().map(|thread| thread.join().expect("a producer")).collect();
        let (clears, closes) = interrupting.join().expect("whoever interrupts");
        asked.join().expect("whoever drains");
        control.join().expect("control");
        audio.join().expect("the callback");
        let (late, counted) = (check(&report, told), session.late());
        assert_eq!((counted.writes, counted.frames), (late.writes, late.frames));
        assert_eq!(counted.interrupted_frames, late.interrupted_frames);
        assert_eq!((counted.flushes, counted.clears), (late.flushes, late.clears + clears));
        // A discard after a drain counts as one that made a difference; a drain after a discard does not.
        assert!((closes..=closes + 1).contains(&counted.closes), "{counted:?}");
    });
}
