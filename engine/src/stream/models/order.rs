//! The order of the rings: frames and their segments, credits and their reports.

use super::{BLOCK, check_settled, explore, joined, play_out, stream, thread};
use crate::stream::{
    End,
    lifecycle::Closing,
    models::producer::{Answer, Writer},
};

/// The first frames of the next segment are never taken for the last of this one, however the tails are met.
/// The mutant `sentinels-before-samples` breaks it.
#[test]
fn each_frame_is_counted_to_its_segment() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(2);
        let producer = thread::spawn(move || {
            for _ in 0..2 {
                writer.write(1);
                writer.flush();
            }
            writer
        });
        reader.render(1);
        reader.render(BLOCK);
        let writer = joined(producer);
        reader.half.life.close(Closing::Drain);
        play_out(&mut reader, &mut control);
        check_settled(&writer.accounts, &control.outcomes);
        assert!(control.outcomes.iter().all(|outcome| outcome.end == End::Played));
    });
}

/// A credit comes back only when control has taken the report: no ring overflows (each `push` asserts it), and a
/// producer without a credit is told to wait.
/// The mutant `credit-before-the-report` breaks it.
#[test]
fn credits_keep_every_ring_from_overflowing() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(1);
        let speak = |writer: &mut Writer| {
            if writer.write(1) == Answer::Accepted {
                writer.flush();
            }
        };
        speak(&mut writer);
        reader.render(BLOCK);
        let producer = thread::spawn(move || {
            speak(&mut writer);
            writer
        });
        let collector = thread::spawn(move || {
            control.collect();
            control
        });
        reader.render(BLOCK);
        let (mut writer, mut control) = (joined(producer), joined(collector));
        speak(&mut writer);
        reader.render(BLOCK);
        reader.half.life.close(Closing::Drain);
        play_out(&mut reader, &mut control);
        check_settled(&writer.accounts, &control.outcomes);
    });
}
