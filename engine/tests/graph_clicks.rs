//! What must not click: edits that come before others are over, and what is heard again.

mod common;

use codetta::{
    graph::{Activity, Audio, Factor, Layout, Processor, Seconds, Setup},
    nodes::{Bus, Delay},
};
use common::*;

/// Says one, all the time, some frames late.
struct One {
    latency: u32,
}

impl Processor for One {
    fn name(&self) -> &'static str {
        "one"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::source(1).latency(self.latency)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        audio.channel(0).fill(1.0);
        Activity::Sounding
    }
}

/// A connection that waits for what is new, is taken away, and comes back at once: its line has not been filled yet.
#[test]
fn a_connection_that_comes_back_before_it_was_heard_does_not_click() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let (source, late, bus) =
        (edit.add(One { latency: 0 }), edit.add(One { latency: 100 }), edit.add(Bus::new("bus")));
    let output = edit.output();
    edit.connect(&late, &bus).connect(&bus, &output);
    edit.commit().expect("a valid edit");
    let mut out = rig.render_in(1_000, 10);
    for is_there in [true, false, true] {
        let mut edit = rig.session.graph().edit();
        if is_there {
            // Held back by 100 frames, to be level with the other.
            edit.connect(&source, &bus);
        } else {
            edit.disconnect(&source, &bus);
        }
        edit.commit().expect("a valid edit");
        out.extend(rig.render_in(10, 10));
    }
    out.extend(rig.render_in(1_000, 10));
    // Both are one.
    assert!((out[2_000] - 2.0).abs() < 1e-6, "{}", out[2_000]);
    assert!(largest_step(&out) < 2.5 / 240.0, "{}", largest_step(&out));
}

/// What fades out is still heard: it may wait for what is late as well, though no way to the output is late any more.
#[test]
fn what_fades_out_does_not_click_when_it_becomes_late() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let (source, bus) = (edit.add(One { latency: 0 }), edit.add(Bus::new("bus")));
    let output = edit.output();
    edit.connect(&source, &bus).connect(&bus, &output);
    edit.commit().expect("a valid edit");
    let mut out = rig.render_in(1_000, 10);
    let mut edit = rig.session.graph().edit();
    let late = edit.add(One { latency: 100 });
    edit.disconnect(&bus, &output).connect(&late, &bus);
    edit.commit().expect("a valid edit");
    out.extend(rig.render_in(1_000, 10));
    assert!(largest_step(&out) < 3.5 / 240.0, "{}", largest_step(&out));
}

/// What nothing heard has old sound, or none, in its lines; so it may be later than all that is wanted.
#[test]
fn what_is_heard_again_does_not_click() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let (source, late, bus) =
        (edit.add(One { latency: 0 }), edit.add(One { latency: 100 }), edit.add(Bus::new("bus")));
    let output = edit.output();
    // Nothing hears it, and its line of 100 frames is empty.
    edit.connect(&source, &bus).connect(&late, &bus);
    edit.commit().expect("a valid edit");
    let mut out = rig.render_in(1_000, 10);
    let mut edit = rig.session.graph().edit();
    edit.disconnect(&late, &bus).connect(&bus, &output);
    edit.commit().expect("a valid edit");
    out.extend(rig.render_in(1_000, 10));
    assert!(largest_step(&out) < 3.5 / 240.0, "{}", largest_step(&out));
}

/// A stream whose input goes away goes on in that of all streams: without a click.
#[test]
fn an_input_that_goes_does_not_click() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let input = edit.add_input("voices");
    let output = edit.output();
    edit.connect(&input, &output);
    edit.commit().expect("a valid edit");
    rig.render(480);
    let (mut writer, _stream) = rig.stream(faded().input(&input));
    put(&mut writer, &[0.5; 48_000]);
    let mut out = rig.render_in(1_000, 64);
    let mut edit = rig.session.graph().edit();
    edit.remove(&input);
    edit.commit().expect("a valid edit");
    out.extend(rig.render_in(3_000, 64));
    // It begins with a step, as it is written.
    let step = out[100..].windows(2).map(|pair| (pair[0] - pair[1]).abs()).fold(0.0, f32::max);
    assert!(step < 1.1 / 240.0, "{step}");
}

/// An echo that nothing heard for a while does not go on in the middle.
#[test]
fn an_effect_that_is_heard_again_does_not_click() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(faded());
    put(&mut writer, &sine(48_000));
    let mut edit = rig.session.graph().edit();
    let echo = edit.add(Delay::new(Seconds(0.1)).time(Seconds(0.1)).feedback(Factor(0.0)).mix(Factor(1.0)));
    let (streams, output) = (edit.streams(), edit.output());
    edit.disconnect(&streams, &output).connect(&streams, &echo).connect(&echo, &output);
    edit.commit().expect("a valid edit");
    let mut out = rig.render_in(9_600, 48);
    let mut edit = rig.session.graph().edit();
    edit.disconnect(&echo, &output);
    edit.commit().expect("a valid edit");
    // It has faded, and is not called any more. Half a period more or less: the sine would go on upside down.
    out.extend(rig.render_in(240 + 1_024 + 100, 4));
    let mut edit = rig.session.graph().edit();
    edit.connect(&echo, &output);
    edit.commit().expect("a valid edit");
    out.extend(rig.render_in(9_600, 48));
    assert!(largest_step(&out) < NO_CLICK, "{}", largest_step(&out));
}
