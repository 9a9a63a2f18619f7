//! How a segment is cut into writes, and how much room each of them has, changes no bit of it.

use super::super::{Converter, out_frames};
use super::support::{PROMISED, Random, bits, convert, pairs};

/// What one pass over a segment did, checked at every step.
fn in_pieces(
    pair: (u32, u32),
    channels: usize,
    source: &[f32],
    piece: usize,
    room: usize,
    random: &mut Random,
) -> Vec<f32> {
    let (source_rate, engine_rate) = pair;
    let mut converter = Converter::new(source_rate, engine_rate, channels).unwrap();
    let (mut out, mut at) = (Vec::new(), 0);
    let mut fruitless = 0;
    while at < source.len() {
        let end = source.len().min(at + (1 + random.below(piece)) * channels);
        let room = random.below(room + 1);
        let before = out.len();
        let taken = converter.write(&source[at..end], room, &mut |f| out.extend_from_slice(f));
        let emitted = (out.len() - before) / channels;
        assert!(emitted <= room, "{emitted} frames emitted into room for {room}");
        at += taken * channels;
        assert!(at <= end);
        assert!(at == end || emitted == room, "neither all of the source nor all of the room was used");
        let owed =
            out_frames((at / channels) as u64, source_rate, engine_rate) as usize - out.len() / channels;
        assert!(owed <= converter.tail_frames(), "{owed} frames are owed, more than the tail");
        // Room of 0 may come up a few times in a row; with any at all, it must get on.
        fruitless = if taken == 0 && emitted == 0 { fruitless + 1 } else { 0 };
        assert!(fruitless < 100, "stuck at sample {at}");
    }
    let before = out.len();
    converter.finish(&mut |f| out.extend_from_slice(f));
    assert!((out.len() - before) / channels <= converter.tail_frames());
    out
}

/// Any split and any rooms, for every pair of rates: the same bits, never more than the room, never more than the
/// tail left over.
#[test]
fn chunking_changes_nothing() {
    let mut random = Random(7);
    for pair in pairs() {
        for channels in [1, 2] {
            let source = random.noise(3001 * channels);
            let whole = convert(pair.0, pair.1, channels, &source);
            for (piece, room) in [(40, 3000), (1000, 60), (3001, 700)] {
                let pieces = in_pieces(pair, channels, &source, piece, room, &mut random);
                assert_eq!(bits(&pieces), bits(&whole), "{pair:?}, pieces of {piece}, room of {room}");
            }
        }
    }
}

/// One frame at a time, into room for one: the hardest way still gets through, to the same bits.
#[test]
fn a_frame_at_a_time_is_enough() {
    let mut random = Random(11);
    for pair in PROMISED {
        let source = random.noise(1000);
        let whole = convert(pair.0, pair.1, 1, &source);
        assert_eq!(bits(&in_pieces(pair, 1, &source, 1, 1, &mut random)), bits(&whole), "{pair:?}");
    }
}

/// However full the ring: what is taken while nothing can be emitted always fits into the tail, and comes out of it.
#[test]
fn without_room_only_the_tail_is_filled() {
    for (source_rate, engine_rate) in pairs() {
        let mut converter = Converter::new(source_rate, engine_rate, 1).unwrap();
        let source = vec![0.5_f32; 48_000];
        let taken = converter.write(&source, 0, &mut |_| panic!("emitted without room"));
        assert_eq!(converter.write(&source[taken..], 0, &mut |_| panic!("emitted without room")), 0);
        let mut out = 0;
        converter.finish(&mut |f| out += f.len());
        assert_eq!(out as u64, out_frames(taken as u64, source_rate, engine_rate));
        assert!(out <= converter.tail_frames());
    }
}

/// A part of a frame at the end of a slice is not looked at.
#[test]
fn only_whole_frames_are_taken() {
    for engine in [48_000, 24_000] {
        let mut converter = Converter::new(48_000, engine, 2).unwrap();
        assert_eq!(converter.write(&[0.5_f32; 7], 100, &mut |_| {}), 3);
    }
}
