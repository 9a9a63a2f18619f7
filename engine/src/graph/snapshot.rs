//! A look at the graph: what is in it, how it is connected, and what each node takes.

use super::{
    desk::Desk,
    node::NodeId,
    spec::{ParamInfo, Tail},
};
use crate::sync::Ordering;
use std::fmt::Write;

/// A graph as it was when somebody looked.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Snapshot {
    /// Its nodes, in the order in which they were made.
    pub nodes: Vec<NodeInfo>,
    /// Its connections.
    pub connections: Vec<Connection>,
    /// Frames from a source to the output.
    pub latency: u64,
}

/// A node of a [`Snapshot`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NodeInfo {
    /// Its number.
    pub id: NodeId,
    /// What it is, or was called.
    pub name: String,
    /// Channels of its inputs: the main one first, then the side-chains. None for a source.
    pub inputs: Vec<usize>,
    /// Channels of its output. None for a sink.
    pub output: usize,
    /// Frames that its output is late.
    pub latency: u32,
    /// How long it sounds on.
    pub tail: Tail,
    /// Its parameters.
    pub params: Vec<ParamInfo>,
    /// The part of the time of a block that it has taken (1 is all of it), in all that was measured. `None`: nothing was.
    pub share: Option<f64>,
    /// It has panicked, and is silent since: it is to be removed.
    pub has_failed: bool,
}

/// A connection of a [`Snapshot`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Connection {
    /// The node whose output it comes from.
    pub from: NodeId,
    /// The node that it goes to.
    pub to: NodeId,
    /// Into which input: 0 is the main one, side-chains follow.
    pub port: usize,
    /// Frames that it is held back, to be level with other paths.
    pub delay: u32,
}

impl Snapshot {
    pub(super) fn of(desk: &Desk) -> Self {
        let model = desk.model();
        let seconds = desk.costs.frames() as f64 / f64::from(desk.setup().sample_rate);
        let share = |slot: Option<&u32>| {
            let nanos = desk.costs.nanos(*slot? as usize);
            (seconds > 0.0).then(|| nanos as f64 * 1e-9 / seconds)
        };
        let nodes = model.nodes.values().map(|node| NodeInfo {
            id: node.id(),
            name: node.name.clone(),
            inputs: node.layout.inputs.clone(),
            output: node.layout.output,
            latency: node.layout.latency,
            tail: node.layout.tail,
            params: node.shared.params.clone(),
            share: share(node.shared.slot.get()),
            has_failed: node.shared.has_failed.load(Ordering::Relaxed),
        });
        let connections = model.wires.iter().map(|(wire, made)| Connection {
            from: wire.from,
            to: wire.to,
            port: wire.port,
            delay: made.delay,
        });
        Self { nodes: nodes.collect(), connections: connections.collect(), latency: model.latency }
    }

    /// The graph in the language of Graphviz.
    pub fn to_dot(&self) -> String {
        let mut dot =
            String::from("digraph codetta {\n  rankdir=LR;\n  node [shape=box, fontname=\"sans-serif\"];\n");
        for node in &self.nodes {
            let mut label = format!("{}\\n{}", node.id, escaped(&node.name));
            if node.latency > 0 {
                let _ = write!(label, "\\nlatency {}", node.latency);
            }
            if let Some(share) = node.share {
                let _ = write!(label, "\\n{:.2} %", share * 100.0);
            }
            let _ = writeln!(dot, "  n{} [label=\"{label}\"];", node.id.0);
        }
        for edge in &self.connections {
            let mut marks = Vec::new();
            if edge.port > 0 {
                marks.push(format!("style=dashed, label=\"side {}\"", edge.port - 1));
            }
            if edge.delay > 0 {
                marks.push(format!("taillabel=\"+{}\"", edge.delay));
            }
            let _ = writeln!(dot, "  n{} -> n{} [{}];", edge.from.0, edge.to.0, marks.join(", "));
        }
        dot.push_str("}\n");
        dot
    }
}

fn escaped(name: &str) -> String {
    name.replace('\\', "\\\\").replace('"', "\\\"")
}
