//! The end of a session: streams close, drain to the deadline, and what is left is settled by force.

use super::{
    control::{Control, emit},
    core::Request,
    events::Event,
};
use crate::{
    guests::let_go,
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
        let_go(self.on_event.take());
    }

    /// No block will come in time: control takes the renderer from the callbacks and settles in its place, or, where a
    /// callback is stuck inside it, settles from what was last published.
    pub(super) fn settle_by_force(&mut self, reason: Reason) {
        let taken = self.lease.seize() == Seizure::Taken;
        if taken {
            let settle = |renderer: &mut Option<Renderer>| {
                if let Some(renderer) = renderer {
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
    /// Nobody will step it any more (its session was offline or stepped, or a defect of ours ended its thread): everything is
    /// answered here.
    fn drop(&mut self) {
        if self.over {
            return;
        }
        let_go(self.on_event.take());
        lock(&self.core.request).get_or_insert(Request::Discard);
        self.core.closed.store(true, Ordering::Release);
        self.books.append(&mut lock(&self.core.new_books));
        self.core.drains.close(&mut self.drains);
        self.settle_by_force(Reason::Discarded);
        self.finish();
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
