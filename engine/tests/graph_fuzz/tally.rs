//! Any processor, and an account of who frees it.

use codetta::graph::{Activity, Audio, Companion, Layout, ParamInfo, Processor, Setup, Trigger};
use std::{
    cell::Cell,
    collections::BTreeSet,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};

thread_local! {
    static PHASE: Cell<Phase> = const { Cell::new(Phase::Elsewhere) };
}

/// Who is at work: all are on one thread here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Elsewhere,
    Rendering,
    Control,
    Committing,
}

impl Phase {
    pub fn run<R>(self, f: impl FnOnce() -> R) -> R {
        let before = PHASE.replace(self);
        let result = f();
        PHASE.set(before);
        result
    }
}

/// Who is there, and who has gone where.
#[derive(Debug, Default)]
pub struct Tally {
    pub made: AtomicU64,
    dropped: AtomicU64,
    companions: AtomicU64,
    next: Mutex<Option<Arc<AtomicU64>>>,
    committed: Mutex<Vec<(u64, Arc<AtomicU64>)>>,
    misplaced: Mutex<BTreeSet<&'static str>>,
}

/// What is known of a part: not committed, committed.
const LOOSE: u64 = 0;
const COMMITTED: u64 = 1;

impl Tally {
    /// The part that was made last has this number.
    pub fn made(&self, id: u64) {
        let state =
            self.next.lock().expect("nobody panics with it").take().expect("it was made a moment ago");
        let mut known = self.committed.lock().expect("nobody panics with it");
        known.retain(|(_, state)| Arc::strong_count(state) > 1);
        known.push((id, state));
    }

    pub fn committed(&self, id: u64) {
        for (_, state) in
            self.committed.lock().expect("nobody panics with it").iter().filter(|(known, _)| *known == id)
        {
            state.store(COMMITTED, Relaxed);
        }
    }

    /// Every part has been freed, once, and by whom it should be.
    pub fn assert_all_home(&self) {
        let misplaced = self.misplaced.lock().expect("nobody panics with it");
        assert!(misplaced.is_empty(), "freed by somebody else than control: {misplaced:?}");
        assert_eq!(self.dropped.load(Relaxed), self.made.load(Relaxed), "processors freed, and made");
        assert_eq!(self.companions.load(Relaxed), 0, "companions that are left");
        *self.committed.lock().expect("nobody panics with it") = Vec::new();
    }
}

/// Any processor, and where it went.
pub struct Part {
    inner: Box<dyn Processor>,
    state: Arc<AtomicU64>,
    tally: Arc<Tally>,
}

impl Part {
    pub fn new(inner: Box<dyn Processor>, tally: &Arc<Tally>) -> Self {
        tally.made.fetch_add(1, Relaxed);
        let state = Arc::new(AtomicU64::new(LOOSE));
        *tally.next.lock().expect("nobody panics with it") = Some(Arc::clone(&state));
        Self { inner, state, tally: Arc::clone(tally) }
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        self.tally.dropped.fetch_add(1, Relaxed);
        let wrong = match (PHASE.get(), self.state.load(Relaxed)) {
            (Phase::Rendering, _) => Some("while rendering"),
            (Phase::Elsewhere | Phase::Committing, COMMITTED) => Some("committed, and freed by the caller"),
            _ => None,
        };
        self.tally.misplaced.lock().expect("nobody panics with it").extend(wrong);
    }
}

impl Processor for Part {
    fn name(&self) -> &'static str {
        self.inner.name()
    }

    fn params(&self) -> Vec<ParamInfo> {
        self.inner.params()
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        self.inner.prepare(setup)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        self.inner.process(audio)
    }

    fn trigger(&mut self, trigger: Trigger) {
        self.inner.trigger(trigger);
    }

    fn reset(&mut self) {
        self.inner.reset();
    }

    fn companion(&mut self) -> Option<Box<dyn Companion>> {
        self.tally.companions.fetch_add(1, Relaxed);
        Some(Box::new(Other { inner: self.inner.companion(), tally: Arc::clone(&self.tally) }))
    }
}

/// A part's other half.
struct Other {
    inner: Option<Box<dyn Companion>>,
    tally: Arc<Tally>,
}

impl Companion for Other {
    fn step(&mut self) {
        if let Some(inner) = &mut self.inner {
            inner.step();
        }
    }
}

impl Drop for Other {
    fn drop(&mut self) {
        self.tally.companions.fetch_sub(1, Relaxed);
    }
}
