//! From nodes and connections to the list of steps that the audio thread carries out.
//!
//! Nodes are taken depth first from the output back, so that a sound is used soon after it is made: a tree of any width
//! needs one buffer for each level, and a chain needs one. A buffer that nobody else needs is passed on as it is.

use super::{
    audio::STRIDE,
    model::{Kind, NodeFacts, OUTPUT, STREAMS, Wire},
    node::NodeId,
    processor::MAX_FRAMES,
    program::{Buffer, InputAt, Program, Step},
};
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};

/// A connection to be compiled.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Edge {
    pub(crate) wire: Wire,
    /// Its place on the audio thread, if it fades or delays.
    pub(crate) state: Option<u32>,
}

/// There is a cycle among what is to be compiled.
#[derive(Debug)]
pub(crate) struct Cyclic;

/// Compiles all of it: what nothing hears goes on too, so that it is where it would be when it is heard again. `edges` are
/// in the order in which sums are made.
pub(crate) fn compile(
    nodes: &BTreeMap<NodeId, Arc<NodeFacts>>,
    edges: &[Edge],
    channels: usize,
) -> Result<Program, Cyclic> {
    let mut compiler = Compiler::new(nodes, edges);
    compiler.count_uses();
    // The output first, since most lead there; then what leads nowhere else.
    let is_output = |node: &usize| compiler.nodes[*node].facts.kind == Kind::Output;
    let is_end = |node: &usize| compiler.nodes[*node].uses == 0;
    let (outputs, rest): (Vec<_>, Vec<_>) = (0..compiler.nodes.len()).filter(is_end).partition(is_output);
    for root in outputs.into_iter().chain(rest) {
        compiler.visit(root)?;
    }
    // In a cycle every node leads on.
    if compiler.nodes.iter().any(|node| node.state == State::Unseen) {
        return Err(Cyclic);
    }
    Ok(compiler.finish(channels))
}

struct Visited<'a> {
    facts: &'a NodeFacts,
    /// What it hears, in order.
    inputs: Vec<(Edge, usize)>,
    /// Connections from it that are still to be made.
    uses: usize,
    state: State,
}

#[derive(Clone, Copy, PartialEq)]
enum State {
    Unseen,
    /// Its inputs are being made: meeting it again is a cycle.
    Open,
    Done(Buffer),
}

/// A node whose inputs are being made.
struct Frame {
    node: usize,
    next: usize,
    /// What each of its inputs has got so far.
    sums: Vec<Option<Buffer>>,
}

struct Compiler<'a> {
    nodes: Vec<Visited<'a>>,
    program: Program,
    free: HashMap<u32, Vec<Buffer>>,
    inputs: Vec<u64>,
}

impl<'a> Compiler<'a> {
    fn new(nodes: &'a BTreeMap<NodeId, Arc<NodeFacts>>, edges: &[Edge]) -> Self {
        let index: HashMap<NodeId, usize> =
            nodes.keys().enumerate().map(|(index, id)| (*id, index)).collect();
        let unseen =
            |facts: &'a Arc<NodeFacts>| Visited { facts, inputs: Vec::new(), uses: 0, state: State::Unseen };
        let mut visited: Vec<Visited<'a>> = nodes.values().map(unseen).collect();
        for edge in edges {
            if let (Some(from), Some(to)) = (index.get(&edge.wire.from), index.get(&edge.wire.to)) {
                visited[*to].inputs.push((*edge, *from));
            }
        }
        let inputs =
            nodes.values().filter(|node| node.kind == Kind::Input).map(|node| node.shared.id).collect();
        Self { nodes: visited, program: Program::default(), free: HashMap::new(), inputs }
    }

    /// Counts the connections from each node.
    fn count_uses(&mut self) {
        for node in 0..self.nodes.len() {
            for index in 0..self.nodes[node].inputs.len() {
                let from = self.nodes[node].inputs[index].1;
                self.nodes[from].uses += 1;
            }
        }
    }

    /// Depth first, with a stack of its own: a chain may be long.
    fn visit(&mut self, root: usize) -> Result<(), Cyclic> {
        if self.nodes[root].state != State::Unseen {
            return Ok(());
        }
        let mut stack = vec![self.enter(root)];
        while let Some(frame) = stack.last_mut() {
            let Some((edge, from)) = self.nodes[frame.node].inputs.get(frame.next).copied() else {
                let Some(frame) = stack.pop() else { break };
                self.leave(frame);
                continue;
            };
            match self.nodes[from].state {
                State::Unseen => {
                    let entered = self.enter(from);
                    stack.push(entered);
                }
                State::Open => return Err(Cyclic),
                State::Done(buffer) => {
                    frame.next += 1;
                    let (node, port) = (frame.node, edge.wire.port);
                    let sum = self.mix(edge, from, buffer, node, frame.sums[port]);
                    frame.sums[port] = Some(sum);
                }
            }
        }
        Ok(())
    }

    fn enter(&mut self, node: usize) -> Frame {
        self.nodes[node].state = State::Open;
        Frame { node, next: 0, sums: vec![None; self.nodes[node].facts.layout.inputs.len()] }
    }

    /// Adds a sound to one of a node's inputs. Answers the input's buffer.
    fn mix(&mut self, edge: Edge, from: usize, buffer: Buffer, to: usize, sum: Option<Buffer>) -> Buffer {
        self.nodes[from].uses -= 1;
        let is_last = self.nodes[from].uses == 0;
        let facts = self.nodes[to].facts;
        let channels = facts.layout.inputs[edge.wire.port];
        let width = if edge.wire.port == 0 { facts.width() } else { channels } as u32;
        let spread = self.nodes[from].facts.layout.output != channels;
        if sum.is_none() && is_last && !spread && edge.state.is_none() && buffer.width == width {
            return buffer;
        }
        let fresh = sum.is_none();
        let into = sum.unwrap_or_else(|| self.take(width));
        let channels = channels as u32;
        self.program.steps.push(Step::Mix {
            from: buffer,
            to: into,
            channels,
            spread,
            fresh,
            edge: edge.state,
        });
        if is_last {
            self.give(buffer);
        }
        into
    }

    /// The node's inputs are made: now the node itself.
    fn leave(&mut self, frame: Frame) {
        let Frame { node, mut sums, .. } = frame;
        let facts = self.nodes[node].facts;
        let is_connected = matches!(sums.first(), Some(Some(_)));
        let main = sums.first_mut().and_then(Option::take);
        let buffer = main.unwrap_or_else(|| self.take(facts.width() as u32));
        match facts.kind {
            Kind::Input => {
                let input = self.inputs.iter().position(|id| *id == facts.shared.id).unwrap_or(0) as u32;
                self.program.steps.push(Step::Input { input, to: buffer });
            }
            Kind::Output => {
                if !is_connected {
                    self.program.steps.push(Step::Silence { to: buffer });
                }
                self.program.output = Some(buffer);
            }
            Kind::Processor => {
                // A source looks at no input.
                if !is_connected && !facts.layout.inputs.is_empty() {
                    self.program.steps.push(Step::Silence { to: buffer });
                }
                let start = self.program.sides.len() as u32;
                let channels = facts.layout.inputs.iter().skip(1);
                let sides = sums.iter().skip(1).copied();
                self.program.sides.extend(sides.zip(channels.map(|channels| *channels as u32)));
                let sides = (start, self.program.sides.len() as u32);
                let slot = facts.shared.slot.get().copied().unwrap_or(u32::MAX);
                self.program.steps.push(Step::Process { slot, buffer, sides, ahead: [u32::MAX; 2] });
                for side in sums.into_iter().flatten() {
                    self.give(side);
                }
            }
        }
        // The output's is read after all steps.
        if self.nodes[node].uses == 0 && facts.kind != Kind::Output {
            self.give(buffer);
        }
        self.nodes[node].state = State::Done(buffer);
    }

    fn take(&mut self, width: u32) -> Buffer {
        if let Some(buffer) = self.free.get_mut(&width).and_then(Vec::pop) {
            return buffer;
        }
        let buffer = Buffer { at: self.program.arena as u32, hull: self.program.hulls as u32, width };
        self.program.arena += width as usize * STRIDE;
        self.program.hulls += 1;
        buffer
    }

    fn give(&mut self, buffer: Buffer) {
        self.free.entry(buffer.width).or_default().push(buffer);
    }

    fn finish(mut self, channels: usize) -> Program {
        for node in std::mem::take(&mut self.inputs) {
            self.program.inputs.push(InputAt { node, at: self.program.arena as u32 });
            self.program.arena += MAX_FRAMES * channels;
        }
        self.look_ahead();
        self.program.is_direct = self.program.inputs.len() == 1 && self.is_direct();
        self.program
    }

    /// Tells each processor's step which are called soon: there may be more than the caches hold.
    fn look_ahead(&mut self) {
        const AHEAD: [usize; 2] = [4, 2];
        let slot = |step: &Step| match step {
            Step::Process { slot, .. } => Some(*slot),
            _ => None,
        };
        let slots: Vec<u32> = self.program.steps.iter().filter_map(slot).collect();
        let mut at = 0;
        for step in &mut self.program.steps {
            if let Step::Process { ahead, .. } = step {
                *ahead = AHEAD.map(|far| slots.get(at + far).copied().unwrap_or(u32::MAX));
                at += 1;
            }
        }
    }

    /// The streams' input goes to the output, nothing else does, and nothing watches.
    fn is_direct(&self) -> bool {
        let only_input = |node: &Visited<'_>| matches!(&node.inputs[..], [(edge, _)] if edge.state.is_none() && edge.wire.from.0 == STREAMS);
        let done = self.nodes.iter().filter(|node| matches!(node.state, State::Done(_))).count();
        done == 2 && self.nodes.iter().any(|node| node.facts.shared.id == OUTPUT && only_input(node))
    }
}
