//! What must be reported, and what must not, before anything is made of the sanitizer's silence.
//!
//! `bait faults` and `bait sound` list them, `bait NAME` does one. The sound ones use std's locks and counts as hard as two
//! cores can; the faults have the same beside them, to show that what `std_locks` tells hides nothing.

#![allow(unsafe_code)] // A race cannot be had without.

use codetta_races as _;
use std::{
    cell::UnsafeCell,
    env, iter,
    sync::{
        Arc, Condvar, Mutex, MutexGuard, OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::Duration,
};

type Case = (&'static str, fn());

const FAULTS: [Case; 4] = [
    ("relaxed-publish", || publish(Ordering::Relaxed)),
    ("beside-a-mutex", || {
        contend(|cell, lock| {
            drop(hold(lock));
            cell.touch();
        })
    }),
    ("beside-a-condvar", || {
        contend(|cell, lock| {
            wait(lock);
            cell.touch();
        })
    }),
    ("beside-an-arc", || {
        contend(|cell, lock| {
            drop((Arc::clone(cell), Arc::clone(lock)));
            cell.touch();
        })
    }),
];

const SOUND: [Case; 7] = [
    ("release-publish", || publish(Ordering::Release)),
    ("mutex", || {
        contend(|cell, lock| {
            let _guard = hold(lock);
            cell.touch();
        })
    }),
    ("condvar", || contend(wait_between)),
    ("once", once),
    ("channel", channel),
    ("arc", arc),
    ("thread", || (0..2_000).for_each(|_| drop(thread::spawn(thread::yield_now)))),
];

fn main() {
    let name = env::args().nth(1).unwrap_or_default();
    let names = |cases: &[Case]| cases.iter().for_each(|(name, _)| println!("{name}"));
    match name.as_str() {
        "faults" => names(&FAULTS),
        "sound" => names(&SOUND),
        name => {
            let case = FAULTS.iter().chain(&SOUND).find(|case| case.0 == name);
            case.expect("faults, sound, or one of those").1();
        }
    }
}

/// Shared by threads that must see to it themselves.
#[derive(Debug, Default)]
struct Bare(UnsafeCell<u64>);

// SAFETY: none. It is for whoever touches it.
unsafe impl Sync for Bare {}

impl Bare {
    fn touch(&self) {
        // SAFETY: as the case says; where it says nothing, none: that is the fault.
        unsafe { *self.0.get() += 1 }
    }
}

type Lock = (Mutex<u64>, Condvar);

/// The same in four threads, over and over.
fn contend(turn: fn(&Arc<Bare>, &Arc<Lock>)) {
    let (cell, lock) = (Arc::new(Bare::default()), Arc::new(Lock::default()));
    let spawn = || {
        let (cell, lock) = (Arc::clone(&cell), Arc::clone(&lock));
        thread::spawn(move || (0..5_000).for_each(|_| turn(&cell, &lock)))
    };
    let threads: Vec<_> = iter::repeat_with(spawn).take(4).collect();
    threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
}

/// Gives another thread the time to ask for it too.
fn hold(lock: &Lock) -> MutexGuard<'_, u64> {
    let guard = lock.0.lock().expect("no panic");
    thread::yield_now();
    guard
}

fn wait(lock: &Lock) {
    lock.1.notify_all();
    drop(lock.1.wait_timeout(hold(lock), Duration::from_micros(20)));
}

fn wait_between(cell: &Arc<Bare>, lock: &Arc<Lock>) {
    lock.1.notify_all();
    let guard = hold(lock);
    cell.touch();
    let _guard = lock.1.wait_timeout(guard, Duration::from_micros(20));
    cell.touch();
}

/// One writes and says so, the other sees that and reads.
fn publish(order: Ordering) {
    for _ in 0..100 {
        let shared = Arc::new((Bare::default(), AtomicBool::new(false)));
        let theirs = Arc::clone(&shared);
        let writer = thread::spawn(move || {
            theirs.0.touch();
            theirs.1.store(true, order);
        });
        while !shared.1.load(Ordering::Acquire) {
            thread::yield_now();
        }
        shared.0.touch();
        writer.join().expect("no panic");
    }
}

fn once() {
    for _ in 0..1_000 {
        let shared = Arc::new(OnceLock::new());
        let spawn = |sets: bool| {
            let shared = Arc::clone(&shared);
            thread::spawn(move || {
                let seen = if sets { Some(shared.get_or_init(|| vec![1])) } else { shared.get() };
                assert!(seen.is_none_or(|seen| seen[0] == 1));
            })
        };
        let threads = [true, false, true, false].map(spawn);
        threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    }
}

/// Both of the kinds that the engine has.
fn channel() {
    for _ in 0..100 {
        let (few, few_out) = mpsc::sync_channel(4);
        let (many, many_out) = mpsc::channel();
        let sender = thread::spawn(move || {
            for n in 0..100 {
                let _ = few.try_send(vec![n]);
                few.send(vec![n]).expect("somebody receives");
                many.send(vec![n]).expect("somebody receives");
            }
        });
        let receiver = thread::spawn(move || few_out.iter().map(|mut sent| sent.pop()).count());
        while let Ok(mut sent) = many_out.recv_timeout(Duration::from_secs(10)) {
            sent.clear();
        }
        sender.join().expect("no panic");
        receiver.join().expect("no panic");
    }
}

/// Whoever lets go last frees what all have used.
fn arc() {
    for _ in 0..1_000 {
        let shared = Arc::new(Mutex::new(vec![0]));
        let spawn = || {
            let shared = Arc::clone(&shared);
            thread::spawn(move || shared.lock().expect("no panic").push(1))
        };
        let threads: Vec<_> = iter::repeat_with(spawn).take(3).collect();
        drop(shared);
        threads.into_iter().for_each(|thread| thread.join().expect("no panic"));
    }
}
