//! A delay line that is read between its frames.

/// Frames that are read before they are written, at most: so little fits on the stack, and into the nearest cache.
pub(super) const CHUNK: usize = 64;

/// The shortest delay in frames: the cubic looks one frame ahead, and the next frame is not yet known.
pub(super) const NEAREST: f32 = 2.0;

/// Frames around a place that its value is read from.
const POINTS: usize = 4;

/// Far above any sound. What goes round above it is broken, and would go round for long.
const CEILING: f32 = 1e9;

/// A place in the line: how many frames ago, and the weights of the four frames around, the oldest first.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Tap {
    whole: usize,
    weights: [f32; POINTS],
}

impl Tap {
    /// `frames` ago, from [`NEAREST`] on: Lagrange's polynomial through −1, 0, 1 and 2, at the part of a frame.
    pub(super) fn new(frames: f32) -> Self {
        let whole = frames as usize;
        let part = frames - whole as f32;
        let (ahead, back, further) = (part + 1.0, part - 1.0, part - 2.0);
        let weights = [
            ahead * part * back / 6.0,
            -ahead * part * further / 2.0,
            ahead * back * further / 2.0,
            -part * back * further / 6.0,
        ];
        Self { whole, weights }
    }

    /// The age of the oldest frame it reads.
    fn oldest(&self) -> usize {
        self.whole + 2
    }

    #[inline(always)]
    fn value(&self, points: [f32; POINTS]) -> f32 {
        let [a, b, c, d] = self.weights;
        (points[0] * a + points[1] * b) + (points[2] * c + points[3] * d)
    }
}

/// Where the next frames are read: as many of them as are in the line already.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "it lives on the audio thread's stack, where nothing may be boxed"
)]
pub(super) enum Taps {
    /// All at the same distance.
    Steady(Tap, usize),
    /// Each at its own.
    Moving([Tap; CHUNK], usize),
}

impl Taps {
    pub(super) fn steady(tap: Tap, frames: usize) -> Self {
        Self::Steady(tap, frames.min(CHUNK).min(tap.whole - 1))
    }

    pub(super) fn moving(frames: usize, tap: impl Fn(usize) -> Tap) -> Self {
        let mut taps = [Tap::default(); CHUNK];
        let mut known = 0;
        for place in taps.iter_mut().take(frames) {
            *place = tap(known);
            if place.whole <= known + 1 {
                break;
            }
            known += 1;
        }
        Self::Moving(taps, known)
    }

    pub(super) fn frames(&self) -> usize {
        match self {
            Self::Steady(_, frames) | Self::Moving(_, frames) => *frames,
        }
    }
}

/// One channel's line.
#[derive(Debug)]
pub(super) struct Line {
    /// A ring, and the first frames of it once more behind its end, so that a place is always four frames in a row.
    ring: Vec<f32>,
    len: usize,
    /// Where the next frame is written.
    at: usize,
    /// Frames since it was forgotten; what is older is cleared when it is come to, not all of it at once.
    heard: usize,
}

impl Line {
    /// For taps of `most` frames at most.
    pub(super) fn new(most: usize) -> Self {
        let len = most + POINTS;
        Self { ring: vec![0.0; len + POINTS - 1], len, at: 0, heard: 0 }
    }

    pub(super) fn forget(&mut self) {
        self.heard = 0;
    }

    /// Reads the echoes of the next frames.
    pub(super) fn read(&mut self, taps: &Taps, echoes: &mut [f32]) {
        match taps {
            Taps::Steady(tap, _) => {
                let mut done = 0;
                while done < echoes.len() {
                    let from = self.place(tap.oldest(), done);
                    let frames = (echoes.len() - done).min(self.len - from);
                    self.clean(tap.oldest() - done, frames + POINTS - 1);
                    let window = &self.ring[from..from + frames + POINTS - 1];
                    let points = window.iter().zip(&window[1..]).zip(&window[2..]).zip(&window[3..]);
                    for (echo, (((a, b), c), d)) in echoes[done..done + frames].iter_mut().zip(points) {
                        *echo = tap.value([*a, *b, *c, *d]);
                    }
                    done += frames;
                }
            }
            Taps::Moving(taps, _) => {
                for (frame, (echo, tap)) in echoes.iter_mut().zip(taps).enumerate() {
                    self.clean(tap.oldest() - frame, POINTS);
                    let from = self.place(tap.oldest(), frame);
                    let [a, b, c, d] = [0, 1, 2, 3].map(|point| self.ring[from + point]);
                    *echo = tap.value([a, b, c, d]);
                }
            }
        }
    }

    /// Mixes the echoes into the frames, and takes both in.
    pub(super) fn write(&mut self, frames: &mut [f32], echoes: &[f32], feedback: &[f32], mix: &[f32]) {
        let first = frames.len().min(self.len - self.at);
        let (ahead, behind) = (self.at..self.at + first, 0..frames.len() - first);
        for (ring, from) in [(ahead, 0), (behind, first)] {
            let to = from + ring.len();
            let places = self.ring[ring].iter_mut().zip(&mut frames[from..to]);
            let rest = echoes[from..to].iter().zip(&feedback[from..to]).zip(&mix[from..to]);
            for ((place, frame), ((echo, feedback), mix)) in places.zip(rest) {
                let round = *frame + echo * feedback;
                *place = if round.abs() < CEILING { round } else { 0.0 };
                *frame = *frame * (1.0 - mix) + echo * mix;
            }
        }
        if self.at < POINTS - 1 || self.at + frames.len() >= self.len {
            self.ring.copy_within(..POINTS - 1, self.len);
        }
        self.at = (self.at + frames.len()) % self.len;
        self.heard = (self.heard + frames.len()).min(self.len);
    }

    /// Where the frame stands that is `age` frames old when `ahead` more have come.
    fn place(&self, age: usize, ahead: usize) -> usize {
        let place = self.at + self.len + ahead - age;
        if place >= self.len { place - self.len } else { place }
    }

    /// Clears of `frames` frames, of which the oldest is `age` old, those from before it was forgotten.
    #[inline]
    fn clean(&mut self, age: usize, frames: usize) {
        for age in (self.heard + 1..=age).rev().take(frames) {
            let place = self.place(age, 0);
            self.ring[place] = 0.0;
            if place < POINTS - 1 {
                self.ring[place + self.len] = 0.0;
            }
        }
    }
}
