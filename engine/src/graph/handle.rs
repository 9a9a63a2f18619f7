//! The graph, as its owner holds it.

use super::{desk::Desk, edit::Edit, snapshot::Snapshot};
use std::sync::Arc;

/// A session's graph: streams feed it, the output hears it, and it is edited while it runs.
///
/// **Thread**: any; cheap to clone. No call on it waits for the audio thread.
#[derive(Debug, Clone)]
pub struct Graph(Arc<Desk>);

impl Graph {
    pub(crate) fn new(desk: Arc<Desk>) -> Self {
        Self(desk)
    }

    /// Begins an edit. Nothing happens before it is committed.
    pub fn edit(&self) -> Edit {
        Edit::new(Arc::clone(&self.0))
    }

    /// Whether the audio thread has taken every edit that was committed.
    pub fn is_taken(&self) -> bool {
        self.0.is_taken()
    }

    /// Frames from a stream to the output: the longest path's latency, to which all others are delayed.
    pub fn latency(&self) -> u64 {
        self.0.model().latency
    }

    /// Measures what each node takes, from now on, or no longer: two looks at the clock for each node and block.
    pub fn measure(&self, is_wanted: bool) {
        self.0.costs.want(is_wanted);
    }

    /// The graph as it is committed: nodes, connections, latencies, and what each node takes, if that is
    /// [measured](Self::measure).
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::of(&self.0)
    }

    /// The graph in the language of Graphviz: `dot -Tsvg` makes a picture of it.
    pub fn to_dot(&self) -> String {
        self.snapshot().to_dot()
    }
}
