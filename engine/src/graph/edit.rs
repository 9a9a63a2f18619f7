//! An edit: changes that happen together in one block, or not at all.

#![allow(clippy::disallowed_types, reason = "written once by whoever commits")]

use super::{
    desk::Desk,
    ends::{SessionOutput, StreamInput},
    error::Refused,
    live::slot::Slot,
    model::{Kind, NodeFacts, Wire},
    node::{Node, NodeId, NodeShared},
    processor::{Companion, Processor},
    spec::Layout,
};
use crate::sync::AtomicBool;
use std::{
    fmt,
    sync::{Arc, OnceLock},
};

/// One change.
pub(crate) enum Change {
    Add(Added),
    Remove(NodeId),
    Connect(Wire),
    Disconnect(Wire),
    /// A node of another graph was named.
    Foreign(NodeId),
}

/// A node that is to be added, and what belongs to it.
pub(crate) struct Added {
    pub(crate) facts: Arc<NodeFacts>,
    /// None for a stream input, and once it is sent.
    pub(crate) slot: Option<Box<Slot>>,
    pub(crate) companion: Option<Box<dyn Companion>>,
    /// What the processor says of itself, and cannot be.
    pub(crate) wrong: Option<&'static str>,
}

/// Changes to a graph: nothing happens before [`commit`](Self::commit), and then all of it.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use codetta::{Session, graph::Db, nodes::Gain};
///
/// let session = Session::builder().start()?;
/// let graph = session.graph();
///
/// // The streams go through a gain.
/// let mut edit = graph.edit();
/// let gain = edit.add(Gain::new());
/// let (streams, output) = (edit.streams(), edit.output());
/// edit.disconnect(&streams, &output).connect(&streams, &gain).connect(&gain, &output);
/// edit.commit()?;
///
/// let _ = gain.param(Gain::LEVEL).set(Db(-6.0));
/// # Ok(())
/// # }
/// ```
///
/// **Thread**: any. It allocates, and never waits for the audio thread. Dropped without a commit, nothing has happened.
#[must_use = "nothing happens before the commit"]
pub struct Edit {
    pub(super) desk: Arc<Desk>,
    pub(super) changes: Vec<Change>,
}

impl Edit {
    pub(super) fn new(desk: Arc<Desk>) -> Self {
        Self { desk, changes: Vec::new() }
    }

    /// Adds a processor, which is prepared at once. It is heard when something connects it to the output.
    pub fn add<P: Processor>(&mut self, mut processor: P) -> Node<P> {
        let setup = self.desk.setup();
        let layout = processor.prepare(&setup);
        let companion = processor.companion();
        let shared = self.share(processor.params());
        let wrong = super::declared::wrong(&layout, &shared.params);
        let name = processor.name().to_owned();
        let slot =
            Slot::new((shared.id, Arc::clone(&shared.has_failed)), Box::new(processor), &layout, &setup);
        let facts = NodeFacts { kind: Kind::Processor, name, layout, shared: Arc::clone(&shared) };
        self.push(facts, Some(Box::new(slot)), companion, wrong);
        Node::new(shared, self.desk.link())
    }

    /// Adds an input for streams: those that are made with
    /// [`StreamConfig::input`](crate::StreamConfig::input) go into it, and not to the output.
    pub fn add_input(&mut self, name: &str) -> Node<StreamInput> {
        let shared = self.share(Vec::new());
        let layout = Layout::source(self.desk.setup().channels);
        let facts =
            NodeFacts { kind: Kind::Input, name: name.to_owned(), layout, shared: Arc::clone(&shared) };
        self.push(facts, None, None, None);
        Node::new(shared, self.desk.link())
    }

    fn share(&self, params: Vec<super::ParamInfo>) -> Arc<NodeShared> {
        let id = self.desk.next_id();
        Arc::new(NodeShared {
            id,
            slot: OnceLock::new(),
            params,
            is_in_graph: AtomicBool::new(false),
            has_failed: Arc::default(),
        })
    }

    fn push(
        &mut self,
        facts: NodeFacts,
        slot: Option<Box<Slot>>,
        companion: Option<Box<dyn Companion>>,
        wrong: Option<&'static str>,
    ) {
        self.changes.push(Change::Add(Added { facts: Arc::new(facts), slot, companion, wrong }));
    }

    /// The input of all streams that were not given one of their own.
    pub fn streams(&self) -> Node<StreamInput> {
        self.desk.streams()
    }

    /// What is heard.
    pub fn output(&self) -> Node<SessionOutput> {
        self.desk.output()
    }

    /// Removes a node, and everything that is connected to it. It fades, is freed on the control thread, and its handle is
    /// of no use any more. Streams whose input is removed go on in that of all streams.
    pub fn remove<P>(&mut self, node: &Node<P>) -> &mut Self {
        let change = Change::Remove(node.id());
        self.change(change, &[self.is_own(node)], &[node.id()])
    }

    /// Connects an output to a main input. What is connected to one input is summed; one channel goes to every channel.
    pub fn connect<A, B>(&mut self, from: &Node<A>, to: &Node<B>) -> &mut Self {
        self.wire(Change::Connect, from, to, 0)
    }

    /// Connects an output to side-chain `side` (from 0) of a node.
    pub fn connect_side<A, B>(&mut self, from: &Node<A>, to: &Node<B>, side: usize) -> &mut Self {
        self.wire(Change::Connect, from, to, side.saturating_add(1))
    }

    /// Takes a connection to a main input away.
    pub fn disconnect<A, B>(&mut self, from: &Node<A>, to: &Node<B>) -> &mut Self {
        self.wire(Change::Disconnect, from, to, 0)
    }

    /// Takes a connection to a side-chain away.
    pub fn disconnect_side<A, B>(&mut self, from: &Node<A>, to: &Node<B>, side: usize) -> &mut Self {
        self.wire(Change::Disconnect, from, to, side.saturating_add(1))
    }

    fn wire<A, B>(
        &mut self,
        change: fn(Wire) -> Change,
        from: &Node<A>,
        to: &Node<B>,
        port: usize,
    ) -> &mut Self {
        let wire = Wire { to: to.id(), port, from: from.id() };
        let are_own = [self.is_own(from), self.is_own(to)];
        self.change(change(wire), &are_own, &[from.id(), to.id()])
    }

    /// Numbers are those of one graph.
    fn is_own<P>(&self, node: &Node<P>) -> bool {
        Arc::ptr_eq(&node.link, &self.desk.link())
    }

    fn change(&mut self, change: Change, are_own: &[bool], nodes: &[NodeId]) -> &mut Self {
        let foreign = are_own.iter().zip(nodes).find(|(is_own, _)| !**is_own);
        self.changes.push(foreign.map_or(change, |(_, node)| Change::Foreign(*node)));
        self
    }

    /// Makes all of it happen, at the start of the next block, or nothing. What goes fades out while what comes fades in
    /// (5 ms at 48 kHz; later by the latency of what is new), so it does not click. Where old and new connections
    /// together would be a cycle, the new ones fade in at the frame at which the old ones have faded out; until then other
    /// edits are refused as [`Busy`](super::EditError::Busy).
    ///
    /// **Thread**: any. Compiles, and waits for no audio thread.
    ///
    /// # Errors
    /// [`Refused`] says why, and gives the edit back. Nothing has changed then.
    pub fn commit(self) -> Result<(), Refused> {
        let Self { desk, mut changes } = self;
        let committed = desk.commit(&mut changes);
        committed.map_err(|why| Refused { why, edit: Box::new(Self { desk, changes }) })
    }
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Edit").field("changes", &self.changes.len()).finish()
    }
}
