//! What a graph is: numbers, and pairs of numbers. It knows nothing of plans, buffers or fades.

use codetta::graph::{EditError, NodeName};
use std::collections::{BTreeMap, BTreeSet};

pub const STREAMS: u64 = 0;
pub const OUTPUT: u64 = 1;

/// To, port, from.
pub type Wire = (u64, usize, u64);

/// A connection, and the frames that it is held back. One that is held back longer is another one: they fade.
pub type Delayed = (Wire, u64);

/// A node, as far as it can be told from outside.
#[derive(Debug, Clone)]
pub struct Fact {
    pub name: &'static str,
    pub inputs: Vec<usize>,
    pub output: usize,
    pub latency: u64,
    /// What the processor says, and cannot be.
    pub wrong: Option<&'static str>,
    /// What it makes by itself, and what of its inputs is in its output.
    pub level: f64,
    pub gains: [f64; 2],
    /// The greatest step that it makes by itself; zero: it is constant.
    pub slope: f64,
    pub is_fixed: bool,
}

/// Why an edit cannot be, with the nodes that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    Cycle(Vec<(u64, String)>),
    Channels { from: (u64, String), output: usize, to: (u64, String), port: usize, input: usize },
    NoInput { to: (u64, String), port: usize, inputs: usize },
    NoOutput((u64, String)),
    Unknown(u64),
    Fixed((u64, String)),
    Connected((u64, String), (u64, String), usize),
    NotConnected((u64, String), (u64, String), usize),
    Nodes(usize, usize),
    Connections(usize, usize),
    Processor((u64, String), &'static str),
    Other(String),
}

impl Why {
    pub fn of(error: &EditError) -> Self {
        let name = |node: &NodeName| (node.id.0, node.name.clone());
        match error {
            EditError::Cycle { nodes } => Self::Cycle(nodes.iter().map(name).collect()),
            EditError::Channels { from, output, to, port, input } => {
                Self::Channels { from: name(from), output: *output, to: name(to), port: *port, input: *input }
            }
            EditError::NoInput { to, port, inputs } => {
                Self::NoInput { to: name(to), port: *port, inputs: *inputs }
            }
            EditError::NoOutput { from } => Self::NoOutput(name(from)),
            EditError::Unknown { node } => Self::Unknown(node.0),
            EditError::Fixed { node } => Self::Fixed(name(node)),
            EditError::Connected { from, to, port } => Self::Connected(name(from), name(to), *port),
            EditError::NotConnected { from, to, port } => Self::NotConnected(name(from), name(to), *port),
            EditError::TooManyNodes { nodes, max } => Self::Nodes(*nodes, *max),
            EditError::TooManyConnections { connections, max } => Self::Connections(*connections, *max),
            EditError::Processor { node, what } => Self::Processor(name(node), what),
            other => Self::Other(other.to_string()),
        }
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Cycle(_) => "cycle",
            Self::Channels { .. } => "channels",
            Self::NoInput { .. } => "no input",
            Self::NoOutput(_) => "no output",
            Self::Unknown(_) => "unknown",
            Self::Fixed(_) => "fixed",
            Self::Connected(..) => "connected",
            Self::NotConnected(..) => "not connected",
            Self::Nodes(..) => "too many nodes",
            Self::Connections(..) => "too many connections",
            Self::Processor(..) => "processor",
            Self::Other(_) => "other",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Model {
    pub nodes: BTreeMap<u64, Fact>,
    pub wires: BTreeSet<Wire>,
    max_nodes: usize,
}

impl Model {
    pub fn new(channels: usize, max_nodes: usize, speech: f64) -> Self {
        let end = |name, inputs, output, level, gains| Fact {
            name,
            inputs,
            output,
            latency: 0,
            wrong: None,
            level,
            gains,
            slope: 0.0,
            is_fixed: true,
        };
        let nodes = BTreeMap::from([
            (STREAMS, end("streams", Vec::new(), channels, speech, [0.0; 2])),
            (OUTPUT, end("output", vec![channels], 0, 0.0, [1.0, 0.0])),
        ]);
        Self { nodes, wires: BTreeSet::from([(OUTPUT, 0, STREAMS)]), max_nodes }
    }

    fn fact(&self, id: u64) -> Result<&Fact, Why> {
        self.nodes.get(&id).ok_or(Why::Unknown(id))
    }

    fn named(&self, id: u64) -> (u64, String) {
        (id, self.nodes[&id].name.to_owned())
    }

    pub fn add(&mut self, id: u64, fact: Fact) -> Result<(), Why> {
        if let Some(what) = fact.wrong {
            return Err(Why::Processor((id, fact.name.to_owned()), what));
        }
        self.nodes.insert(id, fact);
        Ok(())
    }

    pub fn remove(&mut self, id: u64) -> Result<(), Why> {
        if self.fact(id)?.is_fixed {
            return Err(Why::Fixed(self.named(id)));
        }
        self.nodes.remove(&id);
        self.wires.retain(|(to, _, from)| *to != id && *from != id);
        Ok(())
    }

    pub fn connect(&mut self, (to, port, from): Wire) -> Result<(), Why> {
        let output = self.fact(from)?.output;
        let inputs = self.fact(to)?.inputs.clone();
        if output == 0 {
            return Err(Why::NoOutput(self.named(from)));
        }
        let Some(&input) = inputs.get(port) else {
            return Err(Why::NoInput { to: self.named(to), port, inputs: inputs.len() });
        };
        if output != input && output != 1 {
            return Err(Why::Channels { from: self.named(from), output, to: self.named(to), port, input });
        }
        if !self.wires.insert((to, port, from)) {
            return Err(Why::Connected(self.named(from), self.named(to), port));
        }
        Ok(())
    }

    pub fn disconnect(&mut self, (to, port, from): Wire) -> Result<(), Why> {
        self.fact(from)?;
        self.fact(to)?;
        if !self.wires.remove(&(to, port, from)) {
            return Err(Why::NotConnected(self.named(from), self.named(to), port));
        }
        Ok(())
    }

    /// What is wrong with the whole.
    pub fn wrong(&self) -> Option<Why> {
        let (nodes, max) = (self.nodes.len() - 2, self.max_nodes);
        if nodes > max {
            return Some(Why::Nodes(nodes, max));
        }
        let (connections, max) = (self.wires.len(), 4 * self.max_nodes);
        if connections > max {
            return Some(Why::Connections(connections, max));
        }
        self.sorted().is_none().then(|| Why::Cycle(Vec::new()))
    }

    /// Whether these are a cycle: each connected to the next, and the last to the first.
    pub fn has_cycle(&self, named: &[(u64, String)]) -> bool {
        let next = named.iter().cycle().skip(1);
        !named.is_empty()
            && named.iter().zip(next).all(|((from, name), (to, _))| {
                let is_named = self.nodes.get(from).is_some_and(|fact| fact.name == name);
                is_named && self.wires.iter().any(|wire| (wire.0, wire.2) == (*to, *from))
            })
    }

    /// The nodes, each after those that it hears, unless there is a cycle: nodes without an input that is left are taken
    /// away, until none is.
    fn sorted(&self) -> Option<Vec<u64>> {
        let mut left: BTreeSet<u64> = self.nodes.keys().copied().collect();
        let mut order = Vec::new();
        while !left.is_empty() {
            let is_free = |id: &u64| !self.wires.iter().any(|wire| wire.0 == *id && left.contains(&wire.2));
            let free: Vec<u64> = left.iter().copied().filter(is_free).collect();
            if free.is_empty() {
                return None;
            }
            left.retain(|id| !free.contains(id));
            order.extend(free);
        }
        Some(order)
    }

    /// Frames from a source to the output.
    pub fn latency(&self) -> u64 {
        self.ready()[&OUTPUT]
    }

    /// How late each node's output is.
    fn ready(&self) -> BTreeMap<u64, u64> {
        let mut ready: BTreeMap<u64, u64> = BTreeMap::new();
        for id in self.sorted().unwrap_or_default() {
            let into = self.wires.iter().filter(|wire| wire.0 == id).map(|wire| ready[&wire.2]);
            ready.insert(id, into.max().unwrap_or(0) + self.nodes[&id].latency);
        }
        ready
    }

    /// The connections, and how long each is held back to be level with the latest into the same node.
    pub fn delayed(&self) -> BTreeSet<Delayed> {
        let ready = self.ready();
        let delayed = |wire: &Wire| (*wire, ready[&wire.0] - self.nodes[&wire.0].latency - ready[&wire.2]);
        self.wires.iter().map(delayed).collect()
    }

    /// What is heard once nothing fades; none, if that is not one number.
    pub fn level(&self) -> Option<f64> {
        let mut levels: BTreeMap<u64, (f64, bool)> = BTreeMap::new();
        for id in self.sorted()? {
            let fact = &self.nodes[&id];
            let (mut level, mut is_steady) = (fact.level, fact.slope == 0.0);
            for (_, port, from) in self.wires.iter().filter(|wire| wire.0 == id) {
                level += fact.gains[*port] * levels[from].0;
                is_steady &= levels[from].1;
            }
            levels.insert(id, (level, is_steady));
        }
        let (level, is_steady) = levels[&OUTPUT];
        is_steady.then_some(level)
    }

    /// The greatest step from one frame of the output to the next, while any of these connections, and of those that
    /// are `fading`, may be anywhere in a fade of `fade` frames.
    ///
    /// A connection whose source is at most `a` and steps at most `s` steps at most `s + a / fade`, since its gain is
    /// between 0 and 1 and moves by one part of the fade in a frame.
    pub fn step<'a>(
        &self,
        facts: &BTreeMap<u64, Fact>,
        fading: impl Iterator<Item = &'a Delayed>,
        fade: u64,
    ) -> f64 {
        let wires: BTreeSet<Delayed> = self.delayed().into_iter().chain(fading.copied()).collect();
        let ids: BTreeSet<u64> = wires.iter().flat_map(|(wire, _)| [wire.0, wire.2]).collect();
        let own = |id: &u64| (facts[id].level.abs(), facts[id].slope);
        let mut bounds: BTreeMap<u64, (f64, f64)> = ids.iter().map(|id| (*id, own(id))).collect();
        // As often as a way can be long. What is turned around is a cycle here, and never is one there: more, not less.
        for _ in 0..ids.len() {
            let mut next: BTreeMap<u64, (f64, f64)> = ids.iter().map(|id| (*id, own(id))).collect();
            for ((to, port, from), _) in &wires {
                let gain = facts[to].gains[*port];
                let (most, step) = bounds[from];
                let sum = next.entry(*to).or_default();
                *sum = (sum.0 + gain * most, sum.1 + gain * (step + most / fade as f64));
            }
            if next == bounds {
                break;
            }
            bounds = next;
        }
        bounds.get(&OUTPUT).map_or(0.0, |bound| bound.1)
    }
}
