//! Noise, images and aliases, in decibels of what was pushed.

use std::f64::consts::TAU;

use super::super::out_frames;
use super::support::{PROMISED, convert, pairs, sine};

const AMPLITUDE: f64 = 0.8;

fn db(ratio: f64) -> f64 {
    20.0 * ratio.max(1e-30).log10()
}

fn rms(samples: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = samples.len() as f64;
    (samples.map(|s| s * s).sum::<f64>() / count).sqrt()
}

/// A tone of `hz` through the converter, without the first and last fifth, where it starts and stops.
/// With the position of its first sample in the output.
fn tone(hz: f64, source_rate: u32, engine_rate: u32) -> (usize, Vec<f64>) {
    let source: Vec<f32> =
        (0..source_rate / 4).map(|n| sine(hz, source_rate, AMPLITUDE, f64::from(n)) as f32).collect();
    let out = convert(source_rate, engine_rate, 1, &source);
    let from = out.len() / 5;
    (from, out[from..out.len() - from].iter().map(|&s| f64::from(s)).collect())
}

/// The amplitude of `hz` in `samples`: one bin of a DFT, under a window whose side
/// lobes (4-term Blackman-Harris, below -92 dB and falling) hide no image.
fn bin(samples: &[f64], hz: f64, rate: u32) -> f64 {
    let (mut re, mut im, mut weight) = (0.0, 0.0, 0.0);
    for (n, sample) in samples.iter().enumerate() {
        let at = TAU * (n as f64 + 0.5) / samples.len() as f64;
        let window =
            0.358_75 - 0.488_29 * at.cos() + 0.141_28 * (2.0 * at).cos() - 0.011_68 * (3.0 * at).cos();
        let phase = TAU * hz * n as f64 / f64::from(rate);
        re += window * sample * phase.cos();
        im += window * sample * phase.sin();
        weight += window;
    }
    2.0 * re.hypot(im) / weight
}

/// What is left of `samples` when the sine of `hz` that fits them best is taken away: noise, images, aliases, all
/// in one. Gain and delay are not in it.
fn residue(samples: &[f64], hz: f64, rate: u32) -> Vec<f64> {
    let wave = |n: usize| (TAU * hz * n as f64 / f64::from(rate)).sin_cos();
    let (mut ss, mut sc, mut cc, mut ys, mut yc) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (n, y) in samples.iter().enumerate() {
        let (s, c) = wave(n);
        (ss, sc, cc, ys, yc) = (ss + s * s, sc + s * c, cc + c * c, ys + y * s, yc + y * c);
    }
    let det = ss * cc - sc * sc;
    let (a, b) = ((ys * cc - yc * sc) / det, (yc * ss - ys * sc) / det);
    samples.iter().enumerate().map(|(n, y)| y - a * wave(n).0 - b * wave(n).1).collect()
}

/// Everything in `samples` but `hz`, relative to the tone that was pushed.
fn spurious(samples: &[f64], hz: f64, rate: u32) -> f64 {
    db(rms(residue(samples, hz, rate).into_iter()) * 2_f64.sqrt() / AMPLITUDE)
}

/// A sine of 1 kHz comes out as itself, 100 dB above all else, between any two promised rates.
#[test]
fn one_kilohertz_is_clean() {
    for (source, engine) in pairs() {
        let (_, out) = tone(1000.0, source, engine);
        let spurious = spurious(&out, 1000.0, engine);
        assert!(spurious <= -100.0, "{source} to {engine}: {spurious:.1} dB");
    }
}

/// For the promised pairs not even gain and delay are forgiven: each sample is what the sine is at that instant.
#[test]
fn one_kilohertz_is_exact() {
    for (source, engine) in PROMISED {
        let (from, out) = tone(1000.0, source, engine);
        let error =
            out.iter().enumerate().map(|(n, s)| s - sine(1000.0, engine, AMPLITUDE, (from + n) as f64));
        let snr = -db(rms(error) * 2_f64.sqrt() / AMPLITUDE);
        assert!(snr >= 100.0, "{source} to {engine}: {snr:.1} dB");
    }
}

/// A tone anywhere in the band of the lower rate comes out alone: all else is at least 90 dB below it.
#[test]
fn images_are_gone() {
    for (source, engine) in PROMISED {
        let nyquist = f64::from(source.min(engine)) / 2.0;
        for step in 1..=40 {
            let hz = nyquist * f64::from(step) / 40.2;
            let (_, out) = tone(hz, source, engine);
            let spurious = spurious(&out, hz, engine);
            assert!(spurious <= -90.0, "{source} to {engine}: {spurious:.1} dB beside {hz:.0} Hz");
        }
    }
}

/// The first image in the frequency domain: 10 kHz at 24 kHz has it at 14 kHz, and it is not there.
#[test]
fn the_first_image_is_gone() {
    let (_, out) = tone(10_000.0, 24_000, 48_000);
    let (wanted, image) =
        (db(bin(&out, 10_000.0, 48_000) / AMPLITUDE), db(bin(&out, 14_000.0, 48_000) / AMPLITUDE));
    assert!(wanted.abs() < 0.01, "10 kHz comes out at {wanted:.3} dB");
    assert!(image <= -90.0, "its image at {image:.1} dB");
}

/// A tone that the lower rate cannot carry comes out as nothing, not as another tone.
#[test]
fn aliases_are_gone() {
    for (source, engine) in PROMISED.into_iter().filter(|(source, engine)| source > engine) {
        let (from, to) = (f64::from(engine) / 2.0, f64::from(source) / 2.0);
        for step in 1..=40 {
            let hz = from + (to - from) * (f64::from(step) - 0.9) / 40.5;
            let (_, out) = tone(hz, source, engine);
            let alias = db(rms(out.into_iter()) * 2_f64.sqrt() / AMPLITUDE);
            assert!(alias <= -90.0, "{source} to {engine}: {hz:.0} Hz comes out at {alias:.1} dB");
        }
    }
}

/// What is promised to pass passes: 85 % of the band of the lower rate within 0.1 dB, between any two rates.
#[test]
fn the_band_is_flat() {
    for (source, engine) in pairs() {
        for part in [0.05, 0.3, 0.6, 0.8, 0.85] {
            let hz = f64::from(source.min(engine)) / 2.0 * part;
            let (_, out) = tone(hz, source, engine);
            let level = db(bin(&out, hz, engine) / AMPLITUDE);
            assert!(level.abs() < 0.1, "{source} to {engine}: {hz:.0} Hz comes out at {level:.2} dB");
        }
    }
}

/// The yardstick itself: a resampler known to be poor (straight lines between samples) is seen to be.
#[test]
fn the_yardstick_sees_a_poor_resampler() {
    let at = |n: u64| sine(10_000.0, 24_000, AMPLITUDE, n as f64);
    let frames = out_frames(6000, 24_000, 48_000);
    let out: Vec<f64> =
        (0..frames).map(|n| if n % 2 == 0 { at(n / 2) } else { (at(n / 2) + at(n / 2 + 1)) / 2.0 }).collect();
    assert!(spurious(&out, 10_000.0, 48_000) > -20.0);
    assert!(db(bin(&out, 14_000.0, 48_000) / AMPLITUDE) > -20.0);
}
