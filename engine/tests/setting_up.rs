//! What a session may be set up with, what is refused, and what it says of itself then.

mod common;

use codetta::{Session, SessionBuilder, SessionError, Shutdown, StreamConfig, StreamError};
use common::*;
use std::time::Duration;

fn refused(builder: SessionBuilder) -> SessionError {
    builder.offline().map(drop).expect_err("outside of the limits")
}

/// Each limit is named by its own error, just outside; and holds, just inside.
#[test]
fn limits_are_named() {
    let builder = Session::builder;
    for channels in [0, 9] {
        let error = refused(builder().channels(channels));
        assert!(matches!(error, SessionError::Channels { channels: said } if said == channels));
    }
    for rate in [7_999, 192_001] {
        let error = refused(builder().sample_rate(rate));
        assert!(matches!(error, SessionError::Rate { rate: said } if said == rate));
    }
    for streams in [0, 65_537] {
        let error = refused(builder().max_streams(streams));
        assert!(matches!(error, SessionError::Streams { streams: said } if said == streams));
    }
    for nodes in [65_537, usize::MAX] {
        let error = refused(builder().max_nodes(nodes));
        assert!(matches!(error, SessionError::Nodes { nodes: said } if said == nodes));
    }
    for commands in [15, (1 << 20) + 1] {
        let error = refused(builder().max_commands(commands));
        assert!(matches!(error, SessionError::Commands { commands: said } if said == commands));
    }
    for ahead in [0, (1 << 20) + 1, usize::MAX] {
        let error = refused(builder().record_commands(ahead));
        assert!(matches!(error, SessionError::Log { ahead: said } if said == ahead));
    }
    let inside = [
        builder().channels(1).sample_rate(8_000).max_streams(1).max_nodes(0).max_commands(16),
        builder().channels(8).sample_rate(192_000).max_streams(65_536),
        builder().max_nodes(65_536),
        builder().record_commands(1),
        builder().record_commands(1 << 20),
    ];
    for builder in inside {
        let (session, offline) = builder.offline().expect("inside of the limits");
        drop((offline, session));
    }
}

/// The same of a stream's.
#[test]
fn limits_of_a_stream_are_named() {
    let rig = Rig::mono();
    let refused = |config: StreamConfig| rig.session.stream(config).expect_err("outside of the limits");
    for channels in [0, 3] {
        assert_eq!(refused(StreamConfig::new(RATE, channels)), StreamError::Channels { channels });
    }
    for buffer in [Duration::ZERO, Duration::from_secs(601)] {
        assert_eq!(refused(plain().buffer(buffer)), StreamError::Buffer { buffer });
    }
    let (prebuffer, buffer) = (ms(101), ms(100));
    let error = StreamError::Prebuffer { prebuffer, buffer };
    assert_eq!(refused(plain().buffer(buffer).prebuffer(prebuffer)), error);
    let fade = ms(2_001);
    assert_eq!(refused(plain().fade(fade)), StreamError::Fade { fade });
    for segments in [0, 4_097] {
        assert_eq!(refused(plain().max_segments(segments)), StreamError::Segments { segments });
    }
    for inside in [
        StreamConfig::new(RATE, 2).buffer(ms(1)).prebuffer(ms(1)).max_segments(1),
        plain().buffer(Duration::from_secs(600)).fade(ms(2_000)).max_segments(4_096),
    ] {
        assert!(rig.session.stream(inside).is_ok());
    }
}

/// Nor does a limit that comes later forget what was said before it.
#[test]
fn what_was_said_stays_said() {
    let builder =
        Session::builder().sample_rate(8_000).channels(1).max_streams(2).max_nodes(3).max_commands(16);
    let (session, _offline) = builder.offline().expect("valid");
    assert_eq!((session.sample_rate(), session.channels()), (8_000, 1));
}

/// Offline, the clock is what was rendered: in frames, not in samples.
#[test]
fn the_clock_counts_frames() {
    let mut rig = Rig::with(Session::builder().channels(2));
    rig.render(12_000);
    assert_eq!((rig.session.now(), rig.session.frame()), (ms(250), 12_000));
}

/// The host's own callback: what is no whole frame is silent, and after the end everything is.
#[test]
fn a_host_may_ask_for_anything() {
    let (session, mut renderer) = Session::builder().channels(2).host().expect("valid");
    let (mut writer, _stream) = session.stream(plain().prebuffer(ms(0))).expect("the first");
    put(&mut writer, &numbered(1, 480));
    let mut block = [9.0_f32; 7];
    assert!(renderer.render_with_latency(&mut block, ms(5)));
    assert!(block[..6].iter().all(|sample| *sample > 0.0 && *sample < 1.0), "{block:?}");
    assert_eq!(block[6].to_bits(), 0);
    let _ = session.shutdown(Shutdown::Discard);
    let mut block = [9.0_f32; 7];
    assert!(!renderer.render_with_latency(&mut block, ms(5)));
    assert_eq!(block, [0.0; 7]);
}
