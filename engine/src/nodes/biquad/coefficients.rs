//! From what a filter is to what each frame is computed with.

use super::BiquadKind;
use std::f64::consts::PI;

/// A filter of the second order as two integrators: `next = a·state + b·input`, `output = c·state + d·input`.
///
/// It is the state-variable filter of trapezoidal integrators (Zavalishin, *The Art of VA Filter Design*), multiplied
/// out. Its transfer functions are the cookbook's, as both come from the same analogue ones by the bilinear transform;
/// but its states are what an analogue filter's are, so that it is stable also while its coefficients move, which the
/// cookbook's direct forms are not: they answer a fast move with bursts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Coefficients {
    pub(super) a: [[f64; 2]; 2],
    pub(super) b: [f64; 2],
    pub(super) c: [f64; 2],
    pub(super) d: f64,
}

/// What a filter is told: frequency as part of the sample rate, quality, and gain as a factor of amplitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tuning {
    pub(super) frequency: f64,
    pub(super) q: f64,
    pub(super) gain: f64,
}

/// Of the sample rate: just below Nyquist's, where the bilinear transform ends.
pub(super) const HIGHEST: f64 = 0.49;

impl Coefficients {
    /// The cookbook's analogue prototypes: <https://www.w3.org/TR/audio-eq-cookbook/>.
    pub(super) fn new(kind: BiquadKind, tuning: Tuning) -> Self {
        let tan = (PI * tuning.frequency.min(HIGHEST)).tan();
        // The cookbook's A: the root of the gain.
        let a = tuning.gain.sqrt();
        let k = 1.0 / tuning.q;
        // The integrators' gain, their damping, and how much of input, band and low goes out.
        let (g, k, [input, band, low]) = match kind {
            BiquadKind::Low => (tan, k, [0.0, 0.0, 1.0]),
            BiquadKind::High => (tan, k, [1.0, -k, -1.0]),
            BiquadKind::Band => (tan, k, [0.0, k, 0.0]),
            BiquadKind::Notch => (tan, k, [1.0, -k, 0.0]),
            BiquadKind::Peak => (tan, k / a, [1.0, k / a * (a * a - 1.0), 0.0]),
            BiquadKind::LowShelf => (tan / a.sqrt(), k, [1.0, k * (a - 1.0), a * a - 1.0]),
            BiquadKind::HighShelf => (tan * a.sqrt(), k, [a * a, k * (1.0 - a) * a, 1.0 - a * a]),
        };
        let a1 = 1.0 / (1.0 + g * (g + k));
        let a2 = g * a1;
        let a3 = g * a2;
        Self {
            a: [[2.0 * a1 - 1.0, -2.0 * a2], [2.0 * a2, 1.0 - 2.0 * a3]],
            b: [2.0 * a2, 2.0 * a3],
            c: [band * a1 + low * a2, low * (1.0 - a3) - band * a2],
            d: input + band * a2 + low * a3,
        }
    }
}

/// In how many seconds what rings in a filter has fallen by 100 dB.
///
/// The slower of the analogue poles' decays: of s² + (ω/Q)·s + ω².
pub(super) fn ringing(kind: BiquadKind, hz: f64, q: f64, gain: f64) -> f64 {
    let a = gain.sqrt();
    let (hz, q) = match kind {
        BiquadKind::Peak => (hz, q * a),
        BiquadKind::LowShelf => (hz / a.sqrt(), q),
        BiquadKind::HighShelf => (hz * a.sqrt(), q),
        _ => (hz, q),
    };
    let half = 0.5 / q;
    let slowest = half - (half * half - 1.0).max(0.0).sqrt();
    // 100 dB are a factor of 10⁵; and as much more as phases, and the faster of the poles, can hide at its start.
    4e5_f64.ln() / (2.0 * PI * hz * slowest)
}
