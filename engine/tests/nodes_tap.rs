//! The tap: what was rendered, with its frames.

#[path = "common/counted_node.rs"]
mod counted_node;
#[path = "common/counting.rs"]
mod counting;

use codetta::{
    graph::{Setup, Solo},
    nodes::{Recorder, Tap},
};
use counted_node::Counted;
use std::{hint::spin_loop, time::Duration};

fn setup(channels: usize) -> Setup {
    Setup::new(48_000, channels)
}

/// Frames from `from` on, each of which says its number, and in the second channel its negative.
fn numbered(from: usize, frames: usize) -> [Vec<f32>; 2] {
    let left: Vec<f32> = (from..from + frames).map(|n| n as f32).collect();
    let right = left.iter().map(|sample| -sample).collect();
    [left, right]
}

/// Reads everything, checks that each frame is the one that its stamp says, and answers the runs without a gap.
fn runs(recorder: &mut Recorder) -> Vec<(u64, u64)> {
    let mut runs: Vec<(u64, u64)> = Vec::new();
    while let Some((frame, frames)) = recorder.read(|chunk| {
        for (n, samples) in chunk.samples.chunks_exact(2).enumerate() {
            let number = (chunk.frame + n as u64) as f32;
            assert_eq!(samples, [number, -number]);
        }
        (chunk.frame, chunk.frames() as u64)
    }) {
        match runs.last_mut() {
            Some((from, len)) if *from + *len == frame => *len += frames,
            _ => runs.push((frame, frames)),
        }
    }
    runs
}

/// Every frame comes out once, in order, with the frame it was rendered at, and passes unchanged.
#[test]
fn every_frame_with_its_stamp() {
    for block in [1, 7, 64, 128, 441, 480, 512] {
        let (tap, mut recorder) = Tap::new(Duration::from_secs(1));
        let mut tap = Solo::new(Counted::new(tap), setup(2));
        tap.set_block(block);
        let input = numbered(0, 9_973);
        assert_eq!(tap.process(&input), input);
        assert_eq!(runs(&mut recorder), [(0, 9_973)], "{block}");
        assert_eq!(recorder.dropped(), 0);
    }
}

/// Round and round the ring, which no piece fits evenly: nothing is lost as long as it is read in time.
#[test]
fn nothing_is_lost_where_it_is_read_in_time() {
    let (tap, mut recorder) = Tap::with_frames(1_000);
    let mut tap = Solo::new(tap, setup(2));
    let mut next = 0;
    for _ in 0..100 {
        tap.process(&numbered(next, 777));
        assert_eq!(runs(&mut recorder), [(next as u64, 777)]);
        next += 777;
    }
    assert_eq!(recorder.dropped(), 0);
}

/// What does not fit is dropped by whole frames and counted; the stamps leap over it, and are exact behind it. The same
/// for any cut of the calls.
#[test]
fn an_overflow_is_a_gap_in_the_stamps() {
    for block in [1, 7, 64, 128, 441, 480, 512] {
        let (tap, mut recorder) = Tap::with_frames(1_000);
        let mut tap = Solo::new(tap, setup(2));
        tap.set_block(block);
        tap.process(&numbered(0, 1_500));
        assert_eq!(recorder.dropped(), 500);
        assert_eq!(runs(&mut recorder), [(0, 1_000)]);
        tap.process(&numbered(1_500, 300));
        // A second one, while the first is not read yet.
        tap.process(&numbered(1_800, 800));
        assert_eq!(recorder.dropped(), 600, "{block}");
        assert_eq!(runs(&mut recorder), [(1_500, 1_000)]);
        tap.process(&numbered(2_600, 10));
        assert_eq!(runs(&mut recorder), [(2_600, 10)]);
    }
}

/// Several gaps can wait in the ring at once, and a reader that takes a little now and then has every stamp right.
#[test]
fn many_gaps_at_once() {
    let (tap, mut recorder) = Tap::with_frames(160);
    let mut tap = Solo::new(tap, setup(2));
    let (mut next, mut got, mut gaps, mut end) = (0, 0, 0, 0);
    for round in 0..2_000 {
        let frames = 1 + round * 7 % 23;
        tap.process(&numbered(next, frames));
        next += frames;
        let read = recorder.read_up_to(1 + round % 11, |chunk| {
            assert_eq!(chunk.samples[0], chunk.frame as f32);
            (chunk.frame, chunk.frames() as u64)
        });
        if let Some((frame, frames)) = read {
            assert!(frame >= end);
            gaps += u64::from(frame > end);
            (got, end) = (got + frames, frame + frames);
        }
    }
    let rest: u64 = runs(&mut recorder).iter().map(|(_, frames)| frames).sum();
    assert!(gaps > 100, "{gaps}");
    assert_eq!(got + rest + recorder.dropped(), next as u64, "every frame is either read or counted");
}

/// Also between two threads, of which one is slow at times: every stamp is right, and the account balances.
#[test]
fn stamps_hold_across_threads() {
    let (tap, mut recorder) = Tap::with_frames(4_096);
    let mut tap = Solo::new(tap, setup(2));
    let audio = std::thread::spawn(move || {
        for n in 0..4_000 {
            tap.process(&numbered(n * 480, 480));
        }
    });
    let mut got = 0;
    while !recorder.is_over() {
        got += runs(&mut recorder).iter().map(|(_, frames)| frames).sum::<u64>();
        spin_loop();
    }
    audio.join().unwrap();
    assert_eq!(got + recorder.dropped(), 4_000 * 480);
}

/// A recorder that has gone does no harm, and one whose tap has gone learns it when it has read everything.
#[test]
fn either_may_go_first() {
    let (tap, recorder) = Tap::with_frames(100);
    let mut tap = Solo::new(tap, setup(2));
    drop(recorder);
    assert_eq!(tap.process(&numbered(0, 500)), numbered(0, 500));

    let (tap, mut recorder) = Tap::with_frames(100);
    assert!(!recorder.is_over(), "it has not been added yet");
    let mut tap = Solo::new(tap, setup(2));
    tap.process(&numbered(0, 50));
    drop(tap);
    assert!(!recorder.is_over());
    assert_eq!(runs(&mut recorder), [(0, 50)]);
    assert!(recorder.is_over());
}
