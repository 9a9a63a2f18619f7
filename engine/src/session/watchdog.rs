//! Looks after the device: hears that it is lost, or notices that it is silent, and finds another.

use super::events::{DeviceChange, Event};
use crate::{
    device::{Contained, Device, DeviceError, DeviceFault, DeviceInfo, DeviceKind, Format},
    render::callback::RenderCall,
};
use std::{
    fmt,
    sync::{
        Arc,
        mpsc::{Receiver, TryRecvError, channel},
    },
    thread,
    time::Duration,
};

/// What happens when the device goes away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum OnDeviceLoss {
    /// A sound card is replaced by the default one; if there is none of this format, or it was no sound card, or
    /// devices go as fast as they come, the virtual device goes on.
    #[default]
    Rebuild,
    /// As `Rebuild`, but where that would go on with the virtual device, the session ends as with `Stop`: nothing counts
    /// as played that nobody can have heard.
    RebuildOrStop,
    /// The virtual device goes on: time passes, nobody listens, and what it consumes counts as played.
    Virtual,
    /// The session ends: every segment is answered, with what had been heard of it.
    Stop,
}

/// Why a device is taken for lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Loss {
    Said,
    Silent,
}

/// A device that was opened and can be started.
pub(crate) struct Opened {
    device: Box<dyn Device>,
    info: DeviceInfo,
}

impl Opened {
    pub(crate) fn new(device: Box<dyn Device>, want: Format) -> Result<Self, DeviceError> {
        let mut device = Contained::new(device);
        let info = device.open(want)?;
        Ok(Self { device: Box::new(device), info })
    }

    pub(crate) fn info(&self) -> &DeviceInfo {
        &self.info
    }

    pub(crate) fn start(&mut self, call: RenderCall) -> Result<(), DeviceError> {
        self.device.start(Box::new(move |out, latency| {
            call.render(out, latency);
        }))
    }
}

/// How another device is opened: for `Rebuild` one that is heard, for `Virtual` one that always opens.
pub(crate) type Reopen = Arc<dyn Fn(Format, OnDeviceLoss) -> Result<Opened, DeviceError> + Send + Sync>;

/// How long opening another device may take before the virtual one goes on.
const REOPENING: Duration = Duration::from_secs(3);

/// So many losses within [`FLAPPING`], and the virtual device goes on: a system that takes each device away as soon as it
/// is opened would otherwise be asked for ever.
const PATIENCE: usize = 3;
const FLAPPING: Duration = Duration::from_secs(10);

/// The device, and what is to be done when it goes.
pub(crate) struct Watchdog {
    device: Option<Box<dyn Device>>,
    info: DeviceInfo,
    policy: OnDeviceLoss,
    heartbeat: Duration,
    reopen: Reopen,
    replacing: Option<Replacing>,
    blocks: u64,
    beat_at: Option<Duration>,
    stopped: bool,
    /// Not even the virtual device starts.
    hopeless: bool,
    /// When the last losses were, the oldest first.
    losses: [Option<Duration>; PATIENCE],
}

struct Replacing {
    opened: Receiver<Result<Opened, DeviceError>>,
    give_up_at: Duration,
}

impl Watchdog {
    /// Without a device (the caller owns the callback) nothing is watched: whoever does not call has his reasons.
    pub(crate) fn new(
        device: Option<Box<dyn Device>>,
        info: DeviceInfo,
        policy: OnDeviceLoss,
        heartbeat: Duration,
        reopen: Reopen,
    ) -> Self {
        Self {
            device,
            info,
            policy,
            heartbeat,
            reopen,
            replacing: None,
            blocks: 0,
            beat_at: None,
            stopped: false,
            hopeless: false,
            losses: [None; PATIENCE],
        }
    }

    pub(crate) fn is_replacing(&self) -> bool {
        self.replacing.is_some()
    }

    /// `false`: no block will ever come again.
    pub(crate) fn may_render(&self) -> bool {
        !self.stopped
    }

    pub(crate) fn stop(&mut self) {
        self.stopped = true;
        self.replacing = None;
        if let Some(device) = &mut self.device {
            device.stop();
        }
    }

    /// Faults that the device told of, and went on.
    pub(crate) fn xruns(&mut self) -> u64 {
        match self.device.as_mut().and_then(|device| device.fault()) {
            Some((DeviceFault::Xrun, count)) => count,
            Some((DeviceFault::Lost, _)) => {
                self.beat_at = None;
                self.blocks = u64::MAX;
                0
            }
            None => 0,
        }
    }

    /// Whether the device must be taken for lost.
    pub(crate) fn look(&mut self, now: Duration, blocks: u64) -> Option<Loss> {
        if self.device.is_none() || self.replacing.is_some() || self.stopped {
            return None;
        }
        if self.blocks == u64::MAX {
            return Some(Loss::Said);
        }
        match self.beat_at {
            Some(beat_at) if blocks == self.blocks => {
                (now.saturating_sub(beat_at) > self.heartbeat).then_some(Loss::Silent)
            }
            _ => {
                (self.blocks, self.beat_at) = (blocks, Some(now));
                None
            }
        }
    }

    /// Gives the lost device up and looks for another. `false`: there is to be none.
    pub(crate) fn replace(&mut self, now: Duration) -> bool {
        if self.policy == OnDeviceLoss::Stop || self.hopeless {
            return false;
        }
        if let Some(device) = &mut self.device {
            device.stop();
        }
        let want = Format { sample_rate: self.info.sample_rate, channels: self.info.channels };
        let (sender, opened) = channel();
        let reopen = Arc::clone(&self.reopen);
        // Who chose a device that nobody hears is not to be heard because it stalled.
        let heard = matches!(self.info.kind, DeviceKind::Hardware | DeviceKind::Custom);
        let rebuilds = heard && !self.is_flapping(now);
        let policy = match self.policy {
            OnDeviceLoss::RebuildOrStop if !rebuilds => return false,
            OnDeviceLoss::Rebuild if !rebuilds => OnDeviceLoss::Virtual,
            policy => policy,
        };
        let open = move || {
            // Nobody waits any more if this took too long: then the device is dropped here.
            let _ = sender.send(reopen(want, policy));
        };
        let mut give_up_at = now + REOPENING;
        if policy == OnDeviceLoss::Virtual {
            open();
        } else if thread::Builder::new().name("codetta-open".into()).spawn(open).is_err() {
            // A system that hangs in opening a device holds up that thread, not control.
            give_up_at = now;
        }
        self.replacing = Some(Replacing { opened, give_up_at });
        true
    }

    /// Notes a loss; whether there have been too many.
    fn is_flapping(&mut self, now: Duration) -> bool {
        self.losses.rotate_left(1);
        self.losses[PATIENCE - 1] = Some(now);
        self.losses[0].is_some_and(|first| now.saturating_sub(first) < FLAPPING)
    }

    /// The other device, once it is open; `Some(None)`: there is none.
    pub(crate) fn reopened(&mut self, now: Duration) -> Option<Option<Opened>> {
        let replacing = self.replacing.as_ref()?;
        let want = Format { sample_rate: self.info.sample_rate, channels: self.info.channels };
        let fits = |opened: &Opened| {
            (opened.info.sample_rate, opened.info.channels) == (want.sample_rate, want.channels)
        };
        let opened = match replacing.opened.try_recv() {
            Err(TryRecvError::Empty) if now < replacing.give_up_at => return None,
            Ok(Ok(opened)) if fits(&opened) => Some(opened),
            // What it plays is fixed when a session starts: a device of another format cannot go on.
            _ if self.policy == OnDeviceLoss::RebuildOrStop => None,
            _ => (self.reopen)(want, OnDeviceLoss::Virtual).ok(),
        };
        self.replacing = None;
        Some(opened)
    }

    /// The new device has been started, or could not be.
    pub(crate) fn install(&mut self, opened: Opened, started: Result<(), DeviceError>) -> Event {
        let from = std::mem::replace(&mut self.info, opened.info).name;
        self.device = Some(opened.device);
        (self.blocks, self.beat_at) = (0, None);
        if started.is_err() {
            // As good as lost: the next look finds it so.
            self.blocks = u64::MAX;
            self.hopeless = self.info.kind == DeviceKind::Virtual;
        }
        Event::DeviceChanged { from, to: Some(self.info.clone()), reason: DeviceChange::Reopened }
    }

    pub(crate) fn gone(&self, loss: Loss) -> Event {
        let reason = match loss {
            Loss::Said => DeviceChange::Lost,
            Loss::Silent => DeviceChange::Silent,
        };
        Event::DeviceChanged { from: self.info.name.clone(), to: None, reason }
    }
}

impl fmt::Debug for Watchdog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchdog").field("info", &self.info).finish_non_exhaustive()
    }
}

#[cfg(all(test, not(loom)))]
mod tests;
