//! The meter of peak and RMS.

#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;

use codetta::{
    graph::{Setup, Solo},
    nodes::{Level, Meter, Reading},
};
use counted_node::Counted;
use std::{f32::consts::TAU, time::Duration};

const SETUP: fn(usize) -> Setup = |channels| Setup::new(48_000, channels);

fn sine(amplitude: f32, frames: usize) -> Vec<f32> {
    (0..frames).map(|n| amplitude * (TAU * n as f32 / 48.0).sin()).collect()
}

fn meter(channels: usize) -> (Solo<Meter>, Reading) {
    let (meter, reading) = Meter::new();
    (Solo::new(meter, SETUP(channels)), reading)
}

/// A sine of amplitude a has the peak a and the RMS a/√2, each channel its own, and what passes is what came.
#[test]
fn peak_and_rms_of_a_sine() {
    let (mut meter, mut reading) = meter(2);
    let input = [sine(0.5, 48_000), sine(0.25, 48_000)];
    assert_eq!(meter.process(&input), input);
    for (level, amplitude) in reading.read().iter().zip([0.5_f32, 0.25]) {
        assert!((level.peak - amplitude).abs() < 1e-6, "{level:?}");
        assert!((level.rms / (amplitude / 2_f32.sqrt()) - 1.0).abs() < 1e-5, "{level:?}");
    }
    let left = reading.read()[0];
    assert!((left.rms_db() + 9.0309).abs() < 1e-3);
}

/// The peak is of what came since the last look, without its sign; one sample is enough.
#[test]
fn the_peak_is_since_the_last_look() {
    let (mut meter, mut reading) = meter(1);
    let mut click = vec![0.0; 1_000];
    click[777] = -0.9;
    meter.process(&[click]);
    meter.process(&[vec![0.1; 1_000]]);
    assert_eq!(reading.read()[0].peak, 0.9);
    assert_eq!(reading.read()[0].peak, 0.0);
    meter.process(&[vec![0.1; 1_000]]);
    assert_eq!(reading.read()[0].peak, 0.1);
    meter.process(&[vec![0.2; 1_000]]);
    assert_eq!(reading.read()[0].peak, 0.2);
}

/// A square wave of length w/2 in a window of length w has half the power; a window later it is gone without a trace,
/// however loud it was.
#[test]
fn the_rms_is_over_the_window() {
    let (node, mut reading) = Meter::new();
    let mut meter = Solo::new(node.window(Duration::from_millis(100)), SETUP(1));
    meter.process(&[vec![1e20; 2_400]]);
    meter.process(&[vec![0.0; 2_400]]);
    assert!((reading.read()[0].rms / 1e20 - 0.5_f32.sqrt()).abs() < 1e-6);
    meter.process(&[vec![0.0; 2_400]]);
    assert_eq!(reading.read()[0].rms, 0.0);
    meter.process(&[vec![1e-3; 4_800]]);
    assert_eq!(reading.read()[0].rms, 1e-3);
}

/// A sample that is not a number is forgotten with its block.
#[test]
fn what_is_not_a_number_is_forgotten() {
    let (mut meter, mut reading) = meter(1);
    meter.process(&[vec![f32::NAN; 3]]);
    meter.process(&[vec![0.5; 2 * 14_400]]);
    assert_eq!(reading.read()[0], level(0.5, 0.5));
}

fn level(peak: f32, rms: f32) -> Level {
    let mut level = Level::default();
    (level.peak, level.rms) = (peak, rms);
    level
}

/// Before it is added to a graph there is nothing to read.
#[test]
fn there_is_nothing_to_read_before_it_is_added() {
    let (_meter, mut reading) = Meter::new();
    assert!(reading.read().is_empty());
}

/// The same readings for any cut of the calls, and nothing is allocated in them.
#[test]
fn any_blocks_and_no_allocation() {
    let input: Vec<f32> = (0..20_011).map(|n| (n as f32 * 0.731).sin() * (n as f32 * 0.0007).cos()).collect();
    let read = |block: usize| {
        let (node, mut reading) = Meter::new();
        let mut meter = Solo::new(Counted::new(node), SETUP(1));
        meter.set_block(block);
        let mut levels = Vec::new();
        for piece in input.chunks(4_999) {
            assert_eq!(meter.process(&[piece.to_vec()])[0], piece);
            let level = reading.read()[0];
            levels.push((level.peak.to_bits(), level.rms.to_bits()));
        }
        meter.reset();
        levels
    };
    for block in [1, 7, 64, 128, 441, 480] {
        assert_eq!(read(block), read(512), "{block}");
    }
}

/// Two threads at once: the highest peak is told once, whenever somebody looks.
#[test]
fn no_peak_is_lost_and_none_is_told_twice() {
    let (mut meter, mut reading) = meter(1);
    let audio = std::thread::spawn(move || {
        for n in 0..20_000_u16 {
            let mut block = vec![0.0; 16];
            block[usize::from(n % 16)] = 1.0 + f32::from(n);
            meter.process(&[block]);
        }
    });
    let mut told = Vec::new();
    while !audio.is_finished() {
        told.extend(reading.read().iter().map(|level| level.peak).filter(|peak| *peak > 0.0));
    }
    audio.join().unwrap();
    for _ in 0..2 {
        told.extend(reading.read().iter().map(|level| level.peak).filter(|peak| *peak > 0.0));
    }
    assert!(told.is_sorted_by(|before, after| before < after), "rising peaks, each told once");
    assert_eq!(told.last(), Some(&20_000.0));
}
