//! A device goes away with its callback inside the renderer, and another goes on.

use super::{BLOCK, Rig, callback, check, explore, joined, spawn};
use crate::End;
use std::time::Duration;

/// Control abandons or seizes, settles what the old device had not let be heard, and gives the renderer to the next, while
/// the producer speaks: each segment is answered once, and none is lost with the device. The mutant
/// `lost-though-inside` breaks it.
#[test]
fn what_the_old_device_had_is_settled_once() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, _stream) = rig.stream(2);
        let _ = writer.write(&[0.5_f32; 1]);
        let _ = writer.flush();
        rig.control.step();
        let old = callback(&rig.device, Some(Duration::from_millis(1)));
        rig.device.lose();
        // While the callback is inside, control waits for what it will leave; then the next is opened, and started.
        for _ in 0..3 {
            rig.control.step();
        }
        joined(old);
        for _ in 0..3 {
            rig.control.step();
        }
        assert!(rig.device.call(&mut [0.0; BLOCK], None), "another goes on");
        rig.control.step();
        let report = rig.end();
        check(&report, &[1]);
        assert!(matches!(report.segments[0].end, End::Played | End::DeviceLost));
    });
}

/// The same, with a producer that goes on speaking. The mutant `lost-and-never-told` breaks it.
#[test]
fn a_producer_speaks_across_the_loss() {
    explore(|| {
        let mut rig = Rig::new(1);
        let (mut writer, _stream) = rig.stream(2);
        let _ = writer.write(&[0.5_f32; 1]);
        let _ = writer.flush();
        rig.control.step();
        rig.device.call(&mut [0.0; BLOCK], Some(Duration::from_secs(1)));
        let producer = spawn(move || {
            let _ = writer.write(&[0.5_f32; 1]);
            let _ = writer.flush();
            writer
        });
        rig.device.lose();
        rig.control.step();
        rig.control.step();
        rig.device.call(&mut [0.0; BLOCK], None);
        let _writer = joined(producer);
        rig.pass();
        let report = rig.end();
        check(&report, &[1, 1]);
        assert_eq!(report.segments[0].end, End::DeviceLost, "it was in the device, and not heard");
        assert_eq!((report.segments[0].played, report.segments[1].end), (0, End::Played));
    });
}
