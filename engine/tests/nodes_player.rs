//! The sample player and its samples: exact to the frame, and never a click.

#[path = "common/any_call.rs"]
mod any_call;
mod common;
#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;

use any_call::{Step, same_in_any_call, turn};
use codetta::{
    Command, ConvertError,
    graph::{Curve, Db, Setup, Solo, Unit},
    nodes::{Sample, SamplePlayer},
};
use common::Rig;

/// 5 ms.
const FADE: usize = 240;

/// 1, 2, 3… : each sample says which it is.
fn counted(frames: usize) -> Sample {
    Sample::from_planar(&[(1..=frames).map(|n| n as f32 / 64.0).collect()], 48_000)
}

fn steady(frames: usize) -> Sample {
    Sample::from_planar(&[vec![0.5; frames]], 48_000)
}

fn mono(player: SamplePlayer) -> Solo<SamplePlayer> {
    Solo::new(player, Setup::new(48_000, 1))
}

fn numbers(out: &[Vec<f32>]) -> Vec<usize> {
    out[0].iter().map(|sample| (sample * 64.0) as usize).collect()
}

/// Silent until it is triggered, then all of the sample to the bit, once, then silent.
#[test]
fn it_plays_once() {
    let mut player = mono(SamplePlayer::new(&counted(700)));
    assert_eq!(numbers(&player.render(3)), [0; 3]);
    player.trigger(SamplePlayer::PLAY, 1.0);
    let wanted: Vec<usize> = (1..=700).chain([0; 50]).collect();
    assert_eq!(numbers(&player.render(750)), wanted);
}

/// From the end of the loop to its start there is no gap and no repeat; what is behind its end is never heard.
#[test]
fn a_loop_is_exact() {
    let wanted = |start: usize, end: usize| -> Vec<usize> {
        (1..=end).chain((start + 1..=end).cycle().take(3_000)).take(2_000).collect()
    };
    for (start, end) in [(0, 100), (3, 7), (99, 100), (17, 64), (0, 1)] {
        let mut player = mono(SamplePlayer::new(&counted(100)).looping(start..end));
        player.trigger(SamplePlayer::PLAY, 1.0);
        assert_eq!(numbers(&player.render(2_000)), wanted(start, end), "{start}..{end}");
    }
    let mut all = mono(SamplePlayer::new(&counted(100)).looping(..));
    all.trigger(SamplePlayer::PLAY, 1.0);
    assert_eq!(numbers(&all.render(2_000)), wanted(0, 100));
}

/// A loop that has no frames in the sample is none.
#[test]
fn a_loop_without_frames_plays_once() {
    for (start, end) in [(5, 5), (200, 300), (7, 3)] {
        let mut player = mono(SamplePlayer::new(&counted(100)).looping(start..end));
        player.trigger(SamplePlayer::PLAY, 1.0);
        assert_eq!(numbers(&player.render(101))[99..], [100, 0], "{start}..{end}");
    }
}

/// The value of the trigger and the level both are factors.
#[test]
fn gains_multiply() {
    let mut player = mono(SamplePlayer::new(&steady(100)).level(Db(-20.0)));
    player.trigger(SamplePlayer::PLAY, 0.5);
    let out = player.render(10);
    assert!(out[0].iter().all(|sample| *sample == 0.5 * (0.5 * Db(-20.0).linear())));
}

/// Voices add up, each from where it was triggered.
#[test]
fn voices_add_up() {
    let mut player = mono(SamplePlayer::new(&counted(20)));
    player.trigger(SamplePlayer::PLAY, 1.0);
    let _ = player.render(10);
    player.trigger(SamplePlayer::PLAY, 2.0);
    let wanted: Vec<usize> = (0..20).map(|n| if n < 10 { 11 + n } else { 0 } + 2 * (n + 1)).collect();
    assert_eq!(numbers(&player.render(20)), wanted);
}

/// A mono sample is in every channel; others play channel by channel, or as their mean where there is only one.
#[test]
fn channels_find_their_place() {
    let first = |sample: &Sample, channels| {
        let mut player = Solo::new(SamplePlayer::new(sample), Setup::new(48_000, channels));
        player.trigger(SamplePlayer::PLAY, 1.0);
        player.render(1).iter().map(|channel| channel[0]).collect::<Vec<_>>()
    };
    let stereo = Sample::from_interleaved(&[0.5_f32, 0.25], 2, 48_000);
    assert_eq!(first(&steady(1), 3), [0.5; 3]);
    assert_eq!(first(&stereo, 2), [0.5, 0.25]);
    assert_eq!(first(&stereo, 1), [0.375]);
    assert_eq!(first(&stereo, 3), [0.5, 0.25, 0.0]);
}

/// A stop is a straight line to silence that takes 5 ms, to the frame.
#[test]
fn a_stop_fades() {
    let mut player = mono(SamplePlayer::new(&steady(48_000)).looping(..));
    player.trigger(SamplePlayer::PLAY, 1.0);
    let _ = player.render(100);
    player.trigger(SamplePlayer::STOP, 0.0);
    let out = player.render(1_000).remove(0);
    for (frame, sample) in out.into_iter().enumerate() {
        let wanted = 0.5 * (FADE as f32 - 1.0 - frame as f32).max(0.0) / FADE as f32;
        assert!((sample - wanted).abs() < 1e-6, "{frame}: {sample}");
    }
}

/// A stop follows the loop, and ends with a sample that ends within it.
#[test]
fn a_stop_plays_on_while_it_fades() {
    let fade = |n: usize| (FADE - 1 - n) as f32 / FADE as f32;
    let mut looped = mono(SamplePlayer::new(&counted(7)).looping(2..));
    let mut once = mono(SamplePlayer::new(&counted(7)));
    for player in [&mut looped, &mut once] {
        player.trigger(SamplePlayer::PLAY, 1.0);
        let _ = player.render(5);
        player.trigger(SamplePlayer::STOP, 0.0);
    }
    let (looped, once) = (looped.render(300).remove(0), once.render(300).remove(0));
    let played = [6, 7].into_iter().chain((3..=7).cycle());
    for (n, number) in played.take(FADE).enumerate() {
        let wanted = number as f32 / 64.0 * fade(n);
        assert!((looped[n] - wanted).abs() < 1e-6, "{n}");
        assert!((once[n] - if n < 2 { wanted } else { 0.0 }).abs() < 1e-6, "{n}");
    }
}

/// However many are stolen, at one frame or soon after each other, no step is greater than fades and the sample make.
#[test]
fn stealing_does_not_click() {
    const BURST: usize = 8;
    // A sample that itself begins without a click.
    let rise: Vec<f32> = (0..48_000).map(|n| 0.5 * (n as f32 / 480.0).min(1.0)).collect();
    let rise = Sample::from_planar(&[rise], 48_000);
    let mut player = mono(SamplePlayer::new(&rise).polyphony(2));
    let mut out = Vec::new();
    for round in 0..100 {
        let times = if round % 5 == 3 { BURST } else { 1 };
        (0..times).for_each(|_| player.trigger(SamplePlayer::PLAY, 1.0));
        out.extend(player.render([1, 7, 150, 600][round % 4]).remove(0));
    }
    let worst = out.windows(2).map(|pair| (pair[1] - pair[0]).abs()).fold(0.0, f32::max);
    // Two voices at their loudest fade, and a burst of new ones rises, at once.
    let bound = 2.0 * 0.5 / FADE as f32 + (BURST + 1) as f32 * 0.5 / 480.0;
    assert!(worst < bound, "{worst} of {bound}");
}

/// A sample of another rate is heard as long as it is, and as loud.
#[test]
fn other_rates_are_resampled() {
    let tone: Vec<i16> =
        (0..24_000).map(|n| (16_384.0 * (f64::from(n) * 0.05).sin()).round() as i16).collect();
    let sample = Sample::from_interleaved(&tone, 1, 24_000);
    let resampled = sample.resampled(48_000).unwrap();
    assert_eq!((resampled.frames(), resampled.sample_rate()), (48_000, 48_000));
    let mut player = mono(SamplePlayer::new(&sample));
    player.trigger(SamplePlayer::PLAY, 1.0);
    let out = player.render(50_000).remove(0);
    assert_eq!(out[..48_000], *resampled.channel(0));
    assert!(out[48_000..].iter().all(|sample| *sample == 0.0));
    for (n, sample) in out[2_000..46_000].iter().enumerate() {
        let wanted = 0.5 * ((n + 2_000) as f64 * 0.025).sin();
        assert!((f64::from(*sample) - wanted).abs() < 1e-4, "{n}");
    }
}

/// Resampling keeps each channel, and refuses what cannot be.
#[test]
fn resampling_keeps_channels() {
    let sample = Sample::from_planar(&[vec![0.25; 4_410], vec![-0.5; 4_410], vec![0.0; 4_410]], 44_100);
    let resampled = sample.resampled(48_000).unwrap();
    assert_eq!((resampled.frames(), resampled.channels()), (4_800, 3));
    assert!((resampled.channel(1)[2_400] + 0.5).abs() < 1e-4);
    assert_eq!(sample.resampled(1).unwrap_err(), ConvertError::Rate { rate: 1 });
}

/// What would poison a mix is not taken in; an incomplete frame is left out.
#[test]
fn samples_are_sound() {
    let sample = Sample::from_interleaved(&[f32::NAN, 1e30, f32::INFINITY, 0.5, 0.1], 2, 48_000);
    assert_eq!(
        (sample.frames(), sample.channel(0), sample.channel(1)),
        (2, &[0.0, 0.0][..], &[256.0, 0.5][..])
    );
    let empty = Sample::from_planar(&[], 48_000);
    let mut player = mono(SamplePlayer::new(&empty).looping(..));
    player.trigger(SamplePlayer::PLAY, 1.0);
    assert_eq!(numbers(&player.render(3)), [0; 3]);
}

/// In a session, a note is heard from the frame it is scheduled for, and stopped at the frame it is stopped.
#[test]
fn notes_land_on_their_frame() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let player = edit.add(SamplePlayer::new(&steady(48_000)));
    let output = edit.output();
    edit.connect(&player, &output);
    edit.commit().unwrap();
    assert_eq!(player.play(Db(0.0), 3_333_u64), Command::Accepted);
    assert_eq!(player.stop(5_001_u64), Command::Accepted);
    let out = rig.render_in(9_000, 100);
    let first = out.iter().position(|sample| *sample != 0.0);
    let falls = out.iter().rposition(|sample| *sample == 0.5);
    let last = out.iter().rposition(|sample| *sample != 0.0);
    assert_eq!((first, falls, last), (Some(3_333), Some(5_000), Some(5_000 + FADE - 1)));
}

#[test]
fn it_is_the_same_in_any_call() {
    let tone: Vec<f32> = (0..1_501).map(|n| (n as f32 * 0.1).sin()).collect();
    let sides = Sample::from_planar(&[tone.clone(), tone.iter().map(|x| x * -0.7).collect()], 48_000);
    let steps = [
        (3, Step::Fire(0, 0.5)),
        (501, turn(0, 0.25, 1_001, Curve::Smooth)),
        (777, Step::Fire(0, 0.9)),
        (901, Step::Fire(0, 1.0)),
        (1_777, Step::Fire(1, 0.0)),
        (1_801, Step::Fire(0, 1.0)),
        (1_999, turn(0, 1.0, 0, Curve::Linear)),
        (3_777, Step::Fire(0, 1.0)),
        (4_001, Step::Fire(1, 0.0)),
        (4_097, Step::Reset),
        (5_001, Step::Fire(0, -1.0)),
    ];
    same_in_any_call(|| SamplePlayer::new(&sides).polyphony(2), 0, &steps);
    same_in_any_call(|| SamplePlayer::new(&sides).polyphony(2).looping(17..1_234), 0, &steps);
    same_in_any_call(|| SamplePlayer::new(&counted(99)).looping(..), 0, &steps);
}
