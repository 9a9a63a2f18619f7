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

/// A callback that was inside when control came leaves the value to control, with what it did, and is refused later.
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
        // Looks again, as control does, without waiting.
        if lease.seize() == Seizure::Taken {
            let value = lease.seized(&mut seized, |value| *value);
            assert!(matches!(value, Some(0 | 2 | 4)), "with its contents");
        }
        let [began, again] = callback.join().expect("no panic");
        if first == Seizure::Inside {
            assert!(began, "somebody was inside");
        }
        assert_eq!(lease.seize(), Seizure::Taken);
        assert_eq!(
            lease.seized(&mut seized, |value| *value),
            Some(2 * (u64::from(began) + u64::from(again)))
        );
    });
}

/// A new generation's callbacks have the value with what control did to it; one of the old renders nothing.
#[test]
fn a_callback_of_an_old_generation_renders_nothing() {
    explore(|| {
        let lease = Arc::new(Lease::new(0_u64));
        let old = {
            let lease = Arc::clone(&lease);
            thread::spawn(move || call(&lease, 0))
        };
        let mut seized = Seized::only();
        let next = (lease.seize() == Seizure::Taken).then(|| {
            lease.seized(&mut seized, |value| *value += 100);
            lease.release().expect("it is seized")
        });
        let new = next.map(|generation| {
            assert_eq!(generation, 1);
            let lease = Arc::clone(&lease);
            thread::spawn(move || call(&lease, generation))
        });
        assert!(!call(&lease, 7), "a generation that never was");
        let old = old.join().expect("no panic");
        let new = new.map(|thread| thread.join().expect("no panic"));
        assert_eq!(lease.seize(), Seizure::Taken);
        let value = lease.seized(&mut seized, |value| *value).expect("it is seized");
        match new {
            Some(new) => assert_eq!((value, new), (100 + 2 * u64::from(old) + 2, true)),
            None => assert_eq!((value, old), (2, true)),
        }
    });
}
