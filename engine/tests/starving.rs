//! A stream that ran dry, to the frame: what its silence costs, and when it goes on.

mod common;

use codetta::{Close, Session, StreamConfig};
use common::*;
use std::time::Duration;

/// Closed while it is dry, with the end still in the resampler: the silence is counted to where the tail sounds, also in
/// blocks that come before control has ended the segment.
#[test]
fn a_stream_that_closes_while_it_is_dry_has_its_silence_counted() {
    let (session, time) = Session::builder().stepped().expect("valid");
    let (device, mut control) = time.apart();
    let config = StreamConfig::new(24_000, 1).fade(Duration::ZERO).prebuffer(Duration::ZERO);
    let (mut writer, stream) = session.stream(config).expect("the first");
    assert_eq!(writer.write(&numbered(0, 2_400)).frames, 2_400);
    let mut out = [0.0; 2 * 4_800];
    // All but what the resampler keeps for the tail.
    assert!(device.call(&mut out, None));
    let before = stream.position();
    assert!(before.consumed > 2_000 && before.consumed < 2_400, "{before:?}");
    control.step();
    let _ = stream.close(Close::Drain);
    // Control is late: ten blocks of silence.
    for _ in 0..10 {
        assert!(device.call(&mut out[..2 * 480], None));
    }
    control.step();
    assert!(device.call(&mut out, None));
    control.step();
    let stats = stream.stats();
    assert_eq!((stats.underruns, stream.position().played), (1, 2_400));
    // The position within an open segment is rounded down, so what it starved for may be a frame less.
    let silence = 2_400 - before.consumed + 2_400;
    assert!((silence - 1..=silence).contains(&stats.underrun_frames), "{stats:?}, {silence}");
}

/// What had faded, or ran dry, before a segment is not the segment's: it starts as it was written.
#[test]
fn a_segment_starts_at_full_whatever_came_before_it() {
    let mut rig = Rig::mono();
    let (mut writer, stream) = rig.stream(faded().prebuffer(Duration::ZERO));
    // Interrupted, and faded to silence.
    put(&mut writer, &[1.0; 4_800]);
    rig.render(480);
    let _ = stream.interrupt();
    rig.render(480);
    assert!(writer.flush().accepted().is_none());
    say(&mut writer, &[1.0; 100]);
    assert_eq!(rig.render(100), [1.0; 100]);
    // Dry, and flushed late: there is no sound of it left to fade in.
    put(&mut writer, &[1.0; 100]);
    rig.render(480);
    writer.flush().accepted().expect("open");
    rig.render(480);
    say(&mut writer, &[1.0; 100]);
    assert_eq!(rig.render(100), [1.0; 100]);
}
