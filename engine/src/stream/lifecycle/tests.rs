//! The word, bit by bit; `models` has it under every interleaving.

use super::*;

/// What is published on leaving is exact, whatever came in between.
#[test]
fn frames_and_epoch_share_the_word_without_touching() {
    let life = Lifecycle::new();
    for round in 0..70_000_u64 {
        let word = life.enter().expect("open");
        assert_eq!(word.epoch(), round as u16);
        assert_eq!(word.frames_near(round * 3), round * 3);
        life.leave(Done { frames: 3, begun: Some(word.epoch()), ..Done::default() });
        assert_eq!(life.interrupt(), Raised::Now);
        assert_eq!(life.interrupt(), Raised::Nothing);
    }
}

/// The frame counter comes round without reaching the epoch's bits or losing count.
#[test]
fn the_frame_counter_wraps() {
    let life = Lifecycle::new();
    life.enter().expect("open");
    life.leave(Done { frames: FRAMES_SPAN - 1, ..Done::default() });
    life.enter().expect("open");
    life.leave(Done { frames: 5, ..Done::default() });
    let word = life.read();
    assert_eq!(word.epoch(), 0);
    assert_eq!(word.frames_near(FRAMES_SPAN - 1), FRAMES_SPAN + 4);
    assert_eq!(word.frames_near(FRAMES_SPAN + 40), FRAMES_SPAN + 4);
}

/// Close decides at one instant; a drain can become a discard and never the other way.
#[test]
fn closing_is_one_way() {
    let life = Lifecycle::new();
    assert!(life.close(Closing::Drain));
    assert!(!life.close(Closing::Drain));
    assert_eq!(life.enter(), Err(Late));
    assert!(life.close(Closing::Discard(Reason::DeadlineExceeded)));
    assert!(!life.close(Closing::Discard(Reason::Discarded)));
    assert_eq!(life.read().discarding(), Some(Reason::DeadlineExceeded));
    assert_eq!(life.interrupt(), Raised::Closed);
}

/// The producer's discard is not lost where another's drain came between its entering and its leaving.
#[test]
fn a_discard_on_leaving_overrides_a_drain() {
    let life = Lifecycle::new();
    life.enter().expect("open");
    assert!(life.close(Closing::Drain));
    life.leave(Done { close: Some(Closing::Discard(Reason::Discarded)), ..Done::default() });
    assert_eq!(life.read().discarding(), Some(Reason::Discarded));
}

/// However often a producer clears before the next block, what was begun before stays interrupted.
#[test]
fn clearing_in_vain_does_not_bring_the_epoch_round() {
    let life = Lifecycle::new();
    let begun = life.enter().expect("open").epoch();
    life.leave(Done { frames: 1, begun: Some(begun), ..Done::default() });
    for _ in 0..100_000 {
        life.enter().expect("open");
        life.leave(Done { clear: true, ..Done::default() });
        assert!(is_stale(begun, life.read().epoch()));
    }
}

/// A segment that is cut while it is begun is nothing that the next interruption can cut again.
#[test]
fn what_is_cut_while_it_is_begun_is_not_cut_again() {
    let life = Lifecycle::new();
    for is_cut in [false, true] {
        let epoch = life.enter().expect("open").epoch();
        let raised = if is_cut { Raised::Now } else { Raised::Nothing };
        assert_eq!(life.interrupt(), raised, "there is one before it, or none");
        life.leave(Done { frames: 1, begun: Some(epoch), ..Done::default() });
        assert_eq!(is_stale(epoch, life.read().epoch()), is_cut);
    }
    assert_eq!(life.interrupt(), Raised::Nothing);
}

/// Control can end a segment in the producer's stead once, and not while the producer is inside.
#[test]
fn only_one_ends_the_open_segment() {
    let life = Lifecycle::new();
    assert!(life.enter_to_end().is_none());
    life.enter().expect("open");
    life.close(Closing::Drain);
    assert!(life.enter_to_end().is_none());
    life.leave(Done::default());
    assert!(life.enter_to_end().is_some());
    assert!(life.enter_to_end().is_none());
    assert!(!life.read().nothing_more_comes());
    life.leave_ended();
    assert!(life.read().nothing_more_comes());
    assert!(life.enter_to_end().is_none());
}

/// A producer that was inside when the books were closed learns it on leaving.
#[test]
fn sealing_decides_against_the_one_inside() {
    let life = Lifecycle::new();
    life.enter().expect("open");
    assert_eq!(life.seal(Reason::DeadlineExceeded).frames_near(0), 0);
    assert!(life.leave(Done { frames: 480, ..Done::default() }).is_final());
    assert_eq!(life.seal(Reason::DeadlineExceeded).frames_near(0), 0, "the count stays what it was");
}

/// Older than now, also where the circle closes.
#[test]
fn staleness_goes_round() {
    assert!(is_stale(3, 4) && is_stale(u16::MAX, 0) && !is_stale(4, 4) && !is_stale(0, u16::MAX));
}

/// A word that has something in each of its parts: epoch 3, 1,000 frames, and a segment begun since.
fn seasoned() -> Lifecycle {
    let life = Lifecycle::new();
    for _ in 0..4 {
        let epoch = life.enter().expect("open").epoch();
        life.leave(Done { frames: 250, begun: Some(epoch), ..Done::default() });
        if life.read().epoch() < 3 {
            assert_eq!(life.interrupt(), Raised::Now);
        }
    }
    life
}

/// What a word says, as letters: who is inside, how it closes, what is still to come. The count and the epoch stay what
/// they were, whatever is asked.
fn says(word: Word) -> String {
    assert_eq!((word.epoch(), word.frames_near(900), word.frames_near(1_100)), (3, 1_000, 1_000));
    let facts = [
        (word.is_producing(), "producing"),
        (word.is_closing(), "closing"),
        (word.is_final(), "final"),
        (word.discarding() == Some(Reason::Discarded), "discarded"),
        (word.discarding() == Some(Reason::DeadlineExceeded), "late"),
        (word.discarding() == Some(Reason::DeviceLost), "lost"),
        (word.nothing_more_comes(), "complete"),
        (word.wants_ending(), "unended"),
    ];
    let said: Vec<&str> = facts.into_iter().filter_map(|(is_so, name)| is_so.then_some(name)).collect();
    said.join(" ")
}

const REASONS: [(Reason, &str); 3] =
    [(Reason::Discarded, "discarded"), (Reason::DeadlineExceeded, "late"), (Reason::DeviceLost, "lost")];

/// A drain: closing, then ended by control, and then a discard all the same; each step says what it is and no more.
#[test]
fn a_drain_is_unended_until_it_is_ended() {
    for (reason, name) in REASONS {
        let life = seasoned();
        assert_eq!(says(life.read()), "");
        assert!(life.close(Closing::Drain));
        assert_eq!(says(life.read()), "closing unended");
        assert_eq!(life.enter_to_end().map(says).as_deref(), Some("closing unended"), "as it was before");
        assert_eq!(says(life.read()), "producing closing unended");
        assert_eq!(life.enter(), Err(Late));
        life.leave_ended();
        assert_eq!(says(life.read()), "closing complete");
        assert!(!life.close(Closing::Drain) && life.close(Closing::Discard(reason)));
        assert_eq!(says(life.read()), format!("closing {name} complete"));
    }
}

/// A discard is complete once nobody is inside, ended or not; sealed, it keeps its reason.
#[test]
fn a_discard_needs_no_end_and_keeps_its_reason() {
    for (reason, name) in REASONS {
        let life = seasoned();
        assert_eq!(life.enter().map(says).as_deref(), Ok(""), "as it was before");
        assert!(life.close(Closing::Discard(reason)));
        assert_eq!(says(life.read()), format!("producing closing {name}"));
        assert_eq!(says(life.leave(Done::default())), format!("producing closing {name}"));
        assert_eq!(says(life.read()), format!("closing {name} complete"));
        for (other, _) in REASONS {
            let _ = life.seal(other);
            assert_eq!(says(life.read()), format!("closing final {name} complete"));
        }
    }
}

/// The producer's own close ends the stream in the step in which it leaves.
#[test]
fn the_producers_close_ends_as_it_leaves() {
    for (closing, said) in [
        (Closing::Drain, "closing complete"),
        (Closing::Discard(Reason::Discarded), "closing discarded complete"),
    ] {
        let life = seasoned();
        life.enter().expect("open");
        assert_eq!(says(life.leave(Done { close: Some(closing), ..Done::default() })), "producing");
        assert_eq!(says(life.read()), said);
        assert_eq!(life.enter_to_end(), None);
    }
}

/// Sealed with the producer inside: whatever it did in there, the word says what it said, but that it has left.
#[test]
fn what_is_done_after_the_seal_leaves_no_trace() {
    for (reason, name) in REASONS {
        let life = seasoned();
        life.enter().expect("open");
        assert_eq!(says(life.seal(reason)), "producing", "as it was before");
        assert_eq!(says(life.read()), format!("producing closing final {name}"));
        let done = Done { frames: 480, begun: Some(3), clear: true, close: Some(Closing::Drain) };
        assert!(life.leave(done).is_final());
        assert_eq!(says(life.read()), format!("closing final {name} complete"));
        assert_eq!((life.interrupt(), life.enter_to_end()), (Raised::Closed, None));
    }
}

/// An interruption raises the epoch and touches nothing else, also of a stream that drains; of one that discards, or was
/// settled, it has nothing to say.
#[test]
fn an_interruption_touches_the_epoch_alone() {
    let life = seasoned();
    life.enter().expect("open");
    assert!(life.close(Closing::Drain));
    let before = life.read();
    assert_eq!([life.interrupt(), life.interrupt()], [Raised::Now, Raised::Nothing]);
    let after = life.read();
    assert_eq!((after.epoch(), after.frames_near(1_000)), (4, 1_000));
    assert_eq!(
        (after.is_producing(), after.is_closing(), after.discarding(), after.wants_ending()),
        (before.is_producing(), before.is_closing(), None, before.wants_ending())
    );
    life.leave(Done { begun: Some(4), ..Done::default() });
    assert!(life.close(Closing::Discard(Reason::Discarded)));
    assert_eq!(life.interrupt(), Raised::Closed);
}

/// The count is told from any count that is within half its span of it, and is never below zero.
#[test]
fn the_count_is_told_from_one_nearby() {
    let word = seasoned().read();
    for near in [0, 999, 1_000, 1_001, FRAMES_SPAN / 2 + 1_000] {
        assert_eq!(word.frames_near(near), 1_000, "near {near}");
    }
    assert_eq!(word.frames_near(FRAMES_SPAN - 100), FRAMES_SPAN + 1_000);
    assert_eq!(Lifecycle::new().read().frames_near(FRAMES_SPAN / 2), 0);
    assert_eq!(Lifecycle::new().read().frames_near(FRAMES_SPAN / 2 + 1), FRAMES_SPAN);
}
