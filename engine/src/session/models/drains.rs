//! A drain's answer, held against what was known before it was asked.

use super::{super::Session, stage::FOREVER, told::Accepted};
use crate::stream::{Drain, Drained, End};
use std::time::Duration;

/// Asks for a drain, waits for the answer, and holds it to its word.
pub(super) fn drain(session: &Session, accepted: &Accepted, timeout: Duration, ask: impl FnOnce() -> Drain) {
    let (before, asked_at) = (accepted.list(), session.now());
    let ticket = ask();
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
        Drained::Closed => assert!(session.is_closed()),
        Drained::Interrupted | Drained::DeviceLost => {}
    }
    assert_eq!(ticket.poll(), Some(answer), "it stays answered");
}
