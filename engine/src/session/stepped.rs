//! A session on a simulated device: its time is stepped, its faults are caused.

use super::control::{Control, Next};
use crate::{
    clock::Clock,
    device::{Callback, Device, DeviceError, DeviceFault, DeviceInfo, DeviceKind, Format},
};
use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Steps a session's time, and does to its device what can happen to one.
///
/// Nothing passes by itself: [`advance`](Self::advance) makes the callbacks and control's steps that are due, in order.
/// The same calls give the same result.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use codetta::{End, Session, StreamConfig};
/// use std::time::Duration;
///
/// let (session, mut time) = Session::builder().stepped()?;
/// let (mut writer, stream) = session.stream(StreamConfig::new(48_000, 1))?;
/// let _ = writer.write(&[0.1_f32; 14_400]);
/// let segment = writer.flush().accepted().ok_or("written")?;
///
/// time.advance(Duration::from_millis(100));
/// let _ = stream.interrupt();
/// time.advance(Duration::from_millis(50));
///
/// let outcome = segment.poll().ok_or("interrupted, so settled")?;
/// assert_eq!(outcome.end, End::Interrupted);
/// // 100 ms, and the fade.
/// assert_eq!(outcome.played, 4_800 + 240);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Stepped {
    simulation: Simulation,
    control: Control,
    clock: Clock,
    next_step: Duration,
}

impl Stepped {
    pub(super) fn new(simulation: Simulation, control: Control, clock: Clock) -> Self {
        Self { simulation, control, clock, next_step: Duration::ZERO }
    }

    /// Lets time pass.
    pub fn advance(&mut self, by: Duration) {
        let until = self.clock.now().saturating_add(by);
        self.control();
        loop {
            let callback = self.simulation.due();
            let next = callback.map_or(self.next_step, |callback| callback.min(self.next_step));
            if next >= until {
                break;
            }
            self.clock.step_to(next);
            if callback == Some(next) {
                self.simulation.call(next);
            }
            if self.next_step <= next {
                self.control();
            }
        }
        self.clock.step_to(until);
        self.control();
    }

    fn control(&mut self) {
        self.next_step = match self.control.step(self.clock.now()) {
            Next::At(next) => next,
            Next::Never => Duration::MAX,
        };
    }

    /// Frames that the device asks for at a time from now on: 480 unless told.
    pub fn set_block(&mut self, frames: usize) {
        self.simulation.lock().block = frames.max(1);
    }

    /// How long until a block's first frame is heard, from now on: `None`, unless told, takes it as heard.
    pub fn set_latency(&mut self, latency: Option<Duration>) {
        self.simulation.lock().latency = latency;
    }

    /// Frames a second that the device really takes, whatever it says.
    pub fn set_rate(&mut self, rate: u32) {
        self.simulation.lock().rate = rate.max(1);
    }

    /// How late each callback may be, from now on.
    pub fn set_jitter(&mut self, at_most: Duration) {
        self.simulation.lock().jitter = at_most;
    }

    /// The device asks for nothing from now on, and says nothing.
    pub fn stall(&mut self) {
        self.simulation.lock().stalled = true;
    }

    /// The device asks again, from now on.
    pub fn resume(&mut self) {
        let now = self.clock.now();
        let mut sim = self.simulation.lock();
        sim.stalled = false;
        sim.due = now;
    }

    /// The device goes away, and says so.
    pub fn lose(&mut self) {
        let mut sim = self.simulation.lock();
        sim.callback = None;
        sim.lost = true;
    }

    /// What has been played since the last call, interleaved.
    pub fn take_output(&mut self) -> Vec<f32> {
        std::mem::take(&mut self.simulation.lock().output)
    }

    /// The session's clock.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }
}

/// The simulated device, as the one who steps it sees it.
#[derive(Clone)]
pub(super) struct Simulation(Arc<Mutex<Sim>>);

struct Sim {
    callback: Option<Callback>,
    channels: usize,
    rate: u32,
    block: usize,
    latency: Option<Duration>,
    jitter: Duration,
    /// Of a linear congruential generator: the same each time.
    seed: u64,
    due: Duration,
    stalled: bool,
    lost: bool,
    output: Vec<f32>,
}

impl Simulation {
    pub(super) fn new(rate: u32) -> Self {
        Self(Arc::new(Mutex::new(Sim {
            callback: None,
            channels: 2,
            rate,
            block: 480,
            latency: None,
            jitter: Duration::ZERO,
            seed: 1,
            due: Duration::ZERO,
            stalled: false,
            lost: false,
            output: Vec::new(),
        })))
    }

    /// A device that this simulates.
    pub(super) fn device(&self, name: &'static str) -> SimulatedDevice {
        SimulatedDevice { simulation: self.clone(), name }
    }

    fn lock(&self) -> MutexGuard<'_, Sim> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn due(&self) -> Option<Duration> {
        let sim = self.lock();
        (sim.callback.is_some() && !sim.stalled).then_some(sim.due)
    }

    fn call(&self, now: Duration) {
        let mut sim = self.lock();
        let Some(mut callback) = sim.callback.take() else { return };
        let mut out = vec![0.0; sim.block * sim.channels];
        let latency = sim.latency;
        drop(sim);
        callback(&mut out, latency);
        let mut sim = self.lock();
        sim.output.append(&mut out);
        sim.seed = sim.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let late = sim.jitter.mul_f64((sim.seed >> 33) as f64 / (1_u64 << 31) as f64);
        sim.due = now + Duration::from_nanos(sim.block as u64 * 1_000_000_000 / u64::from(sim.rate)) + late;
        if !sim.lost {
            sim.callback = Some(callback);
        }
    }
}

impl fmt::Debug for Simulation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Simulation")
    }
}

/// The simulated device, as the session sees it.
#[derive(Debug)]
pub(super) struct SimulatedDevice {
    simulation: Simulation,
    name: &'static str,
}

impl Device for SimulatedDevice {
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
        self.simulation.lock().channels = want.channels;
        Ok(DeviceInfo::new(self.name, DeviceKind::Virtual, want))
    }

    fn start(&mut self, callback: Callback) -> Result<(), DeviceError> {
        let mut sim = self.simulation.lock();
        sim.callback = Some(callback);
        sim.lost = false;
        Ok(())
    }

    fn stop(&mut self) {
        self.simulation.lock().callback = None;
    }

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        std::mem::take(&mut self.simulation.lock().lost).then_some((DeviceFault::Lost, 1))
    }
}
