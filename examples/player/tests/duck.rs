//! `codetta duck`: music under speech, as it is rendered, drawn, played and told.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{Scratch, closing, codetta, json, text};
use serde_json::Value;

/// Frames a second of everything here, so that nothing is converted.
const RATE: u32 = 48_000;

/// A sine of this amplitude, which its peaks reach, as 16-bit WAV.
fn tone(scratch: &Scratch, name: &str, hertz: f64, amplitude: f64, seconds: f64) -> String {
    let spec = hound::WavSpec {
        channels: 1,
        sample_rate: RATE,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(scratch.name(name), spec).unwrap();
    for n in 0..(seconds * f64::from(RATE)) as u32 {
        let at = f64::from(n) / f64::from(RATE) * hertz * std::f64::consts::TAU;
        writer.write_sample((amplitude * 32_767.0 * at.sin()).round() as i16).unwrap();
    }
    writer.finalize().unwrap();
    scratch.name(name)
}

/// Half a second of music, and a second of speech in another octave: neither is a part of the other's period.
fn material(scratch: &Scratch) -> (String, String) {
    (tone(scratch, "speech.wav", 1_000.0, 0.5, 1.0), tone(scratch, "music.wav", 200.0, 0.25, 0.5))
}

fn samples(path: &str) -> Vec<f64> {
    hound::WavReader::open(path).unwrap().samples::<i16>().map(|s| f64::from(s.unwrap()) / 32_767.0).collect()
}

/// The amplitude of one frequency between two times, in seconds: a Fourier sum over whole periods.
fn amplitude(samples: &[f64], hertz: f64, from: f64, to: f64) -> f64 {
    let range = (from * f64::from(RATE)) as usize..(to * f64::from(RATE)) as usize;
    let length = range.len() as f64;
    let (mut re, mut im) = (0.0, 0.0);
    for n in range {
        let at = n as f64 / f64::from(RATE) * hertz * std::f64::consts::TAU;
        re += samples[n] * at.cos();
        im += samples[n] * at.sin();
    }
    2.0 * re.hypot(im) / length
}

fn decibels(factor: f64) -> f64 {
    20.0 * factor.log10()
}

fn duck(scratch: &Scratch, more: &[&str]) -> (Vec<f64>, std::process::Output) {
    let (speech, music) = material(scratch);
    let out = scratch.name("out.wav");
    let all = [&["duck", &speech, "--over", &music, "-o", &out, "--lead", "1"], more].concat();
    let run = codetta(&all, b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    (samples(&out), run)
}

/// Alone the music has its level, under speech it is down by the depth, and afterwards it is back before it fades.
#[test]
fn the_music_is_down_by_the_depth_while_somebody_speaks() {
    let scratch = Scratch::new();
    for depth in ["-12", "-30"] {
        let times = ["--depth", depth, "--attack", "100", "--hold", "200", "--release", "300"];
        let (out, _) = duck(&scratch, &times);
        let music = |from, to| decibels(amplitude(&out, 200.0, from, to) / 0.25);
        let depth: f64 = depth.parse().unwrap();
        assert!(music(0.0, 1.0).abs() < 0.05, "alone: {} dB", music(0.0, 1.0));
        assert!((music(1.15, 2.15) - depth).abs() < 0.1, "under speech: {} dB", music(1.15, 2.15));
        // The speech ends at 2 s; hold and release take half a second.
        assert!(music(2.55, 3.5).abs() < 0.05, "afterwards: {} dB", music(2.55, 3.5));
        assert!((decibels(amplitude(&out, 1_000.0, 1.0, 2.0) / 0.5)).abs() < 0.05, "the speech as it was");
    }
}

/// Frame by frame, where the gain is one, the music is what it was in the file, from the very first frame on.
#[test]
fn music_alone_is_untouched() {
    let scratch = Scratch::new();
    let (out, _) = duck(&scratch, &[]);
    let music = samples(&scratch.name("music.wav"));
    let looped = music.iter().cycle();
    let differs = out.iter().zip(looped).position(|(out, music)| out != music).unwrap();
    assert_eq!(differs, RATE as usize + 1, "until the first frame of speech that is not zero");
}

/// The bed is as long as it has to be, however short the file: the lead, the speech, hold, release, a second, and a fade
/// of two, at whose end there is silence.
#[test]
fn the_bed_is_as_long_as_the_speech_needs() {
    let scratch = Scratch::new();
    let (out, _) = duck(&scratch, &["--hold", "250", "--release", "500"]);
    assert_eq!(out.len(), (6.75 * f64::from(RATE)) as usize - RATE as usize);
    let last: f64 = out[out.len() - 10..].iter().map(|sample| sample.abs()).fold(0.0, f64::max);
    assert!(last < 1e-4, "{last}");
    let before = amplitude(&out, 200.0, 4.7, 4.75);
    assert!((0.11..0.14).contains(&before), "half way through the fade: {before}");
}

/// The same files give the same bytes: the sound, and the picture.
#[test]
fn a_mix_is_the_same_every_time() {
    let scratch = Scratch::new();
    let svg = scratch.name("picture.svg");
    let once = |scratch: &Scratch| {
        duck(scratch, &["--svg", &svg]);
        (std::fs::read(scratch.name("out.wav")).unwrap(), std::fs::read(&svg).unwrap())
    };
    assert!(once(&scratch) == once(&scratch));
}

/// Whatever comes together, nothing is above the limiter's ceiling of −1 dBFS.
#[test]
fn the_mix_does_not_clip() {
    let scratch = Scratch::new();
    let speech = tone(&scratch, "loud.wav", 1_000.0, 1.0, 1.0);
    let music = tone(&scratch, "louder.wav", 200.0, 1.0, 1.0);
    let out = scratch.name("out.wav");
    let run = codetta(&["duck", &speech, "--over", &music, "-o", &out, "--depth", "0"], b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let loudest = samples(&out).into_iter().fold(0.0, |peak: f64, sample| peak.max(sample.abs()));
    assert!((decibels(loudest) + 1.0).abs() < 0.01, "{} dBFS", decibels(loudest));
}

/// A mono voice at 24 kHz over stereo music at 44.1 kHz: what comes out is like the music.
#[test]
fn formats_may_differ() {
    let scratch = Scratch::new();
    let (speech, music) =
        (scratch.wav("speech.wav", 24_000, 1, 12_000), scratch.wav("music.wav", 44_100, 2, 30_000));
    let out = scratch.name("out.wav");
    let run = codetta(&["duck", &speech, "--over", &music, "-o", &out], b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let reader = hound::WavReader::open(&out).unwrap();
    assert_eq!((reader.spec().sample_rate, reader.spec().channels), (44_100, 2));
    // Lead 2, speech 0.5, hold 0.4, release 0.8, a second, the fade.
    assert_eq!(reader.duration(), (6.7 * 44_100.0) as u32);
}

/// Opens and closes every element, in order: as much of XML as the picture has.
fn assert_well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "{}", &rest[..at]);
        let end = rest.find('>').expect("every tag ends");
        let tag = &rest[at + 1..end];
        let name = tag.split_whitespace().next().unwrap().trim_end_matches('/');
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for entity in svg.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|known| entity.starts_with(known)), "{entity}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "numbers are numbers");
}

/// The picture is XML whatever the files are called, says what it shows, and has its colours for light and dark.
#[test]
fn the_picture_is_well_formed() {
    let scratch = Scratch::new();
    let (speech, _) = material(&scratch);
    let music = tone(&scratch, "Q & \"A\" <live>.wav", 200.0, 0.25, 0.5);
    let silent = tone(&scratch, "silent.wav", 200.0, 0.0, 0.01);
    for (speech, over) in [(&speech, &music), (&silent, &music), (&speech, &silent), (&silent, &silent)] {
        let svg = scratch.name("picture.svg");
        let run =
            codetta(&["duck", speech, "--over", over, "-o", &scratch.name("o.wav"), "--svg", &svg], b"");
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        let picture = std::fs::read_to_string(&svg).unwrap();
        assert_well_formed(&picture);
        for wanted in ["<title>", "aria-label", "prefers-color-scheme: dark", "<polyline", "speech: "] {
            assert!(picture.contains(wanted), "{wanted}");
        }
    }
}

/// The numbers in a text, and the text without them.
fn numbers(text: &str) -> (Vec<f64>, String) {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let numbers = text.split(|c| !is_number(c)).filter_map(|number| number.parse().ok()).collect();
    (numbers, text.replace(is_number, ""))
}

/// The picture in the documentation is what is drawn today, to less than can be seen.
#[test]
fn the_picture_in_the_documentation_is_true() {
    let scratch = Scratch::new();
    let player = env!("CARGO_MANIFEST_DIR");
    let (speech, music) = (format!("{player}/assets/greeting.wav"), format!("{player}/assets/bed.flac"));
    let svg = scratch.name("ducked.svg");
    let run = codetta(&["duck", &speech, "--over", &music, "-o", &scratch.name("o.wav"), "--svg", &svg], b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let drawn = std::fs::read_to_string(svg).unwrap();
    let kept = std::fs::read_to_string(format!("{player}/../../docs/images/ducked.svg")).unwrap();
    let ((drawn, drawn_text), (kept, kept_text)) = (numbers(&drawn), numbers(&kept));
    assert_eq!(drawn_text, kept_text);
    assert!(drawn.len() == kept.len() && drawn.iter().zip(kept).all(|(a, b)| (a - b).abs() < 0.5));
}

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
