//! Outputs that cannot be had: an input, a full disk, a folder that is not there.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::process::{Command, Output, Stdio};

use common::{Scratch, codetta, json, play, text};

/// One line on standard error, which is the player's own, with this in it.
fn one_line(out: &Output, wanted: &str) {
    let stderr = text(&out.stderr);
    let own: Vec<&str> = stderr.lines().filter(|line| line.starts_with("codetta: ")).collect();
    assert!(own.len() == 1 && own[0].contains(wanted), "{wanted:?} in\n{stderr}");
}

/// Under whatever name, an input is not written over: by either command, and if it was found in a directory.
#[test]
fn an_input_is_never_the_output() {
    let scratch = Scratch::new();
    let input = scratch.wav("in.wav", 48_000, 1, 4_800);
    let (hard, soft) = (scratch.name("hard.wav"), scratch.name("soft.wav"));
    std::fs::hard_link(&input, &hard).unwrap();
    std::os::unix::fs::symlink(&input, &soft).unwrap();
    let before = std::fs::read(&input).unwrap();
    for output in [&input, &hard, &soft] {
        for source in [&input, &scratch.path()] {
            let file = format!("file:{output}");
            for arguments in [["play", "-o", &file, source], ["render", "-o", output, source]] {
                let out = codetta(&arguments, b"");
                assert_eq!(out.status.code(), Some(1), "{arguments:?}: {}", text(&out.stderr));
                one_line(&out, "is both input and output");
                assert!(std::fs::read(&input).unwrap() == before, "{arguments:?}");
            }
        }
    }
}

/// An input that is not there yet would be the output, read while it is written.
#[test]
fn an_output_to_be_is_no_input_either() {
    let scratch = Scratch::new();
    let (good, new) = (scratch.wav("good.wav", 48_000, 1, 480), scratch.name("new.wav"));
    let out = codetta(&["play", "-o", &format!("file:{new}"), &good, &new], b"");
    assert_eq!(out.status.code(), Some(1));
    one_line(&out, "is both input and output");
}

/// A file that cannot be created is the command line's mistake, for both commands.
#[test]
fn an_output_that_cannot_be_created_is_a_mistake() {
    let scratch = Scratch::new();
    let (good, out) = (scratch.wav("good.wav", 48_000, 1, 480), scratch.name("no/such/out.wav"));
    let file = format!("file:{out}");
    for arguments in [["play", "--output", &file, &good], ["render", "--output", &out, &good]] {
        let out = codetta(&arguments, b"");
        assert_eq!(out.status.code(), Some(1), "{arguments:?}");
        one_line(&out, "out.wav");
    }
}

/// A disk that is full ends it: told on standard error, with the code of a lost device, and accounted for.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let scratch = Scratch::new();
    let long = scratch.wav("long.wav", 48_000, 1, 480_000);
    for format in [&["--json"][..], &[]] {
        let out = codetta(&[&["play", "-o", "file:/dev/full", &long], format].concat(), b"");
        assert_eq!(out.status.code(), Some(4), "{}", text(&out.stderr));
        one_line(&out, "/dev/full could not be written to the end: is the disk full?");
        if !format.is_empty() {
            let closed = json(&out).pop().unwrap();
            assert_eq!((&closed["event"], &closed["exit"]), (&"closed".into(), &4.into()));
            assert_eq!(closed["report"]["segments"][0]["outcome"], "device_lost");
        }
    }
}

/// And so is a loss while standard input is waited for, which stays open.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_does_not_wait_for_standard_input() {
    let raw = ["--raw", "--rate", "48000", "-"];
    let mut running = common::start(&[&["play", "-o", "file:/dev/full"], &raw[..]].concat());
    let mut stdin = running.child.stdin.take().unwrap();
    std::io::Write::write_all(&mut stdin, &[1; 19_200]).unwrap();
    let status = running.child.wait().unwrap();
    assert_eq!(status.code(), Some(4));
    drop(stdin);
}

/// The last line of `--json` says how it ended, whether or not anything was played; each failed input has a line.
#[test]
fn json_ends_with_the_code_whatever_happens() {
    let scratch = Scratch::new();
    let good = scratch.wav("good.wav", 48_000, 1, 480);
    let (empty, nowhere) = (scratch.path() + "/empty", "nowhere.wav");
    std::fs::create_dir(&empty).unwrap();
    for (inputs, code, failed) in [
        (&[nowhere, &empty][..], 2, vec![empty.as_str(), nowhere]),
        (&[&good, nowhere], 3, vec![nowhere]),
        (&[&good], 0, vec![]),
        (&["-", "-"], 1, vec![]),
    ] {
        let out = play(&[&["--json"], inputs].concat(), b"");
        assert_eq!(out.status.code(), Some(code), "{inputs:?}");
        let lines = json(&out);
        let named: Vec<&str> = lines
            .iter()
            .filter(|line| line["event"] == "input_failed" && line["error"].is_string())
            .map(|line| line["file"].as_str().unwrap())
            .collect();
        assert_eq!(named, failed, "{inputs:?}");
        let closed = lines.last().unwrap();
        assert_eq!((&closed["event"], &closed["exit"]), (&"closed".into(), &code.into()));
        assert_eq!(closed["report"].is_object(), inputs.contains(&good.as_str()));
        for line in lines.iter().filter(|line| line["event"] == "segment_finished") {
            assert_eq!(line["file"], good);
        }
    }
}

/// A standard output that is full is a mistake that is told once; one whose reader has gone is not (see `signals.rs`).
#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_told_once() {
    let scratch = Scratch::new();
    let good = scratch.wav("good.wav", 48_000, 1, 480);
    let rendered = scratch.name("out.wav");
    for arguments in [
        &["play", "--json", "-o", "virtual", &good][..],
        &["play", "-o", "virtual", &good],
        &["render", &good, "-o", &rendered],
        &["devices", "--json"],
        &["--help"],
    ] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let out = Command::new(env!("CARGO_BIN_EXE_codetta"))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(full)
            .output()
            .unwrap();
        assert_eq!(out.status.code(), Some(1), "{arguments:?}");
        one_line(&out, "cannot write to standard output");
    }
}
