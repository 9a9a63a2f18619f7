//! What control does for the graph at each of its steps.

use super::Desk;
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::Ordering,
};

impl Desk {
    /// Control's: frees what has come home, goes on with what waits for a fade, and lets companions work.
    pub(crate) fn step(&self) {
        let mut gone = Vec::new();
        let mut state = self.state();
        while let Ok(plan) = state.home.pop() {
            state.in_flight -= 1;
            gone.push(plan);
        }
        let settled = self.told.settled.load(Ordering::Acquire);
        let waits = settled > state.swept && (state.is_held || state.running.is_changing());
        if waits && !self.link.over.load(Ordering::Acquire) {
            let model = state.model.clone();
            // Where there is no room now, there will be.
            let _ = self.send(&mut state, model, &mut Vec::new(), None);
        }
        drop(state);
        let mut companions = self.companions();
        // One that panics is a mistake that costs itself, and no outcome.
        companions.retain_mut(|(_, companion)| catch_unwind(AssertUnwindSafe(|| companion.step())).is_ok());
        for node in gone.iter().flat_map(|plan| &plan.gone_nodes) {
            // Stepped above, after its processor was called for the last time.
            companions.retain(|(id, _)| *id != node.id);
        }
        drop(companions);
        // Processors are users' code: freed under no lock.
        for plan in gone {
            let _ = catch_unwind(AssertUnwindSafe(|| drop(plan)));
        }
    }

    /// The session is over: nothing more will be taken.
    pub(crate) fn close(&self) {
        self.link.over.store(true, Ordering::Release);
        self.step();
        let companions = std::mem::take(&mut *self.companions());
        drop(companions);
    }
}
