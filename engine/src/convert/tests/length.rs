//! N source frames come out as round(N × out / in), always.

use super::super::length::{most_source_frames, out_frames, source_frames};
use super::support::{Random, convert, pairs};

const LENGTHS: [usize; 16] = [0, 1, 2, 3, 7, 80, 100, 147, 160, 479, 480, 481, 1000, 1764, 4801, 9607];

/// For any two promised rates, mono and stereo, short and long.
#[test]
fn a_segment_comes_out_at_its_exact_length() {
    for (source, engine) in pairs() {
        for channels in [1, 2] {
            for frames in LENGTHS {
                let out = convert(source, engine, channels, &vec![0.25_f32; frames * channels]);
                let wanted = (frames as f64 * f64::from(engine) / f64::from(source)).round() as usize;
                assert_eq!(
                    out.len(),
                    wanted * channels,
                    "{frames} frames, {source} to {engine}, {channels} channels"
                );
            }
        }
    }
}

/// A half goes up: 3 frames at 16 kHz are 1.5 at 8 kHz, so 2.
#[test]
fn halves_round_up() {
    assert_eq!(out_frames(3, 16_000, 8_000), 2);
    assert_eq!(out_frames(1, 16_000, 8_000), 1);
    assert_eq!(out_frames(1, 48_000, 8_000), 0);
    assert_eq!(out_frames(3, 48_000, 8_000), 1);
}

/// The same as with integers so wide that nothing can go wrong, out to streams of years.
#[test]
fn counts_are_exact_for_streams_of_years() {
    let mut random = Random(1);
    for (source, engine) in pairs() {
        for _ in 0..200 {
            let frames = (random.below(1 << 31) as u64) << random.below(12);
            let (n, s, e) = (u128::from(frames), u128::from(source), u128::from(engine));
            assert_eq!(u128::from(out_frames(frames, source, engine)), (2 * n * e + s) / (2 * s));
            assert_eq!(u128::from(source_frames(frames, source, engine)), n * s / e);
        }
    }
}

/// Rates at the edge of their type and counts at the edge of theirs saturate; nothing panics.
#[test]
fn counts_never_overflow() {
    assert_eq!(out_frames(u64::MAX, 8_000, 96_000), u64::MAX);
    assert_eq!(source_frames(u64::MAX, 96_000, 8_000), u64::MAX);
    assert_eq!(out_frames(u64::from(u32::MAX) - 1, u32::MAX, u32::MAX), u64::from(u32::MAX) - 1);
    assert_eq!(most_source_frames(u64::MAX, 96_000, 8_000), u64::MAX);
}

/// A position never runs ahead of the frames pushed, but for the rounding at the very end of a segment.
#[test]
fn positions_go_back_to_the_source_frame_they_lie_in() {
    for (source, engine) in pairs() {
        let mut last = 0;
        for frames in 0..2000 {
            let position = source_frames(frames, source, engine);
            assert!(position >= last);
            assert!(out_frames(position, source, engine) <= frames + 1);
            last = position;
        }
        assert_eq!(source_frames(u64::from(engine) * 3600, source, engine), u64::from(source) * 3600);
    }
}

/// The largest count within a limit: it is within, the next one is not.
#[test]
fn a_limit_in_engine_frames_is_met_exactly() {
    for (source, engine) in pairs() {
        for limit in (0..500).chain([1 << 40]) {
            let most = most_source_frames(limit, source, engine);
            assert!(out_frames(most, source, engine) <= limit);
            assert!(out_frames(most + 1, source, engine) > limit);
        }
    }
}
