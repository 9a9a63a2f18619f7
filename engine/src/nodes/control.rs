//! Parameters that are looked at less often than every frame: at which frames, so that it is the same in any block.

use crate::graph::{ParamSpec, Unit, Values};
use std::ops::Range;

/// Frames between two looks. At 48 kHz that is 3000 looks a second: a sweep has no audible steps, and what a look costs
/// (a sine, a division) is shared by sixteen frames.
pub(super) const EVERY: u64 = 16;

/// A part of a call in which the values of one look hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stretch {
    /// Its frames in the call.
    pub(super) frames: Range<usize>,
    /// The frame of the session's clock of the look.
    pub(super) look: u64,
}

/// When the values of a node were turned last, and whether all of them have arrived.
pub(super) fn state<const N: usize>(values: [Values; N]) -> (u64, bool) {
    let turned_at = values.iter().map(Values::turned_at).max().unwrap_or(0);
    (turned_at, values.iter().all(|values| values.steady().is_some()))
}

/// Cuts the call of `frames` frames from `clock` on into stretches.
///
/// There is a look at each frame whose clock is a multiple of [`EVERY`], and at the frame of each turn. None is where a
/// call begins: a call in the middle of a stretch looks back at where the stretch began. What is steady stays as it is
/// from the next look on, so the rest of the call is one stretch.
pub(super) fn stretches(clock: u64, frames: usize, state: (u64, bool)) -> impl Iterator<Item = Stretch> {
    let (turned_at, is_steady) = state;
    let mut from = 0;
    std::iter::from_fn(move || {
        if from == frames {
            return None;
        }
        let now = clock + from as u64;
        let tick = now - now % EVERY;
        let until = match is_steady && now == tick {
            true => frames,
            false => frames.min(from + (EVERY - now % EVERY) as usize),
        };
        let stretch = Stretch { frames: from..until, look: tick.max(turned_at.min(now)) };
        from = until;
        Some(stretch)
    })
}

/// What a parameter is unless it is told otherwise, in its unit.
pub(super) fn default_of<P, U: Unit>(spec: ParamSpec<P, U>) -> U {
    U::new(spec.info().default)
}

/// A time in frames, at least one.
pub(super) fn frames_of(seconds: f32, rate: u32) -> u64 {
    (f64::from(seconds) * f64::from(rate)).round().max(1.0) as u64
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// The look of each frame, however the frames are cut into calls.
    fn looks(cuts: &[u64], turned_at: u64, steady_from: u64) -> Vec<u64> {
        let mut looks = Vec::new();
        for call in cuts.windows(2) {
            let state = (if call[0] >= turned_at { turned_at } else { 0 }, call[0] >= steady_from);
            for stretch in stretches(call[0], (call[1] - call[0]) as usize, state) {
                looks.extend(stretch.frames.map(|_| stretch.look.min(steady_from.next_multiple_of(EVERY))));
            }
        }
        looks
    }

    /// Looks lie at multiples of sixteen and at turns, wherever calls begin.
    #[test]
    fn looks_do_not_depend_on_calls() {
        let (turned_at, steady_from) = (1_005, 1_070);
        let whole = looks(&[900, 1_005, 1_200], turned_at, steady_from);
        assert_eq!((whole[104], whole[105], whole[106], whole[107]), (992, 1_005, 1_005, 1_005));
        assert_eq!((whole[108], whole[124]), (1_008, 1_024));
        let cut: Vec<u64> = (900..=1_200).collect();
        assert_eq!(whole, looks(&cut, turned_at, steady_from));
        assert_eq!(whole, looks(&[900, 1_005, 1_007, 1_071, 1_093, 1_200], turned_at, steady_from));
    }
}
