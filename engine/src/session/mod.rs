//! The session: a device, its streams, and the control that owns their life.
//!
//! | file | idea |
//! |---|---|
//! | `builder`, `output` | how a session is set up, and what it plays to |
//! | `assembly` | its parts, put together |
//! | `streams` | how a stream is made: its rings, and why none of them can overflow |
//! | `core` | what the handles and control share |
//! | `control` | everything that can block or allocate, as a step function; `ending` and `device_loss` are its two hard parts |
//! | `book` | from settlements to outcomes, each exactly once |
//! | `watchdog` | the device's heartbeat, and another device |
//! | `events`, `report` | what is told as it happens, and at the end |
//! | `host`, `offline`, `stepped` | who drives the renderer, where no device does |
//! | `replay` | a log of commands, played again |

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "control's thread and callers' threads; what the audio thread calls is in `render`"
)]

mod assembly;
mod book;
mod builder;
mod control;
mod core;
mod device_loss;
mod ending;
mod events;
mod host;
#[cfg(all(test, shuttle))]
mod models;
mod offline;
mod output;
mod replay;
mod report;
mod stepped;
mod streams;
mod watchdog;

pub use builder::SessionBuilder;
pub use events::{DeviceChange, Event, Events};
pub use host::HostRenderer;
pub use offline::Offline;
pub use output::{Output, SessionError};
pub use replay::{Replay, ReplayError};
pub use report::{Ledger, Report, Underruns};
pub use stepped::{Stepped, SteppedControl, SteppedDevice};
pub use watchdog::OnDeviceLoss;

use self::core::Core;
use crate::{
    device::DeviceInfo,
    graph::Graph,
    log::CommandLog,
    promise::{Promise, Waiter},
    render::observed::Levels,
    stream::{Drain, Drained, Late, Stream, StreamConfig, StreamError, Writer, count},
    sync::{Ordering, lock},
};
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

/// How a session is to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shutdown {
    /// What was accepted is played out, for so long at most; what is left then is discarded.
    Drain(Duration),
    /// Everything queued is discarded, with a fade.
    Discard,
}

/// A device, the streams that play to it, and the control thread that answers for them.
///
/// Every call on it is bounded, also when the device never asks for another block. Dropping it discards what is queued,
/// promptly and without waiting; [`shutdown`](Session::shutdown) first, to have it played out and reported.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use codetta::{Output, Session, Shutdown, StreamConfig};
/// use std::time::Duration;
///
/// let session = Session::builder().output(Output::Virtual).start()?;
/// let (mut writer, _stream) = session.stream(StreamConfig::new(24_000, 1))?;
///
/// let _ = writer.write_all(&[0_i16; 2_400], Duration::from_secs(1));
/// let segment = writer.flush();
/// let report = session.shutdown(Shutdown::Drain(Duration::from_secs(5)));
///
/// assert_eq!(report.ledger.played, 2_400);
/// assert!(segment.accepted().is_some_and(|segment| segment.poll() == Some(report.segments[0])));
/// // After the end a flush is a value like any other, and is counted.
/// assert!(writer.flush().accepted().is_none());
/// # Ok(())
/// # }
/// ```
///
/// **Thread**: any; share it by reference or in an `Arc`.
#[derive(Debug)]
pub struct Session {
    core: Arc<Core>,
}

/// How much longer than its deadline a shutdown may take: what is left fades, is settled, and the device is stopped.
const GRACE: Duration = Duration::from_secs(5);

impl Session {
    /// Sets up a session.
    pub fn builder() -> SessionBuilder {
        SessionBuilder::default()
    }

    /// Makes a stream: the producer's end, and the handle that steers it.
    ///
    /// **Thread**: any. Allocates; waits for no audio thread.
    ///
    /// # Errors
    /// [`StreamError`] names the rule that the configuration breaks, or says that there are too many, or that the
    /// session is closed.
    pub fn stream(&self, config: StreamConfig) -> Result<(Writer, Stream), StreamError> {
        streams::make(&self.core, config)
    }

    /// A receiver of the events from now on.
    pub fn events(&self) -> Events {
        self.core.outlets.receiver()
    }

    /// Waits until everything accepted before this call has its outcome, or `timeout` has passed.
    ///
    /// It is a fence: what is accepted later does not extend it. A segment that is still open is waited for as far as
    /// it had been written. A paused stream, or one whose open segment nobody goes on writing (it may be shorter than
    /// the prebuffer, and a resampler holds its last milliseconds back until then), is waited for to the deadline, and the answer is
    /// [`Drained::DeadlineExceeded`]: a drain neither resumes nor flushes.
    ///
    /// **Thread**: any; blocks, at most for `timeout` and one second.
    pub fn drain(&self, timeout: Duration) -> Drained {
        self.drain_ticket(timeout).settle(timeout)
    }

    /// As [`drain`](Session::drain), to be polled or awaited.
    ///
    /// **Thread**: any.
    pub fn drain_ticket(&self, timeout: Duration) -> Drain {
        self.core.drains.of_session(&self.core.streams, timeout)
    }

    /// Ends the session, and reports what became of everything it accepted.
    ///
    /// Every stream is closed at this instant. Idempotent, from any thread: each call answers the same report. A drain
    /// under way can be cut short by [`Shutdown::Discard`]; a paused stream is not resumed, so its drain takes until the
    /// deadline.
    ///
    /// **Thread**: any; blocks, at most for the drain's deadline and five seconds.
    pub fn shutdown(&self, shutdown: Shutdown) -> Report {
        let within = match shutdown {
            Shutdown::Drain(within) => within,
            Shutdown::Discard => Duration::ZERO,
        };
        let closing = self.begin_shutdown(shutdown);
        // One under way may have a later deadline: its report is everybody's.
        let left = self.core.deadline().saturating_sub(self.core.clock.now());
        closing.wait(left.max(within).saturating_add(GRACE)).unwrap_or_else(|| self.core.account(false))
    }

    /// As [`shutdown`](Session::shutdown), to be polled or awaited. It goes on also when the session is dropped.
    ///
    /// **Thread**: any. Does not block.
    pub fn begin_shutdown(&self, shutdown: Shutdown) -> Closing {
        if !self.core.request(shutdown) {
            count(&self.core.late.closes, 1);
        }
        Closing(Arc::clone(&self.core.report).into())
    }

    /// The graph that the streams feed, and the output hears.
    pub fn graph(&self) -> Graph {
        Graph::new(Arc::clone(&self.core.desk))
    }

    /// The frame that is rendered next, on the session's frame clock: it counts the frames rendered since the session
    /// started, of which the device may still hold some.
    ///
    /// **Thread**: any. Does not block.
    pub fn frame(&self) -> u64 {
        self.core.observed.clock()
    }

    /// The commands that were carried out until now, if they are recorded
    /// ([`SessionBuilder::record_commands`]).
    pub fn command_log(&self) -> Option<CommandLog> {
        lock(&self.core.log).clone()
    }

    /// The device it plays to.
    pub fn device(&self) -> DeviceInfo {
        lock(&self.core.device).clone()
    }

    /// Frames a second that the engine mixes, in Hz.
    pub fn sample_rate(&self) -> u32 {
        self.core.sample_rate
    }

    /// Channels that the engine mixes.
    pub fn channels(&self) -> usize {
        self.core.channels
    }

    /// Time since the session started, on its own clock: that of outcomes and events.
    pub fn now(&self) -> Duration {
        self.core.clock.now()
    }

    /// How loud the output is.
    pub fn levels(&self) -> Levels {
        Levels { peak: self.core.observed.take_peaks(self.core.channels) }
    }

    /// Calls that came after a close, until now. The report's are those until the end of the session.
    pub fn late(&self) -> Late {
        self.core.late.read()
    }

    /// The account as it stands, before the end. It holds every outcome until now: the longer the session, the more is
    /// copied.
    pub fn account(&self) -> Report {
        self.core.report.get().unwrap_or_else(|| self.core.account(false))
    }

    /// Whether it accepts nothing more.
    pub fn is_closed(&self) -> bool {
        self.core.closed.load(Ordering::Acquire)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // Control sees it at its next step, and frees everything; nobody waits for it. A drain that was asked for goes on.
        if !self.is_closed() {
            self.core.request(Shutdown::Discard);
        }
    }
}

/// The end of a session, under way: poll it, wait for it, or await it.
///
/// **Thread**: any.
#[derive(Debug, Clone)]
pub struct Closing(Waiter<Promise<Report>>);

impl Closing {
    /// The report, once the session is over.
    #[must_use]
    pub fn poll(&self) -> Option<Report> {
        self.0.get()
    }

    /// Blocks until the session is over, or `timeout` has passed.
    #[must_use]
    pub fn wait(&self, timeout: Duration) -> Option<Report> {
        self.0.wait(timeout)
    }
}

impl Future for Closing {
    type Output = Report;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Report> {
        self.get_mut().0.poll(context)
    }
}
