//! Ctrl-C, and readers that go away.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::io::Read;
use std::process::Output;

use common::{Running, Scratch, closing, objects, start, until};

fn interrupt(running: &Running) {
    let pid = running.child.id().to_string();
    assert!(std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap().success());
}

/// What came before, and what comes until the end.
fn rest(running: Running, before: String) -> (Option<i32>, String, String) {
    let Output { status, stdout, stderr } = running.child.wait_with_output().unwrap();
    (status.code(), before + &String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// Ctrl-C once: no more is read, what is queued is heard, and the code is that of an interruption.
#[test]
fn an_interrupt_stops_reading_and_drains() {
    let scratch = Scratch::new();
    let file = scratch.wav("long.wav", 48_000, 1, 480_000);
    let mut running = start(&["play", "--json", "--output", "virtual", &file]);
    let before = until(&mut running, "progress");
    interrupt(&running);
    let (code, out, stderr) = rest(running, before);
    assert_eq!(code, Some(130), "{stderr}");
    let lines = objects(&out);
    assert!(lines.iter().any(|line| line["event"] == "drained"), "{out}");
    let report = closing(&lines);
    let pushed = report["ledger"]["pushed"].as_u64().unwrap();
    assert!(pushed < 200_000, "{pushed} frames were pushed");
    assert_eq!(report["ledger"]["played"], pushed);
    assert_eq!(report["late"]["writes"], 0);
}

/// Ctrl-C again: what is queued is cut short.
#[test]
fn a_second_interrupt_ends_it_at_once() {
    let scratch = Scratch::new();
    let file = scratch.wav("long.wav", 48_000, 1, 480_000);
    let mut running = start(&["play", "--json", "--output", "virtual", &file]);
    let mut before = until(&mut running, "progress");
    interrupt(&running);
    // Progress goes on while it drains; by the second line of it the first signal has been seen.
    before += &until(&mut running, "progress");
    before += &until(&mut running, "progress");
    interrupt(&running);
    let (code, out, stderr) = rest(running, before);
    assert_eq!(code, Some(130), "{stderr}");
    let report = closing(&objects(&out));
    assert!(report["ledger"]["discarded"].as_u64().unwrap() > 0, "{report}");
}

/// A standard input that stays open and silent holds nobody up.
#[test]
fn an_interrupt_does_not_wait_for_standard_input() {
    let mut running = start(&["play", "--json", "--output", "virtual", "--raw", "--rate", "48000", "-"]);
    let mut stdin = running.child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, &[0; 9_600]).unwrap();
    let before = until(&mut running, "segment_started");
    interrupt(&running);
    let (code, out, stderr) = rest(running, before);
    assert_eq!(code, Some(130), "{stderr}");
    assert_eq!(closing(&objects(&out))["ledger"]["played"], 4_800);
    drop(stdin);
}

/// Interrupted before there is anything to play.
#[test]
fn an_interrupt_before_the_first_byte_ends_it() {
    let mut running = start(&["play", "--output", "virtual", "nowhere.wav", "-"]);
    let mut stderr = running.child.stderr.take().unwrap();
    // The complaint about the first input says that the second is being waited for, with the signal watched.
    let mut line = [0; 8];
    stderr.read_exact(&mut line).unwrap();
    interrupt(&running);
    assert_eq!(running.child.wait().unwrap().code(), Some(130));
}

/// `codetta play … | head -1`: the sound goes on, and nothing panics.
#[test]
fn a_reader_that_goes_away_is_no_reason_to_panic() {
    let scratch = Scratch::new();
    let file = scratch.wav("a.wav", 48_000, 1, 9_600);
    for arguments in
        [&["play", "--json", "--output", "virtual", &file][..], &["devices", "--json"], &["--help"]]
    {
        let mut running = start(arguments);
        drop(running.child.stdout.take());
        let (code, _, stderr) = rest(running, String::new());
        // Sound libraries may have something to say; a panic would say where it was.
        assert!(code == Some(0) && !stderr.contains("panicked"), "{arguments:?}: {code:?}\n{stderr}");
    }
}

/// The same for a mix: what is queued is heard, both streams are accounted for, and the picture shows what there was.
#[test]
fn an_interrupted_mix_drains_and_is_drawn() {
    let scratch = Scratch::new();
    let (speech, music) = (scratch.wav("s.wav", 48_000, 1, 480_000), scratch.wav("m.wav", 48_000, 1, 48_000));
    let picture = scratch.name("picture.svg");
    let mut running = start(&[
        "duck", &speech, "--over", &music, "--lead", "0", "--json", "--output", "virtual", "--svg", &picture,
    ]);
    let before = until(&mut running, "progress");
    interrupt(&running);
    let (code, out, stderr) = rest(running, before);
    assert_eq!(code, Some(130), "{stderr}");
    let report = closing(&objects(&out));
    let ledger = &report["ledger"];
    assert_eq!(ledger["played"], ledger["pushed"], "{report}");
    assert!(ledger["pushed"].as_u64().unwrap() < 400_000, "{report}");
    assert!(std::fs::read_to_string(picture).unwrap().ends_with("</svg>\n"));
}
