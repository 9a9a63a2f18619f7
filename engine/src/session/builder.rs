//! How a session is set up.

use super::{
    HostRenderer, Offline, OnDeviceLoss, Output, Session, SessionError, Stepped,
    assembly::{drive, reopen},
    events::{Event, OnEvent},
    stepped::Simulation,
    watchdog::{Opened, Reopen},
};
use crate::{
    clock::Clock,
    device::{DeviceInfo, DeviceKind, Format},
    render::observed::MAX_CHANNELS,
};
use std::{fmt, sync::Arc, time::Duration};

/// Sets up a [`Session`].
#[must_use]
pub struct SessionBuilder {
    pub(super) format: Format,
    pub(super) max_streams: usize,
    pub(super) max_nodes: usize,
    pub(super) commands: usize,
    pub(super) log: Option<usize>,
    pub(super) output: Output,
    pub(super) on_device_loss: OnDeviceLoss,
    pub(super) heartbeat: Duration,
    pub(super) progress: Duration,
    pub(super) on_event: Option<OnEvent>,
}

impl Default for SessionBuilder {
    fn default() -> Self {
        Self {
            format: Format { sample_rate: 48_000, channels: 2 },
            max_streams: 64,
            max_nodes: 256,
            // A thousand between two blocks of 10 ms are 100,000 a second.
            commands: 1024,
            log: None,
            output: Output::Virtual,
            on_device_loss: OnDeviceLoss::default(),
            // Sound servers have been seen to pause for 1.9 s when a stream starts.
            heartbeat: Duration::from_secs(3),
            progress: Duration::from_millis(100),
            on_event: None,
        }
    }
}

impl SessionBuilder {
    /// Frames a second that the engine mixes, in Hz: 48,000 unless told. A device may answer with another, and is right.
    pub fn sample_rate(mut self, rate: u32) -> Self {
        self.format.sample_rate = rate;
        self
    }

    /// Channels that the engine mixes, 1 to 8: 2 unless told. A device may answer with another, and is right.
    pub fn channels(mut self, channels: usize) -> Self {
        self.format.channels = channels;
        self
    }

    /// How many streams there may be at a time: 64 unless told.
    pub fn max_streams(mut self, streams: usize) -> Self {
        self.max_streams = streams;
        self
    }

    /// How many nodes the graph may have at a time, the two ends not counted: 256 unless told, and four connections for each.
    pub fn max_nodes(mut self, nodes: usize) -> Self {
        self.max_nodes = nodes;
        self
    }

    /// How many commands may be sent between two blocks, and how many may wait for their frame: 16 to 1048576, 1024
    /// unless told.
    pub fn max_commands(mut self, commands: usize) -> Self {
        self.commands = commands;
        self
    }

    /// Records every command and edit with the frame at which it is carried out: [`Session::command_log`]. Up to `ahead`
    /// of them are kept until control collects them, some fifty times a second; what is more is missed, and counted. 1 to
    /// 1048576.
    pub fn record_commands(mut self, ahead: usize) -> Self {
        self.log = Some(ahead);
        self
    }

    /// What it plays to: [`Output::Virtual`] unless told.
    pub fn output(mut self, output: Output) -> Self {
        self.output = output;
        self
    }

    /// What happens when the device goes away: it is rebuilt unless told.
    pub fn on_device_loss(mut self, policy: OnDeviceLoss) -> Self {
        self.on_device_loss = policy;
        self
    }

    /// How long a device may ask for no block before it is taken for lost: 3 s unless told.
    pub fn heartbeat(mut self, heartbeat: Duration) -> Self {
        self.heartbeat = heartbeat;
        self
    }

    /// How often progress is told: every 100 ms unless told.
    pub fn progress_every(mut self, interval: Duration) -> Self {
        self.progress = interval;
        self
    }

    /// A callback for events, on the control thread: whatever blocks in it blocks outcomes, never sound. So it must not
    /// wait for an outcome, a drain or the end, which would be waiting for itself. One that panics is not called again.
    pub fn on_event(mut self, on_event: impl FnMut(&Event) + Send + 'static) -> Self {
        self.on_event = Some(Box::new(on_event));
        self
    }

    /// Starts the session on its output.
    ///
    /// # Errors
    /// [`SessionError`] says what cannot be, or why the device would not.
    pub fn start(mut self) -> Result<Session, SessionError> {
        self.check()?;
        let device = std::mem::replace(&mut self.output, Output::Virtual).open()?;
        let mut opened = Opened::new(device, self.format)?;
        let info = opened.info().clone();
        self.format = Format { sample_rate: info.sample_rate, channels: info.channels };
        self.check()?;
        let mut parts = self.parts(Clock::monotonic(), info, reopen());
        opened.start(parts.call.clone())?;
        let _ = parts.watchdog.install(opened, Ok(()));
        drive(parts)
    }

    /// Starts a session whose renderer the caller calls, from a callback of its own.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn host(self) -> Result<(Session, HostRenderer), SessionError> {
        self.check()?;
        let info = DeviceInfo::new("host", DeviceKind::Host, self.format);
        let parts = self.parts(Clock::monotonic(), info, reopen());
        let renderer = HostRenderer::new(parts.call.clone());
        Ok((drive(parts)?, renderer))
    }

    /// Starts a session that renders when the caller asks, on virtual time and without a thread: deterministic, and as
    /// fast as the machine.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn offline(self) -> Result<(Session, Offline), SessionError> {
        self.check()?;
        let (info, clock) = (DeviceInfo::new("offline", DeviceKind::Offline, self.format), Clock::stepped());
        let parts = self.parts(clock, info, reopen());
        let session = Session { core: Arc::clone(&parts.core) };
        let call = parts.call.clone();
        Ok((session, Offline::new(call, parts.control())))
    }

    /// Starts a session on a simulated device, whose time the caller steps and whose faults the caller causes: for tests
    /// of whatever is built on a session.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn stepped(self) -> Result<(Session, Stepped), SessionError> {
        self.check()?;
        let clock = Clock::stepped();
        let simulation = Simulation::new(self.format.sample_rate);
        let mut opened = Opened::new(Box::new(simulation.device("stepped")), self.format)?;
        let again = simulation.clone();
        let reopen: Reopen =
            Arc::new(move |format, _| Opened::new(Box::new(again.device("stepped again")), format));
        let mut parts = self.parts(clock.clone(), opened.info().clone(), reopen);
        let started = opened.start(parts.call.clone());
        let _ = parts.watchdog.install(opened, started);
        let session = Session { core: Arc::clone(&parts.core) };
        Ok((session, Stepped::new(simulation, parts.control(), clock)))
    }

    fn check(&self) -> Result<(), SessionError> {
        let Format { sample_rate, channels } = self.format;
        if !(1..=MAX_CHANNELS).contains(&channels) {
            return Err(SessionError::Channels { channels });
        }
        if !(8_000..=192_000).contains(&sample_rate) {
            return Err(SessionError::Rate { rate: sample_rate });
        }
        if !(1..=65_536).contains(&self.max_streams) {
            return Err(SessionError::Streams { streams: self.max_streams });
        }
        if self.max_nodes > 65_536 {
            return Err(SessionError::Nodes { nodes: self.max_nodes });
        }
        if !(16..=1 << 20).contains(&self.commands) {
            return Err(SessionError::Commands { commands: self.commands });
        }
        if let Some(ahead) = self.log.filter(|ahead| !(1..=1 << 20).contains(ahead)) {
            return Err(SessionError::Log { ahead });
        }
        Ok(())
    }
}

impl fmt::Debug for SessionBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionBuilder")
            .field("format", &self.format)
            .field("max_streams", &self.max_streams)
            .field("output", &self.output)
            .finish_non_exhaustive()
    }
}
