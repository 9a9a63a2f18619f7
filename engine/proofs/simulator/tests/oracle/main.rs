//! The oracle can fail: told of an engine that breaks a promise, it names which.

mod drains;
mod told;

use codetta::{Write, WriteState};
use codetta_simulator::{
    lane::Lane,
    oracle::{End, Oracle},
};
use std::time::Duration;
use told::{NOW, Told};

#[test]
fn what_is_right_is_no_finding() {
    let mut told = Told::new();
    told.receives(0..60, 0);
    told.receives(60..100, 20);
    told.is_answered(0, End::Played, 100);
    told.says(100, 1);
    told.receives(100..150, 0);
    told.clears();
    told.receives(0..0, 100);
    told.is_answered(1, End::Interrupted, 50);
    told.holds();
}

#[test]
fn a_lost_tail() {
    let mut told = Told::new();
    told.receives(0..95, 0);
    told.is_answered(0, End::Played, 100);
    told.breaks("no outcome over-reports");
    let mut told = Told::new();
    told.receives(0..95, 20);
    told.breaks("no silence where flushed sound is due");
}

#[test]
fn a_frame_twice_left_out_or_out_of_order() {
    for frames in [vec![0, 1, 2, 2], vec![0, 1, 3], vec![1], vec![0, 1, 2, 0]] {
        let mut told = Told::new();
        told.receives(frames.into_iter(), 0);
        told.breaks("frames lost, repeated or out of order");
    }
}

#[test]
fn a_frame_after_a_clear() {
    let mut told = Told::new();
    told.receives(0..50, 0);
    told.clears();
    told.receives(50..51, 0);
    told.breaks("nothing after a cut");
}

#[test]
fn a_frame_after_its_segment_was_answered() {
    let mut told = Told::new();
    told.receives(0..50, 0);
    told.clears();
    told.is_answered(0, End::Interrupted, 50);
    told.receives(50..51, 0);
    told.breaks("nothing after a cut");
}

#[test]
fn a_frame_that_nobody_wrote() {
    let mut told = Told::new();
    told.receives(0..101, 0);
    told.breaks("a frame that nobody wrote");
}

#[test]
fn an_outcome_that_says_too_much_or_too_little() {
    let mut told = Told::new();
    told.receives(0..50, 0);
    told.clears();
    told.is_answered(0, End::Interrupted, 51);
    told.breaks("no outcome over-reports");
    let mut told = Told::new();
    told.receives(0..50, 0);
    told.clears();
    told.is_answered(0, End::Interrupted, 49);
    told.breaks("what was received was played");
}

#[test]
fn what_the_device_still_holds_is_not_played() {
    let mut told = Told::new();
    let out: Vec<f32> = (0..100).map(|frame| told.lane.sample(frame)).collect();
    let began = told.oracle.begin();
    told.oracle.block(&out, began, NOW, Some(Duration::from_millis(1)), true);
    told.is_answered(0, End::Played, 100);
    told.breaks("no outcome over-reports");
}

#[test]
fn two_outcomes_or_one_out_of_order() {
    let mut told = Told::new();
    told.receives(0..100, 0);
    told.is_answered(0, End::Played, 100);
    told.is_answered(0, End::Played, 100);
    told.breaks("one outcome for each segment, in order");
    let mut told = Told::new();
    told.says(100, 1);
    told.receives(0..200, 0);
    told.is_answered(1, End::Played, 100);
    told.breaks("one outcome for each segment, in order");
}

#[test]
fn an_outcome_that_nothing_explains() {
    for end in [End::Interrupted, End::Discarded, End::DeadlineExceeded, End::DeviceLost, End::Closed] {
        let mut told = Told::new();
        told.receives(0..50, 0);
        told.is_answered(0, end, 50);
        told.breaks("an outcome tells how it ended");
    }
}

#[test]
fn more_segments_than_credits() {
    let mut told = Told::new();
    (1..5).for_each(|segment| told.says(100, segment));
    told.breaks("no more segments than credits");
}

#[test]
fn a_second_stream_in_another_lane_is_told_apart() {
    let mut oracle = Oracle::new(48_000, 1, true, Duration::ZERO);
    let lanes = Lane::all(1, true);
    for (stream, lane) in lanes.iter().enumerate() {
        oracle.made(Some(*lane), 4);
        let began = oracle.begins(stream, false, 10);
        let alone = oracle.ends(stream, false, 10, began);
        oracle.wrote(stream, 10, Write { frames: 10, state: WriteState::Open }, alone);
    }
    let out: Vec<f32> = (0..10).map(|frame| lanes[0].sample(frame) + lanes[1].sample(frame)).collect();
    let began = oracle.begin();
    oracle.block(&out, began, NOW, None, true);
    assert_eq!(oracle.finding, None);
    assert_eq!(oracle.voices.iter().map(|voice| voice.received).collect::<Vec<_>>(), [10, 10]);
}

/// A stream of 4,000 frames with fades of one, of which the device receives these.
fn faded(frames: impl Iterator<Item = u64>) -> Oracle {
    let mut oracle = Oracle::new(48_000, 1, false, Duration::from_micros(20));
    let lane = oracle.free_lane().expect("the first stream finds one");
    oracle.made(Some(lane), 4);
    let began = oracle.begins(0, false, 4_000);
    let alone = oracle.ends(0, false, 4_000, began);
    oracle.wrote(0, 4_000, Write { frames: 4_000, state: WriteState::Open }, alone);
    let out: Vec<f32> = frames.map(|frame| lane.sample(frame)).collect();
    let began = oracle.begin();
    oracle.block(&out, began, NOW, None, true);
    oracle
}

#[test]
fn where_streams_fade_the_numbers_are_in_order_between_the_fades() {
    assert_eq!(faded(0..4_000).finding, None);
    let broken: [&[std::ops::Range<u64>]; 3] =
        [&[0..1_000, 1_100..2_000], &[0..1_000, 900..2_000], &[100..1_000, 1_000..2_000]];
    for parts in broken {
        let found = faded(parts.iter().cloned().flatten()).finding;
        assert_eq!(
            found.map(|finding| finding.rule),
            Some("between fades, frames as they were written"),
            "{parts:?}"
        );
    }
}
