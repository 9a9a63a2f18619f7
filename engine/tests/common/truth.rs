//! What holds of any outcome and any report.

use codetta::{Outcome, Report, StreamId};
use std::collections::HashMap;

/// What holds of every outcome, by itself.
pub fn assert_balanced(outcome: &Outcome) {
    assert_eq!(outcome.pushed, outcome.played + outcome.discarded, "the ledger balances: {outcome:?}");
    assert_eq!(
        outcome.first_heard.is_some(),
        outcome.played > 0,
        "a time exactly if it was heard: {outcome:?}"
    );
    assert!(outcome.first_heard <= outcome.last_heard, "{outcome:?}");
    if outcome.end == codetta::End::Played {
        assert_eq!(outcome.discarded, 0, "played is played whole: {outcome:?}");
    }
}

/// What holds of every report: one outcome a segment, each stream's in order, and the sum of them is the ledger.
pub fn assert_truthful(report: &Report) {
    let mut next: HashMap<StreamId, u64> = HashMap::new();
    let (mut pushed, mut played, mut discarded) = (0, 0, 0);
    for outcome in &report.segments {
        assert_balanced(outcome);
        let expected = next.entry(outcome.stream).or_default();
        assert_eq!(outcome.segment, *expected, "in order, none missing, none twice: {report:?}");
        *expected += 1;
        pushed += outcome.pushed;
        played += outcome.played;
        discarded += outcome.discarded;
    }
    let ledger = &report.ledger;
    assert_eq!((ledger.pushed, ledger.played, ledger.discarded), (pushed, played, discarded));
    assert!(ledger.balances() && report.complete);
}
