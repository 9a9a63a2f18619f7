//! A processor that counts what another one allocates and frees on the audio thread's side of the contract.

use crate::counting::counted;
use codetta::graph::{Activity, Audio, Companion, Layout, ParamInfo, Processor, Setup, Trigger};

pub struct Counted<P> {
    pub inner: P,
    /// Allocations, reallocations and frees so far.
    pub count: u64,
}

impl<P> Counted<P> {
    pub fn new(inner: P) -> Self {
        Self { inner, count: 0 }
    }
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
        let (activity, count) = counted(|| self.inner.process(audio));
        self.count += count;
        activity
    }

    fn trigger(&mut self, trigger: Trigger) {
        self.count += counted(|| self.inner.trigger(trigger)).1;
    }

    fn reset(&mut self) {
        self.count += counted(|| self.inner.reset()).1;
    }

    fn companion(&mut self) -> Option<Box<dyn Companion>> {
        self.inner.companion()
    }
}
