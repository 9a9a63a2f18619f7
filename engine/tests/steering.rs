//! Gain and pan of a stream: what they make of a sample, and what is refused.

mod common;

use codetta::Command;
use common::*;
use std::time::Duration;

/// What a stereo session hears of a mono stream of ones, after a command.
fn heard_after(steer: impl Fn(&codetta::Stream) -> Command) -> [f32; 2] {
    let mut rig = Rig::new();
    let (mut writer, stream) = rig.stream(plain());
    say(&mut writer, &[1.0; 480]);
    assert_eq!(steer(&stream), Command::Accepted);
    let out = rig.render(480);
    [out[2 * 479], out[2 * 479 + 1]]
}

fn close(heard: [f32; 2], wanted: [f32; 2]) {
    let near = heard.iter().zip(wanted).all(|(heard, wanted)| (heard - wanted).abs() < 1e-5);
    assert!(near, "{heard:?}, not {wanted:?}");
}

/// Decibels of amplitude: 0 is as written, −∞ is silence, and +24 is the most.
#[test]
fn gain_is_in_decibels() {
    let gain = |db| heard_after(|stream| stream.set_gain(db, Duration::ZERO));
    for (db, amplitude) in
        [(0.0, 1.0), (20.0, 10.0), (-20.0, 0.1), (24.0, 15.848_932), (f32::NEG_INFINITY, 0.0)]
    {
        close(gain(db), [amplitude; 2]);
    }
}

/// The far side follows a quarter cosine, to nothing at all; the near side stays as written.
#[test]
fn pan_turns_the_far_side_down() {
    let pan = |pan| heard_after(|stream| stream.set_pan(pan, Duration::ZERO));
    let half = std::f32::consts::FRAC_1_SQRT_2;
    for (to, sides) in
        [(-1.0, [1.0, 0.0]), (-0.5, [1.0, half]), (0.0, [1.0; 2]), (0.5, [half, 1.0]), (1.0, [0.0, 1.0])]
    {
        close(pan(to), sides);
    }
    assert_eq!((pan(-1.0)[1], pan(1.0)[0]), (0.0, 0.0), "nothing is nothing");
}

/// Of a stereo stream each side is turned down by itself: nothing of one comes out of the other.
#[test]
fn the_sides_of_a_stereo_stream_stay_apart() {
    let mut rig = Rig::new();
    let (mut writer, stream) = rig.stream(codetta::StreamConfig::new(RATE, 2).fade(Duration::ZERO));
    let _ = (stream.set_pan(0.5, Duration::ZERO), stream.set_gain(-20.0, Duration::ZERO));
    assert_eq!(writer.write(&[1.0_f32, -0.5].repeat(480)).frames, 480);
    drop(writer.flush());
    let far = 0.1 * std::f32::consts::FRAC_1_SQRT_2;
    for frame in rig.render(480).chunks_exact(2) {
        close([frame[0], frame[1]], [far, -0.05]);
    }
}

/// A ramp is linear in amplitude, and arrives at its end.
#[test]
fn a_ramp_arrives_after_its_time() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    say(&mut writer, &[1.0; 960]);
    let _ = stream.set_gain(f32::NEG_INFINITY, ms(10));
    let out = rig.render_in(960, 100);
    for frame in [0, 99, 100, 240, 479, 480, 959] {
        let wanted = (1.0 - frame as f32 / 480.0).max(0.0);
        assert!((out[frame] - wanted).abs() < 1e-5, "{frame}: {}, not {wanted}", out[frame]);
    }
}

/// What is no gain and no pan is refused, and changes nothing.
#[test]
fn what_makes_no_sense_is_refused() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    say(&mut writer, &[1.0; 10]);
    for db in [f32::NAN, 24.01, f32::INFINITY] {
        assert_eq!(stream.set_gain(db, Duration::ZERO), Command::Invalid, "{db} dB");
    }
    for pan in [f32::NAN, -1.01, 1.01] {
        assert_eq!(stream.set_pan(pan, Duration::ZERO), Command::Invalid, "pan {pan}");
    }
    assert_eq!(rig.render(10), [1.0; 10]);
}
