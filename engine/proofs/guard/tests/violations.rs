//! Each checker sees what it says it sees: every case runs in a process of its own, which the checker may end.

use std::{
    env, fs,
    hint::black_box,
    process::Command,
    sync::{Arc, Barrier, Mutex},
    thread,
    time::{Duration, Instant},
};

/// The process with the case's name in this variable does what it says.
const CASE: &str = "RTGUARD_CASE";

const ALLOC: bool = cfg!(feature = "alloc");
const RTSAN: bool = cfg!(feature = "rtsan");
const TRAP: bool = cfg!(feature = "trap");

/// What is done in the scope, and whether the checker of this build ends the process for it.
const CASES: [(&str, bool); 11] = [
    ("nothing", false),
    ("the clock", false),
    ("an allocation", ALLOC || RTSAN),
    ("a freeing", ALLOC || RTSAN),
    ("a permitted allocation", false),
    ("an allocation after the scope", false),
    ("a nested scope's end", ALLOC || RTSAN),
    // Not a system call that RealtimeSanitizer knows.
    ("a sleep", TRAP),
    ("a look at a file", TRAP),
    ("a lock that waits", RTSAN || TRAP),
    // None of them sees it: clippy's `disallowed-types` has to.
    ("a lock that nobody holds", false),
];

#[test]
fn each_checker_ends_what_it_says() {
    for (case, ends) in CASES {
        let itself = env::current_exe().unwrap();
        let child = Command::new(itself)
            .args(["--ignored", "--exact", "a_case_in_the_scope", "--nocapture"])
            .env(CASE, case)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&child.stderr);
        let expected = if ends { rtguard::EXIT } else { 0 };
        assert_eq!(child.status.code(), Some(expected), "{case}: {said}");
        if ends && !RTSAN {
            assert!(said.contains("real-time violation: "), "{case}: {said}");
            assert!(said.contains("a_case_in_the_scope"), "{case} says where: {said}");
        }
    }
}

#[test]
#[ignore = "a part of the test above"]
fn a_case_in_the_scope() {
    let Ok(case) = env::var(CASE) else { return };
    let kept = Box::new([0_u8; 64]);
    let held = Arc::new(Mutex::new(0));
    let holder = case.contains("waits").then(|| hold(&held));
    let before = rtguard::entered();
    let scope = rtguard::Scope::enter();
    match &*case {
        "an allocation" => std::mem::forget(black_box(Box::new(1))),
        "a freeing" => drop(black_box(kept)),
        "a permitted allocation" => rtguard::permit(|| drop(black_box(Box::new(1)))),
        "a nested scope's end" => {
            drop(rtguard::Scope::enter());
            drop(black_box(kept));
        }
        "the clock" => {
            black_box(Instant::now());
        }
        "a sleep" => thread::sleep(Duration::from_nanos(1)),
        "a look at a file" => {
            black_box(fs::metadata("/").is_ok());
        }
        "a lock that waits" | "a lock that nobody holds" => *held.lock().unwrap() += 1,
        _ => {}
    }
    drop(scope);
    if case == "an allocation after the scope" {
        drop(black_box(Box::new(1)));
    }
    assert!(rtguard::entered() > before);
    if let Some(holder) = holder {
        holder.join().unwrap();
    }
}

/// A thread that has the lock, and keeps it for a while: whoever comes meanwhile has to wait in the kernel.
fn hold(lock: &Arc<Mutex<i32>>) -> thread::JoinHandle<()> {
    let (lock, taken) = (Arc::clone(lock), Arc::new(Barrier::new(2)));
    let theirs = Arc::clone(&taken);
    let holder = thread::spawn(move || {
        let _held = lock.lock();
        theirs.wait();
        thread::sleep(Duration::from_millis(200));
    });
    taken.wait();
    holder
}

/// Panics come out of it, and it is a scope again.
#[test]
fn a_panic_in_what_is_permitted_leaves_the_scope_as_it_was() {
    let scope = rtguard::Scope::enter();
    let caught = rtguard::permit(|| {
        std::panic::catch_unwind(|| rtguard::permit(|| std::panic::resume_unwind(Box::new(1)))).is_err()
    });
    drop(scope);
    assert!(caught);
}
