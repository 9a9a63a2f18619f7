//! What is edited, falls asleep and comes back does so at the same frame, whatever the blocks: to the bit.

mod common;
#[path = "common/graphs.rs"]
mod graphs;

use codetta::{
    graph::{Activity, Audio, Db, Factor, Hz, Layout, Processor, Seconds, Setup, Tail},
    nodes::{Biquad, BiquadKind, Bus, Delay, Gain, Impulse, Sine},
};
use common::*;
use graphs::{apart, differs};

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
