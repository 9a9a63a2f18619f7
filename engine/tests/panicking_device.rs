//! A device that panics is lost, whichever of its calls it was: the answers come, and nobody waits longer for them.

mod common;

use codetta::{
    DeviceInfo, DeviceKind, End, OnDeviceLoss, Output, Session, SessionError, Shutdown,
    device::{Callback, Device, DeviceError, DeviceFault, Format},
};
use common::*;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    time::Duration,
};

const LONG: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Panics {
    Open,
    Start,
    Stop,
    Fault,
    Drop,
}

/// It gives its callback to the test, which calls it.
struct Fragile {
    at: Panics,
    callback: mpsc::Sender<Callback>,
    lost: Arc<AtomicBool>,
}

impl Fragile {
    fn comes_to(&self, at: Panics) {
        assert_ne!(self.at, at, "as planned");
    }
}

impl Device for Fragile {
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
        self.comes_to(Panics::Open);
        Ok(DeviceInfo::new("fragile", DeviceKind::Custom, want))
    }

    fn start(&mut self, callback: Callback) -> Result<(), DeviceError> {
        self.comes_to(Panics::Start);
        self.callback.send(callback).expect("the test waits for it");
        Ok(())
    }

    fn stop(&mut self) {
        self.comes_to(Panics::Stop);
    }

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        let lost = self.lost.load(Ordering::Relaxed);
        if lost {
            self.comes_to(Panics::Fault);
        }
        lost.then_some((DeviceFault::Lost, 1))
    }
}

impl Drop for Fragile {
    fn drop(&mut self) {
        self.comes_to(Panics::Drop);
    }
}

struct Stage {
    session: Session,
    /// The device's callback.
    given: mpsc::Receiver<Callback>,
    /// Whether the device has gone.
    lost: Arc<AtomicBool>,
}

fn stage(at: Panics, policy: OnDeviceLoss) -> Result<Stage, SessionError> {
    let (callback, given) = mpsc::channel();
    let lost = Arc::<AtomicBool>::default();
    let output = Output::Custom(Box::new(Fragile { at, callback, lost: Arc::clone(&lost) }));
    let session =
        Session::builder().output(output).on_device_loss(policy).heartbeat(Duration::MAX).start()?;
    Ok(Stage { session, given, lost })
}

#[test]
fn one_that_panics_at_the_beginning_is_refused() {
    for at in [Panics::Open, Panics::Start] {
        let Err(error) = stage(at, OnDeviceLoss::Stop) else { panic!("there is no device") };
        assert!(matches!(error, SessionError::Device(DeviceError::Unavailable { .. })), "{at:?}: {error}");
    }
}

#[test]
fn one_that_panics_when_it_is_asked_is_lost() {
    let Stage { session, lost, .. } = stage(Panics::Fault, OnDeviceLoss::Stop).expect("it starts");
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    let segment = say(&mut writer, &numbered(0, 480));
    lost.store(true, Ordering::Relaxed);
    let outcome = segment.wait(LONG).expect("nobody goes on");
    assert_eq!((outcome.end, outcome.played), (End::DeviceLost, 0));
    let report = session.shutdown(Shutdown::Drain(LONG));
    assert_truthful(&report);
    assert!(report.complete, "{report:?}");
}

/// It is dropped when another takes its place.
#[test]
fn one_that_panics_when_it_is_dropped_is_replaced_all_the_same() {
    let Stage { session, lost, .. } = stage(Panics::Drop, OnDeviceLoss::Virtual).expect("it starts");
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    let segment = say(&mut writer, &numbered(0, 480));
    lost.store(true, Ordering::Relaxed);
    let outcome = segment.wait(LONG).expect("the virtual device goes on");
    assert_eq!((outcome.end, outcome.played), (End::Played, 480));
    assert_truthful(&session.shutdown(Shutdown::Drain(LONG)));
}

#[test]
fn one_that_panics_at_the_end_holds_nobody_up() {
    let Stage { session, given, .. } = stage(Panics::Stop, OnDeviceLoss::Stop).expect("it starts");
    let mut callback = given.recv().expect("it was started");
    let (mut writer, _stream) = session.stream(plain()).expect("the first");
    let segment = say(&mut writer, &numbered(0, 480));
    callback(&mut [0.0; 2 * 480], None);
    callback(&mut [0.0; 2 * 480], None);
    let outcome = segment.wait(LONG).expect("it was played");
    assert_eq!((outcome.end, outcome.played), (End::Played, 480));
    let closing = session.begin_shutdown(Shutdown::Drain(LONG));
    let report = (0..10_000).find_map(|_| {
        callback(&mut [0.0; 2 * 480], None);
        closing.wait(ms(1))
    });
    let report = report.expect("control goes on");
    assert_truthful(&report);
    assert!(report.complete, "{report:?}");
}
