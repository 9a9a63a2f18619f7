//! What a device calls: it takes the lease, and renders; without the lease there is silence.

use super::{Renderer, denormals::FlushDenormals, lease::Lease, observed::Observed};
use crate::clock::Clock;
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// No device holds more; what a caller says beyond it must not overflow the arithmetic of time.
const LONGEST_LATENCY: Duration = Duration::from_secs(60);

/// One device's way to the renderer. The generation tells it from those before and after.
#[derive(Debug, Clone)]
pub(crate) struct RenderCall {
    pub(crate) lease: Arc<Lease<Option<Renderer>>>,
    pub(crate) generation: u64,
    pub(crate) clock: Clock,
    pub(crate) observed: Arc<Observed>,
    pub(crate) channels: usize,
}

impl RenderCall {
    /// Fills `out`. `false`: the renderer is not this device's any more, and `out` is silent.
    ///
    /// **Thread**: the audio thread. No allocation, lock or system call.
    pub(crate) fn render(&self, out: &mut [f32], latency: Option<Duration>) -> bool {
        // Whoever allocates or calls the system from here on ends the process, and says where.
        #[cfg(feature = "rt-guard")]
        let _scope = rtguard::Scope::enter();
        let began = Instant::now();
        let _denormals = FlushDenormals::new();
        let whole = out.len() - out.len() % self.channels;
        // What is no whole frame cannot be music.
        let (out, rest) = out.split_at_mut(whole);
        rest.fill(0.0);
        let now = self.clock.now();
        let latency = latency.map(|latency| latency.min(LONGEST_LATENCY));
        let rendered = self.lease.with(self.generation, |renderer| match renderer {
            Some(renderer) => renderer.render(out, now, latency),
            None => out.fill(0.0),
        });
        if rendered.is_none() {
            out.fill(0.0);
            return false;
        }
        self.observed.took(began.elapsed());
        true
    }
}
