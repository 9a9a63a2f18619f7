//! A drain against control, which settles, answers and closes meanwhile.

use super::{Rig, explore, joined, spawn};
use crate::{Drained, Interrupt, Shutdown, Writer};
use std::{sync::Arc, time::Duration};

const LONG: Duration = Duration::from_secs(3600);

/// A segment that is settled while a drain begins is either settled before it, or in its answer: what was cut after the
/// fence is never called drained. The mutants `drain-taken-after-the-settling` and `drain-noted-outside-the-lock` break it.
#[test]
fn a_drain_knows_what_became_of_all_that_it_covers() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(1);
        let _ = writer.write(&[0.5_f32; 1]);
        let segment = writer.flush().accepted().expect("written");
        assert_eq!(stream.interrupt(), Interrupt::Interrupted);
        rig.device.call(&mut [0.0; 8], None);
        let drainer = spawn(move || {
            let drain = stream.drain_ticket(LONG);
            let covers = segment.poll().is_none();
            (drain, covers, stream)
        });
        rig.control.step();
        let (drain, covers, _stream) = joined(drainer);
        rig.control.step();
        let drained = drain.poll().expect("all of it is settled");
        assert!(!covers || drained == Drained::Interrupted, "it was cut after the fence: {drained:?}");
    });
}

/// A drain that begins while a segment is being begun waits for what was accepted by then, and for nothing that is written
/// later: also where one before it was cut. The mutant `a-drain-waits-for-what-is-being-begun` breaks it.
#[test]
fn a_drain_waits_for_nothing_that_is_written_after_it() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(3);
        say(&mut writer, 1);
        assert_eq!(stream.interrupt(), Interrupt::Interrupted);
        rig.pass();
        let drainer = spawn(move || (stream.drain_ticket(LONG), stream));
        assert_eq!(writer.write(&[0.5_f32; 1]).frames, 1);
        let (drain, _stream) = joined(drainer);
        say(&mut writer, 2);
        say(&mut writer, 1);
        rig.device.call(&mut [0.0; 1], None);
        rig.control.step();
        assert_eq!(drain.poll(), Some(Drained::Drained), "what it covers was heard");
    });
}

/// So many frames, or more of the open segment, and its end.
fn say(writer: &mut Writer, frames: usize) {
    assert_eq!(writer.write(&vec![0.5_f32; frames]).frames, frames);
    let _ = writer.flush();
}

/// Two drains, begun while control steps, are answered each, and stay so. The mutant `drains-taken-replace-the-others`
/// breaks it.
#[test]
fn concurrent_drains_are_each_answered_once() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(1);
        let _ = writer.write(&[0.5_f32; 1]);
        let _ = writer.flush();
        let session = Arc::clone(&rig.session);
        let by_session = spawn(move || session.drain_ticket(LONG));
        let first = stream.drain_ticket(LONG);
        rig.control.step();
        let second = joined(by_session);
        rig.control.step();
        assert!(first.poll().is_none() && second.poll().is_none(), "nothing has been heard");
        rig.pass();
        for drain in [first, second] {
            assert_eq!(drain.poll(), Some(Drained::Drained));
        }
    });
}

/// A drain that begins while the session ends is answered: by its end, or at once. The mutants
/// `drains-closed-after-the-last-look` and `drains-never-close` break it.
#[test]
fn a_drain_that_races_the_end_is_answered() {
    explore(|| {
        let mut rig = Rig::new(1);
        let session = Arc::clone(&rig.session);
        let drainer = spawn(move || session.drain_ticket(LONG));
        let closing = rig.session.begin_shutdown(Shutdown::Discard);
        rig.control.step();
        assert!(closing.poll().is_some(), "there was nothing to wait for");
        let drained = joined(drainer).poll().expect("nobody will answer it any more");
        assert!(matches!(drained, Drained::Drained | Drained::Closed), "{drained:?}");
    });
}

/// Whoever waited in vain answers in control's place; control may answer at that moment, and everybody hears the same.
/// The mutant `own-answer-at-the-deadline` breaks it.
#[test]
fn an_answer_at_the_deadline_is_everybodys() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(1);
        let _ = writer.write(&[0.5_f32; 1]);
        let _ = writer.flush();
        let drain = stream.drain_ticket(LONG);
        rig.device.call(&mut [0.0; 8], None);
        let waiting = drain.clone();
        let waiter = spawn(move || waiting.give_up());
        rig.control.step();
        let heard = drain.poll().expect("control has answered");
        assert_eq!(heard, joined(waiter));
        assert_eq!(drain.poll(), Some(heard), "an answer stays");
    });
}
