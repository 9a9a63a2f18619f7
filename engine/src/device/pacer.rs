//! When periods are due: absolute deadlines, without a clock.

use std::time::Duration;

/// Most periods that are made up for at once after a stall; what was missed beyond them is let go.
///
/// A late wake-up of a few periods is an ordinary scheduler's (tens of milliseconds on a loaded machine) and is made up
/// for, so that the device keeps the clock's rate. A suspended process must not play minutes in a burst.
pub(super) const CATCH_UP: u32 = 4;

/// How many periods are due now, and when the next one is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Due {
    /// Periods to play at once, 0 to [`CATCH_UP`].
    pub(super) periods: u32,
    /// When to ask again, on the clock that `now` is on.
    pub(super) next: Duration,
}

/// Paces periods of equal length from an anchor.
///
/// A deadline is computed from the anchor and a count, never from the deadline before: no rounding adds up, and 44,100
/// frames are a second however they are cut.
#[derive(Debug)]
pub(super) struct Pacer {
    frames: u64,
    rate: u64,
    anchor: Duration,
    done: u64,
}

impl Pacer {
    /// Periods of `frames` at `rate` Hz, the first one due at `now`.
    pub(super) fn new(frames: usize, rate: u32, now: Duration) -> Self {
        Self { frames: frames.max(1) as u64, rate: u64::from(rate.max(1)), anchor: now, done: 0 }
    }

    /// Takes what is due at `now`.
    pub(super) fn poll(&mut self, now: Duration) -> Due {
        let mut periods = 0;
        while self.deadline() <= now {
            if periods == CATCH_UP {
                self.anchor = now;
                self.done = 1;
                break;
            }
            self.done += 1;
            periods += 1;
        }
        Due { periods, next: self.deadline() }
    }

    fn deadline(&self) -> Duration {
        let frames = u128::from(self.done) * u128::from(self.frames);
        let rate = u128::from(self.rate);
        // Rounded up: a frame is never due before its time.
        let nanos = (frames % rate * 1_000_000_000).div_ceil(rate);
        self.anchor + Duration::from_secs((frames / rate) as u64) + Duration::from_nanos(nanos as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(ms: u64) -> Duration {
        Duration::from_millis(ms)
    }

    #[test]
    fn the_first_period_is_due_at_once_and_the_next_one_later() {
        let mut pacer = Pacer::new(480, 48_000, ms(7));
        assert_eq!(pacer.poll(ms(7)), Due { periods: 1, next: ms(17) });
        assert_eq!(pacer.poll(ms(16)), Due { periods: 0, next: ms(17) });
        assert_eq!(pacer.poll(ms(17)), Due { periods: 1, next: ms(27) });
    }

    /// Deadlines that are added up from whole nanoseconds come a millisecond early after this hour.
    #[test]
    fn an_hour_of_odd_periods_does_not_drift() {
        let mut pacer = Pacer::new(100, 44_100, Duration::ZERO);
        let (mut now, mut played) = (Duration::ZERO, 0);
        while played < 3_600 * 44_100 {
            let due = pacer.poll(now);
            played += u64::from(due.periods) * 100;
            now = due.next;
        }
        assert_eq!((played, now), (3_600 * 44_100, Duration::from_secs(3_600)));
    }

    #[test]
    fn a_late_wake_up_is_made_up_for() {
        let mut pacer = Pacer::new(480, 48_000, Duration::ZERO);
        pacer.poll(Duration::ZERO);
        assert_eq!(pacer.poll(ms(35)), Due { periods: 3, next: ms(40) });
    }

    #[test]
    fn a_long_stall_is_a_short_burst_and_a_new_beginning() {
        let mut pacer = Pacer::new(480, 48_000, Duration::ZERO);
        pacer.poll(Duration::ZERO);
        assert_eq!(pacer.poll(ms(60_003)), Due { periods: CATCH_UP, next: ms(60_013) });
        assert_eq!(pacer.poll(ms(60_013)), Due { periods: 1, next: ms(60_023) });
    }

    #[test]
    fn a_clock_that_stands_still_plays_once() {
        let mut pacer = Pacer::new(480, 48_000, ms(1));
        assert_eq!(pacer.poll(ms(1)).periods, 1);
        assert_eq!(pacer.poll(ms(1)).periods, 0);
    }
}
