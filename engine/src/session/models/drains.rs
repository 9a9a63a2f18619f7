//! A drain's answer, held against what was known before it was asked.

use super::{super::Session, stage::FOREVER, told::Accepted};
use crate::stream::{Drained, End, Stream};
use std::time::Duration;

/// Asks for a drain of the session or of one stream, waits for the answer, and holds it to its word.
pub(super) fn drain(session: &Session, accepted: &Accepted, timeout: Duration, stream: Option<&Stream>) {
    let (before, asked_at) = (accepted.list(), session.now());
    let ticket = stream.map_or_else(|| session.drain_ticket(timeout), |stream| stream.drain_ticket(timeout));
    // What is not settled by now was certainly not when the fence was set.
    let covered: Vec<bool> = before.iter().map(|segment| segment.poll().is_none()).collect();
    let answer = ticket.wait(FOREVER).expect("without a timeout");
    match answer {
        Drained::Drained => {
            for (segment, covered) in before.iter().zip(covered) {
                let outcome = segment.poll().expect("drained, so answered");
                let heard = matches!(outcome.end, End::Played | End::Closed);
                assert!(heard || !covered, "drained, and not heard: {outcome:?}");
            }
        }
        Drained::DeadlineExceeded { .. } => {
            assert!(session.now() >= asked_at + timeout || session.now() >= session.core.deadline());
        }
        Drained::Closed => assert!(stream.map_or_else(|| session.is_closed(), Stream::is_closed)),
        Drained::Interrupted | Drained::DeviceLost => {}
    }
    assert_eq!(ticket.poll(), Some(answer), "it stays answered");
}
