//! Drains: an engine that answers one late.

use super::told::{NOW, Told};
use codetta::Drained;
use codetta_simulator::oracle::End;

/// A stream that has flushed 100 frames, heard and answered, and written 50 of the next; a drain of it, and then 50 more.
fn draining() -> (Told, usize) {
    let mut told = Told::new();
    told.receives(0..100, 0);
    told.is_answered(0, End::Played, 100);
    told.writes(50);
    let drain = told.oracle.drains(Some(0), NOW, NOW);
    let drain = told.oracle.drain_asked(drain, None, NOW, 0);
    told.writes(50);
    (told, drain)
}

#[test]
fn a_drain_that_is_passed_and_waits_for_its_deadline() {
    let late = Some(Drained::DeadlineExceeded { frames_left: 50 });
    for (answer, right) in [(Some(Drained::Drained), true), (None, false), (late, false)] {
        let (mut told, drain) = draining();
        told.receives(100..149, 0);
        assert_eq!(told.oracle.drains_passed(NOW), [], "a frame is left");
        told.receives(149..160, 0);
        let passed = told.oracle.drains_passed(NOW);
        assert_eq!(passed, [drain]);
        told.oracle.drained(drain, answer, 2 * NOW);
        told.oracle.were_passed(&passed);
        match right {
            true => told.holds(),
            false => told.breaks("a drain that is passed does not wait for its deadline"),
        }
    }
}

#[test]
fn a_drain_that_is_answered_by_its_deadline_although_all_was_heard() {
    let (mut told, drain) = draining();
    told.receives(100..200, 0);
    told.flushes(1);
    told.is_answered(1, End::Played, 100);
    told.oracle.drained(drain, Some(Drained::DeadlineExceeded { frames_left: 0 }), 2 * NOW);
    told.breaks("a drain is answered what happened");
}

#[test]
fn what_is_cut_holds_a_drain_up_until_it_is_answered() {
    let (mut told, drain) = draining();
    told.receives(100..160, 0);
    told.clears();
    assert_eq!(told.oracle.drains_passed(NOW), []);
    told.is_answered(1, End::Interrupted, 60);
    assert_eq!(told.oracle.drains_passed(NOW), [drain]);
}

/// A device that lets be heard what it had before its last block takes 20 frames of the segment, and another goes on.
fn loses(told: &mut Told) {
    told.receives_late(100..130);
    told.receives_late(130..150);
    told.oracle.lose();
}

#[test]
fn a_drain_that_is_called_drained_although_the_device_took_what_it_covers() {
    for (answer, right) in
        [(Drained::DeviceLost, true), (Drained::Drained, false), (Drained::Interrupted, false)]
    {
        let (mut told, drain) = draining();
        loses(&mut told);
        assert_eq!(told.oracle.drains_passed(NOW), [drain], "nothing more of it comes");
        told.receives(150..200, 0);
        told.oracle.drained(drain, Some(answer), NOW);
        match right {
            true => told.holds(),
            false => told.breaks("a drain is answered what happened"),
        }
    }
}

#[test]
fn a_drain_that_is_called_lost_although_the_device_took_what_came_later() {
    for (answer, right) in [(Drained::DeviceLost, false), (Drained::Drained, true)] {
        let (mut told, drain) = draining();
        told.receives(100..150, 0);
        told.receives_late(150..200);
        told.oracle.lose();
        told.oracle.drained(drain, Some(answer), NOW);
        match right {
            true => told.holds(),
            false => told.breaks("a drain is answered what happened"),
        }
    }
}
