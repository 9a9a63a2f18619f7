//! Who is woken: each that waits, once, with reason; and nobody who has left.

mod common;

use codetta::{Segment, Shutdown, StreamConfig, Write, WriteState};
use common::*;
use std::{
    future::Future,
    pin::{Pin, pin},
    sync::{Arc, Mutex},
    task::{Poll, Wake, Waker},
    time::Duration,
};

/// A task of an executor: woken, it is in the queue.
struct Task(usize, Arc<Mutex<Vec<usize>>>);

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.1.lock().expect("nobody panics with it").push(self.0);
    }
}

/// Runs a task for each of `futures`, each of which is to wait, until there is nothing to do: how many polls that took.
fn polls_until_rest<F: Future + Unpin>(futures: &mut [F]) -> usize {
    let queue = Arc::new(Mutex::new((0..futures.len()).collect::<Vec<_>>()));
    let task = |index| Waker::from(Arc::new(Task(index, Arc::clone(&queue))));
    let wakers: Vec<Waker> = (0..futures.len()).map(task).collect();
    for polls in 0..10 * futures.len() {
        let Some(next) = queue.lock().expect("as above").pop() else { return polls };
        assert!(poll(Pin::new(&mut futures[next]), &wakers[next]).is_pending());
    }
    panic!("it does not come to rest");
}

/// Any number of tasks may wait for one answer: each asks once, and then all rest until it is there.
#[test]
fn any_number_of_tasks_wait_for_one_answer() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    let segment = say(&mut writer, &numbered(0, 480));
    let drain = rig.session.drain_ticket(ms(1_000));
    let closing = rig.session.begin_shutdown(Shutdown::Drain(ms(1_000)));
    assert_eq!(polls_until_rest(&mut vec![segment; 1_000]), 1_000);
    assert_eq!(polls_until_rest(&mut vec![drain; 1_000]), 1_000);
    assert_eq!(polls_until_rest(&mut vec![closing; 1_000]), 1_000);
    rig.render_in(960, 480);
}

/// Polls `future` in a thousand tasks, one after the other: all but the last are free to go, and that one is woken.
fn wanders<F: Future + Unpin>(mut future: F, answer: impl FnOnce()) {
    let (alarms, wakers): (Vec<_>, Vec<_>) = (0..1_000).map(|_| Alarm::set()).unzip();
    for waker in &wakers {
        assert!(poll(Pin::new(&mut future), waker).is_pending());
    }
    drop(wakers);
    let (last, before) = alarms.split_last().expect("a thousand");
    assert!(before.iter().all(|alarm| Arc::strong_count(alarm) == 1), "kept, though the task has gone on");
    assert_eq!(Arc::strong_count(last), 2);
    answer();
    assert!(before.iter().all(|alarm| alarm.rung() == 0));
    assert_eq!((last.rung(), Arc::strong_count(last)), (1, 1));
    assert!(poll(Pin::new(&mut future), Waker::noop()).is_ready());
}

/// A future that moves from task to task is woken in the last, and keeps none of the others alive.
#[test]
fn a_future_that_moves_is_woken_where_it_is() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    let segment = say(&mut writer, &numbered(0, 480));
    wanders(segment, || drop(rig.render_in(960, 480)));
    say(&mut writer, &numbered(480, 480));
    let drain = rig.session.drain_ticket(ms(1_000));
    wanders(drain, || drop(rig.render_in(960, 480)));
    let closing = rig.session.begin_shutdown(Shutdown::Discard);
    wanders(closing, || drop(rig.render_in(4_800, 480)));
}

/// Two futures in one task are two who wait; one that is dropped, or asked by a clone, changes nothing for the other.
#[test]
fn a_future_that_is_dropped_is_not_woken() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    let mut staying = say(&mut writer, &numbered(0, 480));
    let (mut leaving, mut answered): (Segment, Segment) = (staying.clone(), staying.clone());
    let ((stays, staying_waker), (leaves, leaving_waker)) = (Alarm::set(), Alarm::set());
    assert!(poll(Pin::new(&mut leaving), &leaving_waker).is_pending());
    assert!(poll(Pin::new(&mut staying), &staying_waker).is_pending());
    assert!(poll(Pin::new(&mut answered), &staying_waker).is_pending());
    drop((leaving, leaving_waker));
    assert_eq!(Arc::strong_count(&leaves), 1, "it is let go at once");
    rig.render_in(960, 480);
    assert_eq!((stays.rung(), leaves.rung()), (2, 0));
    for segment in [&mut staying, &mut answered] {
        assert!(poll(Pin::new(segment), &staying_waker).is_ready());
    }
}

/// Full of segments, with room for all: the writer sleeps until one is answered, and is woken once.
#[test]
fn a_writer_without_a_credit_sleeps_until_there_is_one() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain().max_segments(1));
    let first = say(&mut writer, &numbered(0, 4_800));
    let (alarm, waker) = Alarm::set();
    let all = numbered(4_800, 10);
    let mut writing = pin!(writer.write_async(&all));
    assert!(poll(writing.as_mut(), &waker).is_pending());
    rig.render_in(4_799, 48);
    assert_eq!((alarm.rung(), first.poll()), (0, None), "nothing could have been written");
    rig.render_in(480, 48);
    assert!(first.poll().is_some());
    assert_eq!(alarm.rung(), 1);
    assert_eq!(poll(writing.as_mut(), &waker), Poll::Ready(Write { frames: 10, state: WriteState::Open }));
}

/// An open segment wants no credit: there, room is all that is waited for.
#[test]
fn a_writer_inside_a_segment_waits_for_room_alone() {
    let mut rig = Rig::mono();
    let narrow = StreamConfig::new(RATE, 1).fade(Duration::ZERO).buffer(ms(100)).max_segments(1);
    let (mut writer, _stream) = rig.stream(narrow);
    put(&mut writer, &numbered(0, 4_800));
    let (alarm, waker) = Alarm::set();
    let all = numbered(4_800, 1_200);
    let mut writing = pin!(writer.write_async(&all));
    assert!(poll(writing.as_mut(), &waker).is_pending());
    rig.render_in(1_200, 48);
    assert_eq!(alarm.rung(), 1);
    assert_eq!(poll(writing.as_mut(), &waker), Poll::Ready(Write { frames: 1_200, state: WriteState::Open }));
}
