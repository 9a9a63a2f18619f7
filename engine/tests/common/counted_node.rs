//! A processor that fails if another one allocates or frees on the audio thread's side of the contract.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use crate::counting::counted;
use codetta::graph::{
    Activity, Audio, Companion, Layout, ParamInfo, ParamSpec, Processor, Setup, Trigger, Unit,
};

/// A processor of which each call is watched: none allocates, and what it made may be looked at.
pub struct Counted<P> {
    pub inner: P,
    look: fn(&mut Audio<'_>),
}

impl<P> Counted<P> {
    pub fn new(inner: P) -> Self {
        Self { inner, look: |_| {} }
    }

    /// Looks at what each call has made.
    pub fn look(self, look: fn(&mut Audio<'_>)) -> Self {
        Self { look, ..self }
    }
}

/// A parameter of the processor that is watched.
pub fn counted_spec<P, U: Unit>(spec: ParamSpec<P, U>) -> ParamSpec<Counted<P>, U> {
    let info = spec.info();
    ParamSpec::new(info.index, info.name, info.range, info.default)
}

fn without_allocations<R>(call: impl FnOnce() -> R) -> R {
    let (result, count) = counted(call);
    assert_eq!(count, 0, "allocations, reallocations and frees");
    result
}

impl<P: Processor> Processor for Counted<P> {
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
        let activity = without_allocations(|| self.inner.process(audio));
        (self.look)(audio);
        activity
    }

    fn trigger(&mut self, trigger: Trigger) {
        without_allocations(|| self.inner.trigger(trigger));
    }

    fn reset(&mut self) {
        without_allocations(|| self.inner.reset());
    }

    fn companion(&mut self) -> Option<Box<dyn Companion>> {
        self.inner.companion()
    }
}
