//! A segment is alone in the world: nothing of another one is in it.

use super::super::{ConvertError, Converter};
use super::support::{Random, bits, convert, pairs, segment};

/// A converter that has been used gives the same bits as a new one, whatever it was used for and however that ended.
#[test]
fn nothing_crosses_into_the_next_segment() {
    let mut random = Random(3);
    for (source_rate, engine_rate) in pairs() {
        for channels in [1, 2] {
            let source = random.noise(1003 * channels);
            let alone = convert(source_rate, engine_rate, channels, &source);
            let mut converter = Converter::new(source_rate, engine_rate, channels).unwrap();
            for before in [1, 159, 2000] {
                let loud: Vec<f32> = random.noise(before * channels).iter().map(|s| s * 200.0).collect();
                segment(&mut converter, &loud);
                assert_eq!(bits(&segment(&mut converter, &source)), bits(&alone), "after a finished segment");
                converter.write(&loud, random.below(2000), &mut |_| {});
                converter.reset();
                assert_eq!(
                    bits(&segment(&mut converter, &source)),
                    bits(&alone),
                    "after a segment forgotten"
                );
            }
        }
    }
}

/// After a reset there is nothing left to flush; nor is there after a finish, or before anything.
#[test]
fn nothing_is_emitted_of_nothing() {
    for (source_rate, engine_rate) in pairs() {
        let mut converter = Converter::new(source_rate, engine_rate, 1).unwrap();
        let mut none = |_: &[f32]| panic!("emitted something of nothing");
        converter.finish(&mut none);
        converter.write(&[0.5_f32; 100], usize::MAX, &mut |_| {});
        converter.reset();
        converter.finish(&mut none);
        segment(&mut converter, &[0.5_f32; 100]);
        converter.finish(&mut none);
    }
}

/// The same rate costs nothing: no reserve, no delay, the same bits.
#[test]
fn the_same_rate_passes_through() {
    let source = Random(5).noise(5000);
    for channels in [1, 2] {
        let mut converter = Converter::new(44_100, 44_100, channels).unwrap();
        assert_eq!(converter.tail_frames(), 0);
        let mut out = Vec::new();
        assert_eq!(converter.write(&source, 1500, &mut |f| out.extend_from_slice(f)), 1500);
        assert_eq!(bits(&out), bits(&source[..1500 * channels]));
        converter.finish(&mut |_| panic!("a tail where there is none"));
    }
}

/// What cannot be converted is said when the stream is made, with the way out.
#[test]
fn unusable_formats_are_refused() {
    let refused = |source, engine, channels| Converter::new(source, engine, channels).unwrap_err();
    assert_eq!(refused(7_999, 48_000, 1), ConvertError::Rate { rate: 7_999 });
    assert_eq!(refused(48_000, 192_001, 1), ConvertError::Rate { rate: 192_001 });
    assert_eq!(refused(0, 0, 1), ConvertError::Rate { rate: 0 });
    assert_eq!(refused(48_000, 48_000, 3), ConvertError::Channels { channels: 3 });
    assert_eq!(refused(48_000, 24_000, 0), ConvertError::Channels { channels: 0 });
    let ratio = ConvertError::Ratio { source_rate: 44_101, engine_rate: 48_000 };
    assert_eq!(refused(44_101, 48_000, 1), ratio);
}

/// Beyond the nine promised rates, those of sound cards and old files are taken too.
#[test]
fn further_rates_are_taken() {
    for source in [12_000, 37_800, 88_200, 176_400, 192_000] {
        for engine in [44_100, 48_000, 96_000] {
            assert!(Converter::new(source, engine, 1).is_ok(), "{source} to {engine}");
        }
    }
}

/// A writer is sent to the thread that produces, and its converter goes with it.
#[test]
fn a_converter_can_be_sent() {
    fn send<T: Send + std::fmt::Debug>() {}
    send::<Converter>();
}
