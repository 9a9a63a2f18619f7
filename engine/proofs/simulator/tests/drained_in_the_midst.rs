//! A drain of a segment that is being begun, and of one that was cut, or taken by a device, while the next one is heard between
//! two of control's looks: the other's frames are not taken for its own, nor waited for.

mod common;

use codetta::{
    Drain, Drained, End, OnDeviceLoss, Session, SteppedControl, SteppedDevice, Stream, StreamConfig, Writer,
};
use common::{meanwhile, no_more};
use std::{cell::Cell, rc::Rc, time::Duration};

/// More than any call here has.
const OPERATIONS: u64 = 600;

fn stage() -> (Session, SteppedDevice, SteppedControl, Writer, Stream) {
    let (session, time) =
        Session::builder().channels(1).on_device_loss(OnDeviceLoss::Virtual).stepped().expect("valid");
    let (device, control) = time.apart();
    let config = StreamConfig::new(48_000, 1).prebuffer(Duration::ZERO).fade(Duration::ZERO);
    let (writer, stream) = session.stream(config).expect("the first");
    (session, device, control, writer, stream)
}

fn drain(stream: &Stream) -> Drain {
    stream.drain_ticket(Duration::from_secs(3600))
}

/// Control steps, and at that operation the device takes a block. `false`: it has not as many.
fn step_with_a_block(control: &mut SteppedControl, device: &SteppedDevice, operation: u64) -> bool {
    let others = device.clone();
    meanwhile(operation, move || assert!(others.call(&mut [0.0; 2_000], None)));
    let _ = control.step();
    no_more()
}

/// Interrupted at any moment of the call that begins it, and drained then: whichever block hears the next, the drain is
/// answered what became of it.
#[test]
fn a_segment_is_cut_while_it_is_begun() {
    let mut cut = 0;
    for first in 0..OPERATIONS {
        for second in 0..OPERATIONS {
            let (_session, device, mut control, mut writer, stream) = stage();
            assert_eq!(writer.write(&[0.5_f32; 100]).frames, 100);
            let _ = writer.flush();
            assert!(device.call(&mut [0.0; 480], None));
            let _ = control.step();
            let other = stream.clone();
            meanwhile(first, move || {
                let _ = other.interrupt();
            });
            assert_eq!(writer.write(&[0.5_f32; 1_000]).frames, 1_000);
            if !no_more() {
                assert!(cut > 0, "none was cut while it was begun");
                return;
            }
            let drain = drain(&stream);
            let segment = writer.segment().expect("it was written");
            let _ = writer.flush();
            assert_eq!(writer.write(&[0.5_f32; 2_000]).frames, 2_000);
            let _ = writer.flush();
            if !step_with_a_block(&mut control, &device, second) {
                break;
            }
            let early = drain.poll();
            assert!(device.call(&mut [0.0; 480], None));
            let _ = control.step();
            let end = segment.poll().expect("cut or heard").end;
            let right = if end == End::Interrupted { Drained::Interrupted } else { Drained::Drained };
            let answers = (early.unwrap_or(right), drain.poll());
            assert_eq!(answers, (right, Some(right)), "interrupted at {first}, a block at {second}");
            cut += u32::from(end == End::Interrupted);
        }
    }
}

/// Drained at any moment of the call that begins it: it waits for what was accepted by then, and not for what is written
/// later, however much has begun when control looks.
#[test]
fn a_segment_is_drained_while_it_is_begun() {
    for operation in 0..OPERATIONS {
        let (_session, device, mut control, mut writer, stream) = stage();
        let (asked, other) = (Rc::new(Cell::new(None)), stream.clone());
        let answer = Rc::clone(&asked);
        meanwhile(operation, move || answer.set(Some(drain(&other))));
        assert_eq!(writer.write(&[0.5_f32; 480]).frames, 480);
        if !no_more() {
            assert!(operation > 1, "the drain came in the midst of the write");
            return;
        }
        assert_eq!(writer.write(&[0.5_f32; 4_800]).frames, 4_800);
        let _ = writer.flush();
        assert_eq!(writer.write(&[0.5_f32; 480]).frames, 480);
        assert!(device.call(&mut [0.0; 480], None));
        let _ = control.step();
        let drained = asked.take().expect("it was asked for").poll();
        assert_eq!(drained, Some(Drained::Drained), "asked for at {operation}");
    }
}

/// The device had all of it and some of the next as it went: what the next device lets be heard is the other's.
#[test]
fn a_device_goes_with_it_and_with_some_of_the_next() {
    for operation in 0..OPERATIONS {
        let (_session, device, mut control, mut writer, stream) = stage();
        assert_eq!(writer.write(&[0.5_f32; 1_000]).frames, 1_000);
        let drain = drain(&stream);
        let _ = writer.flush();
        assert_eq!(writer.write(&[0.5_f32; 3_000]).frames, 3_000);
        assert!(device.call(&mut [0.0; 2_000], Some(Duration::from_millis(100))));
        device.lose();
        let _ = control.step();
        let _ = control.step();
        if !step_with_a_block(&mut control, &device, operation) {
            assert!(operation > 1, "the block came in the midst of the step");
            return;
        }
        assert!(
            [None, Some(Drained::DeviceLost)].contains(&drain.poll()),
            "at {operation}: {:?}",
            drain.poll()
        );
        let _ = control.step();
        assert_eq!(drain.poll(), Some(Drained::DeviceLost), "at {operation}");
    }
}
