//! What is counted is what the program did, and not what the guard does for itself.

use std::{env, hint::black_box, process::Command};

#[cfg(not(feature = "alloc"))]
#[global_allocator]
static ALLOCATOR: rtguard::Counting = rtguard::Counting;

/// The first scope of a process looks for somebody who wants to know how many there were.
#[test]
fn the_first_scope_counts_for_nothing() {
    let tally = env::temp_dir().join(format!("rtguard-{}.tally", std::process::id()));
    let child = Command::new(env::current_exe().unwrap())
        .args(["--ignored", "--exact", "a_first_scope"])
        .env("RTGUARD_TALLY", &tally)
        .status()
        .unwrap();
    let _ = std::fs::remove_file(tally);
    assert!(child.success());
}

#[test]
#[ignore = "a part of the test above"]
fn a_first_scope() {
    let ((), allocations) = rtguard::counted(|| drop(rtguard::Scope::enter()));
    assert_eq!(allocations, 0);
    assert_eq!(rtguard::counted(|| drop(black_box(Box::new(7)))).1, 2);
}
