//! The calls of a processor: in pieces between its commands, each at its frame.

use super::{Io, Slot, Wreck};
use crate::graph::{
    audio::{Audio, STRIDE},
    commands::NodeOp,
    live::agenda::Due,
    processor::{Activity, Trigger},
};
use crate::sync::Ordering;
use std::panic::{AssertUnwindSafe, catch_unwind};

impl Slot {
    /// It has panicked, and is not called any more.
    pub(in crate::graph::live) fn give_up(&mut self, wreck: Wreck) {
        // Relaxed: a flag to look at.
        self.has_failed.store(true, Ordering::Relaxed);
        match self.wreck {
            None => self.wreck = Some(wreck),
            // One is told; what drops more of them here would free.
            Some(_) => std::mem::forget(wreck),
        }
    }

    /// Calls a source. Answers how many frames it made sound.
    #[inline]
    pub(super) fn sound(&mut self, io: &mut Io<'_>, from: usize, to: usize) -> usize {
        match self.process(io, from, to) {
            Activity::Sounding => to - from,
            Activity::Silent => 0,
            Activity::Until(frames) => frames.min(to - from),
        }
    }

    pub(super) fn silence(&self, io: &mut Io<'_>, from: usize, to: usize) {
        for channel in io.main.chunks_mut(STRIDE).take(self.outputs) {
            channel[from..to].fill(0.0);
        }
    }

    /// Calls the processor over a part of the block, cut where commands fall.
    pub(super) fn call(&mut self, io: &mut Io<'_>, from: usize, to: usize, agenda: &[Due]) {
        let mut at = from;
        while at < to {
            let mut until = to;
            if self.due.is_some() {
                self.obey_until(at + 1, io, agenda);
                until = self.next_due(agenda).map_or(to, |offset| offset.min(to));
            }
            self.process(io, at, until);
            at = until;
        }
    }

    pub(super) fn next_due(&self, agenda: &[Due]) -> Option<usize> {
        self.due.map(|(next, _)| agenda[next as usize].offset as usize)
    }

    /// Carries out the commands of frames before `end`.
    pub(super) fn obey_until(&mut self, end: usize, io: &Io<'_>, agenda: &[Due]) {
        while let Some((next, last)) = self.due {
            let due = &agenda[next as usize];
            if due.offset as usize >= end {
                break;
            }
            self.due = (next != last).then_some((due.next, last));
            self.obey(due.op, io.clock + u64::from(due.offset));
        }
    }

    /// Carries out a command at a frame of the clock.
    pub(in crate::graph::live) fn obey(&mut self, op: NodeOp, clock: u64) {
        match op {
            NodeOp::Ramp { param, to, frames, curve } => {
                if let Some(param) = self.params.get_mut(param as usize) {
                    param.turn(clock, to, frames, curve);
                }
            }
            NodeOp::Trigger { index, value } if self.wreck.is_none() => {
                let trigger = AssertUnwindSafe(|| self.processor.trigger(Trigger { index, value }));
                if let Err(wreck) = catch_unwind(trigger) {
                    self.give_up(wreck);
                }
            }
            NodeOp::Trigger { .. } => {}
        }
    }

    #[inline]
    pub(super) fn process(&mut self, io: &mut Io<'_>, from: usize, to: usize) -> Activity {
        if self.wreck.is_some() {
            // It was a trigger in this very block.
            self.silence(io, from, to);
            return Activity::Silent;
        }
        let frames = to - from;
        let mut audio = Audio {
            main: &mut *io.main,
            channels: self.width,
            from,
            frames,
            clock: io.clock + from as u64,
            rate: self.rate,
            params: &self.params,
            sides: io.sides,
        };
        self.processor.process(&mut audio)
    }
}
