//! The limiter: no sample above its ceiling, and what is below it untouched.

#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;
#[path = "common/solo.rs"]
mod solo;

use codetta::{
    graph::{Audio, Curve, Db, Seconds, Setup, Solo, Tail, Unit},
    nodes::Limiter,
};
use counted_node::{Counted, counted_spec};
use proptest::prelude::*;
use solo::{RATE, bits, sine};

/// No sample is above what the ceiling is at its frame.
fn under_the_ceiling(audio: &mut Audio<'_>) {
    let ceiling = audio.param(Limiter::CEILING);
    for channel in audio.channels() {
        for (frame, sample) in channel.iter().enumerate() {
            let ceiling = ceiling.at(frame);
            assert!(sample.abs() <= ceiling, "{sample} is above {ceiling}");
        }
    }
}

/// A limiter whose every call is looked at.
fn solo(limiter: Limiter, channels: usize) -> Solo<Counted<Limiter>> {
    Solo::new(Counted::new(limiter).look(under_the_ceiling), Setup::new(RATE, channels))
}

/// A stretch of what is worst for a limiter.
fn nasty() -> impl Strategy<Value = Vec<f32>> {
    let level = prop_oneof![
        Just(1.0_f32),
        Just(1.0 + f32::EPSILON),
        Just(2.0),
        Just(1e30),
        Just(f32::MAX),
        Just(f32::MIN_POSITIVE),
        0.0_f32..4.0
    ];
    let len = 1_usize..700;
    prop_oneof![
        // Full scale and back, frame by frame.
        (level.clone(), len.clone()).prop_map(|(level, len)| {
            (0..len).map(|frame| if frame % 2 == 0 { level } else { -level }).collect()
        }),
        // An impulse in silence.
        (level.clone(), len.clone(), 0_usize..700).prop_map(|(level, len, at)| {
            let mut out = vec![0.0; len];
            out[at % len] = -level;
            out
        }),
        // Slowly rising: the window is as full as can be.
        (level.clone(), len.clone())
            .prop_map(|(level, len)| (0..len).map(|frame| level * (frame as f32 / len as f32)).collect()),
        // Falling: each frame is dropped by age.
        (level.clone(), len.clone()).prop_map(|(level, len)| (0..len)
            .map(|frame| level * (1.0 - frame as f32 / len as f32))
            .collect()),
        (level.clone(), len).prop_map(|(level, len)| vec![level; len]),
        prop::collection::vec(level.prop_flat_map(|level| prop_oneof![Just(level), Just(-level)]), 1..300),
        prop::collection::vec(prop::num::f32::ANY, 1..300),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever goes in (also what is no number), wherever the ceiling moves, however it is cut into calls.
    #[test]
    fn nothing_is_above_the_ceiling(
        look_ahead in prop_oneof![Just(0.0_f32), 0.0_f32..0.02],
        release in 0.001_f32..1.0,
        block in 1_usize..=512,
        pieces in prop::collection::vec((nasty(), -60.0_f32..=0.0, 0_u32..500, 0.001_f32..1.0), 1..8),
    ) {
        let limiter = Limiter::new().look_ahead(Seconds(look_ahead)).release(Seconds(release));
        let mut solo = solo(limiter, 2);
        solo.set_block(block);
        for (piece, ceiling, over, release) in pieces {
            solo.ramp_to(counted_spec(Limiter::CEILING), Db(ceiling), over, Curve::Linear);
            solo.set_now(counted_spec(Limiter::RELEASE), Seconds(release));
            let other: Vec<f32> = piece.iter().rev().copied().collect();
            // Each call is looked at.
            let out = solo.process(&[piece, other]);
            prop_assert!(out.iter().flatten().all(|sample| sample.is_finite()));
        }
    }

    /// What stays below the ceiling comes out bit by bit, its latency late.
    #[test]
    fn what_is_below_is_untouched(
        look_ahead in 0.0_f32..0.01,
        block in 1_usize..=512,
        sound in prop::collection::vec(-0.5_f32..=0.5, 1_000..2_000),
    ) {
        let limiter = Limiter::new().ceiling(Db(-6.0)).look_ahead(Seconds(look_ahead));
        let mut solo = solo(limiter, 1);
        solo.set_block(block);
        let late = solo.latency() as usize;
        let out = solo.process(std::slice::from_ref(&sound));
        prop_assert!(out[0][..late].iter().all(|sample| *sample == 0.0));
        prop_assert_eq!(bits(&out[0][late..]), bits(&sound[..sound.len() - late]));
    }
}

/// A tone above the ceiling leaves with its peaks at the ceiling, and undistorted: its gain stands still.
#[test]
fn a_loud_tone_is_as_loud_as_may_be() {
    let mut solo = solo(Limiter::new().ceiling(Db(-3.0)), 1);
    let late = solo.latency() as usize;
    let tone = sine(1_000.0, 2.0, 48_000);
    let out = solo.process(std::slice::from_ref(&tone)).remove(0);
    let ceiling = Db(-3.0).linear();
    for frame in 24_000..48_000 {
        let expected = tone[frame - late] * ceiling / 2.0;
        assert!((out[frame] - expected).abs() < 2e-3 * ceiling, "{frame}: {} {expected}", out[frame]);
    }
}

/// Before a peak the gain goes down in a straight line as long as the look-ahead; nowhere does it step.
#[test]
fn the_gain_is_smooth() {
    let mut solo = solo(Limiter::new().ceiling(Db(-6.0)).look_ahead(Seconds(0.005)), 1);
    let late = solo.latency() as usize;
    assert_eq!(late, 240);
    let mut sound = vec![0.4; 48_000];
    sound[10_000] = 4.0;
    let out = solo.process(&[sound]).remove(0);
    let peak = 10_000 + late;
    let ceiling = Db(-6.0).linear();
    assert!((out[peak] - ceiling).abs() < 1e-3, "{}", out[peak]);
    // Half way down at half of the way.
    let down = 1.0 - ceiling / 4.0;
    assert!((out[peak - 121] / 0.4 - (1.0 - down / 2.0)).abs() < 0.01);
    for frame in late + 1..48_000 {
        if frame != peak && frame != peak + 1 {
            let step = (out[frame] - out[frame - 1]).abs() / 0.4;
            assert!(step <= down / 240.0 + 1e-5, "{frame}: {step}");
        }
    }
}

/// With its time constant the gain comes back, and all the way: to the bits of the input.
#[test]
fn it_comes_back_to_unity() {
    let mut solo = solo(Limiter::new().ceiling(Db(-6.0)).release(Seconds(0.1)), 1);
    let late = solo.latency() as usize;
    let mut sound = sine(440.0, 0.4, 96_000);
    sound[..100].fill(2.0);
    let out = solo.process(std::slice::from_ref(&sound)).remove(0);
    let gain = |frame: usize| out[frame] / sound[frame - late];
    // The release begins when the peak leaves; what is missing is then 1 − ¼. The average lags by half its length.
    let begin = 99 + late;
    let missing = 1.0 - gain(begin + late / 2 + 4_800);
    assert!((missing / 0.75 - (-1.0_f32).exp()).abs() < 0.02, "{missing}");
    // Eight time constants, as is said.
    let back = begin + 8 * 4_800 + 2 * late;
    assert_eq!(bits(&out[back..]), bits(&sound[back - late..96_000 - late]));
    let Tail::Frames(tail) = solo.tail() else { panic!("it ends") };
    assert!(tail as usize >= 8 * 4_800);
}

/// Both channels have the same gain: the picture does not move.
#[test]
fn channels_are_linked() {
    let mut solo = solo(Limiter::new(), 2);
    let late = solo.latency() as usize;
    let (left, right) = (sine(300.0, 3.0, 9_600), sine(300.0, 0.3, 9_600));
    let out = solo.process(&[left, right]);
    for (left, right) in out[0].iter().zip(&out[1]).skip(late) {
        assert!((left - 10.0 * right).abs() < 1e-5);
    }
}

/// A ceiling that comes down at once takes what is on its way along: by its gain, with the channels linked still.
#[test]
fn a_falling_ceiling_turns_down() {
    let mut solo = solo(Limiter::new().ceiling(Db(0.0)), 2);
    let late = solo.latency() as usize;
    let (left, right) = (sine(300.0, 0.9, 4_803), sine(300.0, 0.09, 4_803));
    solo.process(&[left, right]);
    solo.set_now(counted_spec(Limiter::CEILING), Db(-20.0));
    // Only silence comes in; what is loud is on its way already.
    let silence = vec![0.0; late];
    let out = solo.process(&[silence.clone(), silence]);
    assert!(out[0].iter().any(|sample| sample.abs() > 0.0999));
    assert!(out[0].iter().zip(&out[1]).all(|(left, right)| (left - 10.0 * right).abs() < 1e-5));
}

/// What is no number leaves as zero, what is infinite as the ceiling; and both leave nothing behind.
#[test]
fn what_is_no_number_does_no_harm() {
    let mut solo = solo(Limiter::new().release(Seconds(0.001)), 1);
    let late = solo.latency() as usize;
    let mut sound = vec![0.5; 4_800];
    (sound[1_000], sound[2_000], sound[3_000]) = (f32::NAN, f32::INFINITY, f32::NEG_INFINITY);
    let out = solo.process(&[sound]).remove(0);
    let ceiling = Db(-1.0).linear();
    assert_eq!((out[999 + late], out[1_000 + late], out[1_001 + late]), (0.5, 0.0, 0.5));
    assert!((out[2_000 + late] - ceiling).abs() < 1e-5 && (out[3_000 + late] + ceiling).abs() < 1e-5);
    assert_eq!(out[4_799], 0.5);
}

/// A release that is changed while the gain comes back counts from there on.
#[test]
fn the_release_may_move() {
    let mut solo = solo(Limiter::new().release(Seconds(1.0)), 1);
    solo.process(&[vec![4.0; 1_001]]);
    let slow = solo.process(&[vec![0.1; 1_001]]).remove(0);
    solo.set_now(counted_spec(Limiter::RELEASE), Seconds(0.001));
    let quick = solo.process(&[vec![0.1; 1_001]]).remove(0);
    assert!(slow[1_000] < 0.03 && quick[1_000] == 0.1, "{} {}", slow[1_000], quick[1_000]);
}

/// The same bits, however the frames are cut into calls.
#[test]
fn any_split_is_the_same() {
    let run = |block: usize| {
        let mut solo = solo(Limiter::new().look_ahead(Seconds(0.003)), 2);
        solo.set_block(block);
        let (mut left, mut right) = (sine(97.0, 0.9, 30_000), sine(3_001.0, 0.7, 30_000));
        left[2_000..2_500].iter_mut().for_each(|sample| *sample *= 3.0);
        right[9_999] = 20.0;
        let mut out = Vec::new();
        for (index, cut) in [0, 777, 2_001, 4_445, 15_003, 28_001, 30_000].windows(2).enumerate() {
            match index {
                1 => solo.ramp_to(counted_spec(Limiter::CEILING), Db(-9.0), 333, Curve::Smooth),
                2 => solo.ramp_to(counted_spec(Limiter::RELEASE), Seconds(0.01), 1_001, Curve::Linear),
                3 => solo.set_now(counted_spec(Limiter::CEILING), Db(-1.0)),
                4 => solo.set_now(counted_spec(Limiter::CEILING), Db(-20.0)),
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

/// After a reset it remembers nothing.
#[test]
fn a_reset_forgets() {
    let mut solo = solo(Limiter::new(), 1);
    solo.process(&[vec![5.0; 1_000]]);
    solo.reset();
    assert!(solo.process(&[vec![0.0; 1_000]])[0].iter().all(|sample| *sample == 0.0));
    let late = solo.latency() as usize;
    assert_eq!(solo.process(&[vec![0.5; 1_000]])[0][late], 0.5);
}
