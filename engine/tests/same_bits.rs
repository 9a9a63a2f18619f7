//! The same commands at the same frames give the same bits, whatever the block.

mod common;

use codetta::{Close, Outcome, Stream, StreamConfig, Writer};
use common::*;

/// What happens.
type Deed = fn(&mut Band);

/// What happens to three streams, and at which frame.
const SCORE: [(usize, Deed); 16] = [
    (0, |band| band.put(0, 9_000)),
    (0, |band| band.put(1, 6_000)),
    (500, |band| {
        let _ = band.voices[0].1.set_gain(-6.0, ms(25));
    }),
    (777, |band| {
        let _ = band.voices[0].1.set_pan(-0.6, ms(11));
    }),
    (900, |band| {
        let _ = band.voices[0].1.set_gain(3.0, ms(7));
    }),
    (1_000, |band| band.put(2, 500)),
    (1_001, |band| drop(band.voices[2].0.flush())),
    (3_000, |band| {
        let _ = band.voices[0].1.pause();
    }),
    (3_100, |band| {
        let _ = band.voices[0].1.resume();
    }),
    (4_321, |band| {
        let _ = band.voices[1].1.interrupt();
    }),
    (4_400, |band| {
        let _ = band.voices[1].0.flush();
        band.put(1, 3_000);
        let _ = band.voices[1].0.flush();
    }),
    // Runs dry at 9,600, and goes on at 12,001.
    (6_000, |band| band.put(0, 500)),
    (8_192, |band| {
        let _ = band.voices[0].1.pause();
        let _ = band.voices[0].1.set_pan(1.0, ms(0));
        let _ = band.voices[0].1.resume();
    }),
    (12_001, |band| band.put(0, 3_000)),
    (14_000, |band| {
        let _ = band.voices[0].0.clear();
    }),
    (14_050, |band| {
        band.put(0, 1_000);
        let _ = band.voices[0].0.close(Close::Drain);
    }),
];

struct Band {
    voices: Vec<(Writer, Stream)>,
}

impl Band {
    fn put(&mut self, voice: usize, frames: usize) {
        let channels = 1 + voice % 2;
        let signal: Vec<f32> = sine(frames).into_iter().flat_map(|sample| vec![sample; channels]).collect();
        let write = self.voices[voice].0.write(&signal);
        assert_eq!(write.frames, frames, "there is room");
    }
}

/// Plays the score in blocks of `block` frames, each cut where something happens.
fn play(block: usize) -> (Vec<f32>, Vec<Outcome>, Vec<u64>) {
    let mut rig = Rig::new();
    let config = |rate, channels| StreamConfig::new(rate, channels).buffer(ms(1_000));
    let voices =
        vec![rig.stream(config(48_000, 1)), rig.stream(config(48_000, 2)), rig.stream(config(24_000, 1))];
    let mut band = Band { voices };
    let (mut out, mut at) = (Vec::new(), 0);
    for (frame, deed) in SCORE {
        out.extend(rig.render_in(frame - at, block));
        at = frame;
        deed(&mut band);
    }
    out.extend(rig.render_in(20_000 - at, block));
    let underruns = band.voices.iter().map(|(_, stream)| stream.stats().underrun_frames).collect();
    let mut outcomes = rig.session.account().segments;
    // Control settles streams in their own order each time it looks, and looks after each block.
    outcomes.sort_by_key(|outcome| (outcome.stream, outcome.segment));
    (out, outcomes, underruns)
}

#[test]
fn any_block_gives_the_same_bits() {
    let (expected, outcomes, underruns) = play(480);
    assert!(expected.iter().any(|sample| *sample != 0.0) && outcomes.len() == 5 && underruns[0] > 0);
    for block in [1, 7, 64, 128, 441, 1024, 8192] {
        let (out, settled, dry) = play(block);
        let differs = out.iter().zip(&expected).position(|(a, b)| a.to_bits() != b.to_bits());
        assert_eq!(differs.map(|sample| sample / 2), None, "the first frame that differs, blocks of {block}");
        assert_eq!(dry, underruns, "blocks of {block}");
        let heard =
            |all: &[Outcome]| -> Vec<_> { all.iter().map(|o| (o.segment, o.end, o.played)).collect() };
        assert_eq!(heard(&settled), heard(&outcomes), "blocks of {block}");
    }
}

/// And the same again, when it is played again.
#[test]
fn the_same_twice_is_the_same() {
    let (first, second) = (play(333), play(333));
    assert_eq!(first.0, second.0);
    assert_eq!(first.1, second.1);
}
