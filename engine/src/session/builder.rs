//! How a session is set up.

use super::{
    HostRenderer, Offline, OnDeviceLoss, Session, Stepped,
    control::{Control, Next},
    core::{Core, Tally},
    events::{Event, OnEvent, Outlets},
    stepped::Simulation,
    watchdog::{Opened, Reopen, Watchdog},
};
use crate::{
    bell::Bell,
    clock::Clock,
    device::{
        Device, DeviceError, DeviceInfo, DeviceKind, FileDevice, Format, Virtual, WavFormat, open_hardware,
    },
    promise::Promise,
    render::{
        Renderer,
        callback::RenderCall,
        lease::Lease,
        observed::{MAX_CHANNELS, Observed},
    },
    stream::{LateCounters, commands::Commands, drain::Drains},
};
use rtrb::RingBuffer;
use std::{
    fmt,
    path::PathBuf,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU64, AtomicUsize},
    },
    thread,
    time::Duration,
};

/// What a session plays to.
#[derive(Default)]
#[non_exhaustive]
pub enum Output {
    /// The system's default output device (feature `cpal`).
    Default,
    /// The output device of that id or name, see [`device::list`](crate::device::list) (feature `cpal`).
    Device(String),
    /// Paced by the monotonic clock; nobody listens. What a server or CI uses.
    #[default]
    Virtual,
    /// As `Virtual`, and into a WAV file.
    File {
        /// Where. An existing file is replaced.
        path: PathBuf,
        /// In which format.
        format: WavFormat,
    },
    /// A device of your own.
    Custom(Box<dyn Device>),
}

impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default => f.write_str("Default"),
            Self::Device(name) => f.debug_tuple("Device").field(name).finish(),
            Self::Virtual => f.write_str("Virtual"),
            Self::File { path, format } => {
                f.debug_struct("File").field("path", path).field("format", format).finish()
            }
            Self::Custom(_) => f.write_str("Custom"),
        }
    }
}

impl Output {
    fn open(self) -> Result<Box<dyn Device>, DeviceError> {
        Ok(match self {
            Self::Default => open_hardware(None)?,
            Self::Device(name) => open_hardware(Some(&name))?,
            Self::Virtual => Box::new(Virtual::new()),
            Self::File { path, format } => Box::new(FileDevice::new(path, format)),
            Self::Custom(device) => device,
        })
    }
}

/// Why a session could not be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SessionError {
    /// 1 to 8.
    #[error("a session mixes 1 to 8 channels, not {channels}")]
    Channels {
        /// What was asked for.
        channels: usize,
    },
    /// 8000 to 192000 Hz.
    #[error("a session mixes at 8000 to 192000 Hz, not {rate}")]
    Rate {
        /// What was asked for, or what the device has.
        rate: u32,
    },
    /// 1 to 65536.
    #[error("a session has 1 to 65536 streams, not {streams}")]
    Streams {
        /// What was asked for.
        streams: usize,
    },
    /// The device could not be opened or started.
    #[error(transparent)]
    Device(#[from] DeviceError),
    /// The system would not give a thread.
    #[error("cannot start the control thread: {0}")]
    Thread(#[source] std::io::Error),
}

/// Sets up a [`Session`].
#[must_use]
pub struct SessionBuilder {
    format: Format,
    max_streams: usize,
    output: Output,
    on_device_loss: OnDeviceLoss,
    heartbeat: Duration,
    progress: Duration,
    on_event: Option<OnEvent>,
}

/// Commands that callers may send between two blocks, beside one for each stream.
const COMMANDS: usize = 1024;

impl Default for SessionBuilder {
    fn default() -> Self {
        Self {
            format: Format { sample_rate: 48_000, channels: 2 },
            max_streams: 64,
            output: Output::default(),
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

    /// A callback for events, on the control thread: whatever blocks in it blocks outcomes, never sound.
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
        let device = std::mem::take(&mut self.output).open()?;
        let mut opened = Opened::new(device, self.format)?;
        let info = opened.info().clone();
        self.format = Format { sample_rate: info.sample_rate, channels: info.channels };
        self.check()?;
        let mut parts = self.parts(Clock::monotonic(), info, reopen());
        let started = opened.start(parts.call.clone());
        let _ = parts.watchdog.install(opened, started);
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
        Ok(())
    }

    fn parts(self, clock: Clock, info: DeviceInfo, reopen: Reopen) -> Parts {
        let (late, bell, observed) = (Arc::new(LateCounters::default()), Bell::default(), Arc::default());
        let Format { sample_rate, channels } = self.format;
        let (commands, commands_out) = RingBuffer::new(COMMANDS + self.max_streams);
        // A reader comes home once, and a stream counts until it has: so many at a time, and no more.
        let (home, home_out) = RingBuffer::new(self.max_streams);
        let observed: Arc<Observed> = observed;
        let renderer =
            Renderer::new(channels, sample_rate, self.max_streams, commands_out, home, Arc::clone(&observed));
        let lease = Arc::new(Lease::new(Some(renderer)));
        let call = RenderCall {
            generation: lease.generation(),
            lease: Arc::clone(&lease),
            clock: clock.clone(),
            observed: Arc::clone(&observed),
            channels,
        };
        let core = Arc::new(Core {
            sample_rate,
            channels,
            max_streams: self.max_streams,
            drains: Drains::new(clock.clone(), bell.clone(), Arc::clone(&late)),
            clock,
            bell,
            late,
            commands: Commands::new(commands),
            observed,
            outlets: Outlets::default(),
            device: Mutex::new(info.clone()),
            xruns: AtomicU64::new(0),
            next_stream: AtomicU64::new(0),
            live_streams: AtomicUsize::new(0),
            new_books: Mutex::default(),
            streams: Mutex::default(),
            closed: AtomicBool::new(false),
            request: Mutex::new(None),
            tally: Mutex::new(Tally::default()),
            report: Arc::new(Promise::default()),
        });
        let watchdog = Watchdog::new(None, info, self.on_device_loss, self.heartbeat, reopen);
        Parts {
            core,
            call,
            lease,
            home: home_out,
            watchdog,
            on_event: self.on_event,
            progress: self.progress,
        }
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

/// Everything of a session but who drives it.
struct Parts {
    core: Arc<Core>,
    call: RenderCall,
    lease: Arc<Lease<Option<Renderer>>>,
    home: rtrb::Consumer<Box<crate::stream::reader::Reader>>,
    watchdog: Watchdog,
    on_event: Option<OnEvent>,
    progress: Duration,
}

impl Parts {
    fn control(self) -> Control {
        Control::new(self.core, self.lease, self.home, self.watchdog, self.on_event, self.progress)
    }
}

fn reopen() -> Reopen {
    Arc::new(|format, policy| match policy {
        OnDeviceLoss::Rebuild => Opened::new(open_hardware(None)?, format),
        _ => Opened::new(Box::new(Virtual::new()), format),
    })
}

/// Gives control a thread of its own.
fn drive(parts: Parts) -> Result<Session, SessionError> {
    let core = Arc::clone(&parts.core);
    let session = Session { core: Arc::clone(&core) };
    let mut control = parts.control();
    let builder = thread::Builder::new().name("codetta-control".into());
    let run = move || {
        core.bell.belongs_to(thread::current());
        while let Next::At(next) = control.step(core.clock.now()) {
            thread::park_timeout(next.saturating_sub(core.clock.now()));
        }
    };
    builder.spawn(run).map_err(SessionError::Thread)?;
    Ok(session)
}
