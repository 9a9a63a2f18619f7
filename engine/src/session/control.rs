//! Control: everything that can block or allocate, as a step function.
//!
//! [`Control::step`] is told the time, does what is due, and says when it wants to be called next. A thread drives it,
//! or whoever steps the session by hand. It is the one authority that settles: whatever a renderer reports of a segment
//! that control has settled already is dropped and counted.

use super::{
    book::Book,
    core::Core,
    ending::Ending,
    events::{Event, OnEvent},
    watchdog::{Loss, Watchdog},
};
use crate::{
    guests::{self, let_go},
    log::Logged,
    render::{
        Renderer,
        lease::{Lease, Seized},
    },
    stream::{drain::Pending, reader::Reader},
    sync::{lock, ring},
};
use std::{fmt, sync::Arc, time::Duration};

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
/// Nothing does: the first events of a segment, and the outcome of one as short as this, may be so late.
const IDLE: Duration = Duration::from_millis(20);
/// A session's control.
pub(crate) struct Control {
    pub(super) core: Arc<Core>,
    pub(super) lease: Arc<Lease<Option<Renderer>>>,
    pub(super) seized: Seized,
    home: ring::Consumer<Box<Reader>>,
    logged: Option<Logged>,
    pub(super) watchdog: Watchdog,
    pub(super) books: Vec<Book>,
    pub(super) drains: Vec<Pending>,
    pub(super) on_event: Option<OnEvent>,
    pub(super) progress_every: Duration,
    pub(super) closing: Option<Ending>,
    pub(super) over: bool,
    /// The lease is being taken, and a callback may still be inside.
    pub(super) seizing_since: Option<Duration>,
    pub(super) loss: Option<Loss>,
}

impl Control {
    pub(crate) fn new(
        core: Arc<Core>,
        lease: Arc<Lease<Option<Renderer>>>,
        (home, logged): (ring::Consumer<Box<Reader>>, Option<Logged>),
        watchdog: Watchdog,
        on_event: Option<OnEvent>,
        progress_every: Duration,
    ) -> Self {
        Self {
            core,
            lease,
            seized: Seized::only(),
            home,
            logged,
            watchdog,
            books: Vec::new(),
            drains: Vec::new(),
            on_event,
            progress_every,
            closing: None,
            over: false,
            seizing_since: None,
            loss: None,
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
        self.core.desk.step();
        self.collect_log();
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

    pub(super) fn collect_log(&mut self) {
        if let (Some(logged), Some(log)) = (&mut self.logged, &mut *lock(&self.core.log)) {
            logged.collect(log);
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

    fn patience(&self) -> Duration {
        let awaited = !self.drains.is_empty()
            || self.closing.is_some()
            || self.books.iter().any(|book| book.shared().is_awaited());
        if awaited || self.loss.is_some() || self.watchdog.is_replacing() {
            AWAITED
        } else if self.books.iter().any(|book| book.shared().is_outstanding()) {
            PLAYING
        } else {
            IDLE
        }
    }
}

pub(super) fn emit(core: &Core, on_event: &mut Option<OnEvent>, event: Event) {
    if let Some(callback) = on_event {
        // A caller's mistake costs the caller's callback, and nobody's outcome.
        if guests::call(|| callback(&event)).is_none() {
            let_go(on_event.take());
        }
    }
    core.outlets.send(event);
}

impl fmt::Debug for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Control").field("streams", &self.books.len()).finish_non_exhaustive()
    }
}
