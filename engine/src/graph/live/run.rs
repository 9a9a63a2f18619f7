//! One block: the program's steps, carried out over the buffers.

use super::{
    Live, MAX_SIDES,
    hull::Hull,
    mix,
    slot::{Io, Slot, Wreck},
};
use crate::{
    graph::{
        audio::{NO_SIDES, STRIDE, SideArena, SideAt},
        program::{Buffer, Step},
    },
    prefetch::prefetch,
};
use std::panic::{AssertUnwindSafe, catch_unwind};

impl Live {
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
