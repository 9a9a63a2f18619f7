//! A producer that waits for room: it is never asleep with room there and nobody to wake it.
//!
//! Control looks at each of its steps, so what is wanted is that the step after all this wakes whoever was left pending.

use super::{BLOCK, Rig, answering::Woken, explore, joined, spawn};
use crate::{Close, WriteState, Writer};
use std::{
    future::Future,
    sync::Arc,
    task::{Context, Poll},
};

/// Polls, with another waker each time, as a task that moves; the last one's, if it is to be woken.
fn poll(writer: &mut Writer, times: usize) -> Option<Arc<Woken>> {
    let mut left = None;
    for _ in 0..times {
        let (woken, waker) = Woken::new();
        left = match writer.poll_write(&mut Context::from_waker(&waker), &[0.5_f32; 1]) {
            Poll::Ready(write) => {
                assert_ne!(write.state, WriteState::Full);
                return None;
            }
            Poll::Pending => Some(woken),
        };
    }
    left
}

/// The callback makes room and control wakes, while the producer leaves another waker. There is no credit but for the
/// segment that is open. The mutants `room-wakes-nobody` and `an-open-segment-wants-a-credit` break it.
#[test]
fn a_producer_is_woken_when_there_is_room() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, _stream) = rig.stream(1);
        assert_eq!(writer.write(&[0.5_f32; BLOCK]).frames, BLOCK);
        rig.control.step();
        assert!(poll(&mut writer, 1).is_some(), "it is full");
        let producer = spawn(move || (poll(&mut writer, 1), writer));
        rig.pass();
        let (left, _writer) = joined(producer);
        rig.control.step();
        assert!(left.is_none_or(|left| left.is()), "there is room");
    });
}

/// A producer that waits for a credit, where there is room, while control gives it one. The mutant `a-credit-wakes-nobody`
/// breaks it.
#[test]
fn a_producer_is_woken_when_there_is_a_credit() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, _stream) = rig.stream(1);
        say(&mut writer);
        rig.device.call(&mut [0.0; BLOCK], None);
        let producer = spawn(move || (poll(&mut writer, 1), writer));
        rig.control.step();
        let (left, _writer) = joined(producer);
        rig.control.step();
        assert!(left.is_none_or(|left| left.is()), "there is a credit");
    });
}

/// The producer takes the credit while control is about to wake it for that, and waits for the next: the waker left then
/// is woken too. The mutants `flag-before-the-waker` and `flag-cleared-after-the-waker` break it.
#[test]
fn a_producer_is_woken_when_there_is_the_next_credit() {
    explore_about_to_wake(|writer| {
        let left = poll(writer, 1);
        if left.is_some() {
            return left;
        }
        let _ = writer.flush();
        poll(writer, 1)
    });
}

/// The producer gives up waiting, for this credit or the next, while control is about to wake it, and waits again: the waker
/// left then is woken too. The mutant `flag-cleared-after-the-waker` breaks it.
#[test]
fn a_producer_that_gave_up_is_woken_when_it_waits_again() {
    explore_about_to_wake(|writer| {
        if !give_up(writer) {
            let _ = writer.flush();
            assert!(give_up(writer), "there is no other credit yet");
        }
        poll(writer, 1)
    });
}

/// What a producer does while control is about to wake it for a credit: whoever it leaves to be woken is, once another block
/// is heard.
fn explore_about_to_wake(wait: fn(&mut Writer) -> Option<Arc<Woken>>) {
    explore(move || {
        let mut rig = Rig::new(1);
        let (mut writer, _stream) = rig.stream(1);
        say(&mut writer);
        assert!(poll(&mut writer, 1).is_some(), "there is no credit");
        rig.device.call(&mut [0.0; BLOCK], None);
        let producer = spawn(move || (wait(&mut writer), writer));
        rig.control.step();
        let (left, _writer) = joined(producer);
        rig.pass();
        rig.control.step();
        assert!(left.is_none_or(|left| left.is()), "there is a credit");
    });
}

/// Waits, and then no more. `false`: there was nothing to wait for.
fn give_up(writer: &mut Writer) -> bool {
    let mut all = Box::pin(writer.write_async(&[0.5_f32; 1]));
    all.as_mut().poll(&mut Context::from_waker(&Woken::new().1)).is_pending()
}

/// A segment of a frame, which takes a credit.
fn say(writer: &mut Writer) {
    assert_eq!(writer.write(&[0.5_f32; 1]).frames, 1);
    let _ = writer.flush();
}

/// A close wakes too: who waits for room in a closed stream would wait for ever. The mutant `a-close-wakes-nobody` breaks
/// it.
#[test]
fn a_producer_is_woken_when_its_stream_closes() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(1);
        assert_eq!(writer.write(&[0.5_f32; BLOCK]).frames, BLOCK);
        rig.control.step();
        let producer = spawn(move || (poll(&mut writer, 1), writer));
        let _ = stream.close(Close::Drain);
        rig.control.step();
        let (left, _writer) = joined(producer);
        rig.control.step();
        assert!(left.is_none_or(|left| left.is()), "it is closed");
    });
}
