//! As fast as it can, and deterministic: time is what has been rendered.

use super::control::Control;
use crate::render::callback::RenderCall;
use std::time::Duration;

/// Drives a session without a thread or a clock: rendering a block is what makes time pass.
///
/// Whatever blocks (`wait`, `drain`, `shutdown`, `write_all`) waits for somebody else to render; with one thread, poll
/// instead, and use [`begin_shutdown`](crate::Session::begin_shutdown).
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use codetta::{Session, Shutdown, StreamConfig};
/// use std::time::Duration;
///
/// let (session, mut offline) = Session::builder().offline()?;
/// let (mut writer, _stream) = session.stream(StreamConfig::new(24_000, 1))?;
/// let _ = writer.write(&[1_000_i16; 2_400]);
/// let _ = writer.flush();
///
/// let closing = session.begin_shutdown(Shutdown::Drain(Duration::from_secs(1)));
/// let mut block = [0.0; 2 * 480];
/// let report = loop {
///     offline.render(&mut block);
///     if let Some(report) = closing.poll() {
///         break report;
///     }
/// };
/// assert_eq!((report.ledger.pushed, report.ledger.played), (2_400, 2_400));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Offline {
    call: RenderCall,
    control: Control,
    frames: u64,
    rate: u32,
}

impl Offline {
    pub(super) fn new(call: RenderCall, control: Control) -> Self {
        let rate = control.sample_rate();
        Self { call, control, frames: 0, rate }
    }

    /// Renders `out` (interleaved, whole frames of the session's channels, any number), and lets control do what is due.
    ///
    /// **Thread**: any one. Control may allocate; the renderer does not.
    pub fn render(&mut self, out: &mut [f32]) {
        self.render_only(out);
        self.step();
    }

    /// Renders without letting control do anything, as an audio thread does.
    ///
    /// **Thread**: any one. No allocation, lock or system call.
    pub fn render_only(&mut self, out: &mut [f32]) {
        self.call.render(out, None);
        self.frames += (out.len() / self.call.channels) as u64;
        self.call.clock.step_to(self.now());
    }

    /// Lets control do what is due, without time passing.
    pub fn step(&mut self) {
        self.control.step(self.now());
    }

    /// Time that has been rendered.
    pub fn now(&self) -> Duration {
        let rate = u64::from(self.rate);
        let rest = self.frames % rate * 1_000_000_000 / rate;
        Duration::from_secs(self.frames / rate) + Duration::from_nanos(rest)
    }
}
