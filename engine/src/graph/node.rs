//! A node of the graph, as its owner holds it: a typed handle, through which its parameters are set.

#![allow(clippy::disallowed_types, reason = "written once by whoever commits, read by callers")]

use super::{
    commands::{NodeCommand, NodeKey, NodeOp, When},
    link::Link,
    ramp::Curve,
    spec::{ParamInfo, ParamSpec, TriggerSpec},
    unit::Unit,
};
use crate::stream::Command;
use crate::sync::{AtomicBool, Ordering};
use std::{
    fmt,
    marker::PhantomData,
    sync::{Arc, OnceLock},
    time::Duration,
};

/// A node's number in its graph, never used twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(transparent))]
pub struct NodeId(pub u64);

impl fmt::Display for NodeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "node {}", self.0)
    }
}

/// What the handles of a node share.
#[derive(Debug)]
pub(crate) struct NodeShared {
    pub(crate) id: u64,
    /// Its place on the audio thread, once it has one.
    pub(crate) slot: OnceLock<u32>,
    pub(crate) params: Vec<ParamInfo>,
    /// It has been committed, and not removed.
    pub(crate) is_in_graph: AtomicBool,
    /// Its processor has panicked. The processor shares it, and is freed by control.
    pub(crate) has_failed: Arc<AtomicBool>,
}

/// A node that holds a `P`. Cheap to clone; dropping it does not remove the node.
///
/// **Thread**: any.
pub struct Node<P> {
    pub(super) shared: Arc<NodeShared>,
    pub(super) link: Arc<Link>,
    of: PhantomData<fn() -> P>,
}

impl<P> Node<P> {
    pub(crate) fn new(shared: Arc<NodeShared>, link: Arc<Link>) -> Self {
        Self { shared, link, of: PhantomData }
    }

    /// Its number.
    pub fn id(&self) -> NodeId {
        NodeId(self.shared.id)
    }

    /// A parameter of it.
    pub fn param<U: Unit>(&self, spec: ParamSpec<P, U>) -> Param<U> {
        Param {
            shared: Arc::clone(&self.shared),
            link: Arc::clone(&self.link),
            info: spec.info(),
            when: When::Now,
            of: PhantomData,
        }
    }

    /// Does what the trigger says, with a value, at a frame.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn trigger(&self, spec: TriggerSpec<P>, value: f32, when: impl Into<When>) -> Command {
        if !value.is_finite() {
            return Command::Invalid;
        }
        let op = NodeOp::Trigger { index: spec.index(), value };
        send(&self.shared, &self.link, when.into(), op)
    }

    /// Whether it has been committed, and not removed.
    pub fn is_in_graph(&self) -> bool {
        self.shared.is_in_graph.load(Ordering::Acquire)
    }
}

impl<P> Clone for Node<P> {
    fn clone(&self) -> Self {
        Self::new(Arc::clone(&self.shared), Arc::clone(&self.link))
    }
}

impl<P> fmt::Debug for Node<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Node").field(&self.shared.id).finish()
    }
}

/// A parameter of a node: set it, or let it move there.
///
/// Commands are carried out in the order in which they were sent, those with a frame at that frame.
///
/// **Thread**: any.
#[must_use]
pub struct Param<U> {
    shared: Arc<NodeShared>,
    link: Arc<Link>,
    info: ParamInfo,
    when: When,
    of: PhantomData<fn() -> U>,
}

impl<U: Unit> Param<U> {
    /// The same parameter, to be set at a frame or time of the session's clock.
    pub fn at(&self, when: impl Into<When>) -> Self {
        Self { when: when.into(), ..self.clone() }
    }

    /// Sets it, smoothed: within some milliseconds ([`ParamInfo::smoothing`]).
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn set(&self, value: U) -> Command {
        self.turn(value, self.link.frames(Duration::from_secs_f32(self.info.smoothing)), Curve::Linear)
    }

    /// Moves it to `value` in a straight line that takes `over`; without smoothing, if that is zero.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn ramp_to(&self, value: U, over: Duration) -> Command {
        self.turn(value, self.link.frames(over), Curve::Linear)
    }

    /// Moves it to `value` along a curve that takes `over`.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn curve_to(&self, value: U, over: Duration, curve: Curve) -> Command {
        self.turn(value, self.link.frames(over), curve)
    }

    /// What is known of it.
    pub fn info(&self) -> ParamInfo {
        self.info
    }

    fn turn(&self, value: U, frames: u32, curve: Curve) -> Command {
        let (low, high) = self.info.range;
        // Not a number is in no range, and what the processor does not declare is no parameter of it.
        let is_declared = (self.shared.params.len() as u64) > u64::from(self.info.index);
        if !is_declared || !(low..=high).contains(&value.number()) || !value.linear().is_finite() {
            return Command::Invalid;
        }
        let op = NodeOp::Ramp { param: self.info.index, to: value.linear(), frames, curve };
        send(&self.shared, &self.link, self.when, op)
    }
}

fn send(shared: &NodeShared, link: &Link, when: When, op: NodeOp) -> Command {
    if !shared.is_in_graph.load(Ordering::Acquire) {
        return Command::NotInGraph;
    }
    let Some(slot) = shared.slot.get() else { return Command::NotInGraph };
    let node = NodeKey { slot: *slot, id: shared.id };
    link.send(NodeCommand { node, at: when.frame(link.rate), op })
}

impl<U> Clone for Param<U> {
    fn clone(&self) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            link: Arc::clone(&self.link),
            info: self.info,
            when: self.when,
            of: PhantomData,
        }
    }
}

impl<U> fmt::Debug for Param<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Param").field("node", &self.shared.id).field("name", &self.info.name).finish()
    }
}
