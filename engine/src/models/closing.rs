//! Closes by several at once: writer, handle and session, with a flush on its way.

use super::{Rig, callback, check, config, explore, joined, spawn};
use crate::{Close, Closed, Shutdown, StreamError};
use std::sync::Arc;

/// Whoever closes first, a flush on its way is accepted and answered, or rejected and answered as what it was. The mutant
/// `open-segment-is-nobodys` breaks it.
#[test]
fn a_flush_survives_three_closes() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(1);
        let _ = writer.write(&[0.5_f32; 1]);
        rig.control.step();
        let producer = spawn(move || {
            let segment = writer.flush().accepted();
            (segment, writer.close(Close::Drain), writer)
        });
        let closer = spawn(move || (stream.close(Close::Drain), stream));
        let closing = rig.session.begin_shutdown(Shutdown::Drain(std::time::Duration::from_secs(1)));
        rig.control.step();
        let (segment, by_writer, _writer) = joined(producer);
        let (by_handle, _stream) = joined(closer);
        for _ in 0..3 {
            rig.pass();
        }
        let report = closing.poll().expect("all of it was heard");
        check(&report, &[1]);
        let flushed = segment.is_some();
        assert!(segment.is_none_or(|segment| segment.poll() == Some(report.segments[0])));
        let end = if flushed { crate::End::Played } else { crate::End::Closed };
        assert_eq!(report.segments[0].end, end);
        let already = [by_writer, by_handle].iter().filter(|close| **close == Closed::Already).count();
        assert!(already >= 1, "at most one of them was the first: {by_writer:?} {by_handle:?}");
        assert_eq!(report.late.closes, already as u64);
    });
}

/// The writer discards while the handle drains and a block is rendered: whoever is first, the segment has its one outcome.
/// The mutant `a-discard-is-a-drain` breaks it.
#[test]
fn a_discard_and_a_drain_meet_in_a_block() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(1);
        let _ = writer.write(&[0.5_f32; 1]);
        rig.control.step();
        let rendering = callback(&rig.device, None);
        let producer = spawn(move || {
            let _ = writer.close(Close::Discard);
            writer
        });
        let _ = stream.close(Close::Drain);
        joined(rendering);
        let _writer = joined(producer);
        rig.pass();
        rig.pass();
        assert_eq!(stream.stats().settled, 1, "it is over");
        check(&rig.end(), &[1]);
    });
}

/// A stream that is made while the session closes is made before, and closed with it, or refused. The mutant
/// `made-without-the-request` breaks it.
#[test]
fn a_stream_made_while_the_session_closes_is_closed() {
    explore(|| {
        let mut rig = Rig::new(1);
        let session = Arc::clone(&rig.session);
        let maker = spawn(move || match session.stream(config(1)) {
            Ok(made) => Some(made),
            Err(why) => {
                assert_eq!(why, StreamError::Closed);
                None
            }
        });
        let closing = rig.session.begin_shutdown(Shutdown::Discard);
        rig.control.step();
        let made = joined(maker);
        for _ in 0..3 {
            rig.pass();
        }
        assert!(closing.poll().is_some(), "the session comes to its end");
        if let Some((mut writer, stream)) = made {
            assert!(stream.is_closed());
            assert_eq!(writer.write(&[0.5_f32; 1]).frames, 0);
        }
    });
}
