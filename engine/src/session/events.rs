//! What happens, told as it happens: through bounded receivers, or a callback on the control thread.
//!
//! An event that does not fit is counted, not waited for. Outcomes do not depend on it: they are in the segments'
//! handles and in the report.

use super::Report;
use crate::{
    device::DeviceInfo,
    stream::{Drained, Outcome, StreamId},
    sync::{AtomicU64, Mutex, Ordering, lock},
};
use std::{
    fmt,
    sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel},
    time::Duration,
};

/// Something that happened in a session.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// The first frame of a segment was heard.
    Started {
        /// Its stream.
        stream: StreamId,
        /// Its number in the stream.
        segment: u64,
        /// The caller's number for it.
        tag: u64,
        /// When, on the session's clock.
        at: Duration,
    },
    /// How far a segment has come, in its stream's own frames.
    Progress {
        /// The stream.
        stream: StreamId,
        /// Its number in the stream: the one that is answered next.
        segment: u64,
        /// The caller's number for it.
        tag: u64,
        /// Frames of it accepted until now.
        pushed: u64,
        /// Frames of it heard until now.
        played: u64,
    },
    /// A segment was settled.
    Finished(Outcome),
    /// An open segment ran dry, and went on.
    Underrun {
        /// The stream.
        stream: StreamId,
        /// How often, in all.
        episodes: u64,
        /// Silence that it cost, in all, in the stream's own frames.
        frames: u64,
    },
    /// The device went away.
    DeviceChanged {
        /// Its name.
        from: String,
        /// What the session plays to now; `None`: nothing.
        to: Option<DeviceInfo>,
        /// Why.
        reason: DeviceChange,
    },
    /// A drain was answered.
    Drained(Drained),
    /// The session is over. The last event.
    Closed(Box<Report>),
}

/// Why the device changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum DeviceChange {
    /// It said that it was gone.
    Lost,
    /// It asked for no block for too long.
    Silent,
    /// It is back, after it had been lost.
    Reopened,
}

/// Receives a session's events, up to a bound. What does not fit is counted in the report.
///
/// **Thread**: any one.
#[derive(Debug)]
pub struct Events(Receiver<Event>);

impl Events {
    /// The next event, if there is one.
    pub fn try_recv(&self) -> Option<Event> {
        self.0.try_recv().ok()
    }

    /// The next event; blocks at most for `timeout`. `None` also once the session is over and everything received.
    pub fn recv_timeout(&self, timeout: Duration) -> Option<Event> {
        self.0.recv_timeout(timeout).ok()
    }
}

/// A callback for events.
pub(crate) type OnEvent = Box<dyn FnMut(&Event) + Send>;

/// Where events go.
#[derive(Default)]
pub(crate) struct Outlets {
    receivers: Mutex<Vec<SyncSender<Event>>>,
    missed: AtomicU64,
}

/// A player's tick of events for some minutes of not looking.
const CAPACITY: usize = 4096;

impl Outlets {
    pub(crate) fn receiver(&self) -> Events {
        let (sender, receiver) = sync_channel(CAPACITY);
        lock(&self.receivers).push(sender);
        Events(receiver)
    }

    /// **Thread**: control's.
    pub(crate) fn send(&self, event: Event) {
        let mut receivers = lock(&self.receivers);
        receivers.retain(|receiver| match receiver.try_send(event.clone()) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                self.missed.fetch_add(1, Ordering::Relaxed);
                true
            }
            Err(TrySendError::Disconnected(_)) => false,
        });
    }

    pub(crate) fn close(&self) {
        lock(&self.receivers).clear();
    }

    pub(crate) fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }
}

impl fmt::Debug for Outlets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outlets").field("missed", &self.missed()).finish_non_exhaustive()
    }
}
