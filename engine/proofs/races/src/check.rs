//! The report of a session against what its producers were told: the ledger, and each outcome exactly once.

use crate::producer::Accepted;
use codetta::{Outcome, Report};
use std::collections::HashMap;

/// Checks everything that holds whatever the threads did; answers how many segments there were.
pub fn check(report: &Report, told: &[Accepted]) -> u64 {
    assert!(report.complete, "the session is over, and says so");
    assert!(report.ledger.balances(), "{:?}", report.ledger);
    let mut outcomes: HashMap<_, Vec<Outcome>> = HashMap::new();
    for outcome in &report.segments {
        assert_eq!(outcome.pushed, outcome.played + outcome.discarded, "{outcome:?}");
        outcomes.entry(outcome.stream).or_default().push(*outcome);
    }
    for told in told {
        let outcomes = outcomes.remove(&told.stream).unwrap_or_default();
        for (number, outcome) in (0..).zip(&outcomes) {
            assert_eq!(outcome.segment, number, "a stream's outcomes come once, and in order");
        }
        let pushed: u64 = outcomes.iter().map(|outcome| outcome.pushed).sum();
        assert_eq!(pushed, told.frames, "what was accepted is accounted for: {outcomes:?}");
        for segment in &told.segments {
            let outcome = segment.poll().expect("every segment that was accepted has its outcome");
            assert_eq!(outcomes.get(outcome.segment as usize), Some(&outcome), "everywhere the same");
        }
    }
    assert!(outcomes.is_empty(), "nobody wrote these: {outcomes:?}");
    report.segments.len() as u64
}
