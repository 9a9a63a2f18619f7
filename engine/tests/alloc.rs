//! The audio thread neither allocates nor frees, and the producer's verbs do not where they say so.

mod common;
#[path = "common/counting.rs"]
mod counting;

use codetta::{Close, Session, Stream, StreamConfig, Writer};
use common::*;
use counting::counted;
use std::{hint::black_box, time::Duration};

/// The allocator sees what there is to see.
#[test]
fn the_count_counts() {
    assert_eq!(counted(|| drop(black_box(Box::new(1)))).1, 2);
    assert_eq!(counted(|| black_box(1)).1, 0);
}

const BLOCKS: u32 = 1_000_000;
/// Small, so that a million are quick, and every block begins and ends something.
const BLOCK: usize = 16;
/// Blocks between two looks of control, in which streams come and go.
const ROUND: u32 = 50;

/// A million blocks, while streams of all kinds come, play, pause, ramp, run dry, are interrupted, cleared, and go.
#[test]
fn a_million_blocks_allocate_and_free_nothing() {
    let (session, mut offline) = Session::builder().max_streams(8).offline().unwrap();
    let mut streams: Vec<(Writer, Stream)> = Vec::new();
    let mut out = [0.0; 2 * BLOCK];
    let signal = sine(2_400);
    let (mut allocations, mut made, mut gone) = (0, 0, 0);
    for round in 0..BLOCKS / ROUND {
        if streams.len() < 6 {
            let config =
                StreamConfig::new([48_000, 24_000, 16_000][round as usize % 3], 1 + round as usize % 2);
            if let Ok(stream) = session.stream(config.max_segments(8)) {
                streams.push(stream);
                made += 1;
            }
        }
        for (index, (writer, stream)) in streams.iter_mut().enumerate() {
            let _ = writer.write(&signal[..2 * (1 + (round as usize * 37 + index * 11) % 600)]);
            let ramp = Duration::from_micros(u64::from(round % 900));
            match (round as usize + index) % 11 {
                0 => drop(writer.flush()),
                1 => drop(writer.begin(round.into())),
                2 => {
                    let _ = writer.clear();
                }
                3 => {
                    let _ = stream.interrupt();
                }
                4 => {
                    let _ = stream.pause();
                }
                5 => {
                    let _ = stream.resume();
                }
                6 => {
                    let _ = stream.set_gain(-6.0, ramp);
                }
                7 => {
                    let _ = stream.set_pan(0.5, ramp);
                }
                _ => {}
            }
        }
        if round % 7 == 0 && !streams.is_empty() {
            let (writer, stream) = streams.remove(0);
            if round % 3 == 0 {
                let _ = stream.close(if round % 2 == 0 { Close::Drain } else { Close::Discard });
            }
            // Handles go while their stream still plays: whoever is last to hold it must not be the audio thread.
            drop((writer, stream));
            gone += 1;
        }
        if round % 5 != 0 {
            offline.step();
        }
        allocations += counted(|| {
            for _ in 0..ROUND {
                offline.render_only(&mut out);
            }
        })
        .1;
    }
    assert!(made > 1_000 && gone > 1_000, "{made} came, {gone} went");
    assert_eq!(allocations, 0, "in {BLOCKS} blocks");
    assert!(session.account().ledger.balances());
}

/// Blocks of every size.
#[test]
fn no_block_is_too_large_or_small() {
    let (session, mut offline) = Session::builder().channels(8).offline().unwrap();
    let (mut writer, _stream) = session.stream(faded()).unwrap();
    for frames in [1, 7, 64, 128, 441, 480, 1_024, 8_192] {
        let _ = writer.write(&sine(5_000));
        let _ = writer.flush();
        let mut out = vec![0.0; 8 * frames];
        assert_eq!(counted(|| offline.render_only(&mut out)).1, 0, "{frames} frames");
        offline.step();
    }
}

/// Only where a segment begins does a write allocate (its ticket); converting and resampling never do.
#[test]
fn a_producer_allocates_only_where_a_segment_begins() {
    for (rate, channels) in [(48_000, 1), (48_000, 2), (24_000, 1), (44_100, 2), (8_000, 1), (96_000, 2)] {
        let mut rig = Rig::new();
        let (mut writer, stream) = rig.stream(StreamConfig::new(rate, channels));
        let (floats, shorts, longs) = (vec![0.5_f32; 960], vec![5_i16; 960], vec![5_i32; 960]);
        for round in 0..20 {
            let _ = writer.write(&floats[..2]);
            let ((), allocations) = counted(|| {
                let _ = (writer.write(&floats), writer.write(&shorts), writer.write(&longs));
                let _ = (writer.write(&[f32::NAN; 64]), writer.position(), stream.position(), stream.stats());
                let _ = match round % 4 {
                    0 => writer.flush().accepted().is_some(),
                    1 => writer.begin(7).accepted().is_some(),
                    2 => writer.clear() == codetta::Clear::Cleared,
                    _ => stream.interrupt() == codetta::Interrupt::Interrupted,
                };
            });
            assert_eq!(allocations, 0, "{rate} Hz, {channels} channels, round {round}");
            let _ = writer.flush();
            rig.render(9_600);
        }
        let ((), allocations) = counted(|| {
            let _ = (stream.close(Close::Drain), writer.close(Close::Discard), writer.flush());
        });
        assert_eq!(allocations, 0);
    }
}
