//! Interrupting from another thread, and clearing by the producer, with a new segment right behind.

use super::{BLOCK, check_settled, explore, joined, play_out, producer::Writer, stream, thread};
use crate::stream::{
    End,
    lifecycle::{Closing, Raised},
    models::{control::Outcome, producer::Answer},
};

/// One segment of two writes, then another: what a producer does that is interrupted at any moment.
fn speak_twice(writer: &mut Writer) {
    writer.write(1);
    writer.write(1);
    writer.flush();
    writer.write(1);
    writer.flush();
}

/// What the producer was told was cut is cut, and what it began after it was told is heard.
fn check_cuts(writer: &Writer, outcomes: &[Outcome]) {
    check_settled(&writer.accounts, outcomes);
    for (account, outcome) in writer.accounts.iter().zip(outcomes) {
        assert!(account.flushed || outcome.end != End::Played);
    }
    let cut = writer.accounts.iter().position(|account| account.cut);
    if let Some(cut) = cut {
        assert_eq!(outcomes[cut].end, End::Interrupted);
        assert!(outcomes[cut + 1..].iter().all(|outcome| outcome.end == End::Played), "begun after the cut");
    }
}

/// Everything begun before an interruption is cut, nothing begun after it, and each frame has its segment.
/// The mutants `interrupt-raises-no-epoch` and `stale-the-other-way-round` break it.
#[test]
fn an_interruption_cuts_what_was_begun_before_it() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(2);
        let producer = thread::spawn(move || {
            speak_twice(&mut writer);
            writer
        });
        let raised = reader.half.life.interrupt();
        reader.render(BLOCK);
        let writer = joined(producer);
        reader.half.life.close(Closing::Drain);
        play_out(&mut reader, &mut control);
        check_cuts(&writer, &control.outcomes);
        let first = if raised == Raised::Now { End::Interrupted } else { End::Played };
        assert_eq!(control.outcomes[0].end, first);
    });
}

/// The same while blocks are rendered: a segment that was heard whole before stays heard, and the ledger balances.
/// The mutants `sentinels-before-samples` and `read-relaxed` break it.
#[test]
fn an_interruption_races_producer_and_block() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(2);
        let producer = thread::spawn(move || {
            writer.write(1);
            writer.flush();
            writer.write(1);
            writer
        });
        let half = reader.half.clone();
        let interrupter = thread::spawn(move || half.life.interrupt());
        reader.render(BLOCK);
        let mut writer = joined(producer);
        let raised = joined(interrupter);
        if writer.flush() == Answer::Interrupted {
            assert_eq!(raised, Raised::Now);
        }
        reader.half.life.close(Closing::Drain);
        play_out(&mut reader, &mut control);
        check_cuts(&writer, &control.outcomes);
        if raised != Raised::Now {
            assert!(control.outcomes.iter().all(|outcome| outcome.end == End::Played));
        }
    });
}

/// A clear cuts the open segment, and the one that follows at once is heard whole, in whichever block they are met.
/// The mutants `clear-raises-no-epoch`, `leave-forgets-what-was-begun` and `frames-pushed-before-the-begin` break it.
#[test]
fn a_segment_right_behind_a_clear_is_heard_whole() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(2);
        let producer = thread::spawn(move || {
            writer.write(2);
            assert_eq!(writer.clear(), Answer::Accepted);
            writer.write(1);
            writer.flush();
            writer
        });
        reader.render(1);
        reader.render(BLOCK);
        let writer = joined(producer);
        reader.half.life.close(Closing::Drain);
        play_out(&mut reader, &mut control);
        check_cuts(&writer, &control.outcomes);
        assert_eq!([control.outcomes[0].pushed, control.outcomes[1].pushed], [2, 1]);
        assert_eq!(control.outcomes[1].end, End::Played);
    });
}
