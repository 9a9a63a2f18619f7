//! What was found by trying to break the graph, each as small as it goes.

mod common;
#[path = "common/counting.rs"]
mod counting;

use codetta::{
    Session,
    graph::{
        Activity, Audio, Companion, Db, Edit, EditError, Factor, Hz, Layout, Node, Processor, Seconds,
        SessionOutput, Setup, StreamInput, Tail,
    },
    nodes::{Biquad, BiquadKind, Bus, Delay, Gain, Impulse, Sample, SamplePlayer, Sine},
};
use common::*;
use counting::counted;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

#[global_allocator]
static ALLOCATOR: counting::Counting = counting::Counting;

/// The streams, the output, and an edit that has taken them apart.
fn apart(rig: &Rig) -> (Edit, Node<StreamInput>, Node<SessionOutput>) {
    let mut edit = rig.session.graph().edit();
    let (streams, output) = (edit.streams(), edit.output());
    edit.disconnect(&streams, &output);
    (edit, streams, output)
}

/// The first frame in which two of the same differ.
fn differs(a: &[f32], b: &[f32]) -> Option<usize> {
    a.iter().zip(b).position(|(a, b)| a.to_bits() != b.to_bits())
}

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

struct Half(Arc<AtomicBool>);

impl Companion for Half {
    fn step(&mut self) {}
}

impl Drop for Half {
    fn drop(&mut self) {
        self.0.store(true, Relaxed);
    }
}

struct Two(Arc<AtomicBool>);

impl Processor for Two {
    fn name(&self) -> &'static str {
        "two"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::effect(setup.channels, setup.channels)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Sounding
    }

    fn companion(&mut self) -> Option<Box<dyn Companion>> {
        Some(Box::new(Half(Arc::clone(&self.0))))
    }
}

/// Added and removed in one edit: it was never in the graph, and nothing of it is left.
#[test]
fn what_is_added_and_removed_in_one_edit_leaves_nothing() {
    let mut rig = Rig::mono();
    let is_gone = Arc::new(AtomicBool::new(false));
    let mut edit = rig.session.graph().edit();
    let node = edit.add(Two(Arc::clone(&is_gone)));
    edit.remove(&node);
    edit.commit().expect("a valid edit");
    rig.render_in(1_000, 100);
    assert!(!node.is_in_graph(), "it is not");
    assert!(is_gone.load(Relaxed), "its companion is still stepped");
}

/// Inputs that come and go are more for a moment than there may be at a time: there is room for them.
#[test]
fn inputs_that_are_replaced_allocate_nothing_on_the_audio_thread() {
    let (session, mut offline) = Session::builder().max_nodes(2).offline().expect("a valid format");
    let mut inputs: Vec<Node<StreamInput>> = Vec::new();
    let mut out = [0.0; 2 * 16];
    for round in 0..20 {
        let mut edit = session.graph().edit();
        let output = edit.output();
        for input in inputs.drain(..) {
            edit.remove(&input);
        }
        for _ in 0..2 {
            let input = edit.add_input("voices");
            edit.connect(&input, &output);
            inputs.push(input);
        }
        // What goes holds its place for a fade longer: busy then, and a retry helps.
        let mut refused = edit.commit();
        while let Err(again) = refused {
            assert_eq!(again.why, EditError::Busy);
            offline.render_only(&mut out);
            offline.step();
            refused = again.edit.commit();
        }
        let ((), allocations) = counted(|| offline.render_only(&mut out));
        assert_eq!(allocations, 0, "round {round}");
        offline.step();
    }
}

/// Numbers of nodes are those of one graph: another's is not in this one.
#[test]
fn another_graphs_node_is_unknown() {
    let (here, there) = (Rig::mono(), Rig::mono());
    let mut edit = there.session.graph().edit();
    let foreign = edit.add(Gain::new());
    edit.commit().expect("a valid edit");
    let mut edit = here.session.graph().edit();
    let own = edit.add(Gain::new());
    edit.commit().expect("a valid edit");
    assert_eq!(own.id(), foreign.id());
    let mut edit = here.session.graph().edit();
    edit.remove(&foreign);
    let removed = edit.commit();
    assert!(own.is_in_graph(), "another graph's node was named, and this one's removed");
    assert!(matches!(removed.unwrap_err().why, EditError::Unknown { .. }));
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

/// A stream is not made for an input that is not there yet: it would have to leave another in the middle of a sound.
#[test]
fn an_input_comes_before_its_streams() {
    let rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let input = edit.add_input("voices");
    let made = rig.session.stream(faded().input(&input));
    assert_eq!(made.unwrap_err(), codetta::StreamError::NoInput { node: input.id() });
    edit.commit().expect("a valid edit");
    assert!(rig.session.stream(faded().input(&input)).is_ok());
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

/// Plays two short sounds, less than a block apart, through a filter whose ringing is cut between them.
#[test]
fn a_tail_is_cut_at_the_same_frame_in_any_block() {
    struct Rings(f32);
    impl Processor for Rings {
        fn name(&self) -> &'static str {
            "rings"
        }
        fn prepare(&mut self, _: &Setup) -> Layout {
            // 0.9^120 is below −100 dB, and not zero.
            Layout::effect(1, 1).tail(Tail::Frames(120))
        }
        fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
            for sample in audio.channel(0) {
                self.0 = 0.9 * self.0 + *sample;
                *sample = self.0;
            }
            Activity::Sounding
        }
        fn reset(&mut self) {
            self.0 = 0.0;
        }
    }
    let play = |block: usize| {
        let mut rig = Rig::mono();
        let mut edit = rig.session.graph().edit();
        let (clicks, rings) = (edit.add(Impulse::new()), edit.add(Rings(0.0)));
        let output = edit.output();
        edit.connect(&clicks, &rings).connect(&rings, &output);
        edit.commit().expect("a valid edit");
        rig.render(512);
        for frame in [520, 820] {
            let _ = clicks.trigger(Impulse::FIRE, 1.0, frame);
        }
        rig.render_in(2_048, block)
    };
    let expected = play(512);
    for block in [1, 7, 64, 128, 441] {
        assert_eq!(differs(&expected, &play(block)), None, "blocks of {block}");
    }
}

/// Plays something, taken away at one frame and given back at another, in blocks of a size.
fn taken_and_given_back<P: Processor>(
    make: impl Fn() -> P,
    from_stream: bool,
    block: usize,
    gap: usize,
) -> Vec<f32> {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    put(&mut writer, &sine(30_000));
    let (mut edit, streams, output) = apart(&rig);
    let node = edit.add(make());
    if from_stream {
        edit.connect(&streams, &node);
    }
    edit.connect(&node, &output);
    edit.commit().expect("a valid edit");
    let mut out = rig.render_in(1_001, block);
    let mut edit = rig.session.graph().edit();
    edit.disconnect(&node, &output);
    edit.commit().expect("a valid edit");
    out.extend(rig.render_in(gap, block));
    let mut edit = rig.session.graph().edit();
    edit.connect(&node, &output);
    edit.commit().expect("a valid edit");
    out.extend(rig.render_in(3_000, block));
    out
}

/// What nothing hears stands still: from a frame on that does not depend on the blocks.
#[test]
fn a_source_that_is_given_back_is_the_same_in_any_block() {
    let play = |block| taken_and_given_back(|| Sine::new(Hz(440.0)), false, block, 2_000);
    for block in [1, 7, 64, 128, 441, 512] {
        assert_eq!(differs(&play(480), &play(block)), None, "blocks of {block}");
    }
}

/// The same of an effect with a memory.
#[test]
fn an_effect_that_is_given_back_is_the_same_in_any_block() {
    let echo = || Delay::new(Seconds(0.02)).time(Seconds(0.02)).feedback(Factor(0.9));
    let play = |block| taken_and_given_back(echo, true, block, 2_000);
    for block in [1, 7, 64, 128, 441, 512] {
        assert_eq!(differs(&play(480), &play(block)), None, "blocks of {block}");
    }
}

/// Given back a moment before or after control has taken leave of it.
#[test]
fn a_source_that_is_given_back_soon_is_the_same_in_any_block() {
    let play = |block| taken_and_given_back(|| Sine::new(Hz(440.0)), false, block, 300);
    for block in [1, 7, 64, 128, 441, 512] {
        assert_eq!(differs(&play(480), &play(block)), None, "blocks of {block}");
    }
}

/// What is behind a connection that fades out falls asleep at the same frame in any block.
#[test]
fn what_fades_out_ends_at_the_same_frame_in_any_block() {
    let play = |block: usize| {
        let mut rig = Rig::mono();
        let mut edit = rig.session.graph().edit();
        let (tone, filter) =
            (edit.add(Sine::new(Hz(440.0))), edit.add(Biquad::new(BiquadKind::Low).frequency(Hz(200.0))));
        let output = edit.output();
        edit.connect(&tone, &filter).connect(&filter, &output);
        edit.commit().expect("a valid edit");
        let mut out = rig.render_in(1_001, block);
        let mut edit = rig.session.graph().edit();
        edit.disconnect(&tone, &filter);
        edit.commit().expect("a valid edit");
        out.extend(rig.render_in(100_000, block));
        out
    };
    let expected = play(480);
    for block in [7, 64, 128, 441, 512] {
        assert_eq!(differs(&expected, &play(block)), None, "blocks of {block}");
    }
}

/// A connection turned around waits for the old one's fade: to the same frame in any block.
#[test]
fn what_is_held_comes_at_the_same_frame_in_any_block() {
    let play = |block: usize| {
        let mut rig = Rig::mono();
        let (mut writer, _stream) = rig.stream(plain());
        put(&mut writer, &sine(30_000));
        let (mut edit, streams, output) = apart(&rig);
        let (a, b) = (edit.add(Bus::new("a")), edit.add(Gain::new().level(Db(-6.0))));
        edit.connect(&streams, &a).connect(&a, &b).connect(&b, &output);
        edit.commit().expect("a valid edit");
        let mut out = rig.render_in(1_001, block);
        let mut edit = rig.session.graph().edit();
        edit.disconnect(&streams, &a).disconnect(&a, &b).disconnect(&b, &output);
        edit.connect(&streams, &b).connect(&b, &a).connect(&a, &output);
        edit.commit().expect("a valid edit");
        out.extend(rig.render_in(3_000, block));
        out
    };
    let expected = play(480);
    for block in [1, 7, 64, 128, 441, 512] {
        assert_eq!(differs(&expected, &play(block)), None, "blocks of {block}");
    }
}

/// A player that nothing hears: its notes pass by, and are not heard later.
#[test]
fn notes_that_nothing_hears_pass_by() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let player = edit.add(SamplePlayer::new(&Sample::from_interleaved(&[0.5_f32; 100], 1, RATE)));
    let output = edit.output();
    edit.commit().expect("a valid edit");
    let _ = player.play(Db(0.0), 100);
    rig.render_in(10_000, 480);
    let mut edit = rig.session.graph().edit();
    edit.connect(&player, &output);
    edit.commit().expect("a valid edit");
    let out = rig.render_in(1_000, 100);
    assert_eq!(heard(&out), [], "a note of 10,000 frames ago");
}

/// Every edit that was committed has been taken: what control sends afterwards to clean up is no edit.
#[test]
fn what_is_taken_stays_taken() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let (bus, output) = (edit.add(Bus::new("bus")), edit.output());
    edit.connect(&bus, &output);
    edit.commit().expect("a valid edit");
    for _ in 0..20 {
        rig.render(64);
        assert!(rig.session.graph().is_taken());
    }
}

/// What comes home from a session that has ended without rendering: all of it.
#[test]
fn a_session_that_ends_unrendered_frees_its_edits() {
    let is_gone = Arc::new(AtomicBool::new(false));
    let (session, offline) = Session::builder().offline().expect("a valid format");
    let mut edit = session.graph().edit();
    let _ = edit.add(Two(Arc::clone(&is_gone)));
    edit.commit().expect("a valid edit");
    drop((session, offline));
    assert!(is_gone.load(Relaxed));
}
