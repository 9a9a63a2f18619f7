//! The watchdog by itself: when a device is taken for lost, and which goes on.

use super::*;
use crate::sync::{Mutex, lock};

const FORMAT: Format = Format { sample_rate: 48_000, channels: 2 };

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A device that does nothing.
struct Idle(DeviceKind, Format);

impl Device for Idle {
    fn open(&mut self, _want: Format) -> Result<DeviceInfo, DeviceError> {
        Ok(DeviceInfo::new("idle", self.0, self.1))
    }

    fn start(&mut self, _callback: crate::device::Callback) -> Result<(), DeviceError> {
        Ok(())
    }

    fn stop(&mut self) {}

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        None
    }
}

fn idle(kind: DeviceKind, format: Format) -> Result<Opened, DeviceError> {
    Opened::new(Box::new(Idle(kind, format)), FORMAT)
}

/// A watchdog over a device of this kind, which misses a beat after a second.
fn dog(kind: DeviceKind, policy: OnDeviceLoss, reopen: Reopen) -> Watchdog {
    let info = DeviceInfo::new("first", kind, FORMAT);
    Watchdog::new(Some(Box::new(Idle(kind, FORMAT))), info, policy, s(1), reopen)
}

/// Opens a card for whoever wants to be heard, and the virtual device else.
fn ready() -> Reopen {
    Arc::new(|format, policy| match policy {
        OnDeviceLoss::Virtual => idle(DeviceKind::Virtual, format),
        _ => idle(DeviceKind::Hardware, format),
    })
}

/// The kind of the device that goes on, once one does.
fn goes_on(dog: &mut Watchdog, now: Duration) -> Option<DeviceKind> {
    // Opening is another thread's: it is asked until it has answered, not until some time has passed.
    loop {
        match dog.reopened(now) {
            Some(opened) => return opened.map(|opened| opened.info().kind),
            None => thread::yield_now(),
        }
    }
}

/// Three losses within ten seconds are enough; three in a minute are bad luck.
#[test]
fn devices_that_go_as_fast_as_they_come_are_given_up() {
    let reopen: Reopen = Arc::new(|_, _| Err(DeviceError::NoDefault));
    let lost_at = |seconds: [u64; 3]| {
        let info = DeviceInfo::new("card", DeviceKind::Hardware, FORMAT);
        let policy = OnDeviceLoss::Rebuild;
        let mut dog = Watchdog::new(None, info, policy, Duration::MAX, Arc::clone(&reopen));
        seconds.map(|second| dog.is_flapping(s(second)))
    };
    assert_eq!(lost_at([1, 4, 7]), [false, false, true]);
    assert_eq!(lost_at([1, 20, 40]), [false, false, false]);
    assert_eq!(lost_at([1, 6, 11]), [false, false, false], "ten seconds are not within ten seconds");
}

/// Silent for longer than its heartbeat, counted from the last block that it was seen to render.
#[test]
fn a_device_is_silent_after_its_heartbeat() {
    let mut dog = dog(DeviceKind::Hardware, OnDeviceLoss::Rebuild, ready());
    assert_eq!(dog.look(s(10), 0), None, "it is seen for the first time");
    assert_eq!(dog.look(s(11), 0), None, "a second is not longer than a second");
    assert_eq!(dog.look(s(11), 1), None);
    assert_eq!(dog.look(s(12), 1), None);
    assert_eq!(dog.look(s(13), 1), Some(Loss::Silent));
    dog.stop();
    assert_eq!((dog.look(s(20), 1), dog.may_render()), (None, false), "it was let go");
}

/// Who is heard is replaced by who is heard; who was not, by the virtual device; and who must be heard, by none else.
#[test]
fn what_goes_on_is_as_audible_as_what_went() {
    use {DeviceKind as Kind, OnDeviceLoss as Policy};
    for (kind, policy, on) in [
        (Kind::Hardware, Policy::Rebuild, Some(Kind::Hardware)),
        (Kind::Custom, Policy::Rebuild, Some(Kind::Hardware)),
        (Kind::Virtual, Policy::Rebuild, Some(Kind::Virtual)),
        (Kind::Hardware, Policy::RebuildOrStop, Some(Kind::Hardware)),
        (Kind::Virtual, Policy::RebuildOrStop, None),
        (Kind::Hardware, Policy::Virtual, Some(Kind::Virtual)),
        (Kind::Hardware, Policy::Stop, None),
    ] {
        let mut dog = dog(kind, policy, ready());
        assert!(!dog.is_replacing());
        assert_eq!(
            (dog.replace(s(1)), dog.is_replacing()),
            (on.is_some(), on.is_some()),
            "{kind:?} {policy:?}"
        );
        assert_eq!(dog.look(s(9), 0), None, "while another is looked for none is watched");
        if on.is_some() {
            assert_eq!(goes_on(&mut dog, s(1)), on, "{kind:?} {policy:?}");
            assert!(!dog.is_replacing());
        }
    }
}

/// A device of another format cannot go on with what plays: the virtual one does, unless it must be heard.
#[test]
fn a_device_of_another_format_does_not_go_on() {
    let reopen: Reopen = Arc::new(|format, policy| match policy {
        OnDeviceLoss::Virtual => idle(DeviceKind::Virtual, format),
        _ => idle(DeviceKind::Hardware, Format { sample_rate: 44_100, ..format }),
    });
    for (policy, on) in
        [(OnDeviceLoss::Rebuild, Some(DeviceKind::Virtual)), (OnDeviceLoss::RebuildOrStop, None)]
    {
        let mut dog = dog(DeviceKind::Hardware, policy, Arc::clone(&reopen));
        assert!(dog.replace(s(1)));
        assert_eq!(goes_on(&mut dog, s(1)), on, "{policy:?}");
    }
}

/// A system that hangs in opening a device is waited for three seconds, and no longer.
#[test]
fn opening_that_hangs_is_given_up_after_three_seconds() {
    let (release, held) = channel::<()>();
    let held = Mutex::new(held);
    let reopen: Reopen = Arc::new(move |format, policy| match policy {
        OnDeviceLoss::Virtual => idle(DeviceKind::Virtual, format),
        _ => {
            let _ = lock(&held).recv();
            Err(DeviceError::NoDefault)
        }
    });
    let mut dog = dog(DeviceKind::Hardware, OnDeviceLoss::Rebuild, reopen);
    assert!(dog.replace(s(10)));
    assert!(dog.reopened(s(10)).is_none() && dog.reopened(s(13) - Duration::from_nanos(1)).is_none());
    assert!(dog.is_replacing());
    let opened = dog.reopened(s(13)).flatten().map(|opened| opened.info().kind);
    assert_eq!((opened, dog.is_replacing()), (Some(DeviceKind::Virtual), false));
    drop(release);
}

/// A device that was opened and does not start is as good as lost; if that was the virtual one, none can go on.
#[test]
fn a_device_that_does_not_start_is_lost() {
    for kind in [DeviceKind::Hardware, DeviceKind::Virtual] {
        let mut dog = dog(DeviceKind::Hardware, OnDeviceLoss::Virtual, ready());
        let opened = idle(kind, FORMAT).expect("it opens");
        let _ = dog.install(opened, Err(DeviceError::NoDefault));
        assert_eq!(dog.look(s(1), 0), Some(Loss::Said));
        assert_eq!(dog.replace(s(1)), kind == DeviceKind::Hardware);
    }
}
