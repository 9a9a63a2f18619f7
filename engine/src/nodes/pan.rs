//! Between left and right.

use super::sine::quarter;
use crate::graph::{Activity, Audio, Layout, ParamInfo, ParamSpec, Position, Processor, Setup};

/// Puts a mono sound between left and right, or weighs the sides of a stereo sound, with equal power everywhere.
///
/// Two channels out. As many in as the session has, at most two, unless [`channels`](Self::channels) says 1 or 2. With
/// the angle θ = (position + 1) · 45°:
///
/// - **Mono**: left is cos θ of it, right sin θ. The power of both together is always that of the input; in the
///   centre, each side has −3.01 dB.
/// - **Stereo**: a balance. Left is √2 · cos θ of left, right √2 · sin θ of right: unchanged in the centre, and at an
///   end one side 3.01 dB louder and the other silent. Of sides of equal power that are not correlated, the power of
///   both together is always that of the input.
///
/// ```
/// use codetta::{graph::{Position, Setup, Solo}, nodes::Pan};
///
/// let mut pan = Solo::new(Pan::new().channels(1).position(Position(-1.0)), Setup::new(48_000, 2));
/// assert_eq!(pan.process(&[vec![0.5]]), [[0.5], [0.0]]);
/// ```
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct Pan {
    position: Position,
    channels: Option<usize>,
    is_stereo: bool,
}

impl Pan {
    /// −1 (left) to 1 (right); 0, the centre, unless set.
    pub const POSITION: ParamSpec<Pan, Position> = ParamSpec::new(0, "position", (-1.0, 1.0), 0.0);

    /// In the centre.
    ///
    /// **Thread**: any, as for all that builds it.
    pub fn new() -> Self {
        Self::default()
    }

    /// At `position` from the start.
    pub fn position(self, position: Position) -> Self {
        Self { position, ..self }
    }

    /// For 1 or 2 channels of input, whatever the session has; other counts are taken for the nearer of these.
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }
}

impl Processor for Pan {
    fn name(&self) -> &'static str {
        "pan"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![Self::POSITION.info()]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let input = self.channels.unwrap_or(setup.channels).clamp(1, 2);
        self.is_stereo = input == 2;
        Layout::effect(input, 2).starts_at(Self::POSITION, self.position)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let position = audio.param(Self::POSITION);
        let [left, right] = audio.pair();
        if !self.is_stereo {
            right.copy_from_slice(left);
        }
        let whole = if self.is_stereo { std::f32::consts::SQRT_2 } else { 1.0 };
        match position.steady() {
            Some(position) => {
                let gains = gains(position, whole);
                scale(left, gains[0]);
                scale(right, gains[1]);
            }
            None => {
                for ((left, right), position) in left.iter_mut().zip(right).zip(position) {
                    let gains = gains(position, whole);
                    *left *= gains[0];
                    *right *= gains[1];
                }
            }
        }
        Activity::Sounding
    }
}

#[inline(always)]
fn gains(position: f32, whole: f32) -> [f32; 2] {
    // The cosine of an angle is the sine of what is missing to 90°.
    [whole * quarter(0.5 - 0.5 * position), whole * quarter(0.5 + 0.5 * position)]
}

fn scale(channel: &mut [f32], gain: f32) {
    for sample in channel {
        *sample *= gain;
    }
}
