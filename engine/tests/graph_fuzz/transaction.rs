//! One edit, which the model and the engine judge alike.

use crate::{
    handle::Handle,
    model::{Model, OUTPUT, STREAMS, Why, Wire},
    side_by_side::{FADE, Fuzz, LATEST},
    tally::Phase,
};
use codetta::graph::{Edit, EditError};
use std::collections::VecDeque;

/// A transaction in the making: its first mistake decides.
pub struct Draft {
    pub model: Model,
    pub why: Option<Why>,
    pub added: Vec<u64>,
}

impl Draft {
    pub fn try_to(&mut self, change: impl FnOnce(&mut Model) -> Result<(), Why>) {
        if self.why.is_none() {
            self.why = change(&mut self.model).err();
        }
    }
}

impl Fuzz {
    /// One transaction, which the model and the engine judge alike.
    pub fn transact(&mut self, changes: usize) {
        let graph = self.graph.clone();
        let mut edit = graph.edit();
        let mut draft = Draft { model: self.model.clone(), why: None, added: Vec::new() };
        for _ in 0..changes {
            self.change(&mut edit, &mut draft);
        }
        let Draft { model, why, added } = draft;
        let why = why.or_else(|| model.wrong());
        self.commit(edit, model, why, &added);
    }

    fn commit(&mut self, edit: Edit, model: Model, why: Option<Why>, added: &[u64]) {
        let committed = Phase::Committing.run(|| edit.commit());
        match (committed, why) {
            (Ok(()), None) => self.take(model, added),
            (Err(refused), Some(why)) => {
                let told = Why::of(&refused.why);
                match &told {
                    Why::Cycle(nodes) => assert!(model.has_cycle(nodes) && why == Why::Cycle(Vec::new())),
                    told => assert_eq!(*told, why),
                }
                *self.seen.refused.entry(told.name()).or_default() += 1;
                assert!(!refused.to_string().is_empty());
                drop(refused);
                self.forget(added);
            }
            (Err(refused), None) if refused.why == EditError::Busy => {
                // It helps to try again, once it renders.
                self.seen.busy += 1;
                assert!(self.seen.busy < 100_000, "always busy");
                self.render(512);
                self.step();
                self.commit(*refused.edit, model, None, added);
            }
            (Err(refused), None) => panic!("refused, and it should not be: {refused}\n{model:?}"),
            (Ok(()), Some(why)) => panic!("taken, and it should not be: {why:?}\n{model:?}"),
        }
    }

    fn take(&mut self, model: Model, added: &[u64]) {
        for id in added {
            if model.nodes.contains_key(id) {
                self.tally.committed(*id);
            }
            assert_eq!(self.handles[id].is_in_graph(), model.nodes.contains_key(id), "node {id}");
        }
        let gone: Vec<u64> =
            self.model.nodes.keys().filter(|id| !model.nodes.contains_key(id)).copied().collect();
        assert!(gone.iter().all(|id| !self.handles[id].is_in_graph()));
        for wire in self.model.delayed().difference(&model.delayed()) {
            self.fading.insert(*wire, self.clock + 2 * LATEST + FADE);
        }
        let news: Vec<&Wire> = model.wires.difference(&self.model.wires).collect();
        let olds: Vec<&Wire> = self.model.wires.difference(&model.wires).collect();
        let nodes: Vec<_> =
            added.iter().map(|id| (id, self.facts[id].name, self.facts[id].latency)).collect();
        self.log.push_back(format!(
            "{}: {nodes:?} come, {gone:?} go, new {news:?}, old {olds:?}, latency {}, all {:?}",
            self.clock,
            model.latency(),
            model.wires
        ));
        if self.log.len() > 12 {
            self.log.pop_front();
        }
        self.gone.extend(gone);
        self.seen.taken += 1;
        self.model = model;
    }

    /// What was never committed is forgotten but for a few, which are used all the same.
    fn forget(&mut self, added: &[u64]) {
        self.gone.extend(added);
        for id in added {
            assert!(!self.handles[id].is_in_graph());
        }
    }

    /// Removes all that there is, and lets it come home.
    pub fn clear(&mut self) {
        let mut edit = self.graph.edit();
        let mut model = self.model.clone();
        for id in self.model.nodes.keys().copied().filter(|id| *id > OUTPUT) {
            self.handles[&id].remove(&mut edit);
            assert!(model.remove(id).is_ok());
        }
        let direct = (OUTPUT, 0, STREAMS);
        if model.connect(direct).is_ok() {
            Handle::connect(&mut edit, &self.handles[&STREAMS], &self.handles[&OUTPUT], 0);
        }
        self.commit(edit, model, None, &[]);
        self.settle();
        self.settle();
        self.handles.retain(|id, _| *id <= OUTPUT);
        self.facts.retain(|id, _| *id <= OUTPUT);
        self.gone = Vec::new();
        self.fading.clear();
        self.log = VecDeque::new();
    }
}
