//! What the filters are measured by: the Audio EQ Cookbook, word for word.

use codetta::nodes::BiquadKind;
use std::f64::consts::PI;

pub const RATE: u32 = 48_000;
pub const KINDS: [BiquadKind; 7] = [
    BiquadKind::Low,
    BiquadKind::High,
    BiquadKind::Band,
    BiquadKind::Notch,
    BiquadKind::Peak,
    BiquadKind::LowShelf,
    BiquadKind::HighShelf,
];

/// The cookbook's direct form, word for word: b0, b1, b2, a0, a1, a2.
pub fn cookbook(kind: BiquadKind, hz: f64, q: f64, db: f64) -> [f64; 6] {
    let a = 10_f64.powf(db / 40.0);
    let w0 = 2.0 * PI * hz / f64::from(RATE);
    let (sin, cos) = w0.sin_cos();
    let alpha = sin / (2.0 * q);
    let root = 2.0 * a.sqrt() * alpha;
    match kind {
        BiquadKind::Low => {
            [(1.0 - cos) / 2.0, 1.0 - cos, (1.0 - cos) / 2.0, 1.0 + alpha, -2.0 * cos, 1.0 - alpha]
        }
        BiquadKind::High => {
            [(1.0 + cos) / 2.0, -(1.0 + cos), (1.0 + cos) / 2.0, 1.0 + alpha, -2.0 * cos, 1.0 - alpha]
        }
        BiquadKind::Band => [alpha, 0.0, -alpha, 1.0 + alpha, -2.0 * cos, 1.0 - alpha],
        BiquadKind::Notch => [1.0, -2.0 * cos, 1.0, 1.0 + alpha, -2.0 * cos, 1.0 - alpha],
        BiquadKind::Peak => {
            [1.0 + alpha * a, -2.0 * cos, 1.0 - alpha * a, 1.0 + alpha / a, -2.0 * cos, 1.0 - alpha / a]
        }
        BiquadKind::LowShelf => [
            a * ((a + 1.0) - (a - 1.0) * cos + root),
            2.0 * a * ((a - 1.0) - (a + 1.0) * cos),
            a * ((a + 1.0) - (a - 1.0) * cos - root),
            (a + 1.0) + (a - 1.0) * cos + root,
            -2.0 * ((a - 1.0) + (a + 1.0) * cos),
            (a + 1.0) + (a - 1.0) * cos - root,
        ],
        BiquadKind::HighShelf => [
            a * ((a + 1.0) + (a - 1.0) * cos + root),
            -2.0 * a * ((a - 1.0) + (a + 1.0) * cos),
            a * ((a + 1.0) + (a - 1.0) * cos - root),
            (a + 1.0) - (a - 1.0) * cos + root,
            2.0 * ((a - 1.0) - (a + 1.0) * cos),
            (a + 1.0) - (a - 1.0) * cos - root,
        ],
        kind => panic!("{kind:?} is not in the cookbook"),
    }
}

/// The analogue prototype's transfer function, at the frequency to which the bilinear transform takes `hz`.
pub fn analogue(kind: BiquadKind, f0: f64, q: f64, db: f64, hz: f64) -> f64 {
    let a = 10_f64.powf(db / 40.0);
    // s = jw, with w = 1 at f0.
    let w = (PI * hz / f64::from(RATE)).tan() / (PI * f0 / f64::from(RATE)).tan();
    // A polynomial p2 s² + p1 s + p0.
    let magnitude = |p2: f64, p1: f64, p0: f64| (p0 - p2 * w * w).hypot(p1 * w);
    let below = magnitude(1.0, 1.0 / q, 1.0);
    match kind {
        BiquadKind::Low => 1.0 / below,
        BiquadKind::High => magnitude(1.0, 0.0, 0.0) / below,
        BiquadKind::Band => magnitude(0.0, 1.0 / q, 0.0) / below,
        BiquadKind::Notch => magnitude(1.0, 0.0, 1.0) / below,
        BiquadKind::Peak => magnitude(1.0, a / q, 1.0) / magnitude(1.0, 1.0 / (a * q), 1.0),
        BiquadKind::LowShelf => a * magnitude(1.0, a.sqrt() / q, a) / magnitude(a, a.sqrt() / q, 1.0),
        BiquadKind::HighShelf => a * magnitude(a, a.sqrt() / q, 1.0) / magnitude(1.0, a.sqrt() / q, a),
        kind => panic!("{kind:?} is not in the cookbook"),
    }
}

/// A direct form I, in double precision, whose coefficients may be exchanged.
#[derive(Default)]
pub struct Direct {
    x: [f64; 2],
    y: [f64; 2],
}

impl Direct {
    pub fn next(&mut self, [b0, b1, b2, a0, a1, a2]: [f64; 6], x: f64) -> f64 {
        let y = (b0 * x + b1 * self.x[0] + b2 * self.x[1] - a1 * self.y[0] - a2 * self.y[1]) / a0;
        self.x = [x, self.x[0]];
        self.y = [y, self.y[0]];
        y
    }
}
