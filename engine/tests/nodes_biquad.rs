//! The filters, against the cookbook: in frequency, in time, while they move, and at the ends of their ranges.

#[path = "nodes_biquad/cookbook.rs"]
mod cookbook;
#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;

use codetta::{
    graph::{Curve, Db, Hz, Q, Setup, Solo, Tail},
    nodes::{Biquad, BiquadKind},
};
use cookbook::{Direct, KINDS, RATE, analogue, cookbook};
use counted_node::{Counted, counted_spec};
use proptest::prelude::*;
use std::f64::consts::PI;

fn biquad(kind: BiquadKind, hz: f32, q: f32, db: f32) -> Biquad {
    Biquad::new(kind).frequency(Hz(hz)).q(Q(q)).gain(Db(db))
}

fn noise(frames: usize, mut seed: u32) -> Vec<f32> {
    (0..frames)
        .map(|_| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as f32 / (1 << 23) as f32 - 1.0
        })
        .collect()
}

/// The magnitude of an impulse response's transfer function at a frequency.
fn magnitude(response: &[f32], hz: f64) -> f64 {
    let step = 2.0 * PI * hz / f64::from(RATE);
    let (mut re, mut im) = (0.0, 0.0);
    for (frame, sample) in response.iter().enumerate() {
        let (sin, cos) = (step * frame as f64).sin_cos();
        re += f64::from(*sample) * cos;
        im -= f64::from(*sample) * sin;
    }
    re.hypot(im)
}

/// Every kind has the cookbook's magnitude, at frequencies from 20 Hz to just below Nyquist's, within 0.1 dB; where next
/// to nothing passes, within the rounding of the output's single precision (−110 dB of full scale).
#[test]
fn the_response_is_the_cookbooks() {
    let mut impulse = vec![0.0; 1 << 15];
    impulse[0] = 1.0;
    for kind in KINDS {
        for (f0, q, db) in [
            (100.0, std::f32::consts::FRAC_1_SQRT_2, 12.0),
            (1_000.0, 0.3, -20.0),
            (1_000.0, 10.0, 24.0),
            (15_000.0, 1.0, 6.0),
            (20_000.0, 3.0, -24.0),
        ] {
            let mut solo = Solo::new(biquad(kind, f0, q, db), Setup::new(RATE, 1));
            let response = solo.process(std::slice::from_ref(&impulse));
            for index in 0..48 {
                let hz = 20.0 * (23_900.0_f64 / 20.0).powf(f64::from(index) / 47.0);
                let expected = analogue(kind, f64::from(f0), f64::from(q), f64::from(db), hz);
                let got = magnitude(&response[0], hz);
                let bound = expected * (10_f64.powf(0.1 / 20.0) - 1.0) + 3e-6;
                assert!(
                    (got - expected).abs() < bound,
                    "{kind:?} of {f0} Hz, Q {q}, {db} dB, at {hz} Hz: {got} instead of {expected}"
                );
            }
        }
    }
}

/// Noise comes out, sample by sample, as from the cookbook's difference equation.
#[test]
fn in_time_it_is_the_difference_equation() {
    let noise = noise(20_000, 1);
    for kind in KINDS {
        for (f0, q, db) in
            [(20.0, 0.1, 24.0), (440.0, 20.0, -12.0), (7_000.0, 0.7, 6.0), (20_000.0, 2.0, 24.0)]
        {
            let mut solo = Solo::new(biquad(kind, f0, q, db), Setup::new(RATE, 1));
            let out = solo.process(std::slice::from_ref(&noise));
            let mut direct = Direct::default();
            let coefficients = cookbook(kind, f64::from(f0), f64::from(q), f64::from(db));
            for (frame, (x, y)) in noise.iter().zip(&out[0]).enumerate() {
                let expected = direct.next(coefficients, f64::from(*x));
                assert!((f64::from(*y) - expected).abs() < 1e-5, "{kind:?} {f0} {frame}: {y} {expected}");
            }
        }
    }
}

/// A step through a low pass goes above its end by what theory says (4.3 % at Q √½), and ends there exactly.
#[test]
fn a_step_settles() {
    let mut solo = Solo::new(Biquad::new(BiquadKind::Low).frequency(Hz(100.0)), Setup::new(RATE, 1));
    let out = solo.process(&[vec![1.0; 48_000]]);
    let most = out[0].iter().copied().fold(0.0, f32::max);
    assert!((most - 1.0432).abs() < 1e-3, "{most}");
    assert!((out[0][47_999] - 1.0).abs() < 1e-6);
}

/// A low pass that jumps from a high frequency to its lowest while noise goes through does not answer with more than
/// goes in; the cookbook's direct form bursts.
#[test]
fn a_jump_does_not_burst() {
    let (before, after) = (noise(4_801, 2), noise(4_800, 3));
    let peak = |samples: &[f64]| samples.iter().fold(0.0_f64, |most, y| most.max(y.abs()));

    let mut solo = Solo::new(biquad(BiquadKind::Low, 15_000.0, 0.7, 0.0), Setup::new(RATE, 1));
    solo.process(std::slice::from_ref(&before));
    solo.set_now(Biquad::FREQUENCY, Hz(20.0));
    let ours: Vec<f64> =
        solo.process(std::slice::from_ref(&after))[0].iter().copied().map(f64::from).collect();

    let mut direct = Direct::default();
    let (high, low) =
        (cookbook(BiquadKind::Low, 15_000.0, 0.7, 0.0), cookbook(BiquadKind::Low, 20.0, 0.7, 0.0));
    for x in &before {
        direct.next(high, f64::from(*x));
    }
    let theirs: Vec<f64> = after.iter().map(|x| direct.next(low, f64::from(*x))).collect();

    assert!(peak(&ours) < 1.0 && peak(&theirs) > 20.0, "{} {}", peak(&ours), peak(&theirs));
}

/// What is no number does not stay: once it has passed, the filter is where it would be after silence in its place.
#[test]
fn what_is_no_number_does_not_stay() {
    for kind in KINDS {
        let filtered = |at: f32| {
            let mut sound = noise(1_000, 4);
            sound[5] = at;
            Solo::new(biquad(kind, 440.0, 1.0, 6.0), Setup::new(RATE, 1)).process(&[sound]).remove(0)
        };
        let expected = filtered(0.0);
        for no_number in [f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
            assert_eq!(filtered(no_number), expected, "{no_number} into a {kind:?}");
        }
    }
}

/// A parameter that is set takes effect at its frame, not at the next look.
#[test]
fn a_turn_is_heard_at_its_frame() {
    let run = |turns: bool| {
        let mut solo = Solo::new(biquad(BiquadKind::Peak, 1_000.0, 1.0, 0.0), Setup::new(RATE, 1));
        let mut out = solo.process(&[noise(1_001, 1)]).remove(0);
        if turns {
            solo.set_now(Biquad::GAIN, Db(12.0));
        }
        out.extend(solo.process(&[noise(100, 2)]).remove(0));
        out
    };
    let (turned, not) = (run(true), run(false));
    assert_eq!(turned[..1_001], not[..1_001]);
    assert!(turned[1_001] != not[1_001]);
}

/// A frequency above what the sample rate can carry is as the highest that it can.
#[test]
fn frequencies_end_below_nyquist() {
    let noise = noise(2_000, 3);
    for kind in KINDS {
        let [at, above] = [3_920.0, 20_000.0].map(|hz| {
            Solo::new(biquad(kind, hz, 1.0, 6.0), Setup::new(8_000, 1)).process(std::slice::from_ref(&noise))
        });
        for (at, above) in at[0].iter().zip(&above[0]) {
            assert!((at - above).abs() < 1e-4, "{kind:?} {at} {above}");
        }
    }
}

/// After the tail that is said, what is left is 100 dB below what was, for the longest ringing that can be set; and
/// after a reset, nothing is.
#[test]
fn the_tail_is_long_enough() {
    for kind in KINDS {
        for (q, db) in [(0.1, 24.0), (20.0, 24.0), (0.1, -24.0), (20.0, -24.0)] {
            let mut solo = Solo::new(biquad(kind, 20.0, q, db), Setup::new(8_000, 1));
            let Tail::Frames(tail) = solo.tail() else { panic!("a filter ends") };
            // A quarter of a cycle fills it.
            let loud = solo.process(&[vec![1.0; 100]]).remove(0);
            let ring = solo.process(&[vec![0.0; tail as usize]]).remove(0);
            let most = loud.iter().chain(&ring).fold(0.0_f32, |most, y| most.max(y.abs()));
            let left = solo.process(&[vec![0.0; 2_000]]).remove(0);
            let left = left.iter().fold(0.0_f32, |most, y| most.max(y.abs()));
            assert!(left < most * 1e-5, "{kind:?} {q} {db}: {left} of {most}");
            solo.reset();
            let silence = solo.process(&[vec![0.0; 100]]).remove(0);
            assert!(silence.iter().all(|y| *y == 0.0));
        }
    }
}

/// The loudest numbers there are stay numbers.
#[test]
fn the_loudest_stays_finite() {
    let loud: Vec<f32> =
        (0..5_000).map(|frame| if frame / 50 % 2 == 0 { f32::MAX } else { f32::MIN }).collect();
    for kind in KINDS {
        let mut solo = Solo::new(biquad(kind, 480.0, 20.0, 24.0), Setup::new(RATE, 1));
        assert!(solo.process(std::slice::from_ref(&loud))[0].iter().all(|y| y.is_finite()), "{kind:?}");
    }
}

/// Three channels of noise, with parameters that turn at odd frames, in calls of at most `block`.
fn moved(kind: BiquadKind, block: usize) -> Vec<Vec<f32>> {
    let input: Vec<Vec<f32>> = (0..3).map(|seed| noise(6_000, seed)).collect();
    let mut solo = Solo::new(Counted::new(biquad(kind, 300.0, 2.0, -6.0)), Setup::new(RATE, 3));
    solo.set_block(block);
    let mut out = vec![Vec::new(); 3];
    for (index, cut) in [0, 333, 1_001, 1_777, 2_003, 4_567, 6_000].windows(2).enumerate() {
        match index {
            1 => solo.ramp_to(counted_spec(Biquad::FREQUENCY), Hz(9_000.0), 901, Curve::Exponential),
            2 => solo.ramp_to(counted_spec(Biquad::Q), Q(0.4), 333, Curve::Linear),
            3 => solo.set_now(counted_spec(Biquad::GAIN), Db(12.0)),
            4 => solo.ramp_to(counted_spec(Biquad::GAIN), Db(-3.0), 1_003, Curve::Smooth),
            5 => solo.reset(),
            _ => {}
        }
        let piece: Vec<Vec<f32>> = input.iter().map(|channel| channel[cut[0]..cut[1]].to_vec()).collect();
        for (out, piece) in out.iter_mut().zip(solo.process(&piece)) {
            out.extend(piece);
        }
    }
    out
}

/// The same bits, however the frames are cut into calls; and no call allocates.
#[test]
fn any_split_is_the_same() {
    for kind in KINDS {
        let whole = moved(kind, 512);
        for block in [1, 5, 7, 13, 37, 64, 128, 441, 480] {
            for (a, b) in whole.iter().zip(moved(kind, block)) {
                assert!(a.iter().zip(&b).all(|(a, b)| a.to_bits() == b.to_bits()), "{kind:?} {block}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever moves, at whatever speed, the output is bounded, and silence follows silence.
    #[test]
    fn it_is_stable_while_it_moves(
        kind in prop::sample::select(&KINDS[..]),
        rate in prop::sample::select(vec![8_000_u32, 44_100, 48_000, 192_000]),
        turns in prop::collection::vec((20.0_f32..=20_000.0, 0.1_f32..=20.0, -24.0_f32..=24.0, 1_usize..400, 0_u32..300), 1..60),
    ) {
        let mut solo = Solo::new(Biquad::new(kind), Setup::new(rate, 1));
        let mut most = 0.0_f32;
        for (index, (hz, q, db, frames, over)) in turns.into_iter().enumerate() {
            solo.ramp_to(Biquad::FREQUENCY, Hz(hz), over, Curve::Exponential);
            solo.ramp_to(Biquad::Q, Q(q), over, Curve::Linear);
            solo.ramp_to(Biquad::GAIN, Db(db), over, Curve::Linear);
            let out = solo.process(&[noise(frames, index as u32)]);
            most = out[0].iter().fold(most, |most, y| most.max(y.abs()));
        }
        // A resonance of Q 20 and 24 dB, and as much for what one filter leaves to the next.
        prop_assert!(most < 20.0 * 16.0 * 16.0, "{}", most);
        let Tail::Frames(tail) = solo.tail() else { panic!("a filter ends") };
        solo.process(&[vec![0.0; tail as usize]]);
        let left = solo.process(&[vec![0.0; 100]]);
        prop_assert!(left[0].iter().all(|y| y.abs() < 0.05));
    }
}
