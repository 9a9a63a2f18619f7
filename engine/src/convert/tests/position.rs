//! A sound stays where it was: the resampler's delay is gone, at the start and at the end.

use super::support::{convert, pairs};

/// A click comes out within one frame of where it went in, at the first frame, in the middle, and at the last.
#[test]
fn a_click_stays_in_its_place() {
    for (source_rate, engine_rate) in pairs() {
        for at in [0, 1, 400, 1233, 1234] {
            let mut source = vec![0.0_f32; 1235];
            source[at] = 1.0;
            let out = convert(source_rate, engine_rate, 1, &source);
            let loudest = (0..out.len()).max_by(|&a, &b| out[a].abs().total_cmp(&out[b].abs())).unwrap();
            // At a falling rate the last source frame may lie behind the last engine frame: then that one has it.
            let wanted = at as f64 * f64::from(engine_rate) / f64::from(source_rate);
            let wanted = wanted.min((out.len() - 1) as f64);
            let off = loudest as f64 - wanted;
            assert!(off.abs() <= 1.0, "{source_rate} to {engine_rate}: frame {at} is off by {off}");
        }
    }
}

/// In a stereo stream each channel's click stays in its own place and its own channel.
#[test]
fn a_stereo_click_stays_in_its_channel() {
    let mut source = vec![0.0_f32; 2 * 1000];
    (source[2 * 300], source[2 * 700 + 1]) = (1.0, 1.0);
    let out = convert(24_000, 48_000, 2, &source);
    let loudest = |channel: usize| {
        (0..out.len() / 2).max_by(|&a, &b| out[2 * a + channel].total_cmp(&out[2 * b + channel])).unwrap()
    };
    assert_eq!((loudest(0), loudest(1)), (600, 1400));
}

/// A level that is held from the first frame to the last is there one source frame after the start and one before
/// the end, but for the ringing that belongs to a step: no late start, no early end.
#[test]
fn both_ends_are_there() {
    for (source_rate, engine_rate) in pairs() {
        let out = convert(source_rate, engine_rate, 1, &[0.5_f32; 2000]);
        let one = engine_rate.div_ceil(source_rate) as usize;
        for at in [one, out.len() - 1 - one] {
            assert!((out[at] - 0.5).abs() < 0.1, "{source_rate} to {engine_rate}: {} at {at}", out[at]);
        }
        let inner = &out[out.len() / 3..out.len() * 2 / 3];
        assert!(inner.iter().all(|s| (s - 0.5).abs() < 1e-5));
    }
}
