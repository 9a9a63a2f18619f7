//! A renderer in the caller's own callback.

#![deny(clippy::disallowed_types, clippy::disallowed_methods)] // This one is called on the audio thread.

use crate::render::callback::RenderCall;
use std::time::Duration;

/// Renders a session where the application owns the audio callback.
///
/// Nobody watches whether it is called, or still there: what it does not ask for is answered by a drain's deadline, or by
/// shutdown.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use codetta::{Session, StreamConfig};
///
/// let (session, mut renderer) = Session::builder().channels(2).host()?;
/// let (mut writer, _stream) = session.stream(StreamConfig::new(48_000, 2))?;
/// let _ = writer.write(&[0.25_f32; 2 * 1024]);
///
/// // In the application's audio callback:
/// let mut block = [0.0_f32; 2 * 256];
/// renderer.render(&mut block);
/// assert_eq!(block[0], 0.25);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct HostRenderer(RenderCall);

impl HostRenderer {
    pub(super) fn new(call: RenderCall) -> Self {
        Self(call)
    }

    /// Fills `out` (interleaved, frames of the session's channels, any number; what is left of a part of one is silent). What it
    /// returns counts as heard at once, but where [`render_with_latency`](Self::render_with_latency) has told a latency.
    ///
    /// `false`: the session is over, and `out` is silent.
    ///
    /// **Thread**: the audio thread. No allocation, lock or system call.
    pub fn render(&mut self, out: &mut [f32]) -> bool {
        self.0.render(out, None)
    }

    /// As [`render`](Self::render), where the block's first frame is heard `latency` from now. What has been heard is reckoned
    /// when a block is asked for: of the frames before it all but the last `latency`. From then on [`render`](Self::render)
    /// has that latency too.
    ///
    /// **Thread**: the audio thread. No allocation, lock or system call.
    pub fn render_with_latency(&mut self, out: &mut [f32], latency: Duration) -> bool {
        self.0.render(out, Some(latency))
    }
}
