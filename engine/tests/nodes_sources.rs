//! Sine, noise and impulse: what they make, measured.

#[path = "common/any_call.rs"]
mod any_call;
#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;

use any_call::{Step, same_in_any_call, turn};
use codetta::{
    graph::{Curve, Db, Hz, Processor, Setup, Solo},
    nodes::{Impulse, Noise, Sine},
};
use std::f64::consts::TAU;

const RATE: usize = 48_000;

fn mono<P: Processor>(node: P) -> Solo<P> {
    Solo::new(node, Setup::new(RATE as u32, 1))
}

/// Amplitude and phase (of a sine, in turns) of a whole number of turns.
fn tone(out: &[f32], frequency: f64) -> (f64, f64) {
    let (re, im) = out.iter().enumerate().fold((0.0, 0.0), |(re, im), (frame, sample)| {
        let angle = TAU * frequency * frame as f64 / RATE as f64;
        (re + f64::from(*sample) * angle.sin(), im + f64::from(*sample) * angle.cos())
    });
    (re.hypot(im) * 2.0 / out.len() as f64, im.atan2(re) / TAU)
}

/// All but the tone is 120 dB below it, and the tone is as loud as was asked.
#[test]
fn a_sine_is_pure() {
    for frequency in [20.0_f32, 997.0, 1_000.0, 6_000.0, 19_997.0] {
        let out = mono(Sine::new(Hz(frequency)).level(Db(-6.0206))).render(RATE).remove(0);
        let (amplitude, phase) = tone(&out, f64::from(frequency));
        assert!((amplitude - 0.5).abs() < 1e-5 && phase.abs() < 1e-5, "{frequency}: {amplitude} {phase}");
        let all: f64 = out.iter().map(|sample| f64::from(*sample).powi(2)).sum();
        let rest: f64 = (0..RATE)
            .map(|frame| {
                let angle = TAU * (f64::from(frequency) * frame as f64 / RATE as f64 + phase);
                (f64::from(out[frame]) - amplitude * angle.sin()).powi(2)
            })
            .sum();
        let below = 10.0 * (rest / all).log10();
        assert!(below < -120.0, "{frequency} Hz: all the rest is at {below} dB");
    }
}

/// Its frequency is right to 10^−5 Hz: so far it has got in a minute.
#[test]
fn a_sine_does_not_drift() {
    for frequency in [0.1_f32, 440.0, 12_345.678] {
        let mut sine = mono(Sine::new(Hz(frequency)));
        let _ = sine.render(60 * RATE);
        let wanted = (f64::from(frequency) * 60.0).fract();
        let sample = f64::from(sine.render(1)[0][0]);
        let nearest = (TAU * wanted).sin();
        assert!((sample - nearest).abs() < TAU * 60.0 * 1e-5, "{frequency}: {sample} {nearest}");
    }
}

/// A moving frequency has no step in it, and arrives.
#[test]
fn a_sine_glides() {
    let mut sine = mono(Sine::new(Hz(200.0)));
    let mut out = sine.render(1_001).remove(0);
    sine.ramp_to(Sine::FREQUENCY, Hz(2_000.0), 9_999, Curve::Exponential);
    out.extend(sine.render(20_000).remove(0));
    let worst = out.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(f64::from(worst) < TAU * 2_000.0 / RATE as f64 * 1.001, "{worst}");
    let (amplitude, _) = tone(&out[16_000..20_800], 2_000.0);
    assert!((amplitude - 1.0).abs() < 1e-4);
}

/// The same in every channel.
#[test]
fn a_sine_is_in_every_channel() {
    let out = mono(Sine::default().channels(3)).render(700);
    assert!(out.len() == 3 && out[0] == out[1] && out[0] == out[2]);
}

fn noise(seed: u32, channels: usize) -> Vec<Vec<f64>> {
    let out = mono(Noise::new(seed).channels(channels)).render(1 << 17);
    out.into_iter().map(|channel| channel.into_iter().map(f64::from).collect()).collect()
}

/// The correlation of two signals, in standard deviations of what independent ones have.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let sum: f64 = a.iter().zip(b).map(|(a, b)| a * b).sum();
    let frames = a.len().min(b.len()) as f64;
    sum / frames * 3.0 * frames.sqrt()
}

/// Spread evenly over ±1: mean 0, variance 1/3, and as much in any tenth of the range.
#[test]
fn noise_is_spread_evenly() {
    for seed in [0, 1, 2, 0xffff_ffff] {
        let noise = noise(seed, 1).remove(0);
        let frames = noise.len() as f64;
        let mean = noise.iter().sum::<f64>() / frames;
        let variance = noise.iter().map(|sample| sample * sample).sum::<f64>() / frames;
        assert!(mean.abs() < 4.0 / (3.0 * frames).sqrt(), "{seed}: {mean}");
        assert!((variance - 1.0 / 3.0).abs() < 4.0 * (4.0 / 45.0 / frames).sqrt(), "{seed}: {variance}");
        let mut tenths = [0.0; 10];
        noise.iter().for_each(|sample| tenths[((sample + 1.0) * 5.0).min(9.0) as usize] += 1.0);
        let off = tenths.map(|tenth| (tenth - frames / 10.0) / (frames * 0.09).sqrt());
        assert!(off.iter().all(|off| off.abs() < 4.5), "{seed}: {off:?}");
    }
}

/// White: no sample says anything of another one, up to 200 frames away, nor a channel of another, nor a seed.
#[test]
fn noise_is_white() {
    let [a, b] = [noise(1, 2), noise(2, 1)];
    for lag in 0..200 {
        let late = &a[0][lag..];
        if lag > 0 {
            assert!(correlation(&a[0], late).abs() < 4.5, "lag {lag}: {}", correlation(&a[0], late));
        }
        assert!(correlation(&a[1], late).abs() < 4.5, "the other channel, lag {lag}");
        assert!(correlation(&b[0], late).abs() < 4.5, "the other seed, lag {lag}");
    }
}

/// As much power in each of 32 bands, within what chance allows.
#[test]
fn noise_has_all_frequencies_alike() {
    let noise = noise(3, 1).remove(0);
    let mut bands = [0.0; 32];
    let pieces = noise.chunks_exact(128);
    let count = pieces.len() as f64;
    for piece in pieces {
        for (index, band) in bands.iter_mut().enumerate() {
            let frequency = (2 * index + 1) as f64 / 128.0;
            let (re, im) = piece.iter().enumerate().fold((0.0, 0.0), |(re, im), (frame, sample)| {
                let angle = TAU * frequency * frame as f64;
                (re + sample * angle.cos(), im + sample * angle.sin())
            });
            // Of 128 samples with a variance of 1/3.
            *band += (re * re + im * im) / (128.0 / 3.0);
        }
    }
    // Each is the mean of `count` exponential variables of mean 1.
    assert!(bands.iter().all(|band| (band / count - 1.0).abs() < 4.5 / count.sqrt()), "{bands:?}");
}

/// A seed is the same noise for ever, on any machine.
#[test]
fn noise_follows_from_its_seed() {
    assert_eq!(noise(7, 2), noise(7, 2));
    let first: Vec<u32> = mono(Noise::new(7)).render(3)[0].iter().map(|sample| sample.to_bits()).collect();
    assert_eq!(first, NOISE_7);
}

const NOISE_7: [u32; 3] = [1_061_303_567, 1_063_620_525, 3_175_717_795];

/// One frame for each trigger, as high as its value; what comes at one frame adds up.
#[test]
fn an_impulse_is_one_frame() {
    let mut impulse = mono(Impulse::new().channels(2));
    assert_eq!(impulse.render(2), [[0.0; 2]; 2]);
    impulse.trigger(Impulse::FIRE, 0.5);
    impulse.trigger(Impulse::FIRE, 0.25);
    assert_eq!(impulse.render(3), [[0.75, 0.0, 0.0]; 2]);
}

/// One each so many frames, counted from its first, whatever else is triggered.
#[test]
fn impulses_come_by_the_count() {
    let mut impulse = mono(Impulse::every(700));
    let _ = impulse.render(699);
    impulse.trigger(Impulse::FIRE, 2.0);
    let out = impulse.render(1_403).remove(0);
    let heard: Vec<_> = out.iter().enumerate().filter(|(_, sample)| **sample != 0.0).collect();
    assert_eq!(heard, [(0, &2.0), (1, &1.0), (701, &1.0), (1_401, &1.0)]);
}

#[test]
fn they_are_the_same_in_any_call() {
    let tone = [
        (3, turn(0, 8_000.0, 1_001, Curve::Exponential)),
        (777, turn(1, 0.25, 333, Curve::Smooth)),
        (901, turn(0, 100.0, 77, Curve::Linear)),
        (4_097, turn(0, 1_234.5, 0, Curve::Linear)),
        (5_001, Step::Reset),
    ];
    same_in_any_call(Sine::default, 0, &tone);
    let level = [
        (3, turn(0, 0.25, 1_001, Curve::Linear)),
        (4_097, turn(0, 0.7, 0, Curve::Linear)),
        (5_001, Step::Reset),
    ];
    same_in_any_call(|| Noise::new(9), 0, &level);
    let fire = [
        (3, Step::Fire(0, 0.5)),
        (777, Step::Fire(0, -1.0)),
        (777, Step::Fire(0, 0.3)),
        (5_001, Step::Reset),
    ];
    same_in_any_call(Impulse::new, 0, &fire);
    same_in_any_call(|| Impulse::every(37), 0, &fire);
}
