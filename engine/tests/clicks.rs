//! Whatever ends, cuts or takes up a sound does it within one block and a fade, and without a click.

mod common;

use codetta::{Close, End, Stream, Writer};
use common::*;
use proptest::prelude::*;
use std::time::Duration;

/// What is done to a stream that plays a sine, in the middle of a swing.
type Deed = fn(&mut Rig, &mut Writer, &Stream) -> Vec<f32>;

/// Renders a sine up to 700 frames (past its first crest), does the deed, renders on; no step may be a click.
fn assert_no_click(name: &str, deed: Deed) -> Vec<f32> {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded());
    put(&mut writer, &sine(9_600));
    let mut out = rig.render(600);
    out.extend(deed(&mut rig, &mut writer, &stream));
    let step = largest_step(&out);
    assert!(step < NO_CLICK, "{name}: a step of {step}");
    out
}

/// Silent within the block plus the fade, and each frame of the fade was heard and counts as played.
#[test]
fn interruptions_clears_and_discards_fade_out_and_count_the_fade() {
    let deeds: [(&str, End, Deed); 3] = [
        ("interrupt", End::Interrupted, |rig, _, stream| {
            let _ = stream.interrupt();
            rig.render(960)
        }),
        ("clear", End::Interrupted, |rig, writer, _| {
            let _ = writer.clear();
            rig.render(960)
        }),
        ("discard", End::Discarded, |rig, _, stream| {
            let _ = stream.close(Close::Discard);
            rig.render(960)
        }),
    ];
    for (name, end, deed) in deeds {
        let out = assert_no_click(name, deed);
        assert!(
            out[600 + FADE as usize..].iter().all(|sample| *sample == 0.0),
            "{name}: silent after the fade"
        );
        assert!(out[600..600 + FADE as usize - 1].iter().any(|sample| *sample != 0.0), "{name}: fades");
        let mut rig = Rig::mono();
        let (mut writer, stream) = rig.stream(faded());
        put(&mut writer, &sine(9_600));
        let segment = writer.segment().expect("open");
        rig.render(600);
        deed(&mut rig, &mut writer, &stream);
        let outcome = segment.poll().expect("settled within the block");
        assert_eq!((outcome.end, outcome.played), (end, 600 + FADE), "{name}");
    }
}

/// Down, standing still, and up again: also where the turn comes in the middle of the fade.
#[test]
fn pauses_and_resumes_do_not_click() {
    for gap in [1, 7, 100, 239, 240, 241, 5_000] {
        let mut rig = Rig::mono();
        let (mut writer, stream) = rig.stream(faded());
        say(&mut writer, &sine(9_600));
        let mut out = rig.render(600);
        let _ = stream.pause();
        out.extend(rig.render(gap));
        let _ = stream.resume();
        out.extend(rig.render(12_000));
        let step = largest_step(&out);
        assert!(step < NO_CLICK, "resumed after {gap} frames: a step of {step}");
    }
}

/// Running dry and going on: the sound decays where it stopped, and fades in where it goes on.
#[test]
fn an_underrun_does_not_click() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded());
    let whole = sine(4_800);
    put(&mut writer, &whole[..1_080]);
    let mut out = rig.render(1_500);
    put(&mut writer, &whole[1_080..]);
    writer.flush().accepted().expect("open");
    out.extend(rig.render(5_000));
    let step = largest_step(&out);
    assert!(step < NO_CLICK, "a step of {step}");
    assert_eq!(stream.stats().underruns, 1);
}

/// Cut with nothing queued to fade with: the last value decays.
#[test]
fn a_cut_without_data_does_not_click() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded());
    put(&mut writer, &sine(1_080));
    let mut out = rig.render(1_080);
    let _ = stream.interrupt();
    out.extend(rig.render(960));
    let step = largest_step(&out);
    assert!(out[1_079].abs() > 0.4 && step < NO_CLICK, "a step of {step}");
    assert!(out[1_080 + FADE as usize..].iter().all(|sample| *sample == 0.0));
}

/// It decays from what was last heard, also where that was in the middle of a block and of a steep ramp.
#[test]
fn a_cut_decays_from_what_was_last_heard() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded().prebuffer(Duration::ZERO));
    assert_eq!(stream.start_at(30), codetta::Command::Accepted);
    let _ = stream.set_gain(-40.0, Duration::from_micros(1_000_000 * 100 / 48_000 + 1));
    put(&mut writer, &[1.0; 50]);
    let out = rig.render(200);
    // The ramp is the stream's: it began with the block, and the sound 30 frames into it.
    let at = |frame: usize| 1.0 - 0.99 * frame as f32 / 100.0;
    assert!((out[79] - at(79)).abs() < 1e-4, "{}", out[79]);
    let decay = 1.0 / (FADE + 1) as f32;
    for frame in [80, 81, 130] {
        let left = at(79) * (1.0 - (frame - 79) as f32 * decay);
        assert!((out[frame] - left).abs() < 1e-4, "{frame}: {}, not {left}", out[frame]);
    }
}

/// Nor is it another where the sound had just begun to fade in.
#[test]
fn a_cut_within_a_fade_decays_from_where_the_fade_was() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(faded().prebuffer(Duration::ZERO));
    put(&mut writer, &[1.0; 10]);
    rig.render(500);
    // It had run dry, so it fades in; and runs dry again before it is there.
    put(&mut writer, &[1.0; 100]);
    let out = rig.render(200);
    let last = 99.0 / FADE as f32;
    assert!((out[99] - last).abs() < 1e-4, "{}", out[99]);
    let next = last * (1.0 - 1.0 / (FADE + 1) as f32);
    assert!((out[100] - next).abs() < 1e-4, "{}, not {next}", out[100]);
}

/// What is left of a cut rings on beside what follows, and is part of what is cut next.
#[test]
fn what_is_left_of_a_cut_rings_on() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(faded().prebuffer(Duration::ZERO));
    put(&mut writer, &[1.0; 10]);
    rig.render(60);
    put(&mut writer, &[1.0; 100]);
    let out = rig.render(400);
    let decayed = |frames: f32| (1.0 - frames / (FADE + 1) as f32).max(0.0);
    let rest = |frame: usize| decayed((frame + 51) as f32);
    for frame in [0, 1, 50, 99] {
        let wanted = frame as f32 / FADE as f32 + rest(frame);
        assert!((out[frame] - wanted).abs() < 1e-4, "{frame}: {}, not {wanted}", out[frame]);
    }
    let last = 99.0 / FADE as f32 + rest(100);
    for frame in [100, 101, 200, 339, 340] {
        let wanted = last * decayed((frame - 99) as f32);
        assert!((out[frame] - wanted).abs() < 1e-4, "{frame}: {}, not {wanted}", out[frame]);
    }
}

/// Two segments that are one sound, whose border is a block's too: what silences it there fades all the same.
#[test]
fn a_cut_at_the_border_of_segments_does_not_click() {
    let deeds: [(&str, Deed); 3] = [
        ("pause", |rig, _, stream| {
            let _ = stream.pause();
            rig.render(960)
        }),
        ("interrupt", |rig, _, stream| {
            let _ = stream.interrupt();
            rig.render(960)
        }),
        ("clear", |rig, writer, _| {
            let _ = writer.clear();
            rig.render(960)
        }),
    ];
    for (name, deed) in deeds {
        // At the crest; and in the middle of a fade that had begun before it.
        for (border, before) in [(600, 600), (700, 600)] {
            let mut rig = Rig::mono();
            let (mut writer, stream) = rig.stream(faded());
            let whole = sine(9_600);
            say(&mut writer, &whole[..border]);
            say(&mut writer, &whole[border..]);
            let mut out = rig.render(before);
            if border > before {
                let _ = stream.pause();
                out.extend(rig.render(border - before));
            }
            out.extend(deed(&mut rig, &mut writer, &stream));
            let step = largest_step(&out);
            assert!(step < NO_CLICK, "{name} at {border} after {before}: a step of {step}");
        }
    }
}

/// New audio after a clear cancels what is left of the fade: it begins at once, beside a decay and without a click.
#[test]
fn new_audio_cancels_the_fade() {
    let out = assert_no_click("cancelled", |rig, writer, _| {
        let _ = writer.clear();
        let mut out = rig.render(100);
        say(writer, &sine(4_800));
        out.extend(rig.render(4_800 + 480));
        out
    });
    let fresh = sine(4_800);
    assert_eq!(out[700 + FADE as usize..700 + 4_800], fresh[FADE as usize..], "the new audio began at once");
}

/// What may be done to a sound at any moment.
#[derive(Debug, Clone)]
enum Act {
    /// So many periods more; and whether they are flushed, where the sine crosses zero.
    Say(usize, bool),
    /// So many frames more, of a period that is not complete.
    Begin(usize),
    Interrupt,
    Clear,
    Pause,
    Resume,
    Render(usize),
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (1..8_usize, any::<bool>()).prop_map(|(periods, flushed)| Act::Say(periods, flushed)),
        2 => (1..480_usize).prop_map(Act::Begin),
        1 => Just(Act::Interrupt),
        1 => Just(Act::Clear),
        2 => Just(Act::Pause),
        3 => Just(Act::Resume),
        8 => (1..1_500_usize).prop_map(Act::Render),
    ]
}

proptest! {
    #![proptest_config(cases(500))]

    /// Whatever is done in whatever order: beside what is heard at most a fade and a few decays are under way.
    #[test]
    fn no_sequence_of_deeds_clicks(acts in prop::collection::vec(act(), 1..60)) {
        let mut rig = Rig::mono();
        let (mut writer, stream) = rig.stream(faded());
        let (mut phase, mut out) = (0, Vec::new());
        for act in acts {
            match act {
                Act::Say(periods, flushed) => {
                    let frames = periods * 480 + (480 - phase) % 480;
                    let written = writer.write(&sine(phase + frames)[phase..]).frames;
                    phase = (phase + written) % 480;
                    if flushed && phase == 0 {
                        let _ = writer.flush();
                    }
                }
                Act::Begin(frames) => {
                    let written = writer.write(&sine(phase + frames)[phase..]).frames;
                    phase = (phase + written) % 480;
                }
                // A new sound begins at zero.
                Act::Interrupt => {
                    let _ = (stream.interrupt(), writer.flush());
                    phase = 0;
                }
                Act::Clear => {
                    let _ = writer.clear();
                    phase = 0;
                }
                Act::Pause => {
                    let _ = stream.pause();
                }
                Act::Resume => {
                    let _ = stream.resume();
                }
                Act::Render(frames) => out.extend(rig.render(frames)),
            }
        }
        let step = largest_step(&out);
        prop_assert!(step < 2.0 * NO_CLICK, "a step of {step}");
    }
}
