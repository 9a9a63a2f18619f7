//! loom models of the close protocol: the real lifecycle word and the real lease, under every interleaving.
//!
//! | file | idea |
//! |---|---|
//! | `ring` | a stand-in for rtrb, whose every access loom sees |
//! | `producer` | the producer's half and its verbs, in the order of `producer.rs` and `writer.rs` |
//! | `reader` | the audio thread's side, in the order of `reader/mod.rs` and `reader/settle.rs` |
//! | `control` | the book of a stream, in the order of `session/book.rs` and `session/control.rs` |
//! | `closing`, `interrupting`, `order`, `forced` | the models: what must hold, whatever races |
//! | `mirror` | holds the stand-ins to the order of the real code |
//!
//! A frame carries the id of its segment in place of sound. What has no part in any race (conversion, fades, latency)
//! is left out: whatever is mixed is heard at once. `scripts/mutants.sh` breaks the code in each of the ways that the
//! protocol guards against, and shows the model that notices.

mod closing;
mod control;
mod forced;
mod interrupting;
mod mirror;
mod order;
mod producer;
mod reader;
mod ring;

use super::End;
use crate::sync::explore;
use control::{Control, Outcome};
use loom::thread::{self, JoinHandle};
use producer::{Account, Half, Writer};
use reader::Reader;
use std::sync::Arc;

/// More than any model writes, so that room is no subject here.
const ROOM: usize = 4;
/// More than any model writes: a block takes all there is.
const BLOCK: u64 = 8;

/// A stream's three sides.
fn stream(credits: u64) -> (Writer, Reader, Control) {
    let (samples, samples_out) = ring::ring(ROOM);
    let (sentinels, sentinels_out) = ring::ring(2 * credits as usize);
    let (tickets, tickets_out) = ring::ring(credits as usize);
    let (settlements, settlements_out) = ring::ring(2 * credits as usize);
    let half = Arc::new(Half::new(samples, sentinels, tickets, credits));
    let reader = Reader::new(Arc::clone(&half), samples_out, sentinels_out, settlements, credits);
    let control = Control::new(Arc::clone(&half), settlements_out, tickets_out);
    (Writer::new(half), reader, control)
}

/// What a thread gives back.
fn joined<T>(thread: JoinHandle<T>) -> T {
    thread.join().expect("a failed assertion ends the model")
}

/// Once nobody else acts, blocks and control's steps bring the stream to its end, and not many.
fn play_out(reader: &mut Reader, control: &mut Control) {
    for _ in 0..4 {
        control.step();
        if !reader.render(BLOCK) {
            control.collect();
            return;
        }
    }
    panic!("the stream never ends: a segment has lost its outcome");
}

/// One outcome for each segment accepted, in order, of as many frames as the producer was told, and none else.
fn check_settled(accounts: &[Account], outcomes: &[Outcome]) {
    assert_eq!(accounts.len(), outcomes.len(), "one outcome for each: {accounts:?} {outcomes:?}");
    for (account, outcome) in accounts.iter().zip(outcomes) {
        assert_eq!(account.id, outcome.id, "in order");
        assert_eq!(account.accepted, outcome.pushed, "frames are attributed: {accounts:?} {outcomes:?}");
        assert!(outcome.played <= outcome.pushed, "never over-reported");
        let complete = matches!(outcome.end, End::Played | End::Closed);
        assert!(!complete || outcome.played == outcome.pushed, "whole, or it says why not");
    }
}
