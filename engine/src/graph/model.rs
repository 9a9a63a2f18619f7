//! The graph as its owner wants it: nodes and connections, and whether they can be.

use super::{
    error::{EditError, NodeName},
    node::{NodeId, NodeShared},
    spec::Layout,
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// What a node is to the graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Processor,
    /// Streams mix into it.
    Input,
    /// The session's output.
    Output,
}

/// A node, as control knows it.
#[derive(Debug)]
pub(crate) struct NodeFacts {
    pub(crate) kind: Kind,
    pub(crate) name: String,
    pub(crate) layout: Layout,
    pub(crate) shared: Arc<NodeShared>,
}

impl NodeFacts {
    pub(crate) fn id(&self) -> NodeId {
        NodeId(self.shared.id)
    }

    pub(crate) fn named(&self) -> NodeName {
        NodeName { id: self.id(), name: self.name.clone() }
    }

    /// Channels of its buffer.
    pub(crate) fn width(&self) -> usize {
        self.layout.inputs.first().copied().unwrap_or(0).max(self.layout.output)
    }
}

/// One connection: from an output to an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) struct Wire {
    pub(crate) to: NodeId,
    pub(crate) port: usize,
    pub(crate) from: NodeId,
}

/// A connection of the graph, and when it was made: sums are in that order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Made {
    pub(crate) order: u64,
    /// Frames that it is held back, so that parallel paths are level.
    pub(crate) delay: u32,
}

/// Nodes and connections. Cheap enough to clone for each edit, which then happens as a whole or not at all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Model {
    pub(crate) nodes: BTreeMap<NodeId, Arc<NodeFacts>>,
    pub(crate) wires: BTreeMap<Wire, Made>,
    pub(crate) made: u64,
    /// Frames from a source to the output.
    pub(crate) latency: u64,
    /// Frames from a source to anywhere, also where it is not heard, or not any more.
    pub(crate) longest: u32,
}

impl Model {
    pub(crate) fn node(&self, id: NodeId) -> Result<&Arc<NodeFacts>, EditError> {
        self.nodes.get(&id).ok_or(EditError::Unknown { node: id })
    }

    pub(crate) fn add(&mut self, facts: Arc<NodeFacts>) {
        self.nodes.insert(facts.id(), facts);
    }

    pub(crate) fn remove(&mut self, id: NodeId) -> Result<(), EditError> {
        let node = self.node(id)?;
        // The output, and the input of all streams.
        if node.kind == Kind::Output || id.0 == STREAMS {
            return Err(EditError::Fixed { node: node.named() });
        }
        self.nodes.remove(&id);
        self.wires.retain(|wire, _| wire.from != id && wire.to != id);
        Ok(())
    }

    pub(crate) fn connect(&mut self, wire: Wire) -> Result<(), EditError> {
        let (from, to) = (self.node(wire.from)?, self.node(wire.to)?);
        let (output, inputs, port) = (from.layout.output, &to.layout.inputs, wire.port);
        if output == 0 {
            return Err(EditError::NoOutput { from: from.named() });
        }
        let Some(&input) = inputs.get(port) else {
            return Err(EditError::NoInput { to: to.named(), port, inputs: inputs.len() });
        };
        if output != input && output != 1 {
            let (from, to) = (from.named(), to.named());
            return Err(EditError::Channels { from, output, to, port, input });
        }
        if self.wires.contains_key(&wire) {
            return Err(EditError::Connected { from: from.named(), to: to.named(), port });
        }
        self.made += 1;
        self.wires.insert(wire, Made { order: self.made, delay: 0 });
        Ok(())
    }

    pub(crate) fn disconnect(&mut self, wire: Wire) -> Result<(), EditError> {
        let (from, to) = (self.node(wire.from)?, self.node(wire.to)?);
        if !self.wires.contains_key(&wire) {
            return Err(EditError::NotConnected { from: from.named(), to: to.named(), port: wire.port });
        }
        self.wires.remove(&wire);
        Ok(())
    }

    /// Puts the delays on the wires that make parallel paths level, and finds cycles.
    pub(crate) fn level(&mut self) -> Result<(), EditError> {
        let order = self.sorted()?;
        let mut ready: HashMap<NodeId, u32> = HashMap::with_capacity(order.len());
        for id in order {
            let into = Wire { to: id, port: 0, from: NodeId(0) }..=Wire {
                to: id,
                port: usize::MAX,
                from: NodeId(u64::MAX),
            };
            let of = |wire: &Wire| ready.get(&wire.from).copied().unwrap_or(0);
            let latest = self.wires.range(into.clone()).map(|(wire, _)| of(wire)).max().unwrap_or(0);
            for (wire, made) in self.wires.range_mut(into) {
                made.delay = latest - of(wire);
            }
            let own = self.nodes.get(&id).map_or(0, |node| node.layout.latency);
            ready.insert(id, latest.saturating_add(own));
        }
        self.longest = ready.values().copied().max().unwrap_or(0);
        self.latency = ready.get(&NodeId(OUTPUT)).copied().unwrap_or(0).into();
        Ok(())
    }

    /// The nodes, each after those that it hears.
    fn sorted(&self) -> Result<Vec<NodeId>, EditError> {
        let mut missing: HashMap<NodeId, usize> = HashMap::with_capacity(self.nodes.len());
        let mut behind: HashMap<NodeId, Vec<NodeId>> = HashMap::with_capacity(self.nodes.len());
        for wire in self.wires.keys() {
            *missing.entry(wire.to).or_default() += 1;
            behind.entry(wire.from).or_default().push(wire.to);
        }
        let mut order: Vec<NodeId> =
            self.nodes.keys().filter(|id| !missing.contains_key(id)).copied().collect();
        let mut next = 0;
        while let Some(id) = order.get(next).copied() {
            next += 1;
            for to in behind.get(&id).into_iter().flatten() {
                if let Some(count) = missing.get_mut(to) {
                    *count -= 1;
                    if *count == 0 {
                        missing.remove(to);
                        order.push(*to);
                    }
                }
            }
        }
        match missing.keys().min() {
            None => Ok(order),
            Some(start) => Err(EditError::Cycle { nodes: self.cycle(*start, &missing) }),
        }
    }

    /// A cycle among the nodes that miss an input for ever. Going back from any of them leads into one.
    fn cycle(&self, start: NodeId, stuck: &HashMap<NodeId, usize>) -> Vec<NodeName> {
        let mut path = vec![start];
        loop {
            let at = path[path.len() - 1];
            let before = self.wires.keys().find(|wire| wire.to == at && stuck.contains_key(&wire.from));
            let Some(before) = before.map(|wire| wire.from) else { break };
            if let Some(first) = path.iter().position(|id| *id == before) {
                path.drain(..first);
                break;
            }
            path.push(before);
        }
        // It was walked against the sound.
        path.reverse();
        path.iter().filter_map(|id| self.nodes.get(id)).map(|node| node.named()).collect()
    }
}

/// The input of all streams that ask for none.
pub(crate) const STREAMS: u64 = 0;
/// The session's output.
pub(crate) const OUTPUT: u64 = 1;
