//! The graph on the audio thread: it carries out the program, and takes and gives back what control sends.
//!
//! | file | idea |
//! |---|---|
//! | `run` | one block: the program's steps |
//! | `slot` | one processor: called between its commands, or asleep |
//! | `edge` | one connection that fades or delays |
//! | `agenda` | commands that wait for their frame |
//! | `hull` | what may sound, and what is silent and costs nothing |
//! | `arena`, `mix` | the buffers, and buffers into buffers |
//! | `costs` | what each node takes, when somebody asks |
//!
//! **Thread**: everything in here runs on the audio thread: no allocation, lock, system call, panic or unbounded loop.

pub(crate) mod agenda;
pub(crate) mod arena;
pub(crate) mod costs;
pub(crate) mod edge;
pub(crate) mod hull;
mod mix;
mod run;
pub(crate) mod slot;

use super::{
    commands::NodeCommand,
    model::STREAMS,
    node::NodeId,
    processor::MAX_FRAMES,
    program::{Plan, Program},
};
use crate::log::{Log, What};
use crate::sync::{AtomicU64, Ordering, ring};
use agenda::Agenda;
use arena::Arena;
use costs::Costs;
use edge::Edge;
use hull::Hull;
use slot::Slot;
use std::{fmt, ops::Range, sync::Arc};

/// Fades of edits take 5 ms at 48 kHz: long enough to hide the step, short enough to be immediate.
pub(crate) const FADE: u32 = 240;
/// Edits whose fades are remembered apart. More of them within one fade are taken for one.
const FADES: usize = 64;
/// Side-chains that a processor may have.
pub(crate) const MAX_SIDES: usize = 8;

/// An edit whose fades are under way.
#[derive(Debug, Clone, Copy)]
struct Fading {
    generation: u64,
    until: u64,
}

/// What the audio thread tells control.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// The last edit that has been taken.
    pub(crate) taken: AtomicU64,
    /// The last edit whose fades are over, and those of all before it.
    pub(crate) settled: AtomicU64,
    /// Commands carried out, ever.
    pub(crate) done: Arc<AtomicU64>,
}

/// The audio thread's graph.
pub(crate) struct Live {
    channels: usize,
    nodes: Vec<Option<Box<Slot>>>,
    edges: Vec<Option<Box<Edge>>>,
    program: Program,
    arena: Arena,
    hulls: Vec<Hull>,
    latency: u64,
    agenda: Agenda,
    fading: Vec<Fading>,
    /// A plan that is taken at that frame.
    then: Option<(u64, Box<Plan>)>,
    home: ring::Producer<Box<Plan>>,
    told: Arc<Told>,
    costs: Arc<Costs>,
    pub(crate) log: Log,
}

impl Live {
    /// **Control**: allocates.
    pub(crate) fn new(
        channels: usize,
        (nodes, edges): (usize, usize),
        places: usize,
        home: ring::Producer<Box<Plan>>,
        (told, costs, log): (Arc<Told>, Arc<Costs>, Log),
    ) -> Self {
        Self {
            channels,
            nodes: std::iter::repeat_with(|| None).take(nodes).collect(),
            edges: std::iter::repeat_with(|| None).take(edges).collect(),
            program: Program { is_direct: true, ..Program::default() },
            arena: Arena::default(),
            hulls: Vec::new(),
            latency: 0,
            agenda: Agenda::new(places),
            fading: Vec::with_capacity(FADES),
            then: None,
            home,
            told,
            costs,
            log,
        }
    }

    /// The streams go to the output as they are.
    #[inline]
    pub(crate) fn is_direct(&self) -> bool {
        self.program.is_direct
    }

    /// Frames from a stream's mix to the output.
    pub(crate) fn latency(&self) -> u64 {
        self.latency
    }

    /// Which input is `node`'s, and whose it is; the first, if it has none.
    pub(crate) fn route(&self, node: Option<NodeId>) -> (usize, u64) {
        let wanted = node.map_or(STREAMS, |node| node.0);
        let found = self.program.inputs.iter().position(|input| input.node == wanted);
        found.map_or((0, STREAMS), |index| (index, wanted))
    }

    /// A command to a node, at the start of the block that begins at `clock`.
    pub(crate) fn obey(&mut self, command: NodeCommand, clock: u64) {
        self.agenda.take(command, clock, &mut self.nodes, &mut self.log);
    }

    /// What waited for this frame happens before what comes now.
    pub(crate) fn obey_past(&mut self, clock: u64) {
        self.agenda.obey_past(clock, &mut self.nodes, &mut self.log);
    }

    /// Takes a plan, and sends home what is not needed any more. All of it happens before the frame `clock`.
    ///
    /// Answers whether the inputs are others than before.
    pub(crate) fn install(&mut self, mut plan: Box<Plan>, clock: u64) -> bool {
        if plan.arena.len() > self.arena.len() {
            std::mem::swap(&mut self.arena, &mut plan.arena);
        }
        if plan.hulls.len() > self.hulls.len() {
            std::mem::swap(&mut self.hulls, &mut plan.hulls);
        }
        let then = plan.then.take();
        if let Some(commit) = plan.commit {
            self.log.note(clock, What::Edit(commit));
        }
        std::mem::swap(&mut self.program, &mut plan.program);
        let nodes = |program: &Program| program.inputs.len();
        let others = nodes(&self.program) != nodes(&plan.program)
            || self.program.inputs.iter().zip(&plan.program.inputs).any(|(now, then)| now.node != then.node);
        self.latency = plan.latency;
        for index in 0..plan.old_nodes.len() {
            if let Some(node) = self.nodes[plan.old_nodes[index] as usize].take() {
                plan.gone_nodes.push(node);
            }
        }
        for index in 0..plan.old_edges.len() {
            if let Some(edge) = self.edges[plan.old_edges[index] as usize].take() {
                plan.gone_edges.push(edge);
            }
        }
        for (slot, node) in plan.new_nodes.drain(..) {
            self.costs.begin(slot as usize);
            self.nodes[slot as usize] = Some(node);
        }
        for (slot, edge) in plan.new_edges.drain(..) {
            self.edges[slot as usize] = Some(edge);
        }
        let mut until = clock;
        for (slot, gain) in plan.turns.iter().copied() {
            if let Some(edge) = &mut self.edges[slot as usize] {
                until = until.max(edge.turn(clock, plan.warm_up, gain, FADE));
            }
        }
        if !plan.old_nodes.is_empty() {
            self.agenda.forget(&self.nodes);
        }
        self.remember(Fading { generation: plan.generation, until });
        if let Some(then) = then {
            let at = self.fading.iter().map(|fading| fading.until).max().unwrap_or(clock);
            // Control sends nothing before this one is taken.
            debug_assert!(self.then.is_none(), "one edit at a time takes two steps");
            self.then = Some((at, then));
        }
        // Relaxed: a number to look at; the plan itself comes home through its ring.
        self.told.taken.store(plan.generation, Ordering::Relaxed);
        // Cannot fail: the ring has a place for each plan that control has sent and not had back.
        if let Err(ring::PushError::Full(plan)) = self.home.push(plan) {
            debug_assert!(false, "every plan has its place at home");
            std::mem::forget(plan);
        }
        others
    }

    /// Takes a plan that waited for this frame. Answers whether the inputs are others than before.
    pub(crate) fn go_on(&mut self, clock: u64) -> bool {
        match self.then.take_if(|(at, _)| *at <= clock) {
            Some((_, plan)) => self.install(plan, clock),
            None => false,
        }
    }

    /// Frames until the next plan is to be taken.
    pub(crate) fn until_then(&self, clock: u64) -> usize {
        let until = self.then.as_ref().map_or(u64::MAX, |(at, _)| at.saturating_sub(clock).max(1));
        usize::try_from(until).unwrap_or(usize::MAX)
    }

    fn remember(&mut self, fading: Fading) {
        let is_full = self.fading.len() == FADES;
        match self.fading.last_mut() {
            Some(last) if is_full => {
                *last = Fading { until: last.until.max(fading.until), ..fading };
            }
            _ => self.fading.push(fading),
        }
    }

    /// Silences the inputs' places, for the streams to mix into.
    pub(crate) fn open(&mut self, clock: u64, frames: usize) {
        self.agenda.open(clock, frames, &mut self.nodes, &mut self.log);
        if self.program.is_direct {
            return;
        }
        for index in 0..self.program.inputs.len() {
            let span = self.input(index, frames);
            self.arena[span].fill(0.0);
        }
    }

    /// The inputs' places, each of [`BLOCK`] interleaved frames behind the one before, and how many they are.
    pub(crate) fn inputs_mut(&mut self) -> (&mut [f32], usize) {
        let at = self.program.inputs.first().map_or(0, |input| input.at as usize);
        (&mut self.arena[at..], self.program.inputs.len())
    }

    fn input(&self, index: usize, frames: usize) -> Range<usize> {
        let at = self.program.inputs[index].at as usize;
        at..at + frames * self.channels
    }

    /// The block is over, and the next begins at `clock`.
    pub(crate) fn close(&mut self, began: u64, clock: u64) {
        let done = self.agenda.close(began, &mut self.nodes);
        // Release: whoever sees a place left may fill it.
        self.told.done.store(done, Ordering::Release);
        let over = self.fading.iter().take_while(|fading| fading.until <= clock).count();
        if over > 0 {
            // Release: control drops what faded once it sees this.
            self.told.settled.store(self.fading[over - 1].generation, Ordering::Release);
            self.fading.drain(..over);
        }
    }
}

/// Frames that the graph renders at a time.
pub(crate) const BLOCK: usize = MAX_FRAMES;

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("steps", &self.program.steps.len()).finish_non_exhaustive()
    }
}
