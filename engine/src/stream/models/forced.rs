//! Control settles in the renderer's place: the books are closed over a producer's head, the lease taken or not.

use super::{BLOCK, Control, check_settled, explore, joined, stream, thread};
use crate::{
    render::lease::{Lease, Seized, Seizure},
    stream::{lifecycle::Reason, models::reader::Reader},
};
use std::sync::Arc;

/// The count that control reads when it closes the books is what the producer is told, whoever was inside.
/// The mutants `leave-adds-to-closed-books` and `seal-is-not-final` break it.
#[test]
fn the_sealed_count_is_what_the_producer_was_told() {
    explore(|| {
        let (mut writer, reader, _control) = stream(2);
        let producer = thread::spawn(move || {
            writer.write(1);
            writer.write(1);
            writer.flush();
            writer
        });
        let sealed = reader.half.life.seal(Reason::DeadlineExceeded).frames_near(0);
        let writer = joined(producer);
        assert_eq!(sealed, writer.accounts.iter().map(|account| account.accepted).sum::<u64>());
        let again = reader.half.life.seal(Reason::DeadlineExceeded).frames_near(0);
        assert_eq!(again, sealed, "what came late is in no count");
        assert!(reader.half.life.enter().is_err());
    });
}

/// As `Control::settle_by_force`.
fn settle_by_force(lease: &Lease<Reader>, seized: &mut Seized, control: &mut Control) {
    let reason = Reason::DeadlineExceeded;
    if lease.seize() == Seizure::Taken {
        lease.seized(seized, |reader| {
            let word = reader.half.life.seal(reason);
            reader.settle_all(word, reason);
        });
    }
    control.collect();
    control.settle_without_renderer(reason);
}

/// Control settles by force while a callback renders, or sleeps inside: each accepted segment has one outcome, of the
/// frames that the producer was told, and what the callback reports of it later is dropped.
/// The mutant `leave-publishes-no-frames` breaks it.
#[test]
fn force_settles_once_whatever_the_callback_does() {
    explore(|| {
        let (mut writer, reader, mut control) = stream(2);
        writer.write(1);
        writer.flush();
        writer.write(1);
        let lease = Arc::new(Lease::new(reader));
        let callback = {
            let lease = Arc::clone(&lease);
            thread::spawn(move || lease.with(0, |reader| reader.render(BLOCK)))
        };
        settle_by_force(&lease, &mut Seized::only(), &mut control);
        joined(callback);
        control.collect();
        check_settled(&writer.accounts, &control.outcomes);
    });
}

/// The same while the producer is at work.
/// The mutants `seal-is-not-final` and `credit-before-the-report` break it.
#[test]
fn force_settles_once_whatever_the_producer_does() {
    explore(|| {
        let (mut writer, mut reader, mut control) = stream(2);
        let producer = thread::spawn(move || {
            writer.write(1);
            writer.flush();
            writer.write(1);
            writer
        });
        reader.render(BLOCK);
        settle_by_force(&Lease::new(reader), &mut Seized::only(), &mut control);
        let writer = joined(producer);
        check_settled(&writer.accounts, &control.outcomes);
    });
}
