//! An edit's changes: what they make of the graph, whether it has room for that, and how they are given back.

use super::{Desk, WIRES};
use crate::graph::{
    edit::{Added, Change},
    error::EditError,
    live::slot::Slot,
    model::{Model, NodeFacts},
};
use std::sync::Arc;

impl Desk {
    pub(super) fn check(&self, model: &Model) -> Result<(), EditError> {
        // The two ends are not counted.
        let (nodes, max) = (model.nodes.len() - 2, self.max_nodes);
        if nodes > max {
            return Err(EditError::TooManyNodes { nodes, max });
        }
        let (connections, max) = (model.wires.len(), WIRES * self.max_nodes);
        if connections > max {
            return Err(EditError::TooManyConnections { connections, max });
        }
        Ok(())
    }
}

pub(super) fn apply(model: &mut Model, change: &Change) -> Result<(), EditError> {
    match change {
        Change::Add(Added { facts, wrong: Some(what), .. }) => {
            Err(EditError::Processor { node: facts.named(), what })
        }
        Change::Add(Added { facts, .. }) => {
            model.add(Arc::clone(facts));
            Ok(())
        }
        Change::Remove(node) => model.remove(*node),
        Change::Connect(wire) => model.connect(*wire),
        Change::Disconnect(wire) => model.disconnect(*wire),
        Change::Foreign(node) => Err(EditError::Unknown { node: *node }),
    }
}

/// What was to be sent is the edit's again.
pub(super) fn give_back(changes: &mut [Change], fresh: Vec<(Arc<NodeFacts>, Box<Slot>)>) {
    for (facts, slot) in fresh {
        for change in changes.iter_mut() {
            if let Change::Add(node) = change
                && Arc::ptr_eq(&node.facts, &facts)
            {
                node.slot = Some(slot);
                break;
            }
        }
    }
}
