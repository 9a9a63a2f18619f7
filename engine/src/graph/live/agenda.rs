//! Commands to nodes that wait for their frame, and those that fall into the block at hand.

use super::slot::Slot;
use crate::{
    graph::{
        NodeId,
        commands::{NodeCommand, NodeKey, NodeOp},
    },
    log::{Log, What},
};
use std::{cmp::Ordering, collections::BinaryHeap};

/// A command that waits. Those for one frame are carried out in the order in which they came.
#[derive(Debug, Clone, Copy)]
struct Waiting {
    at: u64,
    number: u64,
    node: NodeKey,
    op: NodeOp,
}

impl Ord for Waiting {
    /// The next to be carried out is the greatest: that is the one that a heap gives first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.number).cmp(&(self.at, self.number))
    }
}

impl PartialOrd for Waiting {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Waiting {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Waiting {}

/// A command of this block. A node's are a list through `next`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Due {
    pub(crate) offset: u32,
    pub(crate) next: u32,
    pub(crate) op: NodeOp,
}

/// What is to happen, and when. It never grows: senders hold a place for each command that is not carried out.
#[derive(Debug)]
pub(crate) struct Agenda {
    waiting: BinaryHeap<Waiting>,
    due: Vec<Due>,
    /// Nodes that have commands in this block.
    of: Vec<NodeKey>,
    came: u64,
    done: u64,
}

impl Agenda {
    /// **Control**: allocates.
    pub(crate) fn new(places: usize) -> Self {
        let node = NodeKey { slot: u32::MAX, id: u64::MAX };
        let op = NodeOp::Trigger { index: 0, value: 0.0 };
        // Filled once, so that the memory is there: its first touch would be a page fault on the audio thread.
        let mut waiting = vec![Waiting { at: 0, number: 0, node, op }; places];
        let mut due = vec![Due { offset: 0, next: 0, op }; places];
        let mut of = vec![node; places];
        waiting.clear();
        due.clear();
        of.clear();
        Self { waiting: BinaryHeap::from(waiting), due, of, came: 0, done: 0 }
    }

    /// A command has come, at the start of the block that begins at `clock`: carried out, or put down for later.
    pub(crate) fn take(
        &mut self,
        command: NodeCommand,
        clock: u64,
        nodes: &mut [Option<Box<Slot>>],
        log: &mut Log,
    ) {
        let NodeCommand { node, at, op } = command;
        self.came += 1;
        if at <= clock {
            // Those that came before and wait for this frame or an earlier one were carried out already.
            if let Some(slot) = find(nodes, node) {
                log.note(clock, What::Node(NodeId(node.id), op));
                slot.obey(op, clock);
            }
            // Only what is for a frame holds a place.
            self.done += u64::from(at > 0);
        } else if self.waiting.len() < self.waiting.capacity() {
            self.waiting.push(Waiting { at, number: self.came, node, op });
        } else {
            debug_assert!(false, "a sender has a place for each command");
            self.done += 1;
        }
    }

    /// Nodes have gone: what waits for them is not carried out, and leaves its place.
    pub(crate) fn forget(&mut self, nodes: &[Option<Box<Slot>>]) {
        let before = self.waiting.len();
        self.waiting.retain(|waiting| {
            let slot = nodes.get(waiting.node.slot as usize).and_then(Option::as_deref);
            slot.is_some_and(|slot| slot.id == waiting.node.id)
        });
        self.done += (before - self.waiting.len()) as u64;
    }

    /// Carries out what waits for `clock` or an earlier frame: before commands that come now, since it came earlier.
    pub(crate) fn obey_past(&mut self, clock: u64, nodes: &mut [Option<Box<Slot>>], log: &mut Log) {
        while let Some(next) = self.waiting.peek().copied().filter(|next| next.at <= clock) {
            self.waiting.pop();
            self.done += 1;
            if let Some(slot) = find(nodes, next.node) {
                log.note(clock, What::Node(NodeId(next.node.id), next.op));
                slot.obey(next.op, clock);
            }
        }
    }

    /// Gives the nodes their commands of the block of `frames` frames from `clock` on.
    pub(crate) fn open(&mut self, clock: u64, frames: usize, nodes: &mut [Option<Box<Slot>>], log: &mut Log) {
        let end = clock + frames as u64;
        while let Some(next) = self.waiting.peek().copied().filter(|next| next.at < end) {
            self.waiting.pop();
            self.done += 1;
            let Some(slot) = find(nodes, next.node) else { continue };
            log.note(next.at, What::Node(NodeId(next.node.id), next.op));
            let index = self.due.len() as u32;
            self.due.push(Due { offset: next.at.saturating_sub(clock) as u32, next: index, op: next.op });
            slot.due = Some(match slot.due {
                Some((first, last)) => {
                    self.due[last as usize].next = index;
                    (first, index)
                }
                None => {
                    self.of.push(next.node);
                    (index, index)
                }
            });
        }
    }

    /// The block's commands, by index.
    #[inline]
    pub(crate) fn due(&self) -> &[Due] {
        &self.due
    }

    /// The block is over: nodes that were not called in it obey all the same. Answers how many commands are done, ever.
    pub(crate) fn close(&mut self, clock: u64, nodes: &mut [Option<Box<Slot>>]) -> u64 {
        for node in self.of.drain(..) {
            let Some(slot) = find(nodes, node) else { continue };
            while let Some((next, last)) = slot.due {
                let due = self.due[next as usize];
                slot.due = (next != last).then_some((due.next, last));
                slot.obey(due.op, clock + u64::from(due.offset));
            }
        }
        self.due.clear();
        self.done
    }
}

/// The node that a command is for, unless it has gone.
fn find(nodes: &mut [Option<Box<Slot>>], key: NodeKey) -> Option<&mut Slot> {
    nodes.get_mut(key.slot as usize)?.as_deref_mut().filter(|slot| slot.id == key.id)
}
