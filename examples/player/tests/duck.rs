//! `codetta duck`: music under speech, as it is heard.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/mix.rs"]
mod mix;

use common::{Scratch, codetta, text};
use mix::{RATE, amplitude, decibels, duck, samples, tone};

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
