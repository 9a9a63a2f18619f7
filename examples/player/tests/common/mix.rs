//! What the tests of `codetta duck` share: music and speech that can be told apart, and a mix of them.
#![allow(dead_code, reason = "each test file uses its part")]

use crate::common::{Scratch, codetta, text};

/// Frames a second of everything here, so that nothing is converted.
pub const RATE: u32 = 48_000;

/// A sine of this amplitude, which its peaks reach, as 16-bit WAV.
pub fn tone(scratch: &Scratch, name: &str, hertz: f64, amplitude: f64, seconds: f64) -> String {
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
pub fn material(scratch: &Scratch) -> (String, String) {
    (tone(scratch, "speech.wav", 1_000.0, 0.5, 1.0), tone(scratch, "music.wav", 200.0, 0.25, 0.5))
}

pub fn samples(path: &str) -> Vec<f64> {
    hound::WavReader::open(path).unwrap().samples::<i16>().map(|s| f64::from(s.unwrap()) / 32_767.0).collect()
}

/// The amplitude of one frequency between two times, in seconds: a Fourier sum over whole periods.
pub fn amplitude(samples: &[f64], hertz: f64, from: f64, to: f64) -> f64 {
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

pub fn decibels(factor: f64) -> f64 {
    20.0 * factor.log10()
}

pub fn duck(scratch: &Scratch, more: &[&str]) -> (Vec<f64>, std::process::Output) {
    let (speech, music) = material(scratch);
    let out = scratch.name("out.wav");
    let all = [&["duck", &speech, "--over", &music, "-o", &out, "--lead", "1"], more].concat();
    let run = codetta(&all, b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    (samples(&out), run)
}
