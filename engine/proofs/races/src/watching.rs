//! A thread that looks at everything that can be looked at, and finds that it only grows.

use crate::{Word, dice::Dice};
use codetta::{Position, Session, Stream};

/// Looks until it is told to stop; answers how often.
pub fn watch(session: &Session, streams: &[Stream], stop: &Word, dice: &mut Dice) -> u64 {
    let mut looks = 0;
    let events = session.events();
    let mut before = vec![Position::default(); streams.len()];
    let mut frame = 0;
    while !stop.is_said() {
        for (stream, before) in streams.iter().zip(&mut before) {
            let now = stream.position();
            assert!(now.played <= now.consumed && now.consumed <= now.pushed, "{now:?}");
            assert!(before.played <= now.played && before.pushed <= now.pushed, "{before:?}, then {now:?}");
            *before = now;
            assert!(stream.stats().repaired == 0, "no sample was bad");
        }
        let now = session.frame();
        assert!(frame <= now, "the clock does not go back");
        frame = now;
        match dice.below(6) {
            0 => assert!(session.account().ledger.balances()),
            1 => assert!(session.levels().peak.iter().all(|peak| peak.is_finite())),
            2 => while events.try_recv().is_some() {},
            3 => {
                let _ = events.recv_timeout(dice.millis(2));
            }
            4 => {
                let _ = (session.late(), session.device(), session.is_closed(), session.now());
            }
            _ => {}
        }
        looks += 1;
        dice.dawdle(1);
    }
    looks
}
