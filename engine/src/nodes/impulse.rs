//! Clicks of one sample.

use crate::graph::{Activity, Audio, Layout, Processor, Setup, Trigger, TriggerSpec};

/// A single sample at each trigger, and, if it is told so, again and again: for measuring what is behind it.
///
/// As many channels as the session has, unless [`channels`](Self::channels) says another count; the same in each.
///
/// ```
/// use codetta::{graph::{Setup, Solo}, nodes::Impulse};
///
/// let mut impulse = Solo::new(Impulse::every(3), Setup::new(48_000, 1));
/// assert_eq!(impulse.render(5), [[1.0, 0.0, 0.0, 1.0, 0.0]]);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Impulse {
    /// Frames from one to the next; none: only at triggers.
    period: u64,
    channels: Option<usize>,
    /// Frames until the next that comes by itself.
    left: u64,
    /// What was triggered for the next frame.
    fired: f32,
}

impl Impulse {
    /// A sample of the height that is the trigger's value. Of several at one frame the sum is heard.
    pub const FIRE: TriggerSpec<Impulse> = TriggerSpec::new(0, "fire");

    /// Only at triggers.
    ///
    /// **Thread**: any, as for all that builds it.
    pub fn new() -> Self {
        Self::default()
    }

    /// At triggers, and with a height of 1 at its first frame and each `frames` frames from there; never, if that is
    /// none.
    pub fn every(frames: u64) -> Self {
        Self { period: frames, ..Self::default() }
    }

    /// For so many channels instead of the session's.
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }
}

impl Processor for Impulse {
    fn name(&self) -> &'static str {
        "impulse"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::source(self.channels.unwrap_or(setup.channels))
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let frames = audio.frames();
        let fired = std::mem::take(&mut self.fired);
        let first = self.left;
        let mut sounding = usize::from(fired != 0.0);
        if self.period > 0 {
            while self.left < frames as u64 {
                sounding = self.left as usize + 1;
                self.left += self.period;
            }
            self.left -= frames as u64;
        }
        if sounding == 0 {
            return Activity::Silent;
        }
        for channel in audio.channels() {
            channel.fill(0.0);
            channel[0] = fired;
            if self.period > 0 {
                let step = usize::try_from(self.period).unwrap_or(usize::MAX);
                channel.iter_mut().skip(first as usize).step_by(step).for_each(|sample| *sample += 1.0);
            }
        }
        Activity::Until(sounding)
    }

    fn trigger(&mut self, trigger: Trigger) {
        /// So that no sum of them overflows.
        const MOST: f32 = 256.0;
        if trigger.index == Self::FIRE.index() && trigger.value.is_finite() {
            self.fired = (self.fired + trigger.value).clamp(-MOST, MOST);
        }
    }

    fn reset(&mut self) {
        (self.left, self.fired) = (0, 0.0);
    }
}
