//! A place where sounds meet.

use crate::graph::{Activity, Audio, Layout, Processor, Setup};

/// The sum of what is connected to it, under a name.
///
/// As many channels in as out: the session's, unless [`channels`](Self::channels) says another count. It costs no more
/// than the sum: the graph adds what is connected to a node, and the bus leaves it as it is.
#[derive(Debug, Clone)]
#[must_use]
pub struct Bus {
    name: &'static str,
    channels: Option<usize>,
}

impl Bus {
    /// A bus that errors, pictures and snapshots call `name`.
    ///
    /// **Thread**: any, as for all that builds it.
    pub fn new(name: &'static str) -> Self {
        Self { name, channels: None }
    }

    /// For so many channels instead of the session's.
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }
}

impl Processor for Bus {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        Layout::effect(channels, channels)
    }

    #[inline]
    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Sounding
    }
}
