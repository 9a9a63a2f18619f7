//! `codetta render`: exactly the frames of its inputs, and at the same rate exactly their bits.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{Scratch, codetta, sample, sound, text};

fn samples(path: &str) -> Vec<i32> {
    hound::WavReader::open(path).unwrap().samples().map(Result::unwrap).collect()
}

/// Files of one rate come out bit for bit, one directly after the other.
#[test]
fn a_render_at_the_same_rate_is_bit_exact() {
    let scratch = Scratch::new();
    let out = scratch.name("out.wav");
    for (channels, format) in [(1, "s16"), (2, "s16"), (2, "s24")] {
        let a = scratch.wav("a.wav", 44_100, channels, 30_000);
        let b = scratch.wav("b.wav", 44_100, channels, 479);
        let run = codetta(&["render", &a, &b, "-o", &out, "--format", format], b"");
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        let scale = if format == "s24" { 256 } else { 1 };
        let channels = u32::from(channels);
        let expected: Vec<i32> =
            (0..30_000 * channels).chain(0..479 * channels).map(|n| i32::from(sample(n)) * scale).collect();
        assert!(samples(&out) == expected, "{channels} channels as {format}");
    }
}

/// Another rate has round(frames × out / in) frames of each input.
#[test]
fn a_render_at_another_rate_has_exactly_its_length() {
    let scratch = Scratch::new();
    let out = scratch.name("out.wav");
    let (a, b) = (scratch.wav("a.wav", 24_000, 1, 10_001), scratch.wav("b.wav", 44_100, 2, 7_777));
    let run = codetta(&["render", &a, &b, "-o", &out, "--rate", "48000"], b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let reader = hound::WavReader::open(&out).unwrap();
    assert_eq!((reader.spec().sample_rate, reader.spec().channels), (48_000, 2));
    // 7777 × 480 / 441 = 8464.76…
    assert_eq!(reader.duration(), 20_002 + 8_465);
}

/// Where the format changes, the next input begins at the very next frame, in its own channels.
#[test]
fn the_next_format_begins_at_the_next_frame() {
    let scratch = Scratch::new();
    let out = scratch.name("out.wav");
    let (a, b) = (scratch.wav("a.wav", 48_000, 1, 1_001), scratch.wav("b.wav", 48_000, 2, 500));
    let run = codetta(&["render", &a, &b, "-o", &out], b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let mono = (0..1_001).flat_map(|n| [i32::from(sample(n)); 2]);
    let expected: Vec<i32> = mono.chain((0..1_000).map(|n| i32::from(sample(n)))).collect();
    assert!(samples(&out) == expected);
}

/// Many inputs of a frame or a few, more than a stream keeps segments for.
#[test]
fn many_tiny_inputs_lose_nothing() {
    let scratch = Scratch::new();
    let out = scratch.name("out.wav");
    let inputs = scratch.path() + "/in";
    std::fs::create_dir(&inputs).unwrap();
    let frames = |n: u32| n % 5 + 1;
    for n in 0..200 {
        scratch.wav(&format!("in/{n:03}.wav"), 48_000, 1, frames(n));
    }
    let run = codetta(&["render", &inputs, "-o", &out], b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let expected: Vec<i32> = (0..200).flat_map(|n| (0..frames(n)).map(|n| i32::from(sample(n)))).collect();
    assert!(samples(&out) == expected);
}

/// A lossless file and its WAV render to the same bytes.
#[test]
fn lossless_formats_render_alike() {
    let scratch = Scratch::new();
    let (a, b) = (scratch.name("a.wav"), scratch.name("b.wav"));
    for (input, out) in [("sweep.wav", &a), ("sweep.flac", &b)] {
        let run = codetta(&["render", &sound(input), "-o", out, "--format", "f32"], b"");
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    }
    assert!(std::fs::read(a).unwrap() == std::fs::read(b).unwrap());
}

/// Until a render is complete, what was there stays as it was; and nothing else is left behind.
#[test]
fn a_render_that_fails_leaves_what_was_there() {
    let scratch = Scratch::new();
    let good = scratch.wav("good.wav", 48_000, 1, 100);
    let cannot = scratch.wav("cannot.wav", 1_000, 1, 100);
    let before = b"somebody's work";
    let out = scratch.file("out.wav", before);
    let run = |arguments: &[&str]| codetta(&[&["render"], arguments].concat(), b"");
    for rate in [&[][..], &["--rate", "48000"]] {
        let failed = run(&[&[&cannot, "-o", &out], rate].concat());
        assert_eq!(failed.status.code(), Some(2), "{rate:?}: {}", text(&failed.stderr));
        assert!(text(&failed.stderr).contains("cannot.wav: "), "{}", text(&failed.stderr));
        assert_eq!(std::fs::read(&out).unwrap(), before, "{rate:?}");
        let some = run(&[&[&cannot, &good, "-o", &scratch.name("some.wav")], rate].concat());
        assert_eq!(some.status.code(), Some(3), "{rate:?}: {}", text(&some.stderr));
        assert_eq!(hound::WavReader::open(scratch.name("some.wav")).unwrap().duration(), 100);
    }
    assert_eq!(run(&[&good, "-o", &out]).status.code(), Some(0));
    assert_eq!(hound::WavReader::open(&out).unwrap().duration(), 100);
    let mut left: Vec<_> =
        std::fs::read_dir(scratch.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    left.sort();
    assert_eq!(left, ["cannot.wav", "good.wav", "out.wav", "some.wav"]);
}

/// What cannot be rendered is told, with the codes of `play`; an input is never written over.
#[test]
fn what_cannot_be_rendered_is_told() {
    let scratch = Scratch::new();
    let (good, out) = (scratch.wav("good.wav", 48_000, 1, 100), scratch.name("out.wav"));
    let run = |arguments: &[&str]| codetta(&[&["render"], arguments].concat(), b"").status.code();
    assert_eq!(run(&["nowhere.wav", "-o", &out]), Some(2));
    assert!(!std::path::Path::new(&out).exists());
    assert_eq!(run(&["nowhere.wav", &good, "-o", &out]), Some(3));
    assert_eq!(hound::WavReader::open(&out).unwrap().duration(), 100);
    assert_eq!(run(&[&good, "-o", &scratch.name("no/such/out.wav")]), Some(1));
    assert_eq!(run(&[&good, "-o", &good]), Some(1));
    assert_eq!(hound::WavReader::open(&good).unwrap().duration(), 100);
}
