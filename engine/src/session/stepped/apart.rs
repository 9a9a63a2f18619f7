//! A stepped session in its parts: the device and control, each driven by hand.

use super::Simulation;
use crate::{
    clock::Clock,
    device::DeviceFault,
    session::control::{Control, Next},
};
use std::time::Duration;

/// The device of a stepped session, and its clock, driven by hand: see [`Stepped::apart`](super::Stepped::apart).
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use codetta::{Session, StreamConfig};
/// use std::time::Duration;
///
/// let (session, time) = Session::builder().stepped()?;
/// let (device, mut control) = time.apart();
/// let (mut writer, _stream) = session.stream(StreamConfig::new(48_000, 1))?;
/// let _ = writer.write(&[0.1_f32; 480]);
/// let segment = writer.flush().accepted().ok_or("written")?;
///
/// // The callback comes a second late, and control another second after it.
/// device.wait(Duration::from_secs(1));
/// assert!(device.call(&mut [0.0; 2 * 480], None));
/// device.wait(Duration::from_secs(1));
/// assert!(segment.poll().is_none());
/// let next = control.step();
/// assert!(segment.poll().is_some() && next.is_some());
/// # Ok(())
/// # }
/// ```
///
/// **Thread**: any. Clones are the same device.
#[derive(Debug, Clone)]
pub struct SteppedDevice {
    simulation: Simulation,
    clock: Clock,
}

impl SteppedDevice {
    pub(super) fn new(simulation: Simulation, clock: Clock) -> Self {
        Self { simulation, clock }
    }

    /// Lets time pass, in which nobody is called.
    pub fn wait(&self, time: Duration) {
        self.clock.step_to(self.now().saturating_add(time));
    }

    /// The session's clock.
    pub fn now(&self) -> Duration {
        self.clock.now()
    }

    /// One callback, now, for as much as `out` holds, whose first frame is heard after `latency`. `false`: the device is
    /// not started, or the callback is under way; `out` is as it was.
    pub fn call(&self, out: &mut [f32], latency: Option<Duration>) -> bool {
        self.simulation.render(out, latency)
    }

    /// A callback of the device that was given up last, which comes all the same: it must find that it is not wanted.
    /// `false`: there was none.
    pub fn call_stale(&self, out: &mut [f32], latency: Option<Duration>) -> bool {
        self.simulation.render_stale(out, latency)
    }

    /// The device goes away, and says so.
    pub fn lose(&self) {
        self.simulation.lose();
    }

    /// The device says that it has dropped or repeated audio, and goes on.
    pub fn xrun(&self) {
        self.simulation.fault(DeviceFault::Xrun);
    }

    /// So many openings of a device will fail from now on.
    pub fn refuse(&self, openings: u32) {
        self.simulation.lock().refusals = openings;
    }
}

/// The control of a stepped session, driven by hand: see [`Stepped::apart`](super::Stepped::apart).
///
/// Dropping it is what a control thread's death would be: everything is answered at once.
#[derive(Debug)]
pub struct SteppedControl {
    control: Control,
    clock: Clock,
}

impl SteppedControl {
    pub(super) fn new(control: Control, clock: Clock) -> Self {
        Self { control, clock }
    }

    /// Does what is due, and says when it wants to be stepped again; `None`: the session is over.
    pub fn step(&mut self) -> Option<Duration> {
        match self.control.step(self.clock.now()) {
            Next::At(next) => Some(next),
            Next::Never => None,
        }
    }
}
