//! Control settles in the renderer's place, while producer and callback act: control's thread is dying, and asks nobody.

use super::{Rig, callback, check, explore, joined, spawn};
use crate::WriteState;

/// A segment is there, and a second is being written: what the producer was told is accepted is answered, to the frame,
/// and nothing else is; each credit came back once. The mutants `force-settles-before-it-seals` and
/// `late-segment-is-answered` break it.
#[test]
fn force_answers_for_what_was_accepted() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(2);
        let _ = writer.write(&[0.5_f32; 1]);
        let first = writer.flush().accepted().expect("written");
        rig.control.step();
        let Rig { session, device: _device, control } = rig;
        let producer = spawn(move || {
            let writes = [writer.write(&[0.5_f32; 1]), writer.write(&[0.5_f32; 1])];
            (writes, writer.flush().accepted(), writer)
        });
        drop(control);
        let (writes, second, _writer) = joined(producer);
        assert!(writes.iter().all(|write| (write.state == WriteState::Closed) == (write.frames == 0)));
        let told = writes.iter().map(|write| write.frames as u64).sum();
        let report = session.account();
        let accepted = [1, told];
        check(&report, &accepted[..if told == 0 { 1 } else { 2 }]);
        assert_eq!(first.poll(), Some(report.segments[0]));
        assert!(second.is_none_or(|second| second.poll() == Some(report.segments[1])));
        assert_eq!(stream.stats().settled, report.segments.len() as u64, "a credit for each, once");
    });
}

/// The same with a callback that may be inside, or come too late, and a producer in its one segment. The mutants
/// `force-reads-and-does-not-seal` and `taken-though-inside` break it.
#[test]
fn force_answers_whatever_the_callback_does() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(1);
        let _ = writer.write(&[0.5_f32; 1]);
        rig.control.step();
        let Rig { session, device, control } = rig;
        let producer = spawn(move || (writer.write(&[0.5_f32; 1]).frames as u64, writer));
        let rendering = callback(&device, None);
        drop(control);
        joined(rendering);
        let (told, _writer) = joined(producer);
        check(&session.account(), &[1 + told]);
        assert_eq!(stream.stats().settled, 1, "a credit for it, once");
    });
}

/// A callback may be inside, or come too late, with one segment whole and the second flushed meanwhile: each has its outcome
/// and gives its credit back, once. The mutant `taken-though-inside` breaks it. (A producer that begins the second instead is
/// 277,001 interleavings with three switches, which is minutes: that one was explored by hand.)
#[test]
fn two_credits_come_back_whatever_the_callback_does() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(2);
        let _ = writer.write(&[0.5_f32; 1]);
        let first = writer.flush().accepted().expect("written");
        let _ = writer.write(&[0.5_f32; 1]);
        rig.control.step();
        let Rig { session, device, control } = rig;
        let producer = spawn(move || (writer.flush().accepted(), writer));
        let rendering = callback(&device, None);
        drop(control);
        joined(rendering);
        let (second, _writer) = joined(producer);
        let report = session.account();
        check(&report, &[1, 1]);
        assert_eq!(first.poll(), Some(report.segments[0]));
        assert!(second.is_none_or(|second| second.poll() == Some(report.segments[1])));
        assert_eq!(stream.stats().settled, 2, "a credit for each, once");
    });
}

/// A credit that comes back while the producer wants it: it begins, or is told to wait, and no ring overflows (each push
/// asserts it). The mutants `credit-before-the-answer` and `credit-with-the-start` break it.
#[test]
fn a_credit_comes_back_once() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, stream) = rig.stream(1);
        let _ = writer.write(&[0.5_f32; 1]);
        let first = writer.flush().accepted().expect("written");
        rig.device.call(&mut [0.0; 8], None);
        let producer = spawn(move || {
            let frames = writer.write(&[0.5_f32; 1]).frames;
            let settled = first.poll().is_some();
            assert!(frames == 0 || settled, "who has the credit finds the answer");
            let _ = writer.flush();
            (frames as u64, writer)
        });
        rig.control.step();
        let (frames, mut writer) = joined(producer);
        let again = writer.write(&[0.5_f32; 1]).frames as u64;
        assert_eq!(frames + again, 1, "there was one credit");
        let report = rig.end();
        check(&report, &[1, 1]);
        assert_eq!(stream.stats().settled, 2);
    });
}
