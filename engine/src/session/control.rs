//! Control: everything that can block or allocate, as a step function.
//!
//! [`Control::step`] is told the time, does what is due, and says when it wants to be called next. A thread drives it,
//! or whoever steps the session by hand. It is the one authority that settles: whatever a renderer reports of a segment
//! that control has settled already is dropped and counted.

use super::{
    book::Book,
    core::{Core, Request, lock},
    events::{Event, OnEvent},
    watchdog::{Loss, Watchdog},
};
use crate::{
    render::{
        Renderer,
        callback::RenderCall,
        lease::{Lease, Seized, Seizure},
    },
    stream::{
        drain::Pending,
        lifecycle::{Closing, Reason},
        reader::Reader,
    },
};
use std::{
    fmt,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

/// When control wants to be stepped again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    At(Duration),
    /// The session is over.
    Never,
}

/// Somebody waits for room, for a drain or for the end.
const AWAITED: Duration = Duration::from_millis(2);
/// Something plays.
const PLAYING: Duration = Duration::from_millis(5);
/// Nothing does: a segment's first event may be this late, its outcome is not.
const IDLE: Duration = Duration::from_millis(20);
/// What is left after a drain's deadline fades and settles by itself for this long; then control settles it.
const GRACE: Duration = Duration::from_millis(250);

/// A session's control.
pub(crate) struct Control {
    core: Arc<Core>,
    lease: Arc<Lease<Option<Renderer>>>,
    seized: Seized,
    home: rtrb::Consumer<Box<Reader>>,
    watchdog: Watchdog,
    books: Vec<Book>,
    drains: Vec<Pending>,
    on_event: Option<OnEvent>,
    progress_every: Duration,
    closing: Option<Ending>,
    over: bool,
}

/// How far the end of the session has come.
#[derive(Debug, Clone, Copy)]
struct Ending {
    request: Request,
    /// After this, control settles what the renderer has not.
    force_at: Duration,
    reason: Reason,
}

impl Control {
    pub(crate) fn new(
        core: Arc<Core>,
        lease: Arc<Lease<Option<Renderer>>>,
        home: rtrb::Consumer<Box<Reader>>,
        watchdog: Watchdog,
        on_event: Option<OnEvent>,
        progress_every: Duration,
    ) -> Self {
        Self {
            core,
            lease,
            seized: Seized::only(),
            home,
            watchdog,
            books: Vec::new(),
            drains: Vec::new(),
            on_event,
            progress_every,
            closing: None,
            over: false,
        }
    }

    pub(crate) fn sample_rate(&self) -> u32 {
        self.core.sample_rate
    }

    /// Does what is due at `now`.
    pub(crate) fn step(&mut self, now: Duration) -> Next {
        if self.over {
            return Next::Never;
        }
        self.books.append(&mut lock(&self.core.new_books));
        self.core.drains.take(&mut self.drains);
        self.begin_ending(now);
        self.collect(now);
        self.step_drains(now);
        self.watch(now);
        if self.end(now) {
            return Next::Never;
        }
        Next::At(now + self.patience())
    }

    /// The settlements of a reader that is home are all in their ring: so readers first, settlements second, and only
    /// then is a stream over.
    fn collect(&mut self, now: Duration) {
        let mut over = Vec::new();
        while let Ok(reader) = self.home.pop() {
            over.push(reader.shared.id);
        }
        let Self { core, books, drains, on_event, progress_every, .. } = self;
        let mut emit = |event| emit(core, on_event, event);
        for book in books.iter_mut() {
            book.end_for_producer();
            book.collect(core, drains, &mut emit);
            book.observe(core, now, *progress_every, &mut emit);
            book.shared().wake_producer();
        }
        if !over.is_empty() {
            books.retain(|book| {
                let is_over = over.contains(&book.shared().id);
                if is_over {
                    book.end(core);
                }
                !is_over
            });
        }
    }

    fn step_drains(&mut self, now: Duration) {
        let Self { core, drains, on_event, .. } = self;
        drains.retain(|drain| match drain.step(now) {
            Some(drained) => {
                emit(core, on_event, Event::Drained(drained));
                false
            }
            None => true,
        });
    }

    fn begin_ending(&mut self, now: Duration) {
        let Some(request) = *lock(&self.core.request) else { return };
        if self.closing.is_some_and(|ending| ending.request == request) {
            return;
        }
        // Taken under no lock: `closed` was set with the request, so every stream there is has its book by now.
        self.books.append(&mut lock(&self.core.new_books));
        let (closing, force_at) = match request {
            Request::Drain { deadline } => (Closing::Drain, deadline.saturating_add(GRACE)),
            Request::Discard => (Closing::Discard(Reason::Discarded), now.saturating_add(GRACE)),
        };
        self.books.iter().for_each(|book| book.close(closing));
        let reason = match request {
            Request::Drain { .. } => Reason::DeadlineExceeded,
            Request::Discard => Reason::Discarded,
        };
        self.closing = Some(Ending { request, force_at, reason });
        let mut rest = Vec::new();
        self.core.drains.close(&mut rest);
        self.drains.append(&mut rest);
    }

    /// Drives the end; `true` once it is over.
    fn end(&mut self, now: Duration) -> bool {
        let Some(ending) = self.closing else { return false };
        if let Request::Drain { deadline } = ending.request {
            if now >= deadline {
                let late = Closing::Discard(Reason::DeadlineExceeded);
                self.books.iter().for_each(|book| book.close(late));
            }
        }
        // Without a device no block will come.
        let hopeless = !self.watchdog.may_render();
        if !self.books.is_empty() && (now >= ending.force_at || hopeless) {
            self.settle_by_force(ending.reason);
        }
        self.books.is_empty() && {
            self.finish();
            true
        }
    }

    fn finish(&mut self) {
        self.over = true;
        self.watchdog.stop();
        // Taken from the lease, so that it is freed here, also where a callback is left that holds the lease for ever.
        if self.lease.seize() == Seizure::Taken {
            let renderer = self.lease.seized(&mut self.seized, Option::take);
            drop(renderer);
        }
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
    fn settle_by_force(&mut self, reason: Reason) {
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
        let Self { core, books, drains, on_event, .. } = self;
        let mut emit = |event| emit(core, on_event, event);
        for book in books.iter_mut() {
            book.collect(core, drains, &mut emit);
            book.settle_without_renderer(reason, core, drains, &mut emit);
            book.end(core);
        }
        books.clear();
    }

    /// Looks after the device.
    fn watch(&mut self, now: Duration) {
        let xruns = self.watchdog.xruns();
        if xruns > 0 {
            self.core.xruns.fetch_add(xruns, Ordering::Relaxed);
        }
        if let Some(loss) = self.watchdog.look(now, self.core.observed.blocks()) {
            self.lose(loss, now);
        }
        if let Some(device) = self.watchdog.reopened(now) {
            self.go_on(device);
        }
    }

    /// The device is gone. Either another goes on, and only what the old one still held is lost, or everything is.
    fn lose(&mut self, loss: Loss, now: Duration) {
        let taken = self.lease.seize() == Seizure::Taken;
        if taken && self.watchdog.replace(now) {
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
        self.watchdog.stop();
        let event = self.watchdog.gone(loss);
        emit(&self.core, &mut self.on_event, event);
        let mut request = lock(&self.core.request);
        request.get_or_insert(Request::Discard);
        self.core.closed.store(true, Ordering::Release);
        drop(request);
        for book in &self.books {
            book.close(Closing::Discard(Reason::DeviceLost));
        }
        self.begin_ending(now);
        if let Some(ending) = &mut self.closing {
            ending.reason = Reason::DeviceLost;
        }
    }

    /// Another device is there: a new generation of callbacks may have the renderer.
    fn go_on(&mut self, mut device: super::watchdog::Opened) {
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

    fn patience(&self) -> Duration {
        let awaited = !self.drains.is_empty()
            || self.closing.is_some()
            || self.books.iter().any(|book| book.shared().is_awaited());
        if awaited || self.watchdog.is_replacing() {
            AWAITED
        } else if self.books.iter().any(|book| book.shared().is_outstanding()) {
            PLAYING
        } else {
            IDLE
        }
    }
}

fn emit(core: &Core, on_event: &mut Option<OnEvent>, event: Event) {
    if let Some(on_event) = on_event {
        on_event(&event);
    }
    core.outlets.send(event);
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("streams", &self.books.len()).finish_non_exhaustive()
    }
}
