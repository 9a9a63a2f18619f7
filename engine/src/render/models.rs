//! Models of the lease: the value is one side's at a time, and comes over with its contents.
//!
//! loom's cell in the lease reports whoever is in it beside another, or without having seen what the last one did.

use super::lease::{Lease, Seized, Seizure};
use crate::sync::explore;
use loom::thread;
use std::sync::Arc;

/// A callback of `generation` that adds one, with a look around in between so that others may come.
fn call(lease: &Lease<u64>, generation: u64) -> bool {
    let rendered = lease.with(generation, |value| {
        *value += 1;
        thread::yield_now();
        *value += 1;
    });
    rendered.is_some()
}

/// Two callbacks and control: never two inside, none after the seizure, and what was done is all there.
/// The mutants `seize-without-the-lease` and `seize-relaxed` break it.
#[test]
fn callbacks_and_control_exclude_each_other() {
    explore(|| {
        let lease = Arc::new(Lease::new(0_u64));
        let callbacks = [0, 1].map(|_| {
            let lease = Arc::clone(&lease);
            thread::spawn(move || u64::from(call(&lease, 0)) + u64::from(call(&lease, 0)))
        });
        let mut seized = Seized::only();
        let seen = match lease.seize() {
            Seizure::Taken => lease.seized(&mut seized, |value| *value),
            Seizure::Inside => None,
        };
        let calls: u64 = callbacks.map(|thread| thread.join().expect("no panic")).iter().sum();
        assert_eq!(lease.seize(), Seizure::Taken, "every callback is out");
        let value = lease.seized(&mut seized, |value| *value);
        assert_eq!(value, Some(2 * calls));
        // What was taken once stays taken.
        assert!(seen.is_none_or(|seen| Some(seen) == value));
        assert!(!call(&lease, 0));
    });
}

/// A callback that was inside when control came leaves the value to control, with what it did, and none comes after it.
/// The mutants `seize-again-relaxed` and `abandoned-leaves-relaxed` break it.
#[test]
fn an_abandoned_callback_leaves_the_value_to_control() {
    explore(|| {
        let lease = Arc::new(Lease::new(0_u64));
        let callback = {
            let lease = Arc::clone(&lease);
            thread::spawn(move || [call(&lease, 0), call(&lease, 0)])
        };
        let mut seized = Seized::only();
        let first = lease.seize();
        assert!(!call(&lease, 0), "taken or not, no callback enters any more");
        // Looks again, as control does, without waiting.
        if lease.seize() == Seizure::Taken {
            let value = lease.seized(&mut seized, |value| *value);
            assert!(matches!(value, Some(0 | 2 | 4)), "with its contents");
        }
        let [began, again] = callback.join().expect("no panic");
        assert!(began || first == Seizure::Taken, "somebody was inside");
        assert_eq!(lease.seize(), Seizure::Taken);
        assert_eq!(
            lease.seized(&mut seized, |value| *value),
            Some(2 * (u64::from(began) + u64::from(again)))
        );
    });
}

/// A new generation's callbacks have the value with what control did to it, once control has it; those of the old
/// render nothing from then on.
/// The mutants `abandoned-stores-idle`, `release-relaxed`, `release-keeps-the-generation` and
/// `release-without-seizing` break it.
#[test]
fn a_callback_of_an_old_generation_renders_nothing() {
    explore(|| {
        let lease = Arc::new(Lease::new(0_u64));
        let [old, new] = [0, 1].map(|generation| {
            let lease = Arc::clone(&lease);
            thread::spawn(move || call(&lease, generation))
        });
        let mut seized = Seized::only();
        let taken = lease.seize() == Seizure::Taken;
        if taken {
            lease.seized(&mut seized, |value| *value += 100);
        }
        // Where a callback is inside, there is nothing to give, unless it has come back meanwhile.
        let released = lease.release();
        assert!(released == Some(1) || !taken && released.is_none());
        assert!(!call(&lease, 0), "of the old generation");
        let (old, new) = (old.join().expect("no panic"), new.join().expect("no panic"));
        assert!(!new || released.is_some());
        assert_eq!(lease.seize(), Seizure::Taken);
        let value = lease.seized(&mut seized, |value| *value).expect("it is seized");
        assert_eq!(value, 100 * u64::from(taken) + 2 * (u64::from(old) + u64::from(new)));
    });
}

/// What one callback did, the next has before it, also where a device calls from another thread each time.
/// The mutants `lease-enter-relaxed` and `lease-leave-relaxed` break it.
#[test]
fn callbacks_on_two_threads_hand_the_value_over() {
    explore(|| {
        let lease = Arc::new(Lease::new(0_u64));
        let other = {
            let lease = Arc::clone(&lease);
            thread::spawn(move || call(&lease, 0))
        };
        let mine = call(&lease, 0);
        let calls = u64::from(mine) + u64::from(other.join().expect("no panic"));
        assert!(calls >= 1, "refused only while the other is inside");
        assert_eq!(lease.with(0, |value| *value), Some(2 * calls));
    });
}
