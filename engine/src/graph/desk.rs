//! Control's side of the graph: takes edits, sends plans to the audio thread, and frees what comes home.

#![allow(clippy::disallowed_types, reason = "whoever edits, and control: the audio thread knows only plans")]

mod changes;
mod sweep;

use super::{
    commands::{NodeCommand, NodeKey, NodeOp},
    edit::Change,
    ends::{SessionOutput, StreamInput},
    error::EditError,
    link::Link,
    live::{Told, costs::Costs, slot::Slot},
    model::{Kind, Model, NodeFacts, OUTPUT, STREAMS, Wire},
    node::{Node, NodeId, NodeShared},
    processor::{Companion, Setup},
    program::Plan,
    spec::Layout,
    transition::{Next, Running},
};
use crate::stream::Command;
use crate::sync::{AtomicBool, AtomicU64, Mutex, MutexGuard, Ordering, lock, ring};
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// Plans that may be under way: sent, and not yet come home. A loom model comes to the end of few.
pub(crate) const PLANS: usize = if cfg!(loom) { 4 } else { 1024 };
/// Connections that a graph may have, for each node that it may have.
const WIRES: usize = 4;

/// Places on the audio thread for nodes and for connections that fade or delay: what goes holds its own for a fade longer.
pub(crate) fn places(max_nodes: usize) -> (usize, usize) {
    (2 * max_nodes + 16, 2 * WIRES * max_nodes + 16)
}

/// Control's side of the graph. Its locks are among callers and control; the audio thread takes none.
pub(crate) struct Desk {
    link: Arc<Link>,
    setup: Setup,
    max_nodes: usize,
    told: Arc<Told>,
    pub(super) costs: Arc<Costs>,
    ids: AtomicU64,
    ends: [Arc<NodeShared>; 2],
    state: Mutex<State>,
    /// Taken out while they are stepped: they are users' code, and may come back here.
    companions: Mutex<Vec<(u64, Box<dyn Companion>)>>,
}

struct State {
    model: Model,
    running: Running,
    home: ring::Consumer<Box<Plan>>,
    in_flight: usize,
    /// Of nodes that were committed since control last looked.
    new_companions: Vec<(u64, Box<dyn Companion>)>,
    commits: u64,
    /// The plan of the last commit.
    committed: u64,
    /// Fades up to this edit are cleaned up.
    swept: u64,
    /// An edit that takes two steps is under way: its second one's plan.
    two_steps: u64,
}

impl Desk {
    /// The desk, and the plan of an empty graph, which is the audio thread's first.
    pub(crate) fn new(
        link: Arc<Link>,
        setup: Setup,
        max_nodes: usize,
        told: Arc<Told>,
        costs: Arc<Costs>,
        home: ring::Consumer<Box<Plan>>,
    ) -> (Self, Box<Plan>) {
        let share = |id| {
            let is_in_graph = AtomicBool::new(true);
            Arc::new(NodeShared {
                id,
                slot: OnceLock::new(),
                params: Vec::new(),
                is_in_graph,
                has_failed: Arc::default(),
            })
        };
        let ends = [STREAMS, OUTPUT].map(share);
        let model = empty(&ends, setup.channels);
        let (nodes, edges) = places(max_nodes);
        // An empty graph needs no place, so this is not refused.
        let first = Running::new(nodes, edges, setup.channels).towards(&model, &mut Vec::new(), 0);
        let (running, plan) = match first {
            Ok(Next { running, plan, .. }) => (running, plan),
            Err(_) => (Running::new(nodes, edges, setup.channels), Box::default()),
        };
        let state = State {
            model,
            running,
            home,
            in_flight: 1,
            new_companions: Vec::new(),
            commits: 0,
            committed: 0,
            swept: 0,
            two_steps: 0,
        };
        let desk = Self {
            link,
            setup,
            max_nodes,
            told,
            costs,
            ids: AtomicU64::new(OUTPUT + 1),
            ends,
            state: Mutex::new(state),
            companions: Mutex::default(),
        };
        (desk, plan)
    }

    pub(crate) fn setup(&self) -> Setup {
        self.setup
    }

    pub(crate) fn link(&self) -> Arc<Link> {
        Arc::clone(&self.link)
    }

    pub(crate) fn next_id(&self) -> u64 {
        self.ids.fetch_add(1, Ordering::Relaxed)
    }

    pub(crate) fn streams(&self) -> Node<StreamInput> {
        Node::new(Arc::clone(&self.ends[0]), self.link())
    }

    pub(crate) fn output(&self) -> Node<SessionOutput> {
        Node::new(Arc::clone(&self.ends[1]), self.link())
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Whoever panics with it has changed a copy: the state is whole.
        lock(&self.state)
    }

    fn companions(&self) -> MutexGuard<'_, Vec<(u64, Box<dyn Companion>)>> {
        lock(&self.companions)
    }

    /// The graph as it is wanted.
    pub(crate) fn model(&self) -> Model {
        self.state().model.clone()
    }

    /// Whether it is an input for streams.
    pub(crate) fn has_input(&self, node: NodeId) -> bool {
        self.state().model.nodes.get(&node).is_some_and(|node| node.kind == Kind::Input)
    }

    /// Whether the audio thread has taken every edit.
    pub(crate) fn is_taken(&self) -> bool {
        let committed = self.state().committed;
        self.told.taken.load(Ordering::Acquire) >= committed
    }

    /// Does all of it, or nothing: then everything is still in `changes`.
    pub(crate) fn commit(&self, changes: &mut [Change]) -> Result<(), EditError> {
        let mut state = self.state();
        if self.link.over.load(Ordering::Acquire) {
            return Err(EditError::Closed);
        }
        let mut model = state.model.clone();
        for change in changes.iter() {
            changes::apply(&mut model, change)?;
        }
        self.check(&model)?;
        model.level()?;
        let mut fresh = Vec::new();
        let mut added = Vec::new();
        for change in changes.iter_mut() {
            // What is added and removed again in one edit is never sent.
            if let Change::Add(node) = change
                && model.nodes.contains_key(&node.facts.id())
            {
                added.push(Arc::clone(&node.facts));
                fresh.extend(node.slot.take().map(|slot| (Arc::clone(&node.facts), slot)));
            }
        }
        let removed: Vec<Arc<NodeFacts>> = state
            .model
            .nodes
            .values()
            .filter(|node| !model.nodes.contains_key(&node.id()))
            .cloned()
            .collect();
        let commit = state.commits + 1;
        if let Err(why) = self.send(&mut state, model, &mut fresh, Some(commit)) {
            changes::give_back(changes, fresh);
            return Err(why);
        }
        (state.commits, state.committed) = (commit, state.running.generation);
        // Under the lock, so that edits of two threads that follow each other are told in that order too.
        for node in &added {
            node.shared.is_in_graph.store(true, Ordering::Release);
        }
        for node in &removed {
            node.shared.is_in_graph.store(false, Ordering::Release);
        }
        for change in changes {
            if let Change::Add(node) = change
                && node.facts.shared.slot.get().is_some()
                && let Some(companion) = node.companion.take()
            {
                state.new_companions.push((node.facts.shared.id, companion));
            }
        }
        Ok(())
    }

    /// Sends the way to `model`, and takes it for the graph that is wanted.
    fn send(
        &self,
        state: &mut State,
        model: Model,
        fresh: &mut Vec<(Arc<NodeFacts>, Box<Slot>)>,
        commit: Option<u64>,
    ) -> Result<(), EditError> {
        let taken = self.told.taken.load(Ordering::Acquire);
        if state.in_flight + 2 > PLANS || taken < state.two_steps {
            return Err(EditError::Busy);
        }
        // The place first: from then on it cannot fail, and places of nodes are given for good.
        let place = self.link.commands.reserve().ok_or(EditError::Busy)?;
        let settled = self.told.settled.load(Ordering::Acquire);
        let Next { running, mut plan } = state.running.towards(&model, fresh, settled)?;
        plan.commit = commit;
        let plans = 1 + usize::from(plan.then.is_some());
        if let Some(then) = &plan.then {
            state.two_steps = then.generation;
        }
        place.send(plan);
        state.in_flight += plans;
        (state.running, state.model, state.swept) = (running, model, settled);
        Ok(())
    }

    /// Sends a command of a log again. `None`: there is no such node.
    pub(crate) fn send_again(&self, node: NodeId, op: NodeOp) -> Option<bool> {
        let id = node.0;
        let slot = *self.state().model.nodes.get(&node)?.shared.slot.get()?;
        let command = NodeCommand { node: NodeKey { slot, id }, at: 0, op };
        Some(self.link.send(command) == Command::Accepted)
    }
}

fn empty(ends: &[Arc<NodeShared>; 2], channels: usize) -> Model {
    let facts = |index: usize, kind, name: &str, layout| {
        Arc::new(NodeFacts { kind, name: name.to_owned(), layout, shared: Arc::clone(&ends[index]) })
    };
    let mut model = Model::default();
    model.add(facts(0, Kind::Input, "streams", Layout::source(channels)));
    model.add(facts(1, Kind::Output, "output", Layout::effect(channels, 0)));
    let wire = Wire { to: NodeId(OUTPUT), port: 0, from: NodeId(STREAMS) };
    // Both are there, with as many channels.
    let connected = model.connect(wire);
    debug_assert!(connected.is_ok());
    model
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").field("setup", &self.setup).finish_non_exhaustive()
    }
}
