//! The end of a session: streams close, drain to the deadline, and what is left is settled by force.

use super::{
    control::{Control, emit},
    core::Request,
    events::Event,
};
use crate::{
    graph::desk::let_go,
    render::{Renderer, lease::Seizure},
    stream::lifecycle::{Closing, Reason},
    sync::{Ordering, lock},
};
use std::{sync::Arc, time::Duration};

/// What is left after a drain's deadline fades and settles by itself for this long; then control settles it.
pub(super) const GRACE: Duration = Duration::from_millis(250);

/// How far the end of the session has come.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ending {
    pub(super) request: Request,
    /// After this, control settles what the renderer has not; and a callback inside is waited for so much longer.
    pub(super) force_at: Duration,
    pub(super) reason: Reason,
}

impl Control {
    pub(super) fn begin_ending(&mut self, now: Duration) {
        let Some(request) = *lock(&self.core.request) else { return };
        if self.closing.is_some_and(|ending| ending.request == request) {
            return;
        }
        // Made before the request, and not seen by control yet: whoever asked has closed their streams.
        self.books.append(&mut lock(&self.core.new_books));
        let (last, reason) = match request {
            Request::Drain { deadline } => (deadline, Reason::DeadlineExceeded),
            Request::Discard => (now, Reason::Discarded),
        };
        // What is discarded then has the time to fade.
        let fades = self.books.iter().map(|book| book.shared().config.fade);
        let force_at = last.saturating_add(GRACE + fades.max().unwrap_or_default());
        self.closing = Some(Ending { request, force_at, reason });
        let mut rest = Vec::new();
        self.core.drains.close(&mut rest);
        self.drains.append(&mut rest);
    }

    /// Drives the end; `true` once it is over.
    pub(super) fn end(&mut self, now: Duration) -> bool {
        let Some(ending) = self.closing else { return false };
        if let Request::Drain { deadline } = ending.request
            && now >= deadline
        {
            self.core.close_streams(Closing::Discard(Reason::DeadlineExceeded));
        }
        // Without a device no block will come.
        let hopeless = !self.watchdog.may_render();
        if !self.books.is_empty() && (now >= ending.force_at || hopeless) {
            let seizing_since = *self.seizing_since.get_or_insert(now);
            let inside = self.lease.seize() == Seizure::Inside;
            if !inside || now >= seizing_since + GRACE {
                self.settle_by_force(ending.reason);
            }
        }
        if !self.books.is_empty() {
            return false;
        }
        // The last block may be under way: the renderer is freed here, not by whoever renders it.
        let inside = self.lease.seize() == Seizure::Inside;
        if inside && now < *self.seizing_since.get_or_insert(now) + GRACE {
            return false;
        }
        self.finish();
        true
    }

    pub(super) fn finish(&mut self) {
        self.over = true;
        self.watchdog.stop();
        // First, so that no plan is sent to a renderer that has gone: it would wait there for the last handle.
        self.core.desk.refuse();
        // Taken from the lease, so that it is freed here, also where a callback is left that holds the lease for ever.
        if self.lease.seize() == Seizure::Taken {
            let renderer = self.lease.seized(&mut self.seized, Option::take);
            // It holds users' processors.
            let_go(renderer);
        } else {
            // A callback that is stuck inside may come back. It must not be the last owner: giving up frees nothing.
            std::mem::forget(Arc::clone(&self.lease));
        }
        self.core.desk.close();
        self.collect_log();
        for drain in self.drains.drain(..) {
            drain.close();
        }
        let report = self.core.account(true);
        self.core.report.set(report.clone());
        emit(&self.core, &mut self.on_event, Event::Closed(Box::new(report)));
        self.core.outlets.close();
        self.on_event = None;
    }

    /// No block will come in time: control takes the renderer from the callbacks and settles in its place, or, where a
    /// callback is stuck inside it, settles from what was last published.
    pub(super) fn settle_by_force(&mut self, reason: Reason) {
        let taken = self.lease.seize() == Seizure::Taken;
        if taken {
            let settle = |renderer: &mut Option<Renderer>| {
                if let Some(renderer) = renderer {
                    renderer.obey_in_its_place();
                    renderer.settle_all(reason, |reader| reader.shared.lifecycle.0.seal(reason));
                }
            };
            self.lease.seized(&mut self.seized, settle);
        }
        let now = self.core.clock.now();
        let Self { core, books, drains, on_event, progress_every, .. } = self;
        let mut emit = |event| emit(core, on_event, event);
        for book in books.iter_mut() {
            book.collect(core, drains, &mut emit);
            book.settle_without_renderer(reason, core, drains, &mut emit);
            book.observe(core, now, *progress_every, &mut emit);
            book.end(core);
        }
        books.clear();
    }
}

impl Drop for Control {
    /// Nobody will step it any more (its session was offline, or a callback of the caller's panicked): everything is
    /// answered here.
    fn drop(&mut self) {
        if self.over {
            return;
        }
        self.on_event = None;
        lock(&self.core.request).get_or_insert(Request::Discard);
        self.core.closed.store(true, Ordering::Release);
        self.books.append(&mut lock(&self.core.new_books));
        self.core.drains.close(&mut self.drains);
        self.settle_by_force(Reason::Discarded);
        self.finish();
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::super::control::Next;
    use crate::{End, Session, Shutdown, StreamConfig, clock::Clock, device::*};
    use std::time::Duration;

    /// All is settled, and the last block is still under way: the end waits for it, since it frees what that block uses,
    /// and it waits no longer than for any callback that is stuck.
    #[test]
    fn the_end_waits_for_the_last_block() {
        for comes_back in [true, false] {
            let format = Format { sample_rate: 48_000, channels: 2 };
            let clock = Clock::stepped();
            let info = DeviceInfo::new("slow", DeviceKind::Host, format);
            let parts = Session::builder().parts(clock.clone(), info, super::super::assembly::reopen());
            let (session, call) = (Session { core: parts.core.clone() }, parts.call.clone());
            let mut control = parts.control();
            control.step(Duration::ZERO);
            let closing = session.begin_shutdown(Shutdown::Drain(Duration::from_secs(1)));
            call.lease.with(call.generation, |_| {
                for now in [0, 5, 249] {
                    let now = Duration::from_millis(now);
                    // Somebody waits: it looks again soon.
                    assert_eq!(control.step(now), Next::At(now + Duration::from_millis(2)));
                    assert!(closing.poll().is_none(), "{now:?}");
                }
                if !comes_back {
                    control.step(Duration::from_millis(250));
                    assert!(closing.poll().is_some());
                }
            });
            control.step(Duration::from_millis(249));
            assert!(closing.poll().is_some());
        }
    }

    /// A callback is stuck inside the renderer: every call is bounded all the same, and what it had published is
    /// answered. When it comes back, it finds itself abandoned, and the next one is refused.
    #[test]
    fn a_callback_that_is_stuck_inside_holds_nobody_up() {
        let format = Format { sample_rate: 48_000, channels: 2 };
        let clock = Clock::stepped();
        let info = DeviceInfo::new("stuck", DeviceKind::Host, format);
        let parts = Session::builder().parts(clock.clone(), info, super::super::assembly::reopen());
        let (session, call) = (Session { core: parts.core.clone() }, parts.call.clone());
        let mut control = parts.control();
        let (mut writer, _stream) = session.stream(StreamConfig::new(48_000, 1)).expect("the first");
        let _ = writer.write(&[0.5_f32; 4_800]);
        let segment = writer.flush().accepted().expect("written");
        let _ = writer.write(&[0.5_f32; 480]);
        let mut out = [0.0; 2 * 480];
        assert!(call.render(&mut out, None));
        control.step(Duration::ZERO);

        let closing = session.begin_shutdown(Shutdown::Drain(Duration::from_millis(50)));
        call.lease.with(call.generation, |_| {
            for step in 0..200 {
                control.step(Duration::from_millis(5 * step));
            }
            let report = closing.poll().expect("bounded");
            let [first, second] = report.segments[..] else { panic!("two segments") };
            assert_eq!((first.end, first.pushed, first.played), (End::DeadlineExceeded, 4_800, 480));
            assert_eq!(
                (first.first_heard, first.last_heard),
                (Some(Duration::ZERO), Some(Duration::from_millis(10)))
            );
            assert_eq!((second.end, second.pushed, second.played), (End::DeadlineExceeded, 480, 0));
            assert!(second.first_heard.is_none() && report.ledger.balances());
            assert_eq!(segment.poll(), Some(first));
        });
        assert!(!call.render(&mut out, None), "abandoned");
    }

    /// The same with a discard, which needs no end of the segment that is open: it has its outcome all the same.
    #[test]
    fn an_open_segment_is_answered_although_a_callback_is_stuck() {
        let format = Format { sample_rate: 48_000, channels: 2 };
        let info = DeviceInfo::new("stuck", DeviceKind::Host, format);
        let parts = Session::builder().parts(Clock::stepped(), info, super::super::assembly::reopen());
        let (session, call) = (Session { core: parts.core.clone() }, parts.call.clone());
        let mut control = parts.control();
        let (mut writer, _stream) = session.stream(StreamConfig::new(48_000, 1)).expect("the first");
        let _ = writer.write(&[0.5_f32; 4_800]);
        let mut out = [0.0; 2 * 960];
        assert!(call.render(&mut out, None));
        control.step(Duration::ZERO);
        let closing = session.begin_shutdown(Shutdown::Discard);
        call.lease.with(call.generation, |_| {
            for step in 0..200 {
                control.step(Duration::from_millis(5 * step));
            }
            let report = closing.poll().expect("bounded");
            let [outcome] = report.segments[..] else { panic!("one segment: {report:?}") };
            assert_eq!((outcome.end, outcome.pushed, outcome.played), (End::Discarded, 4_800, 960));
        });
    }
}
