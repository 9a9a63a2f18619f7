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
        life.leave(Done { frames: 3, begun: true, ..Done::default() });
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
    life.leave(Done { frames: 1, begun: true, ..Done::default() });
    for _ in 0..100_000 {
        life.enter().expect("open");
        life.leave(Done { clear: true, ..Done::default() });
        assert!(is_stale(begun, life.read().epoch()));
    }
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
