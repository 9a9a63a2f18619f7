//! What a session's handles and its control share.

use super::{
    Shutdown,
    book::Book,
    events::Outlets,
    report::{Ledger, Report, Underruns},
};
use crate::{
    bell::Bell,
    clock::Clock,
    device::DeviceInfo,
    graph::desk::Desk,
    log::CommandLog,
    promise::Promise,
    render::observed::Observed,
    stream::{
        LateCounters, Outcome,
        commands::Commands,
        drain::Drains,
        lifecycle::{Closing, Reason},
        shared::StreamShared,
    },
    sync::{AtomicBool, AtomicU64, AtomicUsize, Mutex, Ordering, lock},
};
use std::{sync::Arc, time::Duration};

/// Shared by every handle of a session and its control. No lock in here is ever taken by the audio thread, or held
/// while anything is waited for.
#[derive(Debug)]
pub(crate) struct Core {
    pub(crate) sample_rate: u32,
    pub(crate) channels: usize,
    pub(crate) max_streams: usize,
    pub(crate) clock: Clock,
    pub(crate) bell: Bell,
    pub(crate) late: Arc<LateCounters>,
    pub(crate) drains: Drains,
    pub(crate) commands: Commands,
    pub(crate) desk: Arc<Desk>,
    /// If it is wanted.
    pub(crate) log: Mutex<Option<CommandLog>>,
    pub(crate) observed: Arc<Observed>,
    pub(crate) outlets: Outlets,
    pub(crate) device: Mutex<DeviceInfo>,
    pub(crate) xruns: AtomicU64,
    pub(crate) next_stream: AtomicU64,
    /// Streams made, and not yet freed by control.
    pub(crate) live_streams: AtomicUsize,
    /// Streams made since control last looked.
    pub(crate) new_books: Mutex<Vec<Book>>,
    /// Those that may still have something to drain.
    pub(crate) streams: Mutex<Vec<Arc<StreamShared>>>,
    pub(crate) closed: AtomicBool,
    pub(crate) request: Mutex<Option<Request>>,
    pub(crate) tally: Mutex<Tally>,
    pub(crate) report: Arc<Promise<Report>>,
}

/// How the session is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Request {
    /// The deadline is on the session's clock.
    Drain {
        deadline: Duration,
    },
    Discard,
}

impl Request {
    /// What it is to a stream.
    fn closing(self) -> Closing {
        match self {
            Self::Drain { .. } => Closing::Drain,
            Self::Discard => Closing::Discard(Reason::Discarded),
        }
    }
}

/// What has been settled so far.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) outcomes: Vec<Outcome>,
    pub(crate) ledger: Ledger,
    pub(crate) underruns: Underruns,
}

impl Core {
    /// Asks for the end of the session. A drain can be turned into a discard, and its deadline is the first one's.
    /// `false`: that had been asked for before.
    pub(crate) fn request(&self, shutdown: Shutdown) -> bool {
        let mut request = lock(&self.request);
        let wanted = match (shutdown, *request) {
            (Shutdown::Drain(within), None) => {
                Request::Drain { deadline: self.clock.now().saturating_add(within) }
            }
            (Shutdown::Discard, None | Some(Request::Drain { .. })) => Request::Discard,
            _ => return false,
        };
        *request = Some(wanted);
        // Under the lock, so that a stream is either made before, and closed here, or refused.
        self.closed.store(true, Ordering::Release);
        self.close_streams(wanted.closing());
        drop(request);
        self.bell.ring();
        true
    }

    /// When the drain that was asked for ends; zero if none was.
    pub(crate) fn deadline(&self) -> Duration {
        match *lock(&self.request) {
            Some(Request::Drain { deadline }) => deadline,
            _ => Duration::ZERO,
        }
    }

    pub(crate) fn close_streams(&self, closing: Closing) {
        for stream in lock(&self.streams).iter() {
            stream.lifecycle.0.close(closing);
        }
    }

    /// The account as it stands.
    pub(crate) fn account(&self, complete: bool) -> Report {
        let tally = lock(&self.tally);
        Report {
            complete,
            segments: tally.outcomes.clone(),
            ledger: tally.ledger,
            late: self.late.read(),
            underruns: tally.underruns,
            xruns: self.xruns.load(Ordering::Relaxed),
            events_missed: self.outlets.missed(),
            render_time: self.observed.histogram(),
            device: lock(&self.device).clone(),
        }
    }
}
