//! A cut, a pause or a gain where one segment ends and another begins.

mod common;

use codetta::{End, Session, Shutdown, StreamConfig, nodes::Gain};
use common::*;
use std::time::Duration;

/// The sound of a full scale that goes or comes over a whole fade changes by so much from frame to frame.
const STEP: f32 = 0.5 * 2.0 / FADE as f32;

/// A segment is cut where its last frame has just been played, and nothing is behind it: what is left of it rings on over
/// several blocks, though it has its outcome.
#[test]
fn a_cut_at_the_very_end_rings_out() {
    for (block, has_effect) in [(48, false), (480, false), (48, true), (480, true)] {
        let mut rig = Rig::mono();
        if has_effect {
            let mut edit = rig.session.graph().edit();
            let (streams, output, gain) = (edit.streams(), edit.output(), edit.add(Gain::new()));
            edit.disconnect(&streams, &output).connect(&streams, &gain).connect(&gain, &output);
            edit.commit().expect("valid");
            rig.render_in(2_000, 100);
        }
        let (mut writer, stream) = rig.stream(faded());
        put(&mut writer, &[0.5; 1_440]);
        let mut out = rig.render_in(1_440, block);
        let _ = stream.interrupt();
        out.extend(rig.render_in(960, block));
        let steps = out.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        assert!(steps.fold(0.0, f32::max) <= STEP, "blocks of {block}, {has_effect}");
        assert_eq!(out[1_440 + FADE as usize], 0.0);
    }
}

/// When the next segment was first heard: where so much of it had been written at an interruption, flushed or not.
fn first_heard(frames: usize, flushed: bool) -> Option<Duration> {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded().prebuffer(ms(20)));
    put(&mut writer, &[0.5; 4_800]);
    rig.render(1_200);
    let _ = (stream.interrupt(), writer.flush());
    put(&mut writer, &vec![0.25; frames]);
    let flush = flushed.then(|| writer.flush());
    rig.render(480);
    let segment = flush.unwrap_or_else(|| writer.flush()).accepted().expect("written");
    let _ = (rig.render(1_200), rig.render(480), rig.end(Shutdown::Discard));
    segment.poll().and_then(|outcome| outcome.first_heard)
}

/// New audio ends the fade of what was interrupted, once there is enough of it to be heard.
#[test]
fn what_waits_behind_an_interruption_comes_at_once() {
    assert_eq!(first_heard(100, true), Some(ms(25)), "all of it is there");
    assert_eq!(first_heard(960, false), Some(ms(25)), "as much as must be queued is there");
    assert_eq!(first_heard(959, false), Some(ms(35)), "not before it is flushed");
}

/// A resumed stream fades in, also if one segment ends and another begins meanwhile.
#[test]
fn a_fade_in_goes_on_across_a_border() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded());
    say(&mut writer, &[0.5; 840]);
    say(&mut writer, &[0.5; 4_000]);
    rig.render(480);
    let _ = stream.pause();
    rig.render(480);
    let _ = stream.resume();
    let out = rig.render(1_000);
    assert!(out[0].abs() < STEP && largest_step(&out) <= STEP);
    assert_eq!(out[2 * FADE as usize], 0.5);
}

/// A steady gain and pan weigh every frame, of one channel or two.
#[test]
fn steady_gains_weigh_each_side() {
    for channels in [1, 2] {
        for pan in [0.0, -0.5, 1.0] {
            let mut rig = Rig::with(Session::builder().channels(2));
            let (mut writer, stream) = rig.stream(StreamConfig::new(RATE, channels).fade(Duration::ZERO));
            let _ = (stream.set_gain(-6.0, Duration::ZERO), stream.set_pan(pan, Duration::ZERO));
            let _ = (writer.write(&vec![0.5_f32; channels * 480]), writer.flush());
            let out = rig.render(480);
            let gain = 10_f32.powf(-6.0 / 20.0);
            let far = (pan.abs() * std::f32::consts::FRAC_PI_2).cos();
            let [left, right] = if pan < 0.0 { [1.0, far] } else { [far, 1.0] };
            for frame in out.chunks_exact(2) {
                assert!((frame[0] - 0.5 * gain * left).abs() < 1e-6, "{channels}, {pan}: {frame:?}");
                assert!((frame[1] - 0.5 * gain * right).abs() < 1e-6, "{channels}, {pan}: {frame:?}");
            }
        }
    }
}

/// A stream that is to start at a frame starts at that one, in any blocks; what sounds already goes on.
#[test]
fn a_start_is_at_its_frame() {
    for block in [7, 480, 4_800] {
        let mut rig = Rig::mono();
        let (mut writer, stream) = rig.stream(plain());
        let _ = stream.start_at(1_234);
        say(&mut writer, &numbered(0, 480));
        let out = rig.render_in(1_680, block);
        assert_eq!(out.iter().position(|sample| *sample != 0.0), Some(1_234), "blocks of {block}");
        say(&mut writer, &numbered(0, 480));
        let _ = stream.start_at(9_000);
        let out = rig.render_in(480, block);
        assert_eq!(heard(&out).len(), 34 + 446, "blocks of {block}");
    }
}

/// A segment that is cut so late that its end comes before the fade's: all of it was heard.
#[test]
fn what_is_cut_at_its_end_is_whole() {
    for rate in [48_000, 44_100] {
        let mut rig = Rig::mono();
        let (mut writer, stream) = rig.stream(StreamConfig::new(rate, 1));
        let segment = say(&mut writer, &vec![0.5; rate as usize / 10]);
        rig.render(4_700);
        let _ = stream.interrupt();
        rig.render(480);
        rig.render(480);
        let outcome = segment.poll().expect("over");
        assert_eq!((outcome.end, outcome.played), (End::Interrupted, u64::from(rate / 10)));
    }
}
