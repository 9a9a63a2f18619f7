//! Why an edit cannot be.

use super::{edit::Edit, node::NodeId};
use std::{error::Error, fmt};

/// A node, as errors and pictures call it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct NodeName {
    /// Its number.
    pub id: NodeId,
    /// What it is, or was called.
    pub name: String,
}

impl fmt::Display for NodeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({})", self.id, self.name)
    }
}

/// Why a commit was refused. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum EditError {
    /// The sound would have to be there before itself. For an echo there is the feedback inside a
    /// [`Delay`](crate::nodes::Delay); nothing makes a cycle of connections possible.
    #[error("a cycle: {}", path(nodes))]
    Cycle {
        /// The nodes of the cycle, each connected to the next, and the last to the first.
        nodes: Vec<NodeName>,
    },
    /// Only one channel goes to any number of channels; other counts must be equal.
    #[error("{from} has {output} channels, and {} of {to} takes {input}: only one goes to any number", named(*port))]
    Channels {
        /// The node that the connection comes from.
        from: NodeName,
        /// Channels of its output.
        output: usize,
        /// The node that it goes to.
        to: NodeName,
        /// Which of its inputs: 0 is the main one, side-chains follow.
        port: usize,
        /// Channels of that input.
        input: usize,
    },
    /// A source takes nothing, and other nodes have so many inputs.
    #[error("{to} has no {}: it has {}", named(*port).trim_start_matches("the "), counted(*inputs))]
    NoInput {
        /// The node.
        to: NodeName,
        /// The input asked for: 0 is the main one.
        port: usize,
        /// How many it has.
        inputs: usize,
    },
    /// A sink has no output.
    #[error("{from} has no output")]
    NoOutput {
        /// The node.
        from: NodeName,
    },
    /// It was removed, or was never committed, or is another graph's.
    #[error("{node} is not in this graph: it was removed, was never committed, or is another session's")]
    Unknown {
        /// The node.
        node: NodeId,
    },
    /// The output, and the input of all streams, stay.
    #[error("{node} cannot be removed")]
    Fixed {
        /// The node.
        node: NodeName,
    },
    /// They are connected already.
    #[error("{from} and {} of {to} are connected already", named(*port))]
    Connected {
        /// The node that the connection comes from.
        from: NodeName,
        /// The node that it goes to.
        to: NodeName,
        /// Which of its inputs.
        port: usize,
    },
    /// They are not connected.
    #[error("{from} and {} of {to} are not connected", named(*port))]
    NotConnected {
        /// The node that the connection would come from.
        from: NodeName,
        /// The node that it would go to.
        to: NodeName,
        /// Which of its inputs.
        port: usize,
    },
    /// Start the session with a higher `max_nodes`.
    #[error("the graph would have {nodes} nodes, and has room for {max}: see `SessionBuilder::max_nodes`")]
    TooManyNodes {
        /// How many there would be.
        nodes: usize,
        /// The session's maximum.
        max: usize,
    },
    /// Start the session with a higher `max_nodes`: four connections for each.
    #[error(
        "the graph would have {connections} connections, and has room for {max}: see `SessionBuilder::max_nodes`"
    )]
    TooManyConnections {
        /// How many there would be.
        connections: usize,
        /// The session's maximum.
        max: usize,
    },
    /// A processor is wrong about itself: parameters are numbered from 0 without a gap, a default lies in its range, inputs
    /// and outputs have 1 to 8 channels, and there are up to 8 side-chains.
    #[error("{node} declares {what}")]
    Processor {
        /// The node.
        node: NodeName,
        /// What it says, and cannot be.
        what: &'static str,
    },
    /// The audio thread has not taken the last edits yet. A retry helps, once it renders.
    #[error("the audio thread has not taken the last edits yet")]
    Busy,
    /// The session is over.
    #[error("the session is closed")]
    Closed,
}

/// An input, as whoever connects it names it.
fn named(port: usize) -> String {
    match port.checked_sub(1) {
        None => "the main input".to_owned(),
        Some(side) => format!("side-chain {side}"),
    }
}

/// The inputs that there are.
fn counted(inputs: usize) -> String {
    match inputs {
        0 => "none, it is a source".to_owned(),
        1 => "a main input only".to_owned(),
        2 => "a main input and side-chain 0".to_owned(),
        _ => format!("a main input and side-chains 0 to {}", inputs - 2),
    }
}

fn path(nodes: &[NodeName]) -> String {
    let names: Vec<String> = nodes.iter().chain(nodes.first()).map(NodeName::to_string).collect();
    names.join(" → ")
}

/// A commit that was refused, with everything that was to be committed.
///
/// Its `Debug` is its message too: that is what `fn main() -> Result` prints.
pub struct Refused {
    /// Why.
    pub why: EditError,
    /// The edit, as it was: to be amended, tried again, or dropped.
    pub edit: Box<Edit>,
}

impl fmt::Debug for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.why, f)
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.why, f)
    }
}

impl Error for Refused {}
