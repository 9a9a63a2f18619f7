//! The compressor: its curve and its times, and what it leaves alone.

#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;
#[path = "common/solo.rs"]
mod solo;

use codetta::{
    graph::{Curve, Db, Ratio, Seconds, Unit},
    nodes::Compressor,
};
use counted_node::counted_spec;
use solo::*;

fn db(factor: f32) -> f32 {
    20.0 * factor.log10()
}

/// What comes out at a level, in decibels.
fn curve(level: f32, threshold: f32, ratio: f32, knee: f32) -> f32 {
    let over = level - threshold;
    if 2.0 * over <= -knee {
        level
    } else if 2.0 * over < knee {
        level + (1.0 / ratio - 1.0) * (over + knee / 2.0).powi(2) / (2.0 * knee)
    } else {
        threshold + over / ratio
    }
}

/// Tones come out, once it has settled, as the static curve says for their amplitude, within 0.1 dB.
#[test]
fn the_static_curve() {
    for (threshold, ratio, knee) in
        [(-20.0, 4.0, 0.0), (-20.0, 4.0, 6.0), (-30.0, 1.5, 24.0), (-40.0, 100.0, 12.0), (-10.0, 1.0, 6.0)]
    {
        for step in 0..26 {
            let level = -50.0 + 2.0 * step as f32;
            let compressor = Compressor::new()
                .threshold(Db(threshold))
                .ratio(Ratio(ratio))
                .knee(Db(knee))
                .attack(Seconds(0.02))
                .release(Seconds(0.5));
            let tone = sine(1_000.0, Db(level).linear(), 24_000);
            let out = solo(compressor, 1).process(&[tone]).remove(0);
            let peak = out[19_200..].iter().fold(0.0_f32, |peak, y| peak.max(y.abs()));
            let expected = curve(level, threshold, ratio, knee);
            assert!(
                (db(peak) - expected).abs() < 0.1,
                "{level} dB of {threshold} {ratio} {knee}: {}",
                db(peak)
            );
        }
    }
}

/// A step above the threshold is taken down with the attack's time constant, in decibels.
#[test]
fn the_attack() {
    let compressor =
        Compressor::new().threshold(Db(-20.0)).ratio(Ratio(4.0)).knee(Db(0.0)).attack(Seconds(0.01));
    let out = solo(compressor, 1).process(&[vec![1.0; 4_800]]).remove(0);
    for (frames, constants) in [(240, 0.5_f32), (480, 1.0), (960, 2.0), (2_400, 5.0)] {
        let expected = -15.0 * (1.0 - (-constants).exp());
        assert!((db(out[frames - 1]) - expected).abs() < 0.01, "{frames}: {}", db(out[frames - 1]));
    }
}

/// After it, the gain comes back with the release's time constant, smoothed by the attack's; and all the way.
#[test]
fn the_release() {
    let (attack, release) = (0.01_f32, 0.2_f32);
    let compressor = Compressor::new()
        .threshold(Db(-20.0))
        .ratio(Ratio(4.0))
        .knee(Db(0.0))
        .attack(Seconds(attack))
        .release(Seconds(release));
    let mut solo = solo(compressor, 1);
    solo.process(&[vec![1.0; 9_600]]);
    let out = solo.process(&[vec![0.01; 5 * RATE as usize]]).remove(0);
    for frames in [48, 480, 4_800, 9_600, 48_000] {
        let t = frames as f32 / RATE as f32;
        // The step response of the one behind the other.
        let left = (release * (-t / release).exp() - attack * (-t / attack).exp()) / (release - attack);
        let got = db(out[frames - 1] / 0.01);
        assert!((got + 15.0 * left).abs() < 0.02, "{frames}: {got}");
    }
    assert_eq!(out[out.len() - 1], 0.01);
}

/// Below the knee, the input passes bit by bit; the make-up is all that is added.
#[test]
fn below_the_knee_nothing_happens() {
    let tone = sine(440.0, 0.05, 4_800);
    let out = solo(Compressor::new(), 1).process(std::slice::from_ref(&tone)).remove(0);
    assert_eq!(bits(&out), bits(&tone));
    let out = solo(Compressor::new().makeup(Db(6.0)), 1).process(std::slice::from_ref(&tone)).remove(0);
    assert!(out.iter().zip(&tone).all(|(y, x)| (y - 1.995_262 * x).abs() < 1e-6));
}

/// One loud channel takes the others down with it.
#[test]
fn channels_are_linked() {
    let (loud, soft) = (sine(300.0, 1.0, 9_600), sine(300.0, 0.01, 9_600));
    let out = solo(Compressor::new(), 2).process(&[loud, soft]);
    assert!(out[0].iter().zip(&out[1]).all(|(loud, soft)| (loud - 100.0 * soft).abs() < 1e-5));
}

/// With a side-chain it is that which counts, and what is compressed does not.
#[test]
fn the_side_chain_counts() {
    let compressor = || Compressor::new().knee(Db(0.0)).side_chain();
    let (loud, soft) = (vec![1.0; 9_600], vec![0.001; 9_600]);
    let out = solo(compressor(), 1).process_with(std::slice::from_ref(&loud), &[std::slice::from_ref(&soft)]);
    assert_eq!(out[0], loud);
    let out = solo(compressor(), 1).process_with(&[soft], &[&[loud]]);
    assert!((db(out[0][9_599]) + 75.0).abs() < 0.01);
}

/// The greatest numbers, made up for, stay numbers.
#[test]
fn the_loudest_stays_finite() {
    let compressor = Compressor::new().makeup(Db(24.0)).ratio(Ratio(1.0));
    let out = solo(compressor, 1).process(&[vec![f32::MAX; 100]]);
    assert!(out[0].iter().all(|y| y.is_finite()));
}

/// The same bits, however the frames are cut into calls.
#[test]
fn any_split_is_the_same() {
    let run = |block: usize| {
        let mut solo = solo(Compressor::new(), 2);
        solo.set_block(block);
        let (left, right) = (sine(97.0, 0.9, 20_000), sine(1.5, 0.7, 20_000));
        let mut out = Vec::new();
        for (index, cut) in [0, 777, 2_001, 4_445, 9_003, 15_001, 20_000].windows(2).enumerate() {
            match index {
                1 => solo.ramp_to(counted_spec(Compressor::THRESHOLD), Db(-40.0), 333, Curve::Smooth),
                2 => solo.ramp_to(counted_spec(Compressor::RATIO), Ratio(20.0), 1_001, Curve::Linear),
                3 => solo.set_now(counted_spec(Compressor::ATTACK), Seconds(0.0)),
                4 => solo.ramp_to(counted_spec(Compressor::MAKEUP), Db(9.0), 777, Curve::Exponential),
                5 => solo.reset(),
                _ => {}
            }
            let piece = [left[cut[0]..cut[1]].to_vec(), right[cut[0]..cut[1]].to_vec()];
            out.extend(solo.process(&piece).iter().flat_map(|channel| bits(channel)));
        }
        out
    };
    let whole = run(512);
    for block in [1, 5, 7, 13, 37, 64, 128, 441, 480] {
        assert!(run(block) == whole, "{block}");
    }
}
