//! Formats agree, and what is not a number is made one.

use super::super::{Converter, Sample};
use super::support::{Random, bits, convert, pairs, segment};

/// Full scale is ±1.0 in each format.
#[test]
fn full_scale_is_one() {
    assert_eq!(i16::MIN.to_f32(), -1.0);
    assert_eq!(i32::MIN.to_f32(), -1.0);
    assert_eq!(i16::MAX.to_f32(), 32_767.0 / 32_768.0);
    assert_eq!((1_i32 << 30).to_f32(), 0.5);
    assert_eq!(0.75_f32.to_f32(), 0.75);
}

/// The same sound as i16, i32 and f32 comes out as the same bits.
#[test]
fn formats_agree() {
    let mut random = Random(13);
    let words: Vec<i16> = (0..2002).map(|_| random.below(1 << 16) as u16 as i16).collect();
    let long: Vec<i32> = words.iter().map(|&s| i32::from(s) << 16).collect();
    let float: Vec<f32> = words.iter().map(|&s| f32::from(s) / 32_768.0).collect();
    for (source, engine) in pairs() {
        for channels in [1, 2] {
            let out = bits(&convert(source, engine, channels, &float));
            assert_eq!(bits(&convert(source, engine, channels, &words)), out);
            assert_eq!(bits(&convert(source, engine, channels, &long)), out);
        }
    }
}

/// A stereo stream is two mono streams side by side: nothing crosses between its channels.
#[test]
fn channels_do_not_mix() {
    let mut random = Random(17);
    let (left, right) = (random.noise(1500), random.noise(1500));
    let both: Vec<f32> = left.iter().zip(&right).flat_map(|(&l, &r)| [l, r]).collect();
    for (source, engine) in pairs() {
        let out = convert(source, engine, 2, &both);
        for (channel, alone) in [left.as_slice(), &right].into_iter().enumerate() {
            let split: Vec<f32> = out.chunks(2).map(|frame| frame[channel]).collect();
            assert_eq!(bits(&split), bits(&convert(source, engine, 1, alone)));
        }
    }
}

/// Whatever is pushed, what comes out is finite, and each sample put right is counted once.
#[test]
fn broken_samples_are_repaired_and_counted() {
    let broken = [f32::NAN, -f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 257.0, -256.001];
    for (source_rate, engine_rate) in pairs() {
        let mut source = vec![0.5_f32; 3000];
        for (at, sample) in broken.into_iter().enumerate() {
            source[at * 331] = sample;
        }
        let mut converter = Converter::new(source_rate, engine_rate, 1).unwrap();
        let out = segment(&mut converter, &source);
        assert!(out.iter().all(|s| s.is_finite()));
        assert_eq!(converter.repaired(), broken.len() as u64);
        // The counter is for life; a segment forgotten does not take it back.
        converter.reset();
        assert_eq!(converter.repaired(), broken.len() as u64);
    }
}

/// Not finite is silence, too large is the ceiling, all else stays as it is: the smallest and the ceiling itself.
#[test]
fn only_broken_samples_change() {
    let source = [f32::NAN, f32::INFINITY, -1e30, 300.0, 256.0, -256.0, 1e-45, -0.0, 1.5];
    let wanted = [0.0, 0.0, -256.0, 256.0, 256.0, -256.0, 1e-45, -0.0, 1.5];
    assert_eq!(bits(&convert(48_000, 48_000, 1, &source)), bits(&wanted));
}

/// Integers have nothing to repair.
#[test]
fn integers_are_never_counted() {
    for engine in [48_000, 24_000] {
        let mut converter = Converter::new(48_000, engine, 1).unwrap();
        segment(&mut converter, &[i16::MIN, i16::MAX, 0]);
        segment(&mut converter, &[i32::MIN, i32::MAX, 0]);
        assert_eq!(converter.repaired(), 0);
    }
}
