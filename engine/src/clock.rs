//! The session's clock: monotonic, or as far as somebody has stepped it.

use crate::sync::{AtomicU64, Ordering};
use std::{
    sync::Arc,
    time::{Duration, Instant},
};

/// Time since the session started.
#[derive(Debug, Clone)]
pub(crate) enum Clock {
    Monotonic(Instant),
    /// Nanoseconds.
    Stepped(Arc<AtomicU64>),
}

impl Clock {
    pub(crate) fn monotonic() -> Self {
        Self::Monotonic(Instant::now())
    }

    pub(crate) fn stepped() -> Self {
        Self::Stepped(Arc::default())
    }

    /// No system call on the platforms that keep the clock in user space (vDSO, mach).
    pub(crate) fn now(&self) -> Duration {
        match self {
            Self::Monotonic(start) => start.elapsed(),
            Self::Stepped(nanos) => Duration::from_nanos(nanos.load(Ordering::Acquire)),
        }
    }

    /// Sets a stepped clock; it never goes back. A monotonic one goes by itself.
    pub(crate) fn step_to(&self, now: Duration) {
        if let Self::Stepped(nanos) = self {
            nanos.fetch_max(u64::try_from(now.as_nanos()).unwrap_or(u64::MAX), Ordering::AcqRel);
        }
    }
}
