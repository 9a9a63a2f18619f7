//! fundsp's units as processors.

#![cfg(feature = "fundsp")]

#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;

use codetta::{
    graph::{Setup, Solo, Tail},
    nodes::Fundsp,
};
use counted_node::Counted;
use fundsp::prelude32::*;
use std::time::Duration as Time;

const RATE: u32 = 48_000;

type Make = fn() -> Box<dyn AudioUnit>;

/// Units of every kind: those that compute other bits in blocks than by frames, and those that do not.
const ZOO: [(&str, Make); 24] = [
    ("lowpass", || Box::new(lowpass_hz(1_000.0, 0.7))),
    ("modulated", || Box::new((pass() | (sine_hz(2.0) * 100.0 + 500.0) | dc(1.0)) >> lowpass())),
    ("moog", || Box::new(moog_hz(1_000.0, 0.5))),
    ("eq", || Box::new(bell_hz(1_000.0, 1.0, 2.0) >> highshelf_hz(3_000.0, 1.0, 0.5))),
    ("reverb", || Box::new(reverb_stereo(10.0, 2.0, 0.5))),
    ("reverb2", || Box::new(reverb2_stereo(10.0, 2.0, 0.5, 1.0, lowpole_hz(8_000.0)))),
    ("reverb3", || Box::new(reverb3_stereo(2.0, 0.5, lowpole_hz(8_000.0)))),
    ("reverb4", || Box::new(reverb4_stereo(10.0, 2.0))),
    ("chorus", || Box::new(chorus(0, 0.0, 0.01, 0.3))),
    ("flanger", || Box::new(flanger(0.5, 0.005, 0.01, |t| lerp11(0.005, 0.01, sin_hz(0.1, t))))),
    ("phaser", || Box::new(phaser(0.5, |t| sin_hz(0.1, t) * 0.5 + 0.5))),
    ("limiter", || Box::new(limiter(0.01, 0.1))),
    ("echo", || Box::new(feedback(delay(0.1) * 0.5))),
    ("pluck", || Box::new(pluck(220.0, 0.9, 0.5))),
    ("oversampled", || Box::new(oversample(shape(Tanh(1.0))))),
    ("resynth", || {
        Box::new(resynth::<U1, U1, _>(1_024, |fft| {
            for bin in 0..fft.bins() {
                fft.set(0, bin, fft.at(0, bin));
            }
        }))
    }),
    ("panner", || Box::new(pan(0.3))),
    ("mixdown", || Box::new(join::<U2>())),
    ("declick", || Box::new(declick())),
    ("sine", || Box::new(sine_hz(440.0))),
    ("saw", || Box::new(saw_hz(440.0))),
    ("fm", || Box::new((sine_hz(110.0) * 550.0 + 110.0) >> sine())),
    ("envelope", || Box::new(envelope(|t| exp(-t)) * noise())),
    ("sequencer", || {
        let mut sequencer = Sequencer::new(0, 1, ReplayMode::All);
        sequencer.push(0.01, 0.1, Fade::Smooth, 0.01, 0.01, Box::new(sine_hz(440.0)));
        Box::new(sequencer)
    }),
];

fn ready(make: Make) -> Box<dyn AudioUnit> {
    let mut unit = make();
    unit.set_sample_rate(f64::from(RATE));
    unit.allocate();
    unit
}

/// Noise; the same at the start, however long.
fn input(channels: usize, frames: usize) -> Vec<Vec<f32>> {
    let noise = |mut seed: u32| {
        let sample = move || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / 16_777_216.0 - 0.5
        };
        std::iter::repeat_with(sample).take(frames).collect()
    };
    (1_u32..).take(channels).map(noise).collect()
}

/// What the unit's own `tick` says.
fn ticked(make: Make, frames: usize) -> Vec<Vec<f32>> {
    let mut unit = ready(make);
    let input = input(unit.inputs(), frames);
    let mut out = vec![Vec::new(); unit.outputs()];
    let mut frame = vec![0.0; unit.outputs()];
    for at in 0..frames {
        let now: Vec<f32> = input.iter().map(|channel| channel[at]).collect();
        unit.tick(&now, &mut frame);
        for (out, sample) in out.iter_mut().zip(&frame) {
            out.push(*sample);
        }
    }
    out
}

/// What the unit's own `process` says, 64 frames at a time.
fn blocked(make: Make, frames: usize) -> Vec<Vec<f32>> {
    let mut unit = ready(make);
    let input = input(unit.inputs(), frames);
    let (mut from, mut to) = (BufferVec::new(unit.inputs()), BufferVec::new(unit.outputs()));
    let mut out = vec![Vec::new(); unit.outputs()];
    for at in (0..frames).step_by(64) {
        for (index, channel) in input.iter().enumerate() {
            from.channel_f32_mut(index).copy_from_slice(&channel[at..at + 64]);
        }
        unit.process(64, &from.buffer_ref(), &mut to.buffer_mut());
        for (index, channel) in out.iter_mut().enumerate() {
            channel.extend_from_slice(to.channel_f32(index));
        }
    }
    out
}

fn through(node: Fundsp, block: usize, frames: usize) -> Vec<Vec<f32>> {
    let inputs = node.inputs();
    let mut node = Solo::new(Counted::new(node), Setup::new(RATE, 2));
    node.set_block(block);
    let out = match inputs {
        0 => node.render(frames),
        inputs => node.process(&input(inputs, frames)),
    };
    node.reset();
    out
}

fn bits(channels: &[Vec<f32>]) -> Vec<Vec<u32>> {
    channels.iter().map(|channel| channel.iter().map(|sample| sample.to_bits()).collect()).collect()
}

const BLOCKS: [usize; 7] = [1, 7, 64, 128, 441, 480, 512];

/// Every unit, in any block, is bit for bit what it is by itself, frame by frame, and allocates nothing.
#[test]
fn it_is_the_unit_frame_by_frame() {
    for (name, make) in ZOO {
        let expected = bits(&ticked(make, 4_800));
        for block in BLOCKS {
            assert!(
                bits(&through(Fundsp::new(make()), block, 4_800)) == expected,
                "{name} in blocks of {block}"
            );
        }
    }
}

/// In blocks, an effect is what it is in blocks by itself, 64 frames later, and a source is not late; in any block of
/// the session.
#[test]
fn in_blocks_it_is_the_unit_in_blocks() {
    for (name, make) in ZOO {
        let late = if make().inputs() == 0 { 0 } else { 64 };
        let expected = bits(&blocked(make, 4_800));
        for block in BLOCKS {
            let out = bits(&through(Fundsp::new(make()).in_blocks(), block, 4_800 + late));
            for (out, expected) in out.iter().zip(&expected) {
                assert!(out[..late].iter().all(|bits| *bits == 0), "{name}");
                assert!(out[late..] == expected[..], "{name} in blocks of {block}");
            }
        }
    }
}

/// That they are two ways is no pedantry: there are units for which block and frame differ.
#[test]
fn blocks_and_frames_differ() {
    let differs = |name: &str| {
        let (_, make) = ZOO.into_iter().find(|(known, _)| *known == name).unwrap();
        bits(&ticked(make, 4_800)) != bits(&blocked(make, 4_800))
    };
    assert!(differs("sine") && differs("chorus") && differs("envelope"));
    assert!(!differs("lowpass") && !differs("reverb"));
}

/// The latency is the unit's at the session's rate, and with blocks 64 frames more for an effect; the tail is as told.
#[test]
fn latency_and_tail() {
    let solo = |node: Fundsp| Solo::new(node, Setup::new(RATE, 2));
    let limiter = || Fundsp::new(Box::new(limiter(0.01, 0.1)));
    assert_eq!(solo(limiter()).latency(), 480);
    assert_eq!(solo(limiter().in_blocks()).latency(), 544);
    assert_eq!(solo(Fundsp::new(Box::new(sine_hz(440.0))).in_blocks()).latency(), 0);
    assert_eq!(solo(limiter()).tail(), Tail::Endless);
    assert_eq!(solo(limiter().tail(Time::from_millis(100))).tail(), Tail::Frames(4_800));
}

/// A reset filter given silence is silent, and begins as it did at first.
#[test]
fn a_reset_forgets() {
    for node in [Fundsp::new(ZOO[0].1()), Fundsp::new(ZOO[0].1()).in_blocks()] {
        let mut node = Solo::new(node, Setup::new(RATE, 1));
        let first = node.process(&input(1, 1_000));
        node.reset();
        assert!(node.process(&[vec![0.0; 1_000]])[0].iter().all(|sample| *sample == 0.0));
        node.reset();
        assert_eq!(node.process(&input(1, 1_000)), first);
    }
}
