//! Gain, pan, bus and send: what they do to a sample, to the bit where that can be said.

#[path = "common/any_call.rs"]
mod any_call;
#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;

use any_call::{noise, same_in_any_call, turn};
use codetta::{
    graph::{Curve, Db, Position, Processor, Setup, Solo, Tail, Unit},
    nodes::{AuxSend, Bus, Gain, Pan},
};

fn stereo<P: Processor>(node: P) -> Solo<P> {
    Solo::new(node, Setup::new(48_000, 2))
}

fn db(power: f64) -> f64 {
    10.0 * power.log10()
}

/// Each sample is multiplied by the level, rounded once, in every channel.
#[test]
fn a_gain_multiplies() {
    let input = noise(3);
    for level in [-80.0, -6.0, 0.0, 0.1, 24.0] {
        let out = stereo(Gain::new().level(Db(level)).channels(3)).process(&input);
        let factor = Db(level).linear();
        for (out, input) in out.iter().zip(&input) {
            assert!(out.iter().zip(input).all(|(out, input)| out.to_bits() == (input * factor).to_bits()));
        }
    }
}

/// −∞ dB is silence, and 0 dB is nothing at all.
#[test]
fn a_gain_at_its_ends() {
    let input = noise(2);
    let silent = stereo(Gain::new().level(Db(f32::NEG_INFINITY))).process(&input);
    assert!(silent.iter().flatten().all(|sample| *sample == 0.0));
    assert_eq!(stereo(Gain::new()).process(&input), input);
}

/// A level out of range is as near as can be.
#[test]
fn a_gain_does_not_start_beyond_its_range() {
    let out = stereo(Gain::new().level(Db(200.0))).process(&[vec![1.0], vec![1.0]]);
    assert_eq!(out[0][0], Db(24.0).linear());
}

/// A moving level is a straight line of amplitude, from the frame it is turned at to the frame it arrives at.
#[test]
fn a_gain_moves_in_a_line() {
    let mut gain = stereo(Gain::new().level(Db(f32::NEG_INFINITY)));
    gain.ramp_to(Gain::LEVEL, Db(0.0), 100, Curve::Linear);
    let out = gain.process(&vec![vec![1.0; 200]; 2]);
    for channel in out {
        for (frame, sample) in channel.into_iter().enumerate() {
            let wanted = frame.min(100) as f32 / 100.0;
            assert!((sample - wanted).abs() < 1e-6, "{frame}: {sample}");
        }
    }
}

#[test]
fn a_gain_is_the_same_in_any_call() {
    let steps = [
        (3, turn(0, 0.25, 1_001, Curve::Linear)),
        (777, turn(0, 1.0, 333, Curve::Exponential)),
        (2_001, turn(0, 0.0, 999, Curve::Smooth)),
        (4_097, turn(0, 0.7, 0, Curve::Linear)),
    ];
    same_in_any_call(Gain::new, 2, &steps);
    same_in_any_call(AuxSend::new, 2, &steps);
}

/// What a pan at a position makes of ones in so many channels.
fn sides(channels: usize, position: f32) -> [f64; 2] {
    let pan = Pan::new().channels(channels).position(Position(position));
    let out = stereo(pan).process(&vec![vec![1.0]; channels]);
    [f64::from(out[0][0]), f64::from(out[1][0])]
}

fn positions() -> impl Iterator<Item = f32> {
    (-1_000..=1_000).map(|position| position as f32 / 1_000.0)
}

/// A mono sound has the same power anywhere, within 0.01 dB; each side has the sine of its angle.
#[test]
fn a_mono_pan_keeps_the_power() {
    for position in positions() {
        let [left, right] = sides(1, position);
        assert!(db(left * left + right * right).abs() < 0.01, "{position}");
        let angle = (f64::from(position) + 1.0) * std::f64::consts::FRAC_PI_4;
        assert!((left - angle.cos()).abs() < 1e-6 && (right - angle.sin()).abs() < 1e-6, "{position}");
    }
}

/// In the centre each side has 3.01 dB less; at the ends one has all, and the other nothing.
#[test]
fn a_mono_pan_at_its_ends_and_in_the_centre() {
    let centre = sides(1, 0.0);
    assert_eq!(centre[0], centre[1]);
    assert!((db(centre[0] * centre[0]) + 3.0103).abs() < 0.001);
    assert_eq!((sides(1, -1.0), sides(1, 1.0)), ([1.0, 0.0], [0.0, 1.0]));
}

/// A balance keeps the power of two like sides, within 0.01 dB, and does nothing in the centre.
#[test]
fn a_stereo_balance_keeps_the_power() {
    for position in positions() {
        let [left, right] = sides(2, position);
        assert!((db(left * left + right * right) - db(2.0)).abs() < 0.01, "{position}");
    }
    let input = noise(2);
    assert_eq!(stereo(Pan::new()).process(&input), input);
    assert_eq!(sides(2, 1.0)[0], 0.0);
}

/// A balance never lets one side into the other.
#[test]
fn a_stereo_balance_keeps_the_sides_apart() {
    let out = stereo(Pan::new().position(Position(0.3))).process(&[vec![1.0; 9], vec![0.0; 9]]);
    assert!(out[1].iter().all(|sample| *sample == 0.0));
}

/// Also on its way, a pan has the same power in every frame.
#[test]
fn a_moving_pan_keeps_the_power() {
    let mut pan = stereo(Pan::new().channels(1).position(Position(-1.0)));
    pan.ramp_to(Pan::POSITION, Position(1.0), 4_000, Curve::Smooth);
    let out = pan.process(&[vec![1.0; 4_100]]);
    for (left, right) in out[0].iter().zip(&out[1]) {
        assert!(db(f64::from(*left).powi(2) + f64::from(*right).powi(2)).abs() < 0.01);
    }
    assert_eq!((out[0][4_050], out[1][4_050]), (0.0, 1.0));
}

#[test]
fn a_pan_is_the_same_in_any_call() {
    let steps = [
        (3, turn(0, 1.0, 1_001, Curve::Linear)),
        (777, turn(0, -0.3, 333, Curve::Smooth)),
        (4_097, turn(0, 0.7, 0, Curve::Linear)),
    ];
    same_in_any_call(|| Pan::new().channels(1), 1, &steps);
    same_in_any_call(Pan::new, 2, &steps);
}

/// A bus leaves the sum as it is, and is called what it was called; a send is a gain under its own name.
#[test]
fn buses_and_sends_are_what_they_are_called() {
    let input = noise(2);
    assert_eq!(stereo(Bus::new("music")).process(&input), input);
    assert_eq!((Bus::new("music").name(), AuxSend::new().name()), ("music", "send"));
    let send = stereo(AuxSend::new().level(Db(-6.0))).process(&input);
    assert_eq!(send, stereo(Gain::new().level(Db(-6.0))).process(&input));
    same_in_any_call(|| Bus::new("music"), 2, &[]);
}

/// What is silent in is silent out, at once.
#[test]
fn none_of_them_sounds_on() {
    assert_eq!(stereo(Gain::new()).tail(), Tail::Frames(0));
    assert_eq!(stereo(Pan::new()).tail(), Tail::Frames(0));
    assert_eq!(stereo(Bus::new("b")).tail(), Tail::Frames(0));
}
