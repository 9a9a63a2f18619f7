//! What the audio thread has done with goes home, and is freed there: no ring is full, nothing is freed in a callback.
//!
//! A ring's end that is freed on the callback's thread fails the model, and a reader has three of them; a reader that finds
//! no place fails an assertion of the renderer's.

use super::{Rig, callback, check, config, explore, joined, spawn};
use crate::{Close, StreamError};
use std::sync::Arc;

/// A stream ends while another is made in a session of one: it has its place only once control has the first one's reader.
/// The mutants `place-given-back-too-early` and `freed-in-its-block` break it.
#[test]
fn a_reader_always_has_its_place_at_home() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, _stream) = rig.stream(1);
        rig.pass();
        let _ = writer.close(Close::Discard);
        let rendering = callback(&rig.device, None);
        let session = Arc::clone(&rig.session);
        let maker = spawn(move || {
            let made = session.stream(config(1));
            assert!(matches!(made, Ok(_) | Err(StreamError::TooMany { .. } | StreamError::Busy)));
            made.ok()
        });
        rig.control.step();
        joined(rendering);
        let made = joined(maker);
        rig.pass();
        drop(made);
        rig.pass();
        rig.pass();
        assert!(rig.session.stream(config(1)).is_ok(), "the place is there again");
    });
}

/// A reader that has gone home has left its last report, and control takes that before it ends the stream. The mutant
/// `settlements-before-readers` breaks it.
#[test]
fn the_last_report_is_taken_before_the_stream_ends() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, _stream) = rig.stream(1);
        let _ = writer.write(&[0.5_f32; 1]);
        let segment = writer.flush().accepted().expect("written");
        let _ = writer.close(Close::Drain);
        rig.control.step();
        let rendering = callback(&rig.device, None);
        rig.control.step();
        joined(rendering);
        rig.control.step();
        assert!(segment.poll().is_some(), "its outcome is lost");
        check(&rig.end(), &[1]);
    });
}
