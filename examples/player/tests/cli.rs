//! The player as its user meets it: the binary, its exit codes, its lines, and the frames that come out.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{Scratch, codetta, json, play, report, sample, sound, text};
use serde_json::Value;

/// What was asked for was played: every frame, and the ledger says so.
#[test]
fn a_played_file_is_accounted_for_to_the_frame() {
    let scratch = Scratch::new();
    let (a, b) = (scratch.wav("a.wav", 48_000, 2, 4_800), scratch.wav("b.wav", 48_000, 2, 3_333));
    let out = play(&["--json", &a, &b], b"");
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let lines = json(&out);
    assert_eq!(lines[0]["event"], "opened");
    assert_eq!(lines[0]["device"]["kind"], "virtual");
    let names: Vec<&str> = lines.iter().filter_map(|line| line["event"].as_str()).collect();
    for wanted in ["segment_started", "progress", "segment_finished", "drained", "closed"] {
        assert!(names.contains(&wanted), "{wanted} in {names:?}");
    }
    let report = report(&out);
    assert_eq!(report["ledger"], serde_json::json!({ "pushed": 8_133, "played": 8_133, "discarded": 0 }));
    for (tag, frames) in [4_800, 3_333].into_iter().enumerate() {
        let segment = &report["segments"][tag];
        assert_eq!(segment["outcome"], "played");
        assert_eq!((&segment["tag"], &segment["played"]), (&Value::from(tag), &Value::from(frames)));
    }
    assert_eq!(report["late"]["flushes"], 0);
    assert_eq!(report["underruns"]["episodes"], 0);
}

/// Files of one format share a stream, so that nothing comes between them; another format has its own.
#[test]
fn files_of_one_format_share_a_stream() {
    let scratch = Scratch::new();
    let files = [
        scratch.wav("a.wav", 24_000, 1, 1_200),
        scratch.wav("b.wav", 24_000, 1, 2_400),
        scratch.wav("c.wav", 44_100, 2, 2_205),
    ];
    let arguments: Vec<&str> = std::iter::once("--json").chain(files.iter().map(String::as_str)).collect();
    let report = report(&play(&arguments, b""));
    let of = |index: usize, field: &str| report["segments"][index][field].clone();
    assert_eq!(of(0, "stream"), of(1, "stream"));
    assert_ne!(of(1, "stream"), of(2, "stream"));
    assert_eq!([of(0, "played"), of(1, "played"), of(2, "played")], [1_200, 2_400, 2_205]);
    assert_eq!([of(0, "rate"), of(2, "rate")], [24_000, 44_100]);
}

/// What follows in the same format follows at the very next frame, and nothing is changed on the way.
#[test]
fn files_of_one_format_are_gapless() {
    let scratch = Scratch::new();
    let (a, b) = (scratch.wav("a.wav", 48_000, 2, 4_801), scratch.wav("b.wav", 48_000, 2, 1_234));
    let out = scratch.name("out.wav");
    let run = codetta(&["play", "--output", &format!("file:{out}"), &a, &b], b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let expected: Vec<i16> = (0..9_602).chain(0..2_468).map(sample).collect();
    let heard: Vec<i16> = hound::WavReader::open(out).unwrap().samples().map(Result::unwrap).collect();
    let start = heard.iter().position(|sample| *sample != 0).expect("something was heard");
    assert!(heard[start..].starts_with(&expected));
    assert!(heard[start + expected.len()..].iter().all(|sample| *sample == 0));
}

/// A bad file costs one line on standard error, and the next plays.
#[test]
fn a_bad_file_does_not_stop_the_next() {
    let scratch = Scratch::new();
    let bad = scratch.file("bad.wav", b"these are no samples");
    let good = scratch.wav("good.wav", 48_000, 1, 2_400);
    let out = play(&["--json", &bad, "nowhere.flac", &sound("sweep.opus"), &good], b"");
    assert_eq!(out.status.code(), Some(3));
    let stderr = text(&out.stderr);
    let lines: Vec<&str> = stderr.lines().collect();
    assert_eq!(lines.len(), 3, "{stderr}");
    assert!(lines[0].contains("bad.wav: not a sound file"), "{stderr}");
    assert!(lines[1].contains("nowhere.flac: no such file"), "{stderr}");
    assert!(lines[2].contains("Opus is not supported") && lines[2].contains("convert"), "{stderr}");
    let report = report(&out);
    assert_eq!(report["ledger"]["played"], 2_400);
    assert_eq!(report["segments"][0]["tag"], 3);
}

/// Without anything to play no device is opened, and the code says so.
#[test]
fn nothing_playable_has_a_code_of_its_own() {
    let scratch = Scratch::new();
    let notes = scratch.file("notes.txt", b"milk, bread");
    let directory = scratch.path();
    for arguments in [vec![notes.as_str()], vec![directory.as_str()], vec!["nowhere.wav"], vec!["-"]] {
        let out = play(&arguments, b"");
        assert_eq!(out.status.code(), Some(2), "{arguments:?}");
        assert!(out.stdout.is_empty(), "{}", text(&out.stdout));
        assert!(!out.stderr.is_empty());
    }
}

/// A directory plays what is sound in it, in order, and is silent about the rest.
#[test]
fn a_directory_plays_its_sound_files_in_order() {
    let scratch = Scratch::new();
    scratch.wav("2.wav", 48_000, 1, 480);
    scratch.wav("1.wav", 48_000, 1, 960);
    scratch.file("cover.jpg", b"a picture");
    let out = play(&["--json", &scratch.path()], b"");
    assert_eq!((out.status.code(), text(&out.stderr).as_str()), (Some(0), ""));
    let pushed: Vec<Value> =
        report(&out)["segments"].as_array().unwrap().iter().map(|s| s["pushed"].clone()).collect();
    assert_eq!(pushed, [960, 480]);
}

/// Every format the player names, to its last frame.
#[test]
fn every_format_plays() {
    let formats =
        ["sweep.wav", "sweep.flac", "sweep-alac.m4a", "sweep.aiff", "sweep.caf", "sweep.mp3", "sweep.ogg"];
    let aac = ["sweep.m4a", "sweep.aac"];
    let files: Vec<String> = formats.iter().chain(&aac).map(|name| sound(name)).collect();
    let arguments: Vec<&str> = std::iter::once("--json").chain(files.iter().map(String::as_str)).collect();
    let out = play(&arguments, b"");
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let report = report(&out);
    for (index, name) in formats.iter().enumerate() {
        assert_eq!(report["segments"][index]["played"], 6_615, "{name}");
    }
    // AAC keeps its encoder's delay and padding.
    assert_eq!(report["segments"][7]["played"], 8_192);
}

/// Standard input, raw: as many frames as bytes make, whatever their format.
#[test]
fn raw_standard_input_is_played_to_its_last_frame() {
    for (format, bytes) in [("s16le", 2), ("s32le", 4), ("f32le", 4)] {
        let input = vec![0; 2 * bytes * 1_000];
        let raw = ["--raw", "--rate", "48000", "--channels", "2", "--format", format, "--json", "-"];
        let out = play(&raw, &input);
        assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
        assert_eq!(report(&out)["ledger"]["played"], 1_000, "{format}");
    }
}

/// Standard input, WAV with the length that a pipe's writer could not know.
#[test]
fn wav_on_standard_input_may_not_know_its_length() {
    let scratch = Scratch::new();
    let whole = std::fs::read(scratch.wav("a.wav", 24_000, 1, 2_000)).unwrap();
    for length in [0, 4_000, 0x7FFF_F000, u32::MAX] {
        let mut input = whole.clone();
        let data = input.windows(4).position(|w| w == b"data").unwrap() + 4;
        input[data..data + 4].copy_from_slice(&length.to_le_bytes());
        let out = play(&["--json", "-"], &input);
        assert_eq!(out.status.code(), Some(0), "{length:#x}: {}", text(&out.stderr));
        assert_eq!(report(&out)["ledger"]["played"], 2_000, "{length:#x}");
        // And so it is when that was kept in a file.
        let out = play(&["--json", &scratch.file("kept.wav", &input)], b"");
        assert_eq!(out.status.code(), Some(0), "{length:#x}: {}", text(&out.stderr));
        assert_eq!(report(&out)["ledger"]["played"], 2_000, "{length:#x}");
    }
}

/// What stops before its announced end is played as far as it goes, and told.
#[test]
fn a_cut_file_plays_what_is_left_and_says_so() {
    let scratch = Scratch::new();
    let whole = std::fs::read(scratch.wav("a.wav", 48_000, 1, 4_000)).unwrap();
    let cut = scratch.file("cut.wav", &whole[..whole.len() - 4_000]);
    let out = play(&["--json", &cut], b"");
    assert_eq!(out.status.code(), Some(3));
    assert!(text(&out.stderr).contains("cut.wav: ends in the middle"), "{}", text(&out.stderr));
    assert_eq!(report(&out)["ledger"]["played"], 2_000);
}

/// A drain that may not take as long as what is queued ends at its deadline: the code says so, and the ledger balances.
#[test]
fn the_drain_has_a_deadline() {
    let scratch = Scratch::new();
    let file = scratch.wav("a.wav", 48_000, 1, 38_400);
    let out = play(&["--json", "--drain-timeout", "0", &file], b"");
    assert_eq!(out.status.code(), Some(124), "{}", text(&out.stderr));
    let report = report(&out);
    assert_eq!(report["segments"][0]["outcome"], "deadline_exceeded");
    let of = |field: &str| report["ledger"][field].as_u64().unwrap();
    assert_eq!(of("pushed"), 38_400);
    assert_eq!(of("pushed"), of("played") + of("discarded"));
    assert!(of("discarded") > 0);
}

/// Clap's mistakes end with 1, as they say; help is no mistake.
#[test]
fn mistakes_on_the_command_line_have_a_code_of_their_own() {
    for wrong in [
        &["play"][..],
        &["bogus"],
        &["play", "--raw", "-"],
        &["play", "-", "-"],
        &["play", "--drain-timeout", "soon", "a.wav"],
        &["play", "--rate", "8000", "-"],
        &["render", "a.wav"],
        &["render", "a.wav", "-o", "-"],
        &["play", "--raw", "--rate", "7999", "-"],
        &["play", "--raw", "--rate", "192001", "-"],
        &["play", "--raw", "--rate", "8000", "a.wav"],
    ] {
        let out = codetta(wrong, b"");
        assert_eq!(out.status.code(), Some(1), "{wrong:?}");
        assert!(!out.stderr.is_empty());
    }
    for right in [&["--help"][..], &["play", "--help"], &["--version"]] {
        assert_eq!(codetta(right, b"").status.code(), Some(0));
    }
}

/// Plain lines name the file, and what was heard of it.
#[test]
fn plain_lines_say_what_was_heard() {
    let scratch = Scratch::new();
    let out = play(&[&scratch.wav("song.wav", 48_000, 2, 4_800)], b"");
    let stdout = text(&out.stdout);
    assert!(stdout.contains("playing to virtual") && stdout.contains("song.wav: played"), "{stdout}");
    assert!(stdout.ends_with("heard 0.1 s of 0.1 s\n"), "{stdout}");
}

/// The list of devices is JSON when it is asked for, whatever there is.
#[test]
fn devices_are_listed_as_json() {
    let out = codetta(&["devices", "--json"], b"");
    assert_eq!(out.status.code(), Some(0));
    assert!(serde_json::from_slice::<Value>(&out.stdout).unwrap().is_array());
}
