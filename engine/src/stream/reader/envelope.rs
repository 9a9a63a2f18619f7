//! Fades, ramps and the decay of a cut: all counted in frames, so that the same frames give the same bits in any block.

/// The stream's own fade: 0 is silent, `len` is full.
#[derive(Debug)]
pub(super) struct Fade {
    at: u32,
    len: u32,
    step: f32,
}

impl Fade {
    pub(super) fn new(len: u32) -> Self {
        // A fade of no frames is a step: one that is always complete.
        Self { at: len, len, step: if len == 0 { 1.0 } else { 1.0 / len as f32 } }
    }

    pub(super) fn is_full(&self) -> bool {
        self.at == self.len
    }

    pub(super) fn is_silent(&self) -> bool {
        self.at == 0
    }

    pub(super) fn set_full(&mut self) {
        self.at = self.len;
    }

    pub(super) fn set_silent(&mut self) {
        self.at = 0;
    }

    /// Frames until it is silent, or full.
    pub(super) fn frames_to(&self, up: bool) -> usize {
        (if up { self.len - self.at } else { self.at }) as usize
    }

    /// Gain of the frame `offset` frames ahead.
    pub(super) fn gain(&self, up: bool, offset: usize) -> f32 {
        let offset = offset as u32;
        let at = if up { self.at + offset } else { self.at - offset };
        if self.len == 0 { 1.0 } else { at as f32 * self.step }
    }

    pub(super) fn advance(&mut self, up: bool, frames: usize) {
        let frames = frames as u32;
        self.at = if up { (self.at + frames).min(self.len) } else { self.at.saturating_sub(frames) };
    }
}

/// Gain of the two sides on its way to a target, linear in amplitude.
#[derive(Debug)]
pub(super) struct Level {
    amplitude: f32,
    sides: [f32; 2],
    from: [f32; 2],
    to: [f32; 2],
    at: u32,
    len: u32,
}

impl Level {
    pub(super) fn unity() -> Self {
        Self { amplitude: 1.0, sides: [1.0; 2], from: [1.0; 2], to: [1.0; 2], at: 0, len: 0 }
    }

    pub(super) fn set_amplitude(&mut self, amplitude: f32, frames: u32) {
        self.amplitude = amplitude;
        self.turn(frames);
    }

    pub(super) fn set_sides(&mut self, sides: [f32; 2], frames: u32) {
        self.sides = sides;
        self.turn(frames);
    }

    fn turn(&mut self, frames: u32) {
        self.from = self.value(0);
        self.to = self.sides.map(|side| side * self.amplitude);
        (self.at, self.len) = (0, frames);
    }

    pub(super) fn is_steady(&self) -> bool {
        self.at >= self.len
    }

    /// Gains of the frame `offset` frames ahead.
    pub(super) fn value(&self, offset: usize) -> [f32; 2] {
        let at = u64::from(self.at) + offset as u64;
        if at >= u64::from(self.len) {
            return self.to;
        }
        let part = at as f32 / self.len as f32;
        [0, 1].map(|side| self.from[side] + (self.to[side] - self.from[side]) * part)
    }

    pub(super) fn advance(&mut self, frames: usize) {
        self.at = self.at.saturating_add(frames as u32).min(self.len);
    }
}

/// What is left of a sound that was cut with nothing to fade: its last value, decaying to zero beside what follows.
#[derive(Debug, Default)]
pub(super) struct Decay {
    from: [f32; 2],
    at: u32,
    len: u32,
}

impl Decay {
    /// Starts from the last value that was heard, together with what is left of the decay before.
    pub(super) fn start(&mut self, last: [f32; 2], len: u32) {
        let left = self.value(0);
        *self = Self { from: [last[0] + left[0], last[1] + left[1]], at: 0, len };
    }

    pub(super) fn is_over(&self) -> bool {
        self.at >= self.len
    }

    /// Frames until it is over.
    pub(super) fn left(&self) -> usize {
        (self.len - self.at.min(self.len)) as usize
    }

    fn value(&self, offset: usize) -> [f32; 2] {
        let at = u64::from(self.at) + offset as u64;
        if at >= u64::from(self.len) {
            return [0.0; 2];
        }
        let part = 1.0 - (at + 1) as f32 / (self.len + 1) as f32;
        self.from.map(|value| value * part)
    }

    /// Adds it to interleaved frames, and moves on.
    pub(super) fn mix(&mut self, out: &mut [f32], channels: usize) {
        let frames = out.len() / channels;
        for (offset, frame) in out.chunks_exact_mut(channels).enumerate().take((self.len - self.at) as usize)
        {
            let [left, right] = self.value(offset);
            if let [mono] = frame {
                *mono += (left + right) * 0.5;
            } else {
                frame[0] += left;
                frame[1] += right;
            }
        }
        self.at = self.at.saturating_add(frames as u32).min(self.len);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Two settings in a row both happen: the second ramp starts where the first one is.
    #[test]
    fn ramps_follow_each_other() {
        let mut level = Level::unity();
        level.set_amplitude(0.0, 100);
        level.advance(50);
        assert_eq!(level.value(0), [0.5; 2]);
        level.set_sides([1.0, 0.0], 10);
        level.set_amplitude(1.0, 10);
        assert_eq!(level.value(0), [0.5; 2]);
        assert_eq!(level.value(10), [1.0, 0.0]);
    }

    /// A decay begins just below the last value and ends at zero, in steps no larger than a fade's.
    #[test]
    fn a_cut_decays_without_a_step() {
        let mut decay = Decay::default();
        decay.start([0.8, -0.8], 240);
        let mut out = [0.0; 2 * 300];
        decay.mix(&mut out, 2);
        let left: Vec<f32> = std::iter::once(0.8).chain(out.iter().step_by(2).copied()).collect();
        assert!(left.windows(2).all(|pair| (pair[0] - pair[1]).abs() < 0.8 / 200.0));
        assert_eq!(left[241], 0.0);
        assert!(out.chunks_exact(2).all(|frame| frame[0] >= 0.0 && frame[0] == -frame[1]));
        assert!(decay.is_over());
    }

    /// Cut again while the first cut still decays: what is left of it decays with the second, from where both were.
    #[test]
    fn a_second_cut_takes_the_rest_of_the_first_with_it() {
        let mut decay = Decay::default();
        decay.start([0.8, -0.4], 99);
        decay.mix(&mut [0.0; 2 * 49], 2);
        let left = decay.value(0);
        assert_eq!(left, [0.8, -0.4].map(|value| value * (1.0 - 50.0 / 100.0)));
        decay.start([0.1, 0.2], 99);
        let from = [0.1 + left[0], 0.2 + left[1]];
        assert_eq!(decay.value(0), from.map(|value| value * (1.0 - 1.0 / 100.0)));
        assert_eq!((decay.left(), decay.is_over()), (99, false));
    }

    /// In one channel it is the mean of the sides, as everything is.
    #[test]
    fn in_one_channel_a_decay_is_the_mean_of_its_sides() {
        let mut decay = Decay::default();
        decay.start([0.8, 0.4], 3);
        let mut out = [1.0; 4];
        decay.mix(&mut out, 1);
        let mean = |part: f32| 1.0 + (0.8 * part + 0.4 * part) * 0.5;
        assert_eq!(out, [mean(0.75), mean(0.5), mean(0.25), 1.0]);
    }
}
