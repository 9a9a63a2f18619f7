//! `codetta duck`: music under speech, as it is told: for people, as JSON, and where it cannot be.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/mix.rs"]
mod mix;

use common::{Scratch, closing, codetta, json, text};
use mix::{duck, material, samples, tone};
use serde_json::Value;

/// What the picture shows and what is told is what was heard: how deep, and for how long.
#[test]
fn the_mix_is_told() {
    let scratch = Scratch::new();
    let svg = scratch.name("picture.svg");
    let (_, plain) = duck(&scratch, &["--svg", &svg, "--depth", "-18"]);
    let plain = text(&plain.stdout);
    assert!(plain.contains("turned down, by up to 18.0 dB") && plain.contains(&svg), "{plain}");
    let (_, run) = duck(&scratch, &["--json", "--depth", "-18", "--hold", "300", "--release", "700"]);
    let lines = json(&run);
    let mixed = lines.iter().find(|line| line["event"] == "mixed").unwrap();
    assert!((mixed["deepest"].as_f64().unwrap() + 18.0).abs() < 0.1, "{mixed}");
    // Speech, hold and release; how long it takes to be seen at either end is less than a tenth of a second.
    assert!((mixed["ducked"].as_f64().unwrap() - 2.0).abs() < 0.1, "{mixed}");
    assert_eq!(mixed["picture"], Value::Null);
}

/// `--json` closes with the report, rendered or played: both files are a segment, played whole, at their own frames.
#[test]
fn json_closes_with_the_report() {
    let scratch = Scratch::new();
    let speech = tone(&scratch, "speech.wav", 1_000.0, 0.5, 0.2);
    let music = tone(&scratch, "music.wav", 200.0, 0.25, 0.5);
    let (out, played) = (scratch.name("out.wav"), format!("file:{}", scratch.name("played.wav")));
    let short = ["--lead", "0.1", "--hold", "50", "--release", "50", "--json"];
    for way in [["-o", &out], ["--output", &played]] {
        let run = codetta(&[&["duck", &speech, "--over", &music][..], &short, &way].concat(), b"");
        assert_eq!(run.status.code(), Some(0), "{way:?}: {}", text(&run.stderr));
        let lines = json(&run);
        assert_eq!(lines[0]["event"], "opened");
        assert_eq!(lines[0]["files"], serde_json::json!([speech, music]));
        for wanted in ["segment_started", "segment_finished", "mixed"] {
            assert!(lines.iter().any(|line| line["event"] == wanted), "{wanted}: {way:?}");
        }
        let report = closing(&lines);
        assert_eq!(lines.last().unwrap()["exit"], 0);
        let mut segments: Vec<(u64, u64, &str)> = report["segments"]
            .as_array()
            .unwrap()
            .iter()
            .map(|s| {
                (s["tag"].as_u64().unwrap(), s["played"].as_u64().unwrap(), s["outcome"].as_str().unwrap())
            })
            .collect();
        segments.sort_unstable();
        // 0.1 + 0.2 + 0.05 + 0.05 + 1 + 2 seconds of music.
        assert_eq!(segments, [(0, 9_600, "played"), (1, 163_200, "played")], "{way:?}");
        assert_eq!(report["underruns"]["episodes"], 0);
    }
    // What was played is what was rendered, to the bit, wherever in the file it begins.
    let (rendered, heard) = (samples(&out), samples(&scratch.name("played.wav")));
    let start = heard.iter().position(|sample| *sample != 0.0).unwrap();
    let whole: Vec<f64> = heard[start..].iter().step_by(2).copied().take(rendered.len() - 1).collect();
    // The tone's first frame is zero. A file ends with what was heard: without the limiter's last milliseconds of fade.
    let length = whole.len().min(rendered.len() - 1);
    assert!(length + 1_000 > rendered.len(), "{length} of {}", rendered.len());
    assert!(whole[..length] == rendered[1..=length]);
}

/// Mistakes have a code, a line, and nothing is written.
#[test]
fn mistakes_are_told() {
    let scratch = Scratch::new();
    let (speech, music) = material(&scratch);
    let notes = scratch.file("notes.txt", b"milk, bread");
    let (out, svg) = (scratch.name("out.wav"), scratch.name("out.svg"));
    let (nowhere, folder) = (scratch.name("no/such/out.svg"), scratch.path());
    let over = ["duck", &speech, "--over", &music];
    let cases: [(Vec<&str>, i32, &str); 16] = [
        (vec!["duck", &speech], 1, "--over"),
        (vec!["duck", "--over", &music], 1, "SPEECH"),
        (vec!["duck", "-", "--over", &music, "-o", &out], 1, "not from standard input"),
        (
            vec!["duck", "nowhere.wav", "--over", &notes, "-o", &out, "--svg", &svg],
            2,
            "nowhere.wav: no such file",
        ),
        (vec!["duck", &speech, "--over", &notes, "-o", &out], 2, "notes.txt: not a sound file"),
        (vec!["duck", &speech, "--over", &folder, "-o", &out], 2, "is a directory"),
        ([&over[..], &["-o", "-"]].concat(), 1, "not to standard output"),
        ([&over[..], &["-o", &music]].concat(), 1, "is both input and output"),
        ([&over[..], &["-o", &out, "--svg", &speech]].concat(), 1, "is both input and output"),
        ([&over[..], &["-o", &out, "--svg", &out]].concat(), 1, "both sound and picture"),
        ([&over[..], &["-o", &out, "--svg", &nowhere]].concat(), 1, "out.svg: "),
        ([&over[..], &["-o", "virtual"]].concat(), 1, "give --output virtual"),
        ([&over[..], &["-o", &out, "--output", "virtual"]].concat(), 1, "cannot be used with"),
        ([&over[..], &["-o", &out, "--depth", "15"]].concat(), 1, "give -80 to 0 dB"),
        ([&over[..], &["-o", &out, "--attack", "9000"]].concat(), 1, "give 0 to 2000 ms"),
        ([&over[..], &["-o", &out, "--lead", "-1"]].concat(), 1, "give seconds"),
    ];
    for (arguments, code, wanted) in cases {
        let run = codetta(&arguments, b"");
        assert_eq!(run.status.code(), Some(code), "{arguments:?}: {}", text(&run.stderr));
        assert!(text(&run.stderr).contains(wanted), "{wanted:?} in {}", text(&run.stderr));
    }
    let mut left: Vec<_> =
        std::fs::read_dir(scratch.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["music.wav", "notes.txt", "speech.wav"]);
}

/// Both mistakes are told, and JSON closes with the code.
#[test]
fn json_closes_where_nothing_can_be_mixed() {
    for way in [["-o", "never.wav"], ["--output", "virtual"]] {
        let run = codetta(&[&["duck", "a.wav", "--over", "b.wav", "--json"][..], &way].concat(), b"");
        let lines = json(&run);
        let events: Vec<&str> = lines.iter().map(|line| line["event"].as_str().unwrap()).collect();
        assert_eq!(events, ["input_failed", "input_failed", "closed"], "{way:?}");
        assert_eq!((&lines[2]["exit"], &lines[2]["report"]), (&2.into(), &Value::Null));
    }
}

/// Speech that breaks off is mixed as far as it goes, and told.
#[test]
fn speech_that_breaks_off_is_told() {
    let scratch = Scratch::new();
    let (speech, music) = material(&scratch);
    let whole = std::fs::read(&speech).unwrap();
    let cut = scratch.file("cut.wav", &whole[..44 + 48_000]);
    let out = scratch.name("out.wav");
    let run = codetta(&["duck", &cut, "--over", &music, "-o", &out], b"");
    assert_eq!(run.status.code(), Some(3), "{}", text(&run.stderr));
    assert!(text(&run.stderr).contains("cut.wav: ends in the middle"), "{}", text(&run.stderr));
    assert_eq!(hound::WavReader::open(&out).unwrap().duration(), (6.7 * 48_000.0) as u32);
}
