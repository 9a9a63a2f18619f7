//! What is heard: whole, in order, without clicks, and the same bits in any block.

mod common;

use codetta::{End, Session, StreamConfig};
use common::*;
use std::time::Duration;

/// Pause and resume at the very next frame, and at every other distance: nothing is lost, nothing repeated.
#[test]
fn pause_and_resume_lose_and_repeat_nothing() {
    for fade in [Duration::ZERO, ms(5)] {
        for gap in 0..50 {
            let mut rig = Rig::mono();
            let (mut writer, stream) = rig.stream(plain().fade(fade));
            let segment = say(&mut writer, &numbered(0, 2_000));
            let mut out = rig.render(500);
            let _ = stream.pause();
            out.extend(rig.render_in(gap, 7));
            let _ = stream.resume();
            out.extend(rig.render_in(3_000, 64));
            let outcome = segment.poll().expect("heard");
            assert_eq!((outcome.end, outcome.played), (End::Played, 2_000));
            if fade.is_zero() {
                assert_eq!(heard(&out), numbered(0, 2_000), "after {gap} frames");
            }
        }
    }
}

/// Tails of every length, at the engine's rate and through the resampler.
#[test]
fn tails_of_every_length_are_heard_whole() {
    let mut rig = Rig::mono();
    for frames in 1..480 {
        let (mut writer, _stream) = rig.stream(plain());
        let segment = say(&mut writer, &numbered(0, frames));
        assert_eq!(heard(&rig.render(480)), numbered(0, frames));
        assert_eq!(segment.poll().expect("heard").played, frames as u64);

        let (mut writer, stream) = rig.stream(StreamConfig::new(24_000, 1));
        let segment = say(&mut writer, &vec![0.5; frames]);
        let out = rig.render(960);
        assert_eq!(segment.poll().expect("heard").played, frames as u64);
        assert_eq!(stream.position().played, frames as u64);
        assert!(out[2 * frames..].iter().all(|sample| *sample == 0.0), "twice as many, and no more");
        assert!(out[2 * frames - 1] != 0.0, "and no less");
        drop((writer, stream));
        rig.render(480);
    }
}

/// Segments shorter than a block, and than the prebuffer, follow each other without a gap.
#[test]
fn short_segments_are_gapless() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    let mut segments = Vec::new();
    let mut at = 0;
    for length in (1..60).map(|n| n * 7 % 61 + 1) {
        segments.push((say(&mut writer, &numbered(at, length)), length));
        at += length;
    }
    let out = rig.render_in(at + 480, 480);
    assert_eq!(out[..at], numbered(0, at));
    for (segment, length) in segments {
        assert_eq!(segment.poll().expect("heard").played, length as u64);
    }
}

/// It starts once the prebuffer is full, or the segment is flushed.
#[test]
fn a_segment_starts_when_its_prebuffer_is_full_or_it_is_flushed() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(plain());
    put(&mut writer, &numbered(0, 959));
    assert!(heard(&rig.render(2_000)).is_empty());
    put(&mut writer, &numbered(959, 1));
    assert_eq!(rig.render(960), numbered(0, 960));
    let _ = writer.flush();
    put(&mut writer, &numbered(0, 10));
    assert!(heard(&rig.render(2_000)).is_empty());
    let _ = writer.flush();
    assert_eq!(heard(&rig.render(2_000)), numbered(0, 10));
}

/// An underrun is an episode with its frames, inside one segment, which is heard whole all the same.
#[test]
fn underruns_are_counted_and_lose_nothing() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    let mut out = Vec::new();
    for episode in 0..3 {
        put(&mut writer, &numbered(episode * 1_000, 1_000));
        out.extend(rig.render_in(1_480, 64));
    }
    let segment = writer.flush().accepted().expect("open");
    out.extend(rig.render(480));
    let stats = stream.stats();
    // Two times it went on; the third time the flush merely came late.
    assert_eq!((stats.underruns, stats.underrun_frames), (2, 2 * 480));
    assert_eq!(heard(&out), numbered(0, 3_000));
    assert_eq!(segment.poll().expect("heard").played, 3_000);
    let underruns = rig.end(codetta::Shutdown::Discard).underruns;
    assert_eq!((underruns.episodes, underruns.frames), (2, 960));
}

/// A flush that comes late is no underrun.
#[test]
fn a_late_flush_is_no_underrun() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    put(&mut writer, &numbered(0, 960));
    rig.render(5_000);
    let segment = writer.flush().accepted().expect("open");
    rig.render(480);
    assert_eq!(segment.poll().expect("heard").end, End::Played);
    say(&mut writer, &numbered(0, 960));
    rig.render(960);
    assert_eq!(stream.stats().underruns, 0);
}

/// Numbers that are none, in one stream, reach no other, and not even that one's own output.
#[test]
fn a_broken_stream_reaches_no_other() {
    let play = |broken: bool| {
        let mut rig = Rig::mono();
        let (mut good, _stream) = rig.stream(plain());
        let (mut bad, bad_stream) = rig.stream(plain());
        let (mut worse, _stream) = rig.stream(StreamConfig::new(24_000, 1));
        say(&mut good, &numbered(0, 2_000));
        if broken {
            let poison = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::NAN].repeat(500);
            say(&mut bad, &poison);
            say(&mut worse, &poison[..1_000]);
            let _ = bad_stream.set_gain(-200.0, ms(1));
            assert_eq!(bad_stream.set_gain(f32::NAN, ms(1)), codetta::Command::Invalid);
            assert_eq!(bad_stream.set_pan(f32::NAN, ms(1)), codetta::Command::Invalid);
            assert_eq!(bad_stream.stats().repaired, 2_000);
        }
        rig.render_in(2_500, 441)
    };
    assert_eq!(play(true), play(false));
}

/// Mono and stereo into 1 to 8 channels: the first two, or their mean.
#[test]
fn one_and_two_channels_go_to_one_to_eight() {
    for channels in 1..=8 {
        for (source, expected) in [(vec![0.5_f32], [0.5, 0.5]), (vec![0.5, 0.25], [0.5, 0.25])] {
            let mut rig = Rig::with(Session::builder().channels(channels));
            let config = StreamConfig::new(RATE, source.len());
            let (mut writer, _stream) = rig.stream(config);
            let _ = writer.write(&source.repeat(100));
            let _ = writer.flush();
            let out = rig.render(100);
            for frame in out.chunks_exact(channels) {
                match frame {
                    [mono] => assert_eq!(*mono, (expected[0] + expected[1]) / 2.0),
                    [left, right, rest @ ..] => {
                        assert_eq!([*left, *right], expected);
                        assert!(rest.iter().all(|sample| *sample == 0.0));
                    }
                    [] => unreachable!("channels ≥ 1"),
                }
            }
        }
    }
}

/// Where the ring comes round, in the middle of a block and of a ramp, is not to be heard.
#[test]
fn where_the_ring_comes_round_is_not_heard() {
    for channels in [1, 2] {
        let [short, long] = [ms(100), ms(1_000)].map(|buffer| {
            let mut rig = Rig::new();
            let config = StreamConfig::new(RATE, channels).buffer(buffer);
            let (mut writer, stream) = rig.stream(config);
            let mut out = Vec::new();
            for round in 0..3 {
                let samples = numbered(round * 4_000 * channels, 4_000 * channels);
                assert_eq!(writer.write(&samples).frames, 4_000);
                let _ = stream.set_gain([-6.0, 0.0, -20.0][round], ms(70));
                let _ = stream.set_pan([-0.5, 0.5, 0.0][round], ms(30));
                out.extend(rig.render_in(4_000, 333));
            }
            out
        });
        assert!(short == long, "{channels} channels");
    }
}

/// Two commands for one block are two commands, in their order: none takes another's place.
#[test]
fn every_command_of_a_block_is_carried_out() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(plain());
    put(&mut writer, &[0.5; 960]);
    rig.render(480);
    for command in [stream.set_gain(-20.0, Duration::ZERO), stream.pause(), stream.resume()] {
        assert_eq!(command, codetta::Command::Accepted);
    }
    let out = rig.render(480);
    assert!((out[479] - 0.05).abs() < 1e-4, "quieter, and not paused: {}", out[479]);
}
