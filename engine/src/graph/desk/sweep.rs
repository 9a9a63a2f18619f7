//! What control does for the graph at each of its steps.

use super::{Desk, State};
use crate::graph::processor::Companion;
use crate::guests::{self, let_go};
use crate::sync::{MutexGuard, Ordering};

impl Desk {
    /// Control's: frees what has come home, takes leave of what has faded, and lets companions work.
    pub(crate) fn step(&self) {
        let mut gone = Vec::new();
        let mut state = self.state();
        while let Ok(plan) = state.home.pop() {
            state.in_flight -= 1;
            gone.push(plan);
        }
        self.take_leave(&mut state);
        let new = std::mem::take(&mut state.new_companions);
        drop(state);
        let mut companions = std::mem::take(&mut *self.companions());
        companions.extend(new);
        let is_gone = |id: u64| gone.iter().flat_map(|plan| &plan.gone_nodes).any(|node| node.id == id);
        let (mut kept, mut over) = (Vec::with_capacity(companions.len()), Vec::new());
        for (id, mut companion) in companions {
            // Also after its processor was called for the last time. One that panics costs itself, and no outcome.
            let is_well = guests::call(|| companion.step()).is_some();
            if is_well && !is_gone(id) { kept.push((id, companion)) } else { over.push(companion) }
        }
        kept.append(&mut *self.companions());
        *self.companions() = kept;
        over.into_iter().for_each(let_go);
        gone.into_iter().for_each(let_go);
    }

    fn take_leave(&self, state: &mut MutexGuard<'_, State>) {
        let settled = self.told.settled.load(Ordering::Acquire);
        let waits = settled > state.swept && state.running.is_changing();
        if waits && !self.link.over.load(Ordering::Acquire) {
            let model = state.model.clone();
            // Where there is no room now, there will be.
            let _ = self.send(state, model, &mut Vec::new(), None);
        }
    }

    /// The session is over: nothing more will be taken.
    pub(crate) fn refuse(&self) {
        // Under the lock: an edit is either committed before, or refused.
        let _state = self.state();
        self.link.over.store(true, Ordering::Release);
    }

    /// The audio thread's side is freed.
    pub(crate) fn close(&self) {
        self.step();
        let companions: Vec<(u64, Box<dyn Companion>)> = std::mem::take(&mut *self.companions());
        companions.into_iter().for_each(let_go);
    }
}
