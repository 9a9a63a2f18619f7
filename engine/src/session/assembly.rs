//! The parts of a session, put together: rings, renderer, lease, core, control.

use super::{
    OnDeviceLoss, Session, SessionBuilder, SessionError,
    control::{Control, Next},
    core::{Core, Tally},
    events::{OnEvent, Outlets},
    watchdog::{Opened, Reopen, Watchdog},
};
use crate::{
    bell::Bell,
    clock::Clock,
    device::{DeviceInfo, Format, Virtual, open_hardware},
    graph::{
        Setup,
        desk::{Desk, PLANS, places},
        link::Link,
        live::{Live, Told, costs::Costs},
    },
    log::{CommandLog, Log, Logged},
    promise::Promise,
    render::{Renderer, callback::RenderCall, lease::Lease, observed::Observed},
    stream::{LateCounters, commands::Commands, drain::Drains, reader::Reader},
    sync::{
        AtomicBool, AtomicU64, AtomicUsize, Mutex,
        ring::{Consumer, RingBuffer},
    },
};
use std::{sync::Arc, thread, time::Duration};

/// Everything of a session but who drives it.
pub(super) struct Parts {
    pub(super) core: Arc<Core>,
    pub(super) call: RenderCall,
    lease: Arc<Lease<Option<Renderer>>>,
    home: Consumer<Box<Reader>>,
    logged: Option<Logged>,
    pub(super) watchdog: Watchdog,
    on_event: Option<OnEvent>,
    progress: Duration,
}

impl Parts {
    pub(super) fn control(self) -> Control {
        let homes = (self.home, self.logged);
        Control::new(self.core, self.lease, homes, self.watchdog, self.on_event, self.progress)
    }
}

pub(super) fn reopen() -> Reopen {
    Arc::new(|format, policy| match policy {
        OnDeviceLoss::Rebuild | OnDeviceLoss::RebuildOrStop => Opened::new(open_hardware(None)?, format),
        _ => Opened::new(Box::new(Virtual::new()), format),
    })
}

/// Gives control a thread of its own.
pub(super) fn drive(parts: Parts) -> Result<Session, SessionError> {
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

impl SessionBuilder {
    pub(super) fn parts(self, clock: Clock, info: DeviceInfo, reopen: Reopen) -> Parts {
        let (late, bell, observed) = (Arc::new(LateCounters::default()), Bell::default(), Arc::default());
        let Format { sample_rate, channels } = self.format;
        // Beside the callers' commands, an addition for each stream.
        let (commands, commands_out) = RingBuffer::new(self.commands + self.max_streams);
        let commands = Commands::new(commands);
        // A reader comes home once, and a stream counts until it has: so many at a time, and no more.
        let (home, home_out) = RingBuffer::new(self.max_streams);
        let observed: Arc<Observed> = observed;
        let (log, logged) = self.log.map(Log::new).unzip();
        let (graph, desk) = self.graph(&commands, &late, log.unwrap_or_default());
        // Every node may be an input.
        let most = (self.max_streams, places(self.max_nodes).0);
        let renderer =
            Renderer::new(channels, sample_rate, most, commands_out, home, graph, Arc::clone(&observed));
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
            commands,
            desk: Arc::new(desk),
            log: Mutex::new(self.log.map(|_| CommandLog::new(sample_rate))),
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
            logged,
            watchdog,
            on_event: self.on_event,
            progress: self.progress,
        }
    }

    /// The two sides of the graph, of which the audio thread's has the empty graph already.
    fn graph(&self, commands: &Commands, late: &Arc<LateCounters>, log: Log) -> (Live, Desk) {
        let Format { sample_rate, channels } = self.format;
        let (home, home_out) = RingBuffer::new(PLANS);
        let places = places(self.max_nodes);
        let (told, costs) = (Arc::new(Told::default()), Arc::new(Costs::new(places.0)));
        let tellers = (Arc::clone(&told), Arc::clone(&costs), log);
        let mut live = Live::new(channels, places, self.commands, home, tellers);
        let link = Link {
            commands: commands.clone(),
            rate: sample_rate,
            places: self.commands as u64,
            sent: AtomicU64::new(0),
            done: Arc::clone(&told.done),
            over: AtomicBool::new(false),
            late: Arc::clone(late),
        };
        let setup = Setup::new(sample_rate, channels);
        let (desk, first) = Desk::new(Arc::new(link), setup, self.max_nodes, told, costs, home_out);
        let _ = live.install(first, 0);
        (live, desk)
    }
}

#[cfg(all(test, not(loom), not(feature = "cpal")))]
mod tests {
    use super::{Format, OnDeviceLoss, reopen};

    /// Without sound cards there is none to go back to, and no other device is played to unasked.
    #[test]
    fn only_whoever_asks_for_it_gets_a_virtual_device() {
        let opened = |policy| reopen()(Format { sample_rate: 48_000, channels: 2 }, policy).is_ok();
        let policies = [OnDeviceLoss::Rebuild, OnDeviceLoss::RebuildOrStop, OnDeviceLoss::Virtual];
        assert_eq!(policies.map(opened), [false, false, true]);
    }
}
