//! When the device goes away: another goes on, or everything is answered.

use super::{
    control::{Control, emit},
    core::Request,
    ending::GRACE,
    watchdog::Opened,
};
use crate::{
    render::{Renderer, callback::RenderCall, lease::Seizure},
    stream::lifecycle::{Closing, Reason},
    sync::{Ordering, lock},
};
use std::{sync::Arc, time::Duration};

impl Control {
    /// Looks after the device.
    pub(super) fn watch(&mut self, now: Duration) {
        let xruns = self.watchdog.xruns();
        if xruns > 0 {
            self.core.xruns.fetch_add(xruns, Ordering::Relaxed);
        }
        if self.loss.is_none() {
            self.loss = self.watchdog.look(now, self.core.observed.blocks());
        }
        if let Some(loss) = self.loss {
            self.lose(loss, now);
        }
        match self.watchdog.reopened(now) {
            Some(Some(device)) => self.go_on(device),
            Some(None) => self.give_up(now),
            None => {}
        }
    }

    /// The device is gone. Either another goes on, and only what the old one still held is lost, or everything is.
    fn lose(&mut self, loss: super::watchdog::Loss, now: Duration) {
        let taken = self.lease.seize() == Seizure::Taken;
        // The last block may just be under way; or its callback is stuck, and no other device can have the renderer.
        if !taken && now < *self.seizing_since.get_or_insert(now) + GRACE {
            return;
        }
        (self.loss, self.seizing_since) = (None, None);
        // What is being discarded needs no other device.
        let discards = self.closing.is_some_and(|ending| ending.request == Request::Discard);
        if taken && !discards && self.watchdog.replace(now) {
            let lose = |renderer: &mut Option<Renderer>| {
                if let Some(renderer) = renderer {
                    renderer.lose_unheard();
                }
            };
            self.lease.seized(&mut self.seized, lose);
            let event = self.watchdog.gone(loss);
            emit(&self.core, &mut self.on_event, event);
            return;
        }
        let event = self.watchdog.gone(loss);
        emit(&self.core, &mut self.on_event, event);
        self.give_up(now);
    }

    /// No device goes on: everything is answered with what had been heard.
    fn give_up(&mut self, now: Duration) {
        self.watchdog.stop();
        let mut request = lock(&self.core.request);
        request.get_or_insert(Request::Discard);
        self.core.closed.store(true, Ordering::Release);
        self.core.close_streams(Closing::Discard(Reason::DeviceLost));
        drop(request);
        self.begin_ending(now);
        if let Some(ending) = &mut self.closing {
            ending.reason = Reason::DeviceLost;
        }
    }

    /// Another device is there: a new generation of callbacks may have the renderer.
    fn go_on(&mut self, mut device: Opened) {
        let Some(generation) = self.lease.release() else { return };
        let call = RenderCall {
            lease: Arc::clone(&self.lease),
            generation,
            clock: self.core.clock.clone(),
            observed: Arc::clone(&self.core.observed),
            channels: self.core.channels,
        };
        let started = device.start(call);
        *lock(&self.core.device) = device.info().clone();
        let event = self.watchdog.install(device, started);
        emit(&self.core, &mut self.on_event, event);
    }
}

#[cfg(all(test, not(loom), not(shuttle)))]
mod tests {
    use super::super::{
        control::Next,
        watchdog::{Loss, Reopen},
    };
    use super::*;
    use crate::{Session, clock::Clock, device::*};

    /// A device that opens, and asks for nothing.
    struct Idle;

    impl Device for Idle {
        fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
            Ok(DeviceInfo::new("idle", DeviceKind::Virtual, want))
        }

        fn start(&mut self, _callback: Callback) -> Result<(), DeviceError> {
            Ok(())
        }

        fn stop(&mut self) {}

        fn fault(&mut self) -> Option<(DeviceFault, u64)> {
            None
        }
    }

    /// The device goes while a callback is inside: it is waited for a while. If it comes back, another device goes on, and
    /// the callback is refused from then on; if it does not, nobody else can have the renderer, and the session ends.
    #[test]
    fn a_callback_inside_is_waited_for_when_its_device_goes() {
        for comes_back in [true, false] {
            let format = Format { sample_rate: 48_000, channels: 2 };
            let reopen: Reopen = Arc::new(|format, _| Opened::new(Box::new(Idle), format));
            let info = DeviceInfo::new("gone", DeviceKind::Host, format);
            let parts = Session::builder().parts(Clock::stepped(), info, reopen);
            let (session, call) = (Session { core: parts.core.clone() }, parts.call.clone());
            let mut control = parts.control();
            let lost_at = Duration::from_secs(10);
            call.lease.with(call.generation, |_| {
                control.loss = Some(Loss::Said);
                for after in [0, 5, 249] {
                    let now = lost_at + Duration::from_millis(after);
                    assert_eq!(
                        control.step(now),
                        Next::At(now + Duration::from_millis(2)),
                        "it looks again soon"
                    );
                    assert_eq!(control.loss, Some(Loss::Said));
                }
                if !comes_back {
                    control.step(lost_at + GRACE);
                }
            });
            control.step(lost_at + GRACE);
            assert_eq!((control.loss, session.is_closed()), (None, !comes_back));
            assert!(!call.render(&mut [0.0; 2 * 480], None), "refused");
            assert_eq!(session.device().name == "idle", comes_back);
        }
    }
}
