//! Parameters: every answer is a value, what is accepted happens, in order, and at its frame.

mod common;

use codetta::{
    Command, Session, SessionBuilder, Shutdown,
    graph::{
        Activity, Audio, Curve, Db, Factor, Layout, Node, ParamInfo, ParamSpec, Processor, Setup, Trigger,
        TriggerSpec,
    },
    nodes::Gain,
};
use common::*;
use std::time::Duration;

/// Says its value; a trigger is added to it in its frame.
struct Speaker(f32);

impl Speaker {
    const VALUE: ParamSpec<Self, Factor> = ParamSpec::new(0, "value", (-1.0, 1_000_000.0), 0.0);
    const PULSE: TriggerSpec<Self> = TriggerSpec::new(0, "pulse");
    /// Ten times what there is, and one more: tells in which order they came.
    const DIGIT: TriggerSpec<Self> = TriggerSpec::new(1, "digit");
}

impl Processor for Speaker {
    fn name(&self) -> &'static str {
        "speaker"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![Self::VALUE.info()]
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::source(1)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let value = audio.param(Self::VALUE);
        for (sample, value) in audio.channel(0).iter_mut().zip(value) {
            *sample = value;
        }
        audio.channel(0)[0] += std::mem::take(&mut self.0);
        Activity::Sounding
    }

    fn trigger(&mut self, trigger: Trigger) {
        self.0 = trigger.value + if trigger.index == 1 { 10.0 * self.0 } else { self.0 };
    }
}

/// A session of one channel, in which a speaker is heard.
fn speaking(builder: SessionBuilder) -> (Rig, Node<Speaker>) {
    let mut rig = Rig::with(builder.channels(1));
    let mut edit = rig.session.graph().edit();
    let speaker = edit.add(Speaker(0.0));
    let output = edit.output();
    edit.connect(&speaker, &output);
    edit.commit().expect("a valid edit");
    rig.render(480);
    (rig, speaker)
}

/// What is out of range, or no number, is told so, and changes nothing.
#[test]
fn out_of_range_is_invalid() {
    let (mut rig, speaker) = speaking(Session::builder());
    let value = speaker.param(Speaker::VALUE);
    for wrong in [-1.1, 1_000_001.0, f32::NAN, f32::INFINITY, f32::NEG_INFINITY] {
        assert_eq!(value.set(Factor(wrong)), Command::Invalid, "{wrong}");
        assert_eq!(value.ramp_to(Factor(wrong), ms(1)), Command::Invalid, "{wrong}");
    }
    for wrong in [f32::NAN, f32::INFINITY] {
        assert_eq!(speaker.trigger(Speaker::PULSE, wrong, 0), Command::Invalid, "{wrong}");
    }
    assert_eq!(heard(&rig.render(1_000)), []);
    // The ends are in it; of decibels also the one that is no number on a scale.
    assert_eq!(value.ramp_to(Factor(-1.0), Duration::ZERO), Command::Accepted);
    assert_eq!(rig.render(1), [-1.0]);
    let mut edit = rig.session.graph().edit();
    let gain = edit.add(Gain::new());
    edit.commit().expect("a valid edit");
    assert_eq!(gain.param(Gain::LEVEL).set(Db(f32::NEG_INFINITY)), Command::Accepted);
    assert_eq!(gain.param(Gain::LEVEL).set(Db(24.1)), Command::Invalid);
}

/// Before its commit, and once it is removed, a node obeys nothing; also if it is refused.
#[test]
fn what_is_not_in_the_graph_says_so() {
    let (mut rig, speaker) = speaking(Session::builder());
    let mut edit = rig.session.graph().edit();
    let other = edit.add(Speaker(0.0));
    assert_eq!(other.param(Speaker::VALUE).set(Factor(1.0)), Command::NotInGraph);
    assert_eq!(other.trigger(Speaker::PULSE, 1.0, 0), Command::NotInGraph);
    edit.connect(&other, &other);
    let mut edit = edit.commit().unwrap_err().edit;
    assert_eq!(other.param(Speaker::VALUE).set(Factor(1.0)), Command::NotInGraph);
    edit.remove(&speaker);
    drop(edit);
    assert_eq!(speaker.param(Speaker::VALUE).set(Factor(0.0)), Command::Accepted, "nothing was committed");
    let mut edit = rig.session.graph().edit();
    edit.remove(&speaker);
    edit.commit().expect("a valid edit");
    assert_eq!(speaker.param(Speaker::VALUE).set(Factor(1.0)), Command::NotInGraph, "at once");
    rig.render_in(1_000, 100);
    assert_eq!(speaker.trigger(Speaker::PULSE, 1.0, 0), Command::NotInGraph);
    assert_eq!(rig.session.late().commands, 0, "these are not late");
}

/// After the end everything is closed, and counted.
#[test]
fn after_the_end_it_is_closed_and_counted() {
    let (mut rig, speaker) = speaking(Session::builder());
    let value = speaker.param(Speaker::VALUE);
    let _ = rig.end(Shutdown::Discard);
    let before = rig.session.late().commands;
    assert_eq!(value.set(Factor(1.0)), Command::Closed);
    assert_eq!(value.at(1_000_000).set(Factor(1.0)), Command::Closed);
    assert_eq!(speaker.trigger(Speaker::PULSE, 1.0, 0), Command::Closed);
    assert_eq!(value.set(Factor(f32::NAN)), Command::Invalid, "that is told first");
    assert_eq!(rig.session.late().commands, before + 3);
    drop(rig);
    assert_eq!(value.set(Factor(1.0)), Command::Closed);
}

/// What fits is carried out, what does not is refused, and nothing is lost: the last that was accepted is heard.
#[test]
fn a_full_ring_loses_nothing() {
    let (mut rig, speaker) = speaking(Session::builder().max_commands(100).max_streams(1));
    let value = speaker.param(Speaker::VALUE);
    for round in 0..50 {
        let mut accepted = 0;
        let last = loop {
            let number = (round * 1_000 + accepted) as f32;
            match value.ramp_to(Factor(number), Duration::ZERO) {
                Command::Accepted => accepted += 1,
                Command::Full => break number - 1.0,
                other => panic!("{other:?}"),
            }
        };
        // The place of a stream's addition may be taken too.
        assert!((100..=101).contains(&accepted), "round {round}: as many as were asked for, not {accepted}");
        // Refused is refused, also for what is to come.
        assert_eq!(value.at(1 << 40).set(Factor(0.0)), Command::Full);
        assert_eq!(rig.render(1), [last]);
    }
}

/// Those that wait for a frame hold their places until then, and each happens at its own.
#[test]
fn what_waits_happens_at_its_frame() {
    let (mut rig, speaker) = speaking(Session::builder().max_commands(64).max_streams(1));
    for block in [1, 7, 100, 512, 1_000] {
        let start = rig.session.frame();
        // Not in the order of their frames.
        let frames: Vec<u64> = (0..64).map(|n| start + 1 + (n * 37) % 64 * 13).collect();
        for frame in &frames {
            assert_eq!(speaker.trigger(Speaker::PULSE, 1.0, *frame), Command::Accepted);
        }
        let value = speaker.param(Speaker::VALUE);
        assert_eq!(value.at(1 << 40).set(Factor(0.0)), Command::Full, "every place is taken");
        let mut out = rig.render_in(400, block);
        let done = frames.iter().filter(|frame| **frame < start + 400).count();
        for _ in 0..done {
            let next = value.at(rig.session.frame() + 1);
            assert_eq!(next.ramp_to(Factor(0.0), Duration::ZERO), Command::Accepted, "a place came back");
        }
        assert_eq!(value.at(1 << 40).set(Factor(0.0)), Command::Full);
        out.extend(rig.render_in(600, block));
        for (frame, sample) in out.iter().enumerate() {
            let is_due = frames.contains(&(start + frame as u64));
            assert_eq!(*sample, f32::from(u8::from(is_due)), "frame {frame} in blocks of {block}");
        }
    }
}

/// Many for one frame are carried out in the order in which they were sent, now or later, in one block or another.
#[test]
fn the_order_is_kept() {
    let (mut rig, speaker) = speaking(Session::builder());
    let start = rig.session.frame();
    for digit in [1.0, 2.0, 3.0] {
        let _ = speaker.trigger(Speaker::DIGIT, digit, start + 100);
    }
    for digit in [6.0, 7.0] {
        let _ = speaker.trigger(Speaker::DIGIT, digit, start + 50);
    }
    for digit in [8.0, 9.0] {
        let _ = speaker.trigger(Speaker::DIGIT, digit, codetta::graph::When::Now);
    }
    let mut out = rig.render(100);
    // These are for the next frame as well, and come after those that wait for it.
    let _ = speaker.trigger(Speaker::DIGIT, 4.0, codetta::graph::When::Now);
    let _ = speaker.trigger(Speaker::DIGIT, 5.0, start + 100);
    out.extend(rig.render(100));
    assert_eq!((out[0], out[50], out[100]), (89.0, 67.0, 12_345.0));
    assert_eq!(heard(&out).len(), 3);
}

/// A frame that has been rendered is the next one.
#[test]
fn a_past_frame_is_the_next_one() {
    let (mut rig, speaker) = speaking(Session::builder());
    let value = speaker.param(Speaker::VALUE);
    for past in [0, 1, 479, 480] {
        assert_eq!(value.at(past).ramp_to(Factor(past as f32 + 1.0), Duration::ZERO), Command::Accepted);
    }
    assert_eq!(rig.render(1), [481.0], "all of them, in order");
}

/// Time is what has been rendered since the session started.
#[test]
fn a_time_is_a_frame() {
    let (mut rig, speaker) = speaking(Session::builder());
    let _ = speaker.trigger(Speaker::PULSE, 1.0, ms(20));
    let _ = speaker.trigger(Speaker::PULSE, 2.0, Duration::from_nanos(20_833_333));
    let out = rig.render_in(1_000, 77);
    let at = |frame: usize| out[frame - 480];
    assert_eq!((at(960), at(1_000)), (1.0, 2.0));
    assert_eq!(heard(&out).len(), 2);
}

/// A ramp takes as long as was said, from its frame on, and one that is set is smoothed.
#[test]
fn a_ramp_begins_at_its_frame() {
    let (mut rig, speaker) = speaking(Session::builder());
    let value = speaker.param(Speaker::VALUE);
    let _ = value.at(1_001).ramp_to(Factor(100.0), Duration::from_nanos(2_083_333));
    let out = rig.render_in(1_000, 77);
    for frame in 480..1_480_usize {
        let wanted = frame.saturating_sub(1_001).min(100) as f32;
        assert!((out[frame - 480] - wanted).abs() < 1e-4, "frame {frame}");
    }
    let _ = value.set(Factor(0.0));
    let out = rig.render_in(1_000, 77);
    assert!((out[240] - 50.0).abs() < 1e-3 && out[479] > 0.0 && out[480] == 0.0, "10 ms");
}

/// The longest ramps that there are have begun, and go by their part of the way; and what comes next turns them.
#[test]
fn the_longest_ramps_are_ramps() {
    let curves = [Curve::Linear, Curve::Exponential, Curve::Smooth];
    // The first is 2³² − 1 frames; a ramp of any longer time is as long.
    let longest = Duration::from_nanos(u64::from(u32::MAX) * 1_000_000_000 / u64::from(RATE) + 1);
    for (over, curve) in
        [longest, Duration::MAX].into_iter().flat_map(|over| curves.map(|curve| (over, curve)))
    {
        let (mut rig, speaker) = speaking(Session::builder());
        let value = speaker.param(Speaker::VALUE);
        let _ = value.curve_to(Factor(1_000_000.0), over, curve);
        let out = rig.render_in(48_000, 77);
        assert!(
            out.is_sorted() && out.iter().all(|value| (0.0..12.0).contains(value)),
            "{curve:?} over {over:?}"
        );
        assert!(curve != Curve::Linear || (out[47_999] - 11.18).abs() < 0.01, "{}", out[47_999]);
        assert_eq!(value.set(Factor(0.0)), Command::Accepted);
        assert_eq!(rig.render_in(1_000, 77)[999], 0.0);
    }
}

/// What waits for a node that goes is dropped, and its places come back.
#[test]
fn a_node_that_goes_gives_its_places_back() {
    let (mut rig, speaker) = speaking(Session::builder().max_commands(32).max_streams(1));
    for frame in 0..32 {
        assert_eq!(speaker.trigger(Speaker::PULSE, 1.0, 2_000 + frame), Command::Accepted);
    }
    // They wait on the audio thread, and not in the ring, so that there is room for an edit.
    rig.render(1);
    let mut edit = rig.session.graph().edit();
    edit.remove(&speaker);
    let other = edit.add(Speaker(0.0));
    let output = edit.output();
    edit.connect(&other, &output);
    edit.commit().expect("a valid edit");
    assert_eq!(other.param(Speaker::VALUE).at(1 << 40).set(Factor(0.0)), Command::Full);
    // Its place on the audio thread may be another's by now.
    let out = rig.render_in(3_000, 100);
    assert_eq!(heard(&out), [], "they were not the other's");
    for _ in 0..32 {
        assert_eq!(other.param(Speaker::VALUE).at(1 << 40).set(Factor(0.0)), Command::Accepted);
    }
}
