//! What the audio thread reports of a segment. Control makes an outcome of it.

use super::End;
use std::time::Duration;

/// At most one `Started` and exactly one `Settled` for each segment: the ring they go through holds as many as there
/// can be, so that pushing one cannot fail.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Settlement {
    Started {
        id: u64,
        at: Duration,
    },
    Settled {
        id: u64,
        end: End,
        /// Source frames.
        pushed: u64,
        played: u64,
        first_heard: Option<Duration>,
        last_heard: Option<Duration>,
    },
}
