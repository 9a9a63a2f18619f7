//! A parameter's way to its value, as a function of the frame clock: so it is the same bits in any block.

/// The shape of a ramp between two values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Curve {
    /// Equal steps of what the processor computes with: of amplitude for decibels.
    #[default]
    Linear,
    /// Equal ratios: of decibels, of octaves. Linear where one of the ends is not above zero.
    Exponential,
    /// A half cosine: no corner at either end.
    Smooth,
}

/// Curves other than a line are drawn as lines between points this many frames apart, counted from the ramp's start.
const KNOT: u32 = 32;

/// From one value to another, anchored in the session's frame clock.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ramp {
    from: f32,
    to: f32,
    /// The frame that still has `from`.
    start: u64,
    len: u32,
    /// One over `len`.
    step: f32,
    curve: Curve,
}

impl Ramp {
    pub(crate) fn steady(value: f32) -> Self {
        Self { from: value, to: value, start: 0, len: 0, step: 0.0, curve: Curve::Linear }
    }

    /// Turns at `clock` towards `to`, to be there `len` frames later; at once if that is none.
    pub(crate) fn turn(&mut self, clock: u64, to: f32, len: u32, curve: Curve) {
        let from = self.at(clock);
        let step = if len == 0 { 0.0 } else { 1.0 / len as f32 };
        *self = Self { from, to, start: clock, len, step, curve };
    }

    pub(crate) fn target(&self) -> f32 {
        self.to
    }

    /// The frame from which it does not change any more.
    pub(crate) fn end(&self) -> u64 {
        self.start + u64::from(self.len)
    }

    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// Its value at a frame. Before its start, that is where it comes from.
    pub(crate) fn at(&self, clock: u64) -> f32 {
        if clock >= self.end() {
            return self.to;
        }
        let passed = clock.saturating_sub(self.start) as u32;
        match self.curve {
            Curve::Linear => self.from + (self.to - self.from) * (passed as f32 * self.step),
            _ => {
                let (value, slope) = self.line(passed / KNOT);
                value + slope * (passed % KNOT) as f32
            }
        }
    }

    /// The line after a knot: its value there, and its slope a frame.
    fn line(&self, knot: u32) -> (f32, f32) {
        let start = knot * KNOT;
        let from = self.shape(start);
        let until = start.saturating_add(KNOT).min(self.len);
        let frames = until - start;
        (from, (self.shape(until) - from) / frames.max(1) as f32)
    }

    fn shape(&self, passed: u32) -> f32 {
        if passed >= self.len {
            return self.to;
        }
        let part = passed as f32 * self.step;
        match self.curve {
            Curve::Exponential if self.from > 0.0 && self.to > 0.0 => {
                self.from * (self.to / self.from).powf(part)
            }
            Curve::Smooth => {
                let part = 0.5 - 0.5 * (std::f32::consts::PI * part).cos();
                self.from + (self.to - self.from) * part
            }
            _ => self.from + (self.to - self.from) * part,
        }
    }
}

/// A parameter's values in a piece of a block: what [`Audio::param`](super::Audio::param) answers.
///
/// **Thread**: audio thread, no allocation.
#[derive(Debug, Clone, Copy)]
pub struct Values {
    ramp: Ramp,
    clock: u64,
}

impl Values {
    pub(crate) fn new(ramp: Ramp, clock: u64) -> Self {
        Self { ramp, clock }
    }

    /// The value, if it does not change any more from the piece's first frame on.
    #[inline]
    pub fn steady(&self) -> Option<f32> {
        (self.clock >= self.ramp.end()).then_some(self.ramp.to)
    }

    /// The value at the piece's frame `frame`.
    pub fn at(&self, frame: usize) -> f32 {
        self.ramp.at(self.clock + frame as u64)
    }

    /// The value at a frame of the session's clock; before the latest turn, what was left then.
    pub fn at_clock(&self, clock: u64) -> f32 {
        self.ramp.at(clock)
    }

    /// The session's frame clock at the latest turn.
    pub fn turned_at(&self) -> u64 {
        self.ramp.start()
    }

    /// Where it is going, or is.
    pub fn target(&self) -> f32 {
        self.ramp.target()
    }

    /// The values of the piece's first frames, one for each place: the quickest way to many.
    pub fn fill(&self, values: &mut [f32]) {
        let Ramp { from, to, start, len, step, curve } = self.ramp;
        if curve != Curve::Linear || self.clock < start {
            for (value, filled) in values.iter_mut().zip(self.iter()) {
                *value = filled;
            }
            return;
        }
        let passed = self.clock - start;
        let moving = u64::from(len).saturating_sub(passed).min(values.len() as u64) as usize;
        let (moving, steady) = values.split_at_mut(moving);
        // A count that is a signed number of 32 bits becomes a float eight at a time.
        if i32::try_from(passed + moving.len() as u64).is_ok() {
            for (value, passed) in moving.iter_mut().zip(passed as i32..) {
                *value = from + (to - from) * (passed as f32 * step);
            }
        } else {
            for (frame, value) in moving.iter_mut().enumerate() {
                *value = self.at(frame);
            }
        }
        steady.fill(to);
    }

    /// The values frame by frame, without end.
    pub fn iter(&self) -> Frames {
        Frames { ramp: self.ramp, clock: self.clock, knot: u32::MAX, line: (0.0, 0.0) }
    }
}

impl IntoIterator for Values {
    type Item = f32;
    type IntoIter = Frames;

    fn into_iter(self) -> Frames {
        self.iter()
    }
}

impl IntoIterator for &Values {
    type Item = f32;
    type IntoIter = Frames;

    fn into_iter(self) -> Frames {
        self.iter()
    }
}

/// A parameter's values, frame by frame, without end.
#[derive(Debug, Clone)]
pub struct Frames {
    ramp: Ramp,
    clock: u64,
    /// The knot whose line is at hand, so that a curve costs its shape once for each line.
    knot: u32,
    line: (f32, f32),
}

impl Iterator for Frames {
    type Item = f32;

    fn next(&mut self) -> Option<f32> {
        let clock = self.clock;
        self.clock += 1;
        if clock >= self.ramp.end() || self.ramp.curve == Curve::Linear {
            return Some(self.ramp.at(clock));
        }
        let passed = clock.saturating_sub(self.ramp.start) as u32;
        if self.knot != passed / KNOT {
            self.knot = passed / KNOT;
            self.line = self.ramp.line(self.knot);
        }
        Some(self.line.0 + self.line.1 * (passed % KNOT) as f32)
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    fn ramp(curve: Curve) -> Ramp {
        let mut ramp = Ramp::steady(0.1);
        ramp.turn(1_000, 1.0, 100, curve);
        ramp
    }

    /// Every curve leaves where it was, arrives exactly and in time, and never turns back.
    #[test]
    fn a_ramp_arrives() {
        for curve in [Curve::Linear, Curve::Exponential, Curve::Smooth] {
            let ramp = ramp(curve);
            assert_eq!((ramp.at(1_000), ramp.at(1_100), ramp.at(9_999)), (0.1, 1.0, 1.0), "{curve:?}");
            assert!((1_000..1_100).all(|clock| ramp.at(clock) < ramp.at(clock + 1)), "{curve:?}");
        }
    }

    /// Half way, linear is the mean, exponential the geometric mean.
    #[test]
    fn curves_are_what_they_are_called() {
        let mut exponential = Ramp::steady(0.01);
        exponential.turn(0, 1.0, 640, Curve::Exponential);
        assert!((ramp(Curve::Linear).at(1_050) - 0.55).abs() < 1e-6);
        assert!((exponential.at(320) - 0.1).abs() < 1e-5);
        assert!((ramp(Curve::Smooth).at(1_050) - 0.55).abs() < 0.01);
    }

    /// The values in a row are the values one by one, wherever the row begins.
    #[test]
    fn in_a_row_or_one_by_one() {
        for curve in [Curve::Linear, Curve::Exponential, Curve::Smooth] {
            for from in [990, 1_000, 1_033, 1_095] {
                let values = Values::new(ramp(curve), from);
                let mut filled = [0.0; 150];
                values.fill(&mut filled);
                for (frame, (value, filled)) in values.iter().zip(filled).enumerate() {
                    assert_eq!(value.to_bits(), values.at(frame).to_bits(), "{curve:?} {from} {frame}");
                    assert_eq!(value.to_bits(), filled.to_bits(), "{curve:?} {from} {frame}");
                }
            }
        }
    }

    /// A turn in the middle of a ramp goes on from where that is.
    #[test]
    fn a_turn_leaves_from_where_it_is() {
        let mut ramp = ramp(Curve::Linear);
        let half = ramp.at(1_050);
        ramp.turn(1_050, 0.0, 10, Curve::Linear);
        assert_eq!(ramp.at(1_050), half);
        assert_eq!(ramp.at(1_060), 0.0);
    }
}
