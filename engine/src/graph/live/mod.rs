//! The graph on the audio thread: it carries out the program, and takes and gives back what control sends.
//!
//! | file | idea |
//! |---|---|
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
pub(crate) mod slot;

use super::{
    audio::{NO_SIDES, STRIDE, SideArena, SideAt},
    commands::NodeCommand,
    model::STREAMS,
    node::NodeId,
    processor::MAX_FRAMES,
    program::{Buffer, Plan, Program, Step},
};
use crate::{
    log::{Log, What},
    prefetch::prefetch,
};
use agenda::Agenda;
use arena::Arena;
use costs::Costs;
use edge::Edge;
use hull::Hull;
use slot::{Io, Slot, Wreck};
use std::{
    fmt,
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

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
    home: rtrb::Producer<Box<Plan>>,
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
        home: rtrb::Producer<Box<Plan>>,
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
    pub(crate) fn install(&mut self, mut plan: Box<Plan>, clock: u64) {
        if plan.arena.len() > self.arena.len() {
            std::mem::swap(&mut self.arena, &mut plan.arena);
        }
        if plan.hulls.len() > self.hulls.len() {
            std::mem::swap(&mut self.hulls, &mut plan.hulls);
        }
        if let Some(commit) = plan.commit {
            self.log.note(clock, What::Edit(commit));
        }
        std::mem::swap(&mut self.program, &mut plan.program);
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
        for (slot, gain) in plan.turns.iter().copied() {
            if let Some(edge) = &mut self.edges[slot as usize] {
                edge.turn(clock, plan.warm_up, gain, FADE);
            }
        }
        let until = if plan.turns.is_empty() { clock } else { clock + u64::from(plan.warm_up + FADE) };
        self.remember(Fading { generation: plan.generation, until });
        // Relaxed: a number to look at; the plan itself comes home through its ring.
        self.told.taken.store(plan.generation, Ordering::Relaxed);
        // Cannot fail: the ring has a place for each plan that control has sent and not had back.
        if let Err(rtrb::PushError::Full(plan)) = self.home.push(plan) {
            debug_assert!(false, "every plan has its place at home");
            std::mem::forget(plan);
        }
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

    /// Carries out the program over what the inputs hold (`live`: where each sounds), into interleaved `out`.
    pub(crate) fn run(&mut self, out: &mut [f32], clock: u64, live: impl Fn(usize) -> Hull) {
        let frames = out.len() / self.channels;
        let is_measured = self.costs.is_wanted();
        let mut next = 0;
        while next < self.program.steps.len() {
            // Once for all steps: it costs nothing where nothing panics.
            let steps = AssertUnwindSafe(|| self.run_steps(&mut next, frames, clock, is_measured, &live));
            if let Err(wreck) = catch_unwind(steps) {
                self.give_up(next, wreck);
                next += 1;
            }
        }
        match self.program.output {
            Some(buffer) if !self.hulls[buffer.hull as usize].is_silent() => {
                mix::tangle(out, &self.arena[buffer.at as usize..], self.channels);
            }
            _ => out.fill(0.0),
        }
        if is_measured {
            self.costs.passed(frames as u64);
        }
    }

    /// Carries out the steps from `next` on. Where it panics, that is the step at fault.
    fn run_steps(
        &mut self,
        next: &mut usize,
        frames: usize,
        clock: u64,
        is_measured: bool,
        live: &impl Fn(usize) -> Hull,
    ) {
        while *next < self.program.steps.len() {
            match self.program.steps[*next] {
                Step::Input { input, to } => {
                    let hull = live(input as usize);
                    if !hull.is_silent() {
                        let from = self.program.inputs[input as usize].at as usize;
                        mix::untangle(&mut self.arena, from, to.at as usize, frames, self.channels);
                    }
                    self.hulls[to.hull as usize] = hull;
                }
                Step::Silence { to } => self.hulls[to.hull as usize] = Hull::SILENT,
                Step::Mix { from, to, channels, spread, fresh, edge } => {
                    self.mix(from, to, channels as usize, spread, fresh, edge, frames, clock);
                }
                Step::Process { slot, buffer, sides, ahead } => {
                    self.look_ahead(ahead);
                    let began = is_measured.then(std::time::Instant::now);
                    self.process(slot, buffer, sides, frames, clock);
                    if let Some(began) = began {
                        self.costs.took(slot as usize, began.elapsed());
                    }
                }
            }
            *next += 1;
        }
    }

    /// A processor has panicked: it is not called again, and what it would make is silent. The rest goes on.
    #[cold]
    fn give_up(&mut self, step: usize, wreck: Wreck) {
        let Some(Step::Process { slot, buffer, .. }) = self.program.steps.get(step).copied() else {
            // No other step runs foreign code.
            std::mem::forget(wreck);
            return;
        };
        self.hulls[buffer.hull as usize] = Hull::SILENT;
        match self.nodes[slot as usize].as_deref_mut() {
            Some(node) => node.give_up(wreck),
            None => std::mem::forget(wreck),
        }
    }

    /// Asks the memory for nodes that are soon to be called: the farther one, and what the nearer one holds.
    #[inline]
    fn look_ahead(&self, [far, near]: [u32; 2]) {
        if let Some(Some(node)) = self.nodes.get(far as usize) {
            prefetch::<{ size_of::<Slot>().div_ceil(64) }, _>(&**node);
        }
        if let Some(Some(node)) = self.nodes.get(near as usize) {
            node.prefetch();
        }
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

    #[allow(clippy::too_many_arguments, reason = "a step, and the block")]
    fn mix(
        &mut self,
        from: Buffer,
        to: Buffer,
        channels: usize,
        spread: bool,
        fresh: bool,
        edge: Option<u32>,
        frames: usize,
        clock: u64,
    ) {
        if fresh {
            self.hulls[to.hull as usize] = Hull::SILENT;
        }
        let (live, before) = (self.hulls[from.hull as usize], self.hulls[to.hull as usize]);
        let (source, target) = mix::two(&mut self.arena, from, to);
        let hull = match edge.and_then(|edge| self.edges[edge as usize].as_deref_mut()) {
            Some(edge) => {
                if before.is_silent() {
                    mix::clear(target, channels, frames);
                }
                edge.mix(target, source, channels, spread, frames, clock, live)
            }
            None if live.is_silent() => Hull::SILENT,
            None if before.is_silent() => {
                mix::copy(target, source, channels, spread, frames);
                live
            }
            None => {
                mix::add(target, source, channels, spread, frames);
                live
            }
        };
        self.hulls[to.hull as usize] = before.join(hull);
    }

    #[inline]
    fn process(&mut self, slot: u32, buffer: Buffer, sides: (u32, u32), frames: usize, clock: u64) {
        let Some(node) = self.nodes[slot as usize].as_deref_mut() else { return };
        let live = self.hulls[buffer.hull as usize];
        let (start, width) = (buffer.at as usize, buffer.width as usize * STRIDE);
        if sides.0 == sides.1 {
            let main = &mut self.arena[start..start + width];
            let mut io = Io { main, live, sides: &NO_SIDES, sides_live: Hull::SILENT, frames, clock };
            self.hulls[buffer.hull as usize] = node.run(&mut io, self.agenda.due());
            return;
        }
        let mut at = [SideAt { at: None, channels: 1 }; MAX_SIDES];
        let mut sides_live = Hull::SILENT;
        let wanted = &self.program.sides[sides.0 as usize..sides.1 as usize];
        for (at, (buffer, channels)) in at.iter_mut().zip(wanted) {
            at.channels = *channels as usize;
            let live = buffer.map_or(Hull::SILENT, |buffer| self.hulls[buffer.hull as usize]);
            at.at = buffer.filter(|_| !live.is_silent()).map(|buffer| buffer.at as usize);
            sides_live = sides_live.join(live);
        }
        let (before, rest) = self.arena.split_at_mut(start);
        let (main, behind) = rest.split_at_mut(width);
        let at = &at[..wanted.len().min(MAX_SIDES)];
        let sides = SideArena { before, behind, behind_at: start + width, at };
        let mut io = Io { main, live, sides: &sides, sides_live, frames, clock };
        self.hulls[buffer.hull as usize] = node.run(&mut io, self.agenda.due());
    }
}

/// Frames that the graph renders at a time.
pub(crate) const BLOCK: usize = MAX_FRAMES;

impl fmt::Debug for Live {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Live").field("steps", &self.program.steps.len()).finish_non_exhaustive()
    }
}
