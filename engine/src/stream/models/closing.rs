//! Closing, against whatever the producer does meanwhile.

use super::{BLOCK, check_settled, explore, joined, play_out, stream, thread};
use crate::stream::{
    End,
    lifecycle::{Closing, Reason},
    models::producer::Answer,
};

/// A flush that races a close is either rejected, and its segment then ended by control, or settled as flushed: once.
/// The mutants `word-read-after-the-tails`, `enter-to-end-relaxed` and `read-relaxed` break it.
#[test]
fn a_flush_that_races_a_close_is_settled_once() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(2);
        let producer = thread::spawn(move || {
            writer.write(1);
            let flushed = writer.flush();
            assert_eq!(flushed == Answer::Closed, writer.accounts.iter().all(|account| !account.flushed));
            writer
        });
        let closer = thread::spawn(move || {
            control.half.life.close(Closing::Drain);
            control.step();
            control
        });
        reader.render(BLOCK);
        reader.render(BLOCK);
        let (writer, mut control) = (joined(producer), joined(closer));
        play_out(&mut reader, &mut control);
        check_settled(&writer.accounts, &control.outcomes);
        for (account, outcome) in writer.accounts.iter().zip(&control.outcomes) {
            assert_eq!(outcome.end, if account.flushed { End::Played } else { End::Closed });
        }
    });
}

/// Control ends what was left open only while the producer is outside, and a write that came too late is not in it.
/// The mutant `enter-to-end-ignores-producing` breaks it.
#[test]
fn an_open_segment_is_ended_by_control_at_its_last_accepted_frame() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(1);
        writer.write(1);
        let producer = thread::spawn(move || {
            writer.write(1);
            writer
        });
        let closer = thread::spawn(move || {
            control.half.life.close(Closing::Drain);
            control.step();
            control
        });
        reader.render(BLOCK);
        let (writer, mut control) = (joined(producer), joined(closer));
        play_out(&mut reader, &mut control);
        check_settled(&writer.accounts, &control.outcomes);
        assert_eq!(control.outcomes[0].end, End::Closed);
    });
}

/// A discarding close from another thread settles what was accepted, to the frame, flushed or not.
/// The mutants `enter-ignores-closing`, `over-while-one-is-inside` and `leave-relaxed` break it.
#[test]
fn a_discard_settles_what_was_accepted() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(2);
        let producer = thread::spawn(move || {
            writer.write(1);
            writer.flush();
            writer.write(1);
            writer
        });
        reader.half.life.close(Closing::Discard(Reason::Discarded));
        reader.render(BLOCK);
        let writer = joined(producer);
        play_out(&mut reader, &mut control);
        check_settled(&writer.accounts, &control.outcomes);
        assert!(control.outcomes.iter().all(|outcome| outcome.end == End::Discarded));
    });
}

/// The producer discards, another drains: whoever is first, the stream ends, and what was open has its outcome.
/// The mutants `discard-gives-way-to-a-drain` and `enter-sets-no-producing` break it.
#[test]
fn a_discard_by_the_producer_is_not_lost_in_a_drain() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(1);
        writer.write(1);
        let producer = thread::spawn(move || {
            writer.close(Closing::Discard(Reason::Discarded));
            writer
        });
        reader.half.life.close(Closing::Drain);
        control.step();
        reader.render(BLOCK);
        let writer = joined(producer);
        play_out(&mut reader, &mut control);
        check_settled(&writer.accounts, &control.outcomes);
    });
}
