//! The meter of loudness.

#![cfg(feature = "loudness")]

#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;

use codetta::{
    graph::{Activity, Audio, Layout, Processor, Setup, Solo},
    nodes::{Loudness, LoudnessMeter},
};
use counted_node::Counted;
use ebur128::{EbuR128, Mode};
use std::{f32::consts::TAU, time::Duration};

const RATE: u32 = 48_000;

/// Seconds of a sine of 1 kHz, its amplitude in dB of full scale.
fn sine(db: f32, seconds: usize) -> Vec<f32> {
    let amplitude = 10_f32.powf(db / 20.0);
    (0..seconds * RATE as usize).map(|n| amplitude * (TAU * (n % 48) as f32 / 48.0).sin()).collect()
}

/// Something with a loudness that changes, and silence, so that the gates have work.
fn programme() -> [Vec<f32>; 2] {
    let mut seed = 1_u32;
    let mut noise = move || {
        seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (seed >> 8) as f32 / 8_388_608.0 - 1.0
    };
    let left: Vec<f32> = (0..20 * RATE)
        .map(|n| {
            let loud =
                if (n / RATE) % 5 == 3 { 0.0 } else { 0.05 + 0.3 * (n as f32 / 150_000.0).sin().abs() };
            loud * noise()
        })
        .collect();
    let right =
        left.iter().enumerate().map(|(n, sample)| 0.5 * sample + 0.1 * (n as f32 * 0.05).sin()).collect();
    [left, right]
}

/// EBU Tech 3341, tests 1 and 2: a sine of 1 kHz on both channels reads what it is in dB of full scale, ±0.1 LU.
#[test]
fn a_sine_reads_its_known_loudness() {
    for db in [-23.0, -33.0] {
        let (meter, loudness) = LoudnessMeter::new();
        let mut meter = Solo::new(meter, Setup::new(RATE, 2));
        meter.process(&[sine(db, 20), sine(db, 20)]);
        for read in [loudness.momentary(), loudness.short_term(), loudness.integrated()] {
            assert!((read - f64::from(db)).abs() < 0.1, "{db}: {read}");
        }
        assert!((loudness.true_peak() - f64::from(db)).abs() < 0.1, "{}", loudness.true_peak());
        assert!(loudness.range() < 0.1);
    }
}

/// What it reads is what ebur128 says of the whole file at once, and the sound passes unchanged, whatever the blocks.
#[test]
fn it_reads_what_ebur128_says_of_the_whole() {
    let input = programme();
    let interleaved: Vec<f32> = input[0].iter().zip(&input[1]).flat_map(|(l, r)| [*l, *r]).collect();
    let mut whole = EbuR128::new(2, RATE, Mode::all() - Mode::HISTOGRAM).unwrap();
    whole.add_frames_f32(&interleaved).unwrap();
    let peak = whole.true_peak(0).unwrap().max(whole.true_peak(1).unwrap());
    let expected = [
        whole.loudness_momentary().unwrap(),
        whole.loudness_shortterm().unwrap(),
        whole.loudness_global().unwrap(),
        whole.loudness_range().unwrap(),
        20.0 * peak.log10(),
    ];
    assert!(expected[3] > 3.0, "a range to speak of: {expected:?}");
    for block in [64, 441, 512] {
        let (meter, loudness) = LoudnessMeter::new();
        let mut meter = Solo::new(Counted::new(meter), Setup::new(RATE, 2));
        meter.set_block(block);
        assert!(meter.process(&input) == input);
        let read = [
            loudness.momentary(),
            loudness.short_term(),
            loudness.integrated(),
            loudness.range(),
            loudness.true_peak(),
        ];
        for (read, expected) in read.iter().zip(expected) {
            assert!((read - expected).abs() < 0.01, "{block}: {read} and {expected}");
        }
        assert_eq!(loudness.dropped(), 0);
    }
}

/// With a histogram it is right within 0.1 LU.
#[test]
fn a_histogram_is_nearly_as_good() {
    let read = |meter: LoudnessMeter, loudness: Loudness| {
        Solo::new(meter, Setup::new(RATE, 2)).process(&programme());
        [loudness.integrated(), loudness.range()]
    };
    let (exact, loudness) = LoudnessMeter::new();
    let exact = read(exact, loudness);
    let (rough, loudness) = LoudnessMeter::new();
    let rough = read(rough.histogram(), loudness);
    for (rough, exact) in rough.iter().zip(exact) {
        assert!((rough - exact).abs() < 0.1, "{rough} {exact}");
    }
}

/// After a restart it knows nothing of what came before.
#[test]
fn a_restart_forgets() {
    let (meter, loudness) = LoudnessMeter::new();
    let mut meter = Solo::new(meter, Setup::new(RATE, 2));
    meter.process(&[sine(-6.0, 2), sine(-6.0, 2)]);
    loudness.restart();
    assert_eq!((loudness.integrated(), loudness.true_peak()), (f64::NEG_INFINITY, f64::NEG_INFINITY));
    meter.process(&[sine(-23.0, 2), sine(-23.0, 2)]);
    assert!((loudness.integrated() + 23.0).abs() < 0.1, "{}", loudness.integrated());
}

/// What control did not fetch in time is counted.
#[test]
fn an_overflow_is_counted() {
    let (meter, loudness) = LoudnessMeter::new();
    let mut meter = Solo::new(Unattended(meter.buffer(Duration::from_millis(100))), Setup::new(RATE, 1));
    meter.process(&[vec![0.1; 10_000]]);
    assert_eq!(loudness.dropped(), 10_000 - 4_800);
}

/// A meter whose companion is never called.
struct Unattended(LoudnessMeter);

impl Processor for Unattended {
    fn name(&self) -> &'static str {
        "unattended"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        self.0.prepare(setup)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        self.0.process(audio)
    }
}

/// A sample that is not a number does not stay: and before there was any, everything is −∞.
#[test]
fn what_is_not_a_number_is_forgotten() {
    let (meter, loudness) = LoudnessMeter::new();
    assert_eq!(loudness.momentary(), f64::NEG_INFINITY);
    assert_eq!(loudness.range(), 0.0);
    let mut meter = Solo::new(meter, Setup::new(RATE, 1));
    meter.process(&[vec![f32::NAN; 10]]);
    meter.process(&[sine(-20.0, 1)]);
    assert!((loudness.momentary() + 23.0).abs() < 0.1, "{}", loudness.momentary());
}
