//! How a node's handle reaches the audio thread: the session's one ordered queue of commands.

use super::commands::NodeCommand;
use crate::stream::{Command, LateCounters, commands::Commands, count, shared::frames};
use crate::sync::{AtomicBool, AtomicU64, Ordering};
use std::{sync::Arc, time::Duration};

/// What the handles of a graph share.
#[derive(Debug)]
pub(crate) struct Link {
    pub(crate) commands: Commands,
    pub(crate) rate: u32,
    /// Commands for a later frame wait on the audio thread: so many places are there.
    pub(crate) places: u64,
    /// Commands sent for a frame. Only changed by who holds the queue's lock.
    pub(crate) sent: AtomicU64,
    /// Of those, carried out: the audio thread's count.
    pub(crate) done: Arc<AtomicU64>,
    /// The session is over.
    pub(crate) over: AtomicBool,
    pub(crate) late: Arc<LateCounters>,
}

impl Link {
    pub(crate) fn send(&self, command: NodeCommand) -> Command {
        if self.over.load(Ordering::Acquire) {
            count(&self.late.commands, 1);
            return Command::Closed;
        }
        let sent = self.commands.send_to_node(command, || {
            // What is for now waits for nothing.
            if command.at == 0 {
                return true;
            }
            // Acquire: the place was left before it was counted as left.
            let waiting = self.sent.load(Ordering::Relaxed) - self.done.load(Ordering::Acquire);
            let has_place = waiting < self.places;
            self.sent.fetch_add(u64::from(has_place), Ordering::Relaxed);
            has_place
        });
        if sent { Command::Accepted } else { Command::Full }
    }

    pub(crate) fn frames(&self, time: Duration) -> u32 {
        u32::try_from(frames(time, self.rate)).unwrap_or(u32::MAX)
    }
}
