//! Filters of the second order: low, high, band, notch, peak, shelves.

mod coefficients;

use super::control::{default_of, state, stretches};
use crate::graph::{Activity, Audio, Db, Hz, Layout, ParamInfo, ParamSpec, Processor, Q, Setup, Tail};
use coefficients::{Coefficients, Tuning, ringing};

/// What a [`Biquad`] does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum BiquadKind {
    /// Passes what is below the frequency.
    Low,
    /// Passes what is above the frequency.
    High,
    /// Passes what is around the frequency, where its gain is 1.
    Band,
    /// Takes out what is around the frequency.
    Notch,
    /// Raises or lowers what is around the frequency by the gain.
    Peak,
    /// Raises or lowers what is below the frequency by the gain: by half of its decibels at the frequency.
    LowShelf,
    /// Raises or lowers what is above the frequency by the gain: by half of its decibels at the frequency.
    HighShelf,
}

/// A filter of the second order, after the Audio EQ Cookbook of Robert Bristow-Johnson.
///
/// Computed in double precision: at 20 Hz a single one's coefficients are off by a percent and its rounding is heard as
/// noise; and as each frame waits for the one before, doubles take no longer. Two channels are computed side by side.
///
/// Parameters that move are looked at every 16 frames, and at the frame at which they turn. The filter is stable at all
/// of their values, and while they move at any speed. A frequency near or above half of the sample rate is as if it
/// were 0.49 of it.
///
/// ```
/// use codetta::graph::{Hz, Setup, Solo};
/// use codetta::nodes::{Biquad, BiquadKind};
///
/// let low = Biquad::new(BiquadKind::Low).frequency(Hz(200.0));
/// let mut low = Solo::new(low, Setup::new(48_000, 1));
/// let out = low.process(&[vec![0.5; 4_800]]);
/// // What does not change passes.
/// assert!((out[0][4_799] - 0.5).abs() < 1e-6);
/// ```
#[derive(Debug)]
pub struct Biquad {
    kind: BiquadKind,
    frequency: Hz,
    q: Q,
    gain: Db,
    channels: Option<usize>,
    coefficients: Coefficients,
    /// What `coefficients` were computed from: frequency, quality, gain.
    tuned_to: [f32; 3],
    /// The two integrators of each channel, in pairs of channels.
    states: Vec<[[f64; 2]; 2]>,
}

impl Biquad {
    /// Corner or centre: 20 Hz to 20 kHz, 1 kHz unless set.
    pub const FREQUENCY: ParamSpec<Biquad, Hz> = ParamSpec::new(0, "frequency", (20.0, 20_000.0), 1_000.0);
    /// Of a low or high pass, the gain at the corner; of others, frequency over bandwidth; of shelves, their steepness:
    /// 0.1 to 20, √½ unless set, which is as steep as can be without a bump.
    pub const Q: ParamSpec<Biquad, Q> = ParamSpec::new(1, "q", (0.1, 20.0), std::f32::consts::FRAC_1_SQRT_2);
    /// Of peak and shelves: −24 to 24 dB, 0 unless set.
    pub const GAIN: ParamSpec<Biquad, Db> = ParamSpec::new(2, "gain", (-24.0, 24.0), 0.0);

    /// With the values that the parameters have unless set.
    pub fn new(kind: BiquadKind) -> Self {
        let silent = Coefficients { a: [[0.0; 2]; 2], b: [0.0; 2], c: [0.0; 2], d: 0.0 };
        Self {
            kind,
            frequency: default_of(Self::FREQUENCY),
            q: default_of(Self::Q),
            gain: default_of(Self::GAIN),
            channels: None,
            coefficients: silent,
            tuned_to: [f32::NAN; 3],
            states: Vec::new(),
        }
    }

    /// [`FREQUENCY`](Self::FREQUENCY) from the start.
    #[must_use]
    pub fn frequency(self, frequency: Hz) -> Self {
        Self { frequency, ..self }
    }

    /// [`Q`](Self::Q) from the start.
    #[must_use]
    pub fn q(self, q: Q) -> Self {
        Self { q, ..self }
    }

    /// [`GAIN`](Self::GAIN) from the start.
    #[must_use]
    pub fn gain(self, gain: Db) -> Self {
        Self { gain, ..self }
    }

    /// For so many channels, instead of the session's.
    #[must_use]
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }

    fn tune(&mut self, to: [f32; 3], rate: u32) {
        if self.tuned_to != to {
            let [frequency, q, gain] = to.map(f64::from);
            let tuning = Tuning { frequency: frequency / f64::from(rate), q, gain };
            self.coefficients = Coefficients::new(self.kind, tuning);
            self.tuned_to = to;
        }
    }
}

impl Processor for Biquad {
    fn name(&self) -> &'static str {
        match self.kind {
            BiquadKind::Low => "low pass",
            BiquadKind::High => "high pass",
            BiquadKind::Band => "band pass",
            BiquadKind::Notch => "notch",
            BiquadKind::Peak => "peak",
            BiquadKind::LowShelf => "low shelf",
            BiquadKind::HighShelf => "high shelf",
        }
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![Self::FREQUENCY.info(), Self::Q.info(), Self::GAIN.info()]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        self.states = vec![[[0.0; 2]; 2]; channels.div_ceil(2)];
        Layout::effect(channels, channels)
            .tail(Tail::Frames((longest(self.kind) * f64::from(setup.sample_rate)).ceil() as u64))
            .starts_at(Self::FREQUENCY, self.frequency)
            .starts_at(Self::Q, self.q)
            .starts_at(Self::GAIN, self.gain)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let values = [audio.param(Self::FREQUENCY), audio.param(Self::Q), audio.param(Self::GAIN)];
        for stretch in stretches(audio.clock(), audio.frames(), state(values)) {
            self.tune(values.map(|values| values.at_clock(stretch.look)), audio.sample_rate());
            let coefficients = self.coefficients;
            let mut channels = audio.channels();
            for state in &mut self.states {
                match (channels.next(), channels.next()) {
                    (Some(left), Some(right)) => {
                        let (left, right) =
                            (&mut left[stretch.frames.clone()], &mut right[stretch.frames.clone()]);
                        filter_pair(&coefficients, state, left, right);
                    }
                    (Some(only), None) => filter_one(&coefficients, state, &mut only[stretch.frames.clone()]),
                    _ => {}
                }
            }
        }
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.states.fill([[0.0; 2]; 2]);
    }
}

/// The longest that a kind rings, over the ranges of the parameters.
fn longest(kind: BiquadKind) -> f64 {
    let (lowest, _) = Biquad::FREQUENCY.info().range;
    let (wide, narrow) = Biquad::Q.info().range;
    let (cut, boost) = Biquad::GAIN.info().range;
    let mut longest = 0.0_f64;
    for q in [wide, narrow] {
        for gain in [cut, boost] {
            let gain = 10_f64.powf(f64::from(gain) / 20.0);
            longest = longest.max(ringing(kind, f64::from(lowest), f64::from(q), gain));
        }
    }
    longest
}

/// Single precision has no room for the loudest times the highest gain.
fn single(sample: f64) -> f32 {
    sample.clamp(f64::from(f32::MIN), f64::from(f32::MAX)) as f32
}

/// One frame of one channel.
#[inline(always)]
fn step(coefficients: &Coefficients, first: &mut f64, second: &mut f64, input: f32) -> f32 {
    let Coefficients { a, b, c, d } = coefficients;
    // What is no number would stay in the state for ever.
    let input = if input.is_finite() { f64::from(input) } else { 0.0 };
    let (s, t) = (*first, *second);
    *first = a[0][0] * s + (a[0][1] * t + b[0] * input);
    *second = a[1][1] * t + (a[1][0] * s + b[1] * input);
    single(c[0] * s + (c[1] * t + d * input))
}

/// Two channels at a time: the same steps side by side, which the processor takes as one.
fn filter_pair(coefficients: &Coefficients, state: &mut [[f64; 2]; 2], left: &mut [f32], right: &mut [f32]) {
    let [mut first, mut second] = *state;
    for (left, right) in left.iter_mut().zip(right) {
        *left = step(coefficients, &mut first[0], &mut second[0], *left);
        *right = step(coefficients, &mut first[1], &mut second[1], *right);
    }
    *state = [first, second];
}

fn filter_one(coefficients: &Coefficients, state: &mut [[f64; 2]; 2], only: &mut [f32]) {
    let [mut first, mut second] = *state;
    for sample in only {
        *sample = step(coefficients, &mut first[0], &mut second[0], *sample);
    }
    *state = [first, second];
}
