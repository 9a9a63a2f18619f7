//! Who waits is woken: a promise and its waiters, and a producer that waits for room.

use super::{
    super::Shutdown,
    explore::explore,
    stage::{FOREVER, SAMPLE, Stage, millis, shutdown, toss},
};
use crate::{
    promise::{Promise, Waiter},
    stream::WriteState,
};
use shuttle::{
    sync::{Condvar, Mutex},
    thread,
};
use std::{
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
};

/// More than there is room for.
const SAMPLES: [f32; 20] = [SAMPLE; 20];

/// What a task sleeps on: there is nothing else that could wake it.
#[derive(Default)]
struct Sleeper(Mutex<bool>, Condvar);

impl Sleeper {
    fn sleep(&self) {
        let woken = self.0.lock().expect("nobody panics with it");
        *self.1.wait_while(woken, |woken| !*woken).expect("as above") = false;
    }
}

impl Wake for Sleeper {
    fn wake(self: Arc<Self>) {
        *self.0.lock().expect("as above") = true;
        self.1.notify_all();
    }
}

/// A poll of `ready` and a sleep, until it is ready.
fn block_on<T>(mut ready: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    let sleeper = Arc::<Sleeper>::default();
    let waker = Waker::from(Arc::clone(&sleeper));
    let mut context = Context::from_waker(&waker);
    loop {
        match ready(&mut context) {
            Poll::Ready(value) => return value,
            Poll::Pending => sleeper.sleep(),
        }
    }
}

/// Waiters that block and waiters that poll all have the one value, which stays. The mutants `promise-set-twice`,
/// `promise-notifies-first` and `promise-looks-and-then-registers` break it.
#[test]
fn every_waiter_of_a_promise_is_woken_with_the_same_value() {
    explore(|| {
        let promise = Arc::new(Promise::<u32>::default());
        let waiters: Vec<_> = (0..4)
            .map(|index| {
                let promise = Arc::clone(&promise);
                thread::spawn(move || {
                    let value = if index % 2 == 0 {
                        promise.wait(FOREVER).expect("without a timeout")
                    } else {
                        let mut waiter = Waiter::from(Arc::clone(&promise));
                        block_on(|context| waiter.poll(context))
                    };
                    assert_eq!(promise.get(), Some(value), "it stays");
                    value
                })
            })
            .collect();
        let second = Arc::clone(&promise);
        let setter = thread::spawn(move || second.set(2));
        let (first, second) = (promise.set(1), setter.join().expect("a setter"));
        assert!(first != second, "one of them");
        for waiter in waiters {
            assert_eq!(waiter.join().expect("a waiter"), if first { 1 } else { 2 });
        }
    });
}

/// A producer that waits for room goes on when the callback has made some, or when the stream closes: never is it
/// forgotten. The mutant `readers-after-settlements` breaks it; the narrow races of the waker itself are loom's (`models::room`).
#[test]
fn a_producer_that_waits_for_room_is_woken() {
    explore(|| {
        let stage = Stage::new(1);
        let session = stage.session.clone();
        let (mut writer, _stream) = stage.stream();
        let producer = thread::spawn(move || {
            let mut frames = 0;
            let length = if toss() { 1 } else { SAMPLES.len() };
            loop {
                // Room is samples, or a credit.
                let write = block_on(|context| writer.poll_write(context, &SAMPLES[..length]));
                if length == 1 {
                    let _ = writer.flush();
                }
                frames += write.frames as u64;
                match write.state {
                    WriteState::Closed => return frames,
                    WriteState::Open | WriteState::Full => assert!(write.frames > 0),
                    state => panic!("nobody interrupts: {state:?}"),
                }
            }
        });
        let (audio, control) = (stage.audio(Some(6)), stage.control(millis(1)));
        let report = shutdown(&session, Shutdown::Drain(millis(5)));
        assert_eq!(report.ledger.pushed, producer.join().expect("woken"));
        control.join().expect("control");
        audio.join().expect("the callback");
    });
}
