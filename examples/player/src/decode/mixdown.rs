//! More than two channels down to two, as ITU-R BS.775 mixes them.

use symphonia::core::audio::{Channels, Position};

/// Level of the centre and of each surround channel in the stereo mix: -3 dB, ITU-R BS.775 annex 4.
const SIDE: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// How much of each input channel goes to the left and to the right.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixdown {
    gains: Vec<(f32, f32)>,
}

impl Mixdown {
    /// For the channels of a decoded file; `None` where one or two need no mixing.
    pub fn new(channels: &Channels) -> Option<Self> {
        match channels {
            _ if channels.count() <= 2 => None,
            Channels::Positioned(positions) => Some(Self::positioned(*positions)),
            other => Some(Self::for_wave(other.count(), None)),
        }
    }

    /// For `channels` channels of a WAV file, with its speaker mask where there is one.
    pub fn for_wave(channels: usize, mask: Option<u32>) -> Self {
        mask.and_then(Position::from_wave_channel_mask)
            .filter(|positions| positions.bits().count_ones() as usize == channels)
            .or_else(|| Position::from_wave_channel_count(u32::try_from(channels).ok()?))
            .map_or_else(|| Self::level(vec![(1.0, 1.0); channels]), Self::positioned)
    }

    fn positioned(positions: Position) -> Self {
        Self::level(positions.iter().map(gains).collect())
    }

    /// Scales so that channels at full scale cannot exceed full scale together.
    fn level(mut gains: Vec<(f32, f32)>) -> Self {
        let (left, right) = gains.iter().fold((0.0_f32, 0.0_f32), |(l, r), g| (l + g.0, r + g.1));
        let most = left.max(right).max(1.0);
        for gain in &mut gains {
            *gain = (gain.0 / most, gain.1 / most);
        }
        Self { gains }
    }

    /// Appends the stereo mix of interleaved frames to `out`.
    pub fn apply(&self, frames: &[f32], out: &mut Vec<f32>) {
        for frame in frames.chunks_exact(self.gains.len()) {
            let mixed = frame
                .iter()
                .zip(&self.gains)
                .fold((0.0, 0.0), |(l, r), (sample, gain)| (l + sample * gain.0, r + sample * gain.1));
            // Rounding may lift a sum of the largest numbers above them.
            out.extend([mixed.0, mixed.1].map(|sample| sample.clamp(f32::MIN, f32::MAX)));
        }
    }
}

fn gains(position: Position) -> (f32, f32) {
    const LEFT: Position =
        Position::FRONT_LEFT.union(Position::FRONT_LEFT_CENTER).union(Position::FRONT_LEFT_WIDE);
    const RIGHT: Position =
        Position::FRONT_RIGHT.union(Position::FRONT_RIGHT_CENTER).union(Position::FRONT_RIGHT_WIDE);
    const LEFT_SIDE: Position = Position::REAR_LEFT
        .union(Position::SIDE_LEFT)
        .union(Position::TOP_FRONT_LEFT)
        .union(Position::TOP_REAR_LEFT);
    const RIGHT_SIDE: Position = Position::REAR_RIGHT
        .union(Position::SIDE_RIGHT)
        .union(Position::TOP_FRONT_RIGHT)
        .union(Position::TOP_REAR_RIGHT);
    // The low-frequency channel carries effects, not the mix: BS.775 leaves it out.
    const LOW: Position = Position::LFE1.union(Position::LFE2);
    match position {
        p if LEFT.contains(p) => (1.0, 0.0),
        p if RIGHT.contains(p) => (0.0, 1.0),
        p if LEFT_SIDE.contains(p) => (SIDE, 0.0),
        p if RIGHT_SIDE.contains(p) => (0.0, SIDE),
        p if LOW.contains(p) => (0.0, 0.0),
        _ => (SIDE, SIDE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mixed(channels: usize, frame: &[f32]) -> Vec<f32> {
        let mut out = Vec::new();
        Mixdown::for_wave(channels, None).apply(frame, &mut out);
        out
    }

    /// 5.1 in WAV order: front left and right, centre, low, rear left and right.
    #[test]
    fn five_point_one_keeps_its_sides() {
        let left = mixed(6, &[1.0, 0.0, 0.0, 0.0, 0.0, 0.0]);
        assert!(left[0] > 0.4 && left[1] == 0.0, "{left:?}");
        let centre = mixed(6, &[0.0, 0.0, 1.0, 0.0, 0.0, 0.0]);
        assert!(centre[0] > 0.25 && centre[0] == centre[1], "{centre:?}");
        assert_eq!(mixed(6, &[0.0, 0.0, 0.0, 1.0, 0.0, 0.0]), [0.0, 0.0]);
        let rear = mixed(6, &[0.0, 0.0, 0.0, 0.0, 0.0, 1.0]);
        assert!(rear[0] == 0.0 && rear[1] > 0.25, "{rear:?}");
    }

    /// All channels at full scale stay within full scale, for every channel count.
    #[test]
    fn the_sum_never_clips() {
        for channels in 3..=40 {
            let out = mixed(channels, &vec![1.0; channels]);
            assert!(out.iter().all(|s| s.abs() <= 1.000_001), "{channels}: {out:?}");
        }
    }

    /// One and two channels are left alone.
    #[test]
    fn stereo_needs_no_mixing() {
        assert_eq!(Mixdown::new(&Channels::Positioned(Position::FRONT_LEFT | Position::FRONT_RIGHT)), None);
    }
}
