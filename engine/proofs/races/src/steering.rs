//! A thread that steers streams while others write and render them.

use crate::{Word, dice::Dice};
use codetta::{Close, Session, Stream};

/// Interrupts, pauses, turns, drains and, seldom, closes until it is told to stop; answers how many calls it made.
pub fn steer(session: &Session, streams: &[Stream], stop: &Word, dice: &mut Dice) -> u64 {
    let mut operations = 0;
    while !stop.is_said() {
        let stream = &streams[dice.below(streams.len() as u64) as usize];
        let ramp = dice.millis(20);
        match dice.below(16) {
            0..=2 => {
                let _ = stream.interrupt();
            }
            3 => {
                let _ = stream.pause();
            }
            4..=6 => {
                let _ = stream.resume();
            }
            7 | 8 => {
                let _ = stream.set_gain(dice.below(60) as f32 - 50.0, ramp);
            }
            9 => {
                let _ = stream.set_pan(dice.below(3) as f32 - 1.0, ramp);
            }
            10 => {
                let _ = stream.start_at(session.frame() + dice.below(500));
            }
            11 => {
                let _ = stream.drain(dice.millis(5));
            }
            12 => {
                let ticket = session.drain_ticket(dice.millis(20));
                let _ = ticket.wait(dice.millis(2));
            }
            13 => {
                let _ = session.drain(dice.millis(5));
            }
            14 if dice.one_in(30) => {
                let _ = stream.close(if dice.one_in(2) { Close::Drain } else { Close::Discard });
            }
            _ => {
                let _ = stream.is_closed();
            }
        }
        operations += 1;
        dice.dawdle(1);
    }
    operations
}
