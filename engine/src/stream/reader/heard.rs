//! From the session's frame clock to what was heard of a stream.
//!
//! A stream does not play all the time: it starts late, pauses, runs dry. A run is a stretch of the clock in which each
//! frame was one of the stream's. What the device still holds is the runs that the heard clock has not passed.

/// More runs than these within one device latency are joined, which can only make the answer too low for a while.
const RUNS: usize = 16;

#[derive(Debug, Clone, Copy, Default)]
struct Run {
    /// The session's clock after it.
    clock_end: u64,
    /// The stream's rendered frames after it.
    rendered_end: u64,
}

/// The runs not yet heard.
#[derive(Debug, Default)]
pub(super) struct Heard {
    runs: [Run; RUNS],
    len: usize,
    /// Rendered frames of the stream, in all.
    rendered: u64,
    /// Of those, heard.
    heard: u64,
}

impl Heard {
    /// `frames` were rendered, the first of them at `clock`.
    pub(super) fn rendered(&mut self, clock: u64, frames: u64) {
        self.rendered += frames;
        let run = Run { clock_end: clock + frames, rendered_end: self.rendered };
        let last = self.len.checked_sub(1).and_then(|last| self.runs.get_mut(last));
        match last {
            Some(last) if last.clock_end == clock || self.len == RUNS => *last = run,
            _ => {
                self.runs[self.len] = run;
                self.len += 1;
            }
        }
    }

    /// The device has let be heard all that was rendered before `clock`. Answers the stream's frames among it.
    pub(super) fn up_to(&mut self, clock: u64) -> u64 {
        let passed = self.runs[..self.len].iter().take_while(|run| run.clock_end <= clock).count();
        if passed > 0 {
            self.heard = self.heard.max(self.runs[passed - 1].rendered_end);
            self.runs.copy_within(passed..self.len, 0);
            self.len -= passed;
        }
        if let Some(run) = self.runs[..self.len].first() {
            // Counted back from its end: exact within the run, and before its start no more than what was before it.
            self.heard = self.heard.max(run.rendered_end.saturating_sub(run.clock_end - clock));
        }
        self.heard
    }

    /// The device went, and took with it what was not heard. Answers the rendered frames that were heard.
    pub(super) fn lose(&mut self) -> u64 {
        let heard = self.heard;
        self.len = 0;
        self.heard = self.rendered;
        heard
    }

    pub(super) fn total_rendered(&self) -> u64 {
        self.rendered
    }

    #[cfg(test)]
    pub(super) fn total_heard(&self) -> u64 {
        self.heard
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Without latency everything rendered is heard; with it, only what the clock has passed, gaps left out.
    #[test]
    fn only_what_the_clock_has_passed_is_heard() {
        let mut heard = Heard::default();
        heard.rendered(100, 50);
        assert_eq!(heard.up_to(90), 0);
        assert_eq!(heard.up_to(120), 20);
        heard.rendered(150, 50);
        heard.rendered(300, 10);
        assert_eq!(heard.up_to(250), 100);
        assert_eq!(heard.up_to(305), 105);
        assert_eq!(heard.up_to(1000), 110);
    }

    /// It never goes back, also when runs had to be joined, and never says more than was rendered before the clock.
    #[test]
    fn joined_runs_never_over_report() {
        let mut heard = Heard::default();
        let mut before = 0;
        for run in 0..200_u64 {
            heard.rendered(run * 10, 3);
            let now = heard.up_to((run * 10).saturating_sub(400));
            assert!(now >= before && now <= (run * 10).saturating_sub(400) / 10 * 3 + 3);
            before = now;
        }
        assert_eq!(heard.up_to(u64::MAX), 600);
    }

    /// What a lost device still held is told apart once.
    #[test]
    fn a_lost_device_takes_the_unheard_with_it() {
        let mut heard = Heard::default();
        heard.rendered(0, 100);
        heard.up_to(40);
        assert_eq!(heard.lose(), 40);
        assert_eq!((heard.total_heard(), heard.total_rendered()), (100, 100));
    }
}
