//! The device: its callbacks, and what goes wrong with them.

use super::{NEVER, World};
use codetta::SteppedDevice;
use std::time::Duration;

/// How a callback comes.
type Call = fn(&SteppedDevice, &mut [f32], Option<Duration>) -> bool;

impl World {
    /// A callback is due.
    pub(super) fn callback(&self) {
        if self.rendering.get() {
            return;
        }
        let now = self.now();
        let (frames, latency) = {
            let mut driven = self.driven.borrow_mut();
            if now < driven.stalled_until {
                driven.due = driven.stalled_until;
                return;
            }
            (driven.block, driven.latency)
        };
        self.next_callback(now, frames);
        self.block(frames, latency, SteppedDevice::call);
    }

    /// A block is asked for.
    fn block(&self, frames: usize, latency: Option<Duration>, call: Call) -> Option<u64> {
        let session = self.session()?;
        self.hear_events();
        let mut out = vec![1.0; frames * self.plan.channels];
        self.rendering.set(true);
        self.oracle().rendering = true;
        let (over, sent) = (self.oracle().over, self.commands.get());
        let (before, last) = (session.frame(), self.last_block.get());
        let began = self.oracle().begin();
        // A device that goes meanwhile takes this back: what it held is answered by a block of the next, not by this one.
        self.last_block.set(began);
        let called = call(&self.device, &mut out, latency);
        let rendered = session.frame() - before;
        self.hear_events();
        if called {
            self.received(&out, began, latency, rendered, over);
        }
        if rendered > 0 {
            // What was sent meanwhile may still be in the queue.
            self.commands.set(self.commands.get() - sent);
            // Whoever is inside a call holds up what is cut.
            let busy = {
                let oracle = self.oracle();
                oracle.controlling || oracle.voices.iter().any(|voice| voice.busy > 0)
            };
            if busy {
                self.last_block.set(0);
            }
        } else {
            self.last_block.set(last.min(self.last_block.get()));
        }
        self.oracle().rendering = false;
        self.rendering.set(false);
        self.oracle().begin();
        called.then_some(rendered)
    }

    fn received(&self, out: &[f32], began: u64, latency: Option<Duration>, rendered: u64, over: bool) {
        let frames = (out.len() / self.plan.channels) as u64;
        // As late as it is now: it may have been held up in the middle.
        let now = self.now();
        self.note("block", [frames, rendered, latency.map_or(0, |latency| latency.as_micros() as u64)]);
        self.trace.borrow_mut().heard(out);
        let mut oracle = self.oracle();
        let right = rendered == 0 || rendered == frames;
        oracle.check(right, "the clock counts frames", || format!("{rendered} of {frames}"));
        oracle.check(rendered == 0 || !over, "silence after the end", || "a block was rendered".into());
        oracle.block(out, began, now, latency, rendered > 0);
    }

    fn next_callback(&self, now: Duration, frames: usize) {
        let mut driven = self.driven.borrow_mut();
        if driven.early > 0 {
            driven.early -= 1;
            driven.due = now;
            return;
        }
        let length = Duration::from_nanos(frames as u64 * 1_000_000_000 / u64::from(driven.rate));
        let late = match driven.jitter.as_micros() as u64 {
            0 => Duration::ZERO,
            most => Duration::from_micros(self.dice().within(0, most)),
        };
        // From when it was due, so that lateness does not add up; unless it was very late.
        driven.due = (driven.due + length).max(now.saturating_sub(4 * length)) + late;
    }

    /// Something goes wrong.
    pub(super) fn go_wrong(&self) {
        let (what, wait) = {
            let mut dice = self.dice();
            let every = (self.plan.faults_every.as_micros() as u64).min(10_000_000);
            (dice.weighted(&self.plan.faults), dice.micros(every / 8, every * 2))
        };
        if self.faults_due.get() != NEVER {
            self.faults_due.set(self.now().saturating_add(wait));
        }
        self.oracle().begin();
        self.note("fault", [what as u64, 0, 0]);
        let now = self.now();
        let mut dice = self.dice();
        let mut driven = self.driven.borrow_mut();
        match what {
            0 | 1 => {
                driven.block = match dice.within(0, 3) {
                    0 => dice.one_of(&[1, 7, 64, 128, 512, 1_024, 8_192]),
                    _ => dice.spread(16, 4_096) as usize,
                }
            }
            2 => driven.latency = if dice.once_in(3) { None } else { Some(dice.micros(0, 400_000)) },
            3 => {
                driven.rate = dice.within(u64::from(self.plan.rate) / 2, u64::from(self.plan.rate) * 2) as u32
            }
            4 => driven.jitter = if dice.once_in(2) { Duration::ZERO } else { dice.micros(10, 100_000) },
            5 => driven.stalled_until = now.saturating_add(dice.micros(1_000, 8_000_000)),
            6 => driven.early = dice.spread(1, 20),
            // The clock jumps: whatever was due in between comes late, and all at once.
            7 => {
                let jump = dice.micros(1_000, 5_000_000);
                self.device.wait(jump);
                self.punctual.set(self.punctual.get().max(now.saturating_add(jump)));
            }
            // Control is held back.
            8 => {
                let held = now.saturating_add(dice.micros(1_000, 2_000_000));
                // Not again before it has gone on: the bounds are of one that is slow, not dead.
                if self.punctual.get() < self.control_due.get().min(now) {
                    self.control_due.set(self.control_due.get().max(held));
                    self.punctual.set(held);
                }
            }
            9 => self.device.xrun(),
            10 => {
                if dice.once_in(4) {
                    if dice.once_in(3) {
                        self.device.refuse(dice.within(1, 3) as u32);
                    }
                    self.may_call_stale.set(true);
                    self.device.lose();
                }
            }
            _ => {
                drop((dice, driven));
                self.call_stale();
            }
        }
    }

    /// A callback of a device that was given up comes all the same: nothing is heard of it. Before control has given it up it is
    /// a callback as any other.
    fn call_stale(&self) {
        if self.rendering.get() {
            return;
        }
        let may_render = self.may_call_stale.get();
        let rendered = self.block(64, None, SteppedDevice::call_stale);
        let still = rendered.is_none_or(|frames| frames == 0) || may_render;
        self.oracle().check(still, "a stale callback renders silence", || format!("{rendered:?}"));
    }
}
