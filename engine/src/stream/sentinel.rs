//! In-band markers: where, in the ring of samples, a segment begins and ends.
//!
//! `Begin` is pushed before the segment's first sample, `End` after its last. A reader that looks at the samples' tail
//! first and at the sentinels' tail after it has seen the `Begin` of every sample it sees.

/// A marker in a stream. Positions are frames at the engine's rate since the stream began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sentinel {
    Begin {
        id: u64,
        /// The lifecycle word's, when it was begun.
        epoch: u16,
        start: u64,
        /// Source frames accepted by the stream before it.
        base: u64,
    },
    End {
        id: u64,
        end: u64,
        /// Source frames of the segment.
        pushed: u64,
        /// Ended by a flush, not by a close.
        flushed: bool,
    },
}
