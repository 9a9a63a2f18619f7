//! The stream that is being fed.

use std::time::Duration;

use codetta::{Segment, Session, Stream, StreamConfig, StreamError, Writer};

use crate::decode::Spec;

/// Rides out a slow disk, and is short enough to be drained while somebody waits.
const BUFFER: Duration = Duration::from_secs(1);

/// Frames that it holds, at `rate` Hz.
pub fn capacity(rate: u32) -> f64 {
    BUFFER.as_secs_f64() * f64::from(rate)
}

/// One stream of one format, and the last segment that was flushed to it.
pub struct Deck {
    /// Rate and channels are those of the stream.
    pub spec: Spec,
    pub writer: Writer,
    pub stream: Stream,
    pub last: Option<Segment>,
}

impl Deck {
    /// Opens a stream for sources of this format.
    pub fn open(session: &Session, spec: Spec) -> Result<Self, StreamError> {
        let config = StreamConfig::new(spec.rate, spec.channels).buffer(BUFFER);
        let (writer, stream) = session.stream(config)?;
        Ok(Self { spec, writer, stream, last: None })
    }

    /// Whether a source can follow here, without a gap.
    pub fn fits(&self, spec: Spec) -> bool {
        (self.spec.rate, self.spec.channels) == (spec.rate, spec.channels)
    }

    /// Whether everything written has been given to the device: the moment for the next stream to begin.
    pub fn is_empty(&self) -> bool {
        let settled = |segment: &Segment| segment.poll().is_some();
        self.stream.is_closed() || self.last.as_ref().is_none_or(settled) || self.stream.stats().buffered == 0
    }
}
