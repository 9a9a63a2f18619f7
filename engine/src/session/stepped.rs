//! A session on a simulated device: its time is stepped, its faults are caused.

mod apart;
mod simulation;

use super::control::{Control, Next};
use crate::clock::Clock;
pub use apart::{SteppedControl, SteppedDevice};
pub(super) use simulation::Simulation;
use std::time::Duration;

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

    /// Takes it apart: then whoever has the parts decides when a callback comes, when control steps and how much time
    /// passes between, and may do one in the middle of the other.
    pub fn apart(self) -> (SteppedDevice, SteppedControl) {
        (
            SteppedDevice::new(self.simulation, self.clock.clone()),
            SteppedControl::new(self.control, self.clock),
        )
    }

    /// Frames that the device asks for at a time from now on: 480 unless told.
    pub fn set_block(&mut self, frames: usize) {
        self.simulation.lock().block = frames.max(1);
    }

    /// How long until a block's first frame is heard, from now on: `None` is as long as it was last, and nothing if it
    /// never was told.
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
        self.simulation.lose();
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
