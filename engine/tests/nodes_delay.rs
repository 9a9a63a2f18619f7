//! The delay: its impulse response, in time and frequency, and its end.

#[path = "common/any_call.rs"]
mod any_call;
#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;

use any_call::{Step, same_in_any_call, turn};
use codetta::{
    graph::{Curve, Factor, Seconds, Setup, Solo, Tail},
    nodes::Delay,
};
use std::f64::consts::TAU;

/// So that a frame is a millisecond.
const RATE: u32 = 1_000;

fn frames(frames: f32) -> Seconds {
    Seconds(frames / RATE as f32)
}

/// Only echoes, each `feedback` of the one before.
fn echo(time: f32, feedback: f32) -> Solo<Delay> {
    let delay = Delay::new(frames(100.0)).time(frames(time)).feedback(Factor(feedback)).mix(Factor(1.0));
    Solo::new(delay, Setup::new(RATE, 1))
}

fn impulse(len: usize) -> [Vec<f32>; 1] {
    let mut impulse = vec![0.0; len];
    impulse[0] = 1.0;
    [impulse]
}

/// An impulse comes back after each time, by the feedback softer, and nothing between, to the bit.
#[test]
fn echoes_come_in_time_and_by_the_feedback_softer() {
    for time in [2, 3, 17, 64, 65, 100] {
        let out = echo(time as f32, 0.5).process(&impulse(1_000));
        for (frame, sample) in out[0].iter().enumerate() {
            let wanted =
                if frame > 0 && frame % time == 0 { 0.5_f32.powi((frame / time) as i32 - 1) } else { 0.0 };
            assert_eq!(*sample, wanted, "{time}: frame {frame}");
        }
    }
}

/// The mix weighs the input against the echoes.
#[test]
fn the_mix_is_between_input_and_echoes() {
    let delay = Delay::new(frames(100.0)).time(frames(10.0)).feedback(Factor(0.0)).mix(Factor(0.25));
    let out = Solo::new(delay, Setup::new(RATE, 1)).process(&impulse(50));
    let heard: Vec<_> = out[0].iter().enumerate().filter(|(_, sample)| **sample != 0.0).collect();
    assert_eq!(heard, [(0, &0.75), (10, &0.25)]);
}

/// Each channel has its own line.
#[test]
fn channels_are_apart() {
    let delay = Delay::new(frames(100.0)).time(frames(10.0)).mix(Factor(1.0));
    let [left] = impulse(50);
    let out = Solo::new(delay, Setup::new(RATE, 2)).process(&[left, vec![0.0; 50]]);
    assert_eq!((out[0][10], out[1].iter().any(|sample| *sample != 0.0)), (1.0, false));
}

/// The response at a frequency, of turns a frame.
fn response(out: &[f32], frequency: f64) -> (f64, f64) {
    out.iter().enumerate().fold((0.0, 0.0), |(re, im), (frame, sample)| {
        let angle = -TAU * frequency * frame as f64;
        (re + f64::from(*sample) * angle.cos(), im + f64::from(*sample) * angle.sin())
    })
}

/// Between frames no frequency gets louder (so no feedback can build up), and low ones are delayed by the very time.
#[test]
fn between_frames_nothing_gets_louder() {
    for part in 0..=20 {
        let time = 10.0 + part as f32 / 20.0;
        let out = &echo(time, 0.0).process(&impulse(64))[0];
        for step in 0..=100 {
            let frequency = f64::from(step) / 200.0;
            let (re, im) = response(out, frequency);
            assert!(re.hypot(im) < 1.000_01, "{time} frames at {frequency}: {}", re.hypot(im));
            if (1..=10).contains(&step) {
                assert!((re.hypot(im) - 1.0).abs() < 0.001, "{time} frames at {frequency}: {}", re.hypot(im));
                let late = (-im.atan2(re)).rem_euclid(TAU) / TAU / frequency;
                let wanted = f64::from(time) % (1.0 / frequency);
                assert!((late - wanted).abs() < 0.01, "{time} frames at {frequency}: {late} {wanted}");
            }
        }
    }
}

/// More than the longest counts as that, less than two frames as two.
#[test]
fn the_time_stays_within_the_line() {
    for (asked, heard) in [(0.0, 2), (5_000.0, 100)] {
        let out = echo(asked, 0.0).process(&impulse(200));
        assert_eq!(out[0].iter().position(|sample| *sample != 0.0), Some(heard));
    }
}

/// While the time moves, a tone bends, and does not click: no step between frames is beyond what its speed makes.
#[test]
fn a_moving_time_does_not_click() {
    let delay = Delay::new(Seconds(0.1)).time(Seconds(0.05)).feedback(Factor(0.0)).mix(Factor(1.0));
    let mut delay = Solo::new(delay, Setup::new(48_000, 1));
    let tone: Vec<f32> = (0..48_000).map(|n| (TAU * 200.0 / 48_000.0 * f64::from(n)).sin() as f32).collect();
    let mut out = delay.process(&[tone[..9_600].to_vec()]).remove(0);
    delay.ramp_to(Delay::TIME, Seconds(0.02), 4_800, Curve::Linear);
    out.extend(delay.process(&[tone[9_600..].to_vec()]).remove(0));
    // 30 ms less within 100 ms: 1.3 times as fast.
    let bound = (1.3 * TAU * 200.0 / 48_000.0) as f32 * 1.01;
    let worst = out[2_500..].windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    assert!(worst < bound, "{worst} of {bound}");
    assert!(worst > bound / 1.3, "it has moved");
}

/// After a reset it is as new: silent for silence, and the same bits for anything else.
#[test]
fn a_reset_forgets_all() {
    let mut delay = echo(33.25, 0.9);
    let _ = delay.process(&[vec![1.0; 777]]);
    delay.reset();
    assert!(delay.process(&[vec![0.0; 777]])[0].iter().all(|sample| *sample == 0.0));
    let _ = delay.process(&[vec![1.0; 55]]);
    delay.reset();
    assert_eq!(delay.process(&impulse(2_000)), echo(33.25, 0.9).process(&impulse(2_000)));
}

/// What comes after the tail is 100 dB softer than what went in, also with the greatest feedback and the longest time.
#[test]
fn the_tail_is_the_greatest_feedbacks() {
    let mut delay = echo(100.0, 0.95);
    let Tail::Frames(tail) = delay.tail() else { panic!("it ends") };
    let _ = delay.process(&[vec![1.0; 300]]);
    let _ = delay.process(&[vec![0.0; 100]]);
    let before = delay.process(&[vec![0.0; 100]]);
    assert!(before[0].iter().any(|sample| sample.abs() > 0.1), "{before:?}");
    let _ = delay.process(&[vec![0.0; 1]]);
    let rest = tail as usize - 201;
    let late = delay.process(&[vec![0.0; rest]]);
    assert!(late[0].iter().any(|sample| *sample != 0.0));
    let after = delay.process(&[vec![0.0; 1_000]]);
    // Ones for ever, at this feedback, would add up to twenty.
    assert!(after[0].iter().all(|sample| sample.abs() < 20.0 * 1e-5), "{:?}", &after[0][..3]);
}

/// Nothing that is finite makes it anything else, nor stays in it for ever.
#[test]
fn absurd_input_stays_finite() {
    let mut delay = echo(2.5, 0.95);
    let out = delay.process(&[(0..999).map(|n| if n % 3 == 0 { f32::MAX } else { -f32::MAX }).collect()]);
    assert!(out[0].iter().all(|sample| sample.is_finite()));
    let out = delay.process(&[vec![0.0; 999]]);
    assert!(out[0].iter().all(|sample| sample.is_finite()));
}

#[test]
fn it_is_the_same_in_any_call() {
    let steps = [
        (101, turn(0, 0.010_001, 1_501, Curve::Linear)),
        (777, turn(1, 0.95, 333, Curve::Smooth)),
        (901, turn(2, 1.0, 99, Curve::Linear)),
        (1_999, turn(0, 0.0, 501, Curve::Smooth)),
        (3_001, turn(0, 0.03, 0, Curve::Linear)),
        (3_777, Step::Reset),
        (4_097, turn(0, 0.000_07, 333, Curve::Exponential)),
    ];
    same_in_any_call(|| Delay::new(Seconds(0.05)), 2, &steps);
}
