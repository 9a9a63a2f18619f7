//! The simulated device, and what is done to it.

use crate::device::{Callback, Device, DeviceError, DeviceFault, DeviceInfo, DeviceKind, Format};
#[cfg(loom)]
use crate::sync::{Mutex, MutexGuard};
#[cfg(not(loom))]
use std::sync::{Mutex, MutexGuard};
use std::{
    fmt,
    sync::{Arc, PoisonError},
    time::Duration,
};

/// The simulated device, as the one who steps it sees it.
#[derive(Clone)]
pub(in crate::session) struct Simulation(Arc<Mutex<Sim>>);

pub(super) struct Sim {
    callback: Option<Callback>,
    /// That of the device before, which is not to be called any more.
    stale: Option<Callback>,
    /// Counts starts and ends: a callback that comes back after one of them is stale.
    turn: u64,
    channels: usize,
    pub(super) rate: u32,
    pub(super) block: usize,
    pub(super) latency: Option<Duration>,
    pub(super) jitter: Duration,
    /// Of a linear congruential generator: the same each time.
    seed: u64,
    pub(super) due: Duration,
    pub(super) stalled: bool,
    fault: Option<(DeviceFault, u64)>,
    /// Openings that will fail.
    pub(super) refusals: u32,
    pub(super) output: Vec<f32>,
}

impl Simulation {
    pub(in crate::session) fn new(rate: u32) -> Self {
        Self(Arc::new(Mutex::new(Sim {
            callback: None,
            stale: None,
            turn: 0,
            channels: 2,
            rate,
            block: 480,
            latency: None,
            jitter: Duration::ZERO,
            seed: 1,
            due: Duration::ZERO,
            stalled: false,
            fault: None,
            refusals: 0,
            output: Vec::new(),
        })))
    }

    /// A device that this simulates.
    pub(in crate::session) fn device(&self, name: &'static str) -> SimulatedDevice {
        SimulatedDevice { simulation: self.clone(), name }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, Sim> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn due(&self) -> Option<Duration> {
        let sim = self.lock();
        (sim.callback.is_some() && !sim.stalled).then_some(sim.due)
    }

    /// A block as the device is set, and when the next is due.
    pub(super) fn call(&self, now: Duration) {
        let sim = self.lock();
        let (mut out, latency) = (vec![0.0; sim.block * sim.channels], sim.latency);
        drop(sim);
        self.render(&mut out, latency);
        let mut sim = self.lock();
        sim.output.append(&mut out);
        sim.seed = sim.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let late = sim.jitter.mul_f64((sim.seed >> 33) as f64 / (1_u64 << 31) as f64);
        sim.due = now + Duration::from_nanos(sim.block as u64 * 1_000_000_000 / u64::from(sim.rate)) + late;
    }

    /// One callback. `false`: there is none, or it is under way.
    pub(super) fn render(&self, out: &mut [f32], latency: Option<Duration>) -> bool {
        let mut sim = self.lock();
        let (turn, callback) = (sim.turn, sim.callback.take());
        drop(sim);
        let Some(mut callback) = callback else { return false };
        // Without the lock: the device may be stopped meanwhile.
        callback(out, latency);
        let mut sim = self.lock();
        let place = if sim.turn == turn { &mut sim.callback } else { &mut sim.stale };
        let before = place.replace(callback);
        drop(sim);
        drop(before);
        true
    }

    /// A callback of the device before. `false`: there is none.
    pub(super) fn render_stale(&self, out: &mut [f32], latency: Option<Duration>) -> bool {
        let callback = self.lock().stale.take();
        let Some(mut callback) = callback else { return false };
        callback(out, latency);
        self.lock().stale.get_or_insert(callback);
        true
    }

    pub(super) fn lose(&self) {
        self.lock().end();
        self.fault(DeviceFault::Lost);
    }

    /// The first stays, as a device's does; but one that has gone is gone, whatever it said before.
    pub(super) fn fault(&self, fault: DeviceFault) {
        let mut sim = self.lock();
        sim.fault = match sim.fault {
            Some((before, count)) if before == fault || before == DeviceFault::Lost => {
                Some((before, count + 1))
            }
            _ => Some((fault, 1)),
        };
    }
}

impl Sim {
    fn end(&mut self) {
        self.turn += 1;
        if let Some(callback) = self.callback.take() {
            self.stale = Some(callback);
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
pub(in crate::session) struct SimulatedDevice {
    simulation: Simulation,
    name: &'static str,
}

impl Device for SimulatedDevice {
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
        let mut sim = self.simulation.lock();
        if sim.refusals > 0 {
            sim.refusals -= 1;
            return Err(DeviceError::NoDefault);
        }
        sim.channels = want.channels;
        Ok(DeviceInfo::new(self.name, DeviceKind::Virtual, want))
    }

    fn start(&mut self, callback: Callback) -> Result<(), DeviceError> {
        let mut sim = self.simulation.lock();
        sim.end();
        sim.callback = Some(callback);
        sim.fault = None;
        Ok(())
    }

    fn stop(&mut self) {
        self.simulation.lock().end();
    }

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        self.simulation.lock().fault.take()
    }
}
