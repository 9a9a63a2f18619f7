//! From the graph that runs to the graph that is wanted, without a click.
//!
//! Connections that go fade out while those that come fade in, so for the time of a fade both run: the program is compiled
//! from all of them. When the audio thread has told that the fades are over, what has faded is left out of the next program,
//! and comes home. Where old and new together would be a cycle, the old ones fade first.

use super::{
    compile::{Edge, compile},
    error::EditError,
    live::{arena::Arena, edge::Edge as EdgeState, slot::Slot},
    model::{Model, NodeFacts, Wire},
    node::NodeId,
    places::Places,
    program::{Plan, Program},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

/// A node that the audio thread has.
#[derive(Debug, Clone)]
struct RunningNode {
    facts: Arc<NodeFacts>,
    /// The edit that removed it.
    removed_in: Option<u64>,
}

/// A connection that the audio thread has.
#[derive(Debug, Clone, Copy)]
struct RunningWire {
    wire: Wire,
    delay: u32,
    order: u64,
    state: Option<u32>,
    /// The edit that made it fade in, until it has.
    fading_since: Option<u64>,
    /// The edit that took it away.
    removed_in: Option<u64>,
}

/// What the audio thread has, once it has taken everything that was sent.
#[derive(Debug, Clone)]
pub(crate) struct Running {
    nodes: BTreeMap<NodeId, RunningNode>,
    wires: Vec<RunningWire>,
    node_places: Places,
    edge_places: Places,
    pub(crate) generation: u64,
    latency: u64,
    /// Frames from a source to anywhere, in what fades too.
    longest: u32,
    arena: usize,
    hulls: usize,
    channels: usize,
}

/// The next step on the way to the graph that is wanted.
pub(crate) struct Next {
    pub(crate) running: Running,
    pub(crate) plan: Box<Plan>,
}

impl Running {
    pub(crate) fn new(nodes: usize, edges: usize, channels: usize) -> Self {
        Self {
            nodes: BTreeMap::new(),
            wires: Vec::new(),
            node_places: Places::new(nodes),
            edge_places: Places::new(edges),
            generation: 0,
            latency: 0,
            longest: 0,
            arena: 0,
            hulls: 0,
            channels,
        }
    }

    /// Something fades, or waits to be taken away.
    pub(crate) fn is_changing(&self) -> bool {
        self.wires.iter().any(|wire| wire.removed_in.is_some() || wire.fading_since.is_some())
            || self.nodes.values().any(|node| node.removed_in.is_some())
    }

    /// The plan that leads to `model`, given that the fades up to the edit `settled` are over. `fresh` are the nodes that
    /// the audio thread does not have; they are given places, and are taken unless there is an error.
    pub(crate) fn towards(
        &self,
        model: &Model,
        fresh: &mut Vec<(Arc<NodeFacts>, Box<Slot>)>,
        settled: u64,
    ) -> Result<Next, EditError> {
        let mut next = self.clone();
        next.generation += 1;
        let mut plan = Box::new(Plan { generation: next.generation, ..Plan::default() });
        next.drop_settled(settled, &mut plan);
        let known: BTreeSet<NodeId> = next.nodes.keys().copied().collect();
        next.take_nodes(model);
        next.fade_out(model, &mut plan);
        let old_wires = next.wires.clone();
        let places = next.edge_places.clone();
        let (edges, turns) = (plan.new_edges.len(), plan.turns.len());
        next.fade_in(model, &known, &mut plan);
        // What fades out holds its places for some milliseconds more. Nothing but the copy has changed.
        let nodes = next.nodes.len() > next.node_places.all();
        if nodes || next.edge_places.ran_out || next.node_places.left() < fresh.len() {
            return Err(EditError::Busy);
        }
        next.place(fresh, &mut plan);
        if let Some(program) = next.compile() {
            next.finish(model, program, &mut plan);
            return Ok(Next { running: next, plan });
        }
        // Old and new together are a cycle; the old alone are none, since they run. So these fade out first …
        next.wires = old_wires;
        next.edge_places = places;
        plan.new_edges.truncate(edges);
        plan.turns.truncate(turns);
        let program = next.compile().unwrap_or_default();
        next.finish(model, program, &mut plan);
        // … and when that is over, the new ones fade in.
        next.generation += 1;
        let mut then = Box::new(Plan { generation: next.generation, ..Plan::default() });
        next.drop_settled(u64::MAX, &mut then);
        next.fade_in(model, &known, &mut then);
        let program = next.compile().unwrap_or_default();
        next.finish(model, program, &mut then);
        plan.then = Some(then);
        Ok(Next { running: next, plan })
    }

    /// Takes leave of what has faded, and of the state of what has faded in.
    fn drop_settled(&mut self, settled: u64, plan: &mut Plan) {
        let is_over = |since: Option<u64>| since.is_some_and(|since| since <= settled);
        let removed: BTreeSet<NodeId> =
            self.nodes.iter().filter(|(_, node)| is_over(node.removed_in)).map(|(id, _)| *id).collect();
        let edge_places = &mut self.edge_places;
        let mut leave = |wire: &RunningWire| {
            plan.old_edges.extend(wire.state);
            edge_places.give(wire.state);
        };
        self.wires.retain(|wire| {
            let ends = removed.contains(&wire.wire.from) || removed.contains(&wire.wire.to);
            let is_gone = ends || is_over(wire.removed_in);
            if is_gone {
                leave(wire);
            }
            !is_gone
        });
        for wire in self.wires.iter_mut().filter(|wire| is_over(wire.fading_since)) {
            wire.fading_since = None;
            if wire.delay == 0 && wire.removed_in.is_none() {
                leave(wire);
                wire.state = None;
            }
        }
        for id in removed {
            if let Some(slot) = self.nodes.remove(&id).and_then(|node| node.facts.shared.slot.get().copied())
            {
                plan.old_nodes.push(slot);
                self.node_places.give(Some(slot));
            }
        }
    }

    /// Connections that are not wanted any more fade out; those that are wanted again come back.
    fn fade_out(&mut self, model: &Model, plan: &mut Plan) {
        for wire in &mut self.wires {
            let wanted = model.wires.get(&wire.wire).filter(|made| made.delay == wire.delay);
            match (wanted, wire.removed_in) {
                (Some(made), Some(_)) => {
                    // As if it were new: whether control has taken leave of it already is not to be heard.
                    (wire.order, wire.removed_in) = (made.order, None);
                    // It may have been on its way into a node that has gone, and has no state then.
                    if let Some(state) = wire.state {
                        wire.fading_since = Some(self.generation);
                        plan.turns.push((state, 1.0));
                    }
                }
                (None, None) => {
                    wire.removed_in = Some(self.generation);
                    // What goes into a node that goes too is not heard apart from it.
                    if model.nodes.contains_key(&wire.wire.to) {
                        let channels = input_channels(&self.nodes, &wire.wire);
                        if wire.state.is_none()
                            && let Some(place) = self.edge_places.take()
                        {
                            wire.state = Some(place);
                            plan.new_edges.push((place, Box::new(EdgeState::new(1.0, 0, channels))));
                        }
                        plan.turns.extend(wire.state.map(|state| (state, 0.0)));
                    }
                }
                _ => {}
            }
        }
    }

    fn take_nodes(&mut self, model: &Model) {
        for (id, node) in &mut self.nodes {
            if node.removed_in.is_none() && !model.nodes.contains_key(id) {
                node.removed_in = Some(self.generation);
            }
        }
        for (id, facts) in &model.nodes {
            let running = || RunningNode { facts: Arc::clone(facts), removed_in: None };
            self.nodes.entry(*id).or_insert_with(running);
        }
    }

    fn place(&mut self, fresh: &mut Vec<(Arc<NodeFacts>, Box<Slot>)>, plan: &mut Plan) {
        for (facts, slot) in fresh.drain(..) {
            if let Some(place) = self.node_places.take() {
                // A node is sent once, and has had no place before.
                let _ = facts.shared.slot.set(place);
                plan.new_nodes.push((place, slot));
            }
        }
    }

    /// Connections that are new fade in, unless what hears them is new itself.
    fn fade_in(&mut self, model: &Model, known: &BTreeSet<NodeId>, plan: &mut Plan) {
        let running: BTreeSet<(Wire, u32)> = self.wires.iter().map(|wire| (wire.wire, wire.delay)).collect();
        for (wire, made) in &model.wires {
            if running.contains(&(*wire, made.delay)) {
                continue;
            }
            let fades = known.contains(&wire.to);
            let mut state = None;
            if fades || made.delay > 0 {
                let channels = input_channels(&self.nodes, wire);
                state = self.edge_places.take();
                let gain = if fades { 0.0 } else { 1.0 };
                let edge = |place| (place, Box::new(EdgeState::new(gain, made.delay, channels)));
                plan.new_edges.extend(state.map(edge));
                plan.turns.extend(state.filter(|_| fades).map(|state| (state, 1.0)));
            }
            self.wires.push(RunningWire {
                wire: *wire,
                delay: made.delay,
                order: made.order,
                state,
                fading_since: fades.then_some(self.generation),
                removed_in: None,
            });
        }
        self.wires.sort_by_key(|wire| wire.order);
    }

    fn compile(&self) -> Option<Program> {
        let nodes = self.nodes.iter().map(|(id, node)| (*id, Arc::clone(&node.facts))).collect();
        let edges: Vec<Edge> =
            self.wires.iter().map(|wire| Edge { wire: wire.wire, state: wire.state }).collect();
        compile(&nodes, &edges, self.channels).ok()
    }

    fn finish(&mut self, model: &Model, program: Program, plan: &mut Plan) {
        // While old paths fade, what was on the longest of them is still to be heard.
        let before = if self.is_changing() { (self.latency, self.longest) } else { (0, 0) };
        (self.latency, self.longest) = (before.0.max(model.latency), before.1.max(model.longest));
        plan.latency = self.latency;
        plan.warm_up = self.longest;
        if program.arena > self.arena {
            self.arena = program.arena;
            plan.arena = Arena::new(program.arena);
        }
        if program.hulls > self.hulls {
            self.hulls = program.hulls;
            plan.hulls = vec![crate::graph::live::hull::Hull::SILENT; program.hulls];
        }
        plan.gone_nodes.reserve_exact(plan.old_nodes.len());
        plan.gone_edges.reserve_exact(plan.old_edges.len());
        plan.program = program;
    }
}

fn input_channels(nodes: &BTreeMap<NodeId, RunningNode>, wire: &Wire) -> usize {
    nodes.get(&wire.to).and_then(|node| node.facts.layout.inputs.get(wire.port)).copied().unwrap_or(1)
}
