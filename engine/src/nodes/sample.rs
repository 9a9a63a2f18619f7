//! Sound in memory.

use crate::convert::{ConvertError, Converter};
use std::{fmt, sync::Arc};

/// A piece of sound in memory, planar, at its own sample rate. Cheap to clone: the sound itself is shared.
///
/// **Thread**: any.
///
/// ```
/// use codetta::nodes::Sample;
///
/// // Two frames of two channels, from 16-bit PCM.
/// let sample = Sample::from_interleaved(&[16_384_i16, -16_384, 0, 0], 2, 44_100);
/// assert_eq!((sample.frames(), sample.channel(1)[0]), (2, -0.5));
/// ```
#[derive(Clone)]
pub struct Sample {
    /// One channel after the other.
    samples: Arc<[f32]>,
    channels: usize,
    frames: usize,
    rate: u32,
}

impl Sample {
    /// From interleaved PCM of `channels` channels at `rate` Hz. A part of a frame at the end is left out, and what is
    /// not finite is silence. No channels count as one.
    pub fn from_interleaved<S: crate::Sample>(interleaved: &[S], channels: usize, rate: u32) -> Self {
        let channels = channels.max(1);
        let frames = interleaved.len() / channels;
        let channel = |index| interleaved.iter().skip(index).step_by(channels).take(frames);
        let samples = (0..channels).flat_map(channel).map(|sample| repaired(sample.to_f32())).collect();
        Self { samples, channels, frames, rate }
    }

    /// From channels of full scale ±1.0 at `rate` Hz, all as long as the shortest. What is not finite is silence.
    pub fn from_planar(channels: &[Vec<f32>], rate: u32) -> Self {
        let frames = channels.iter().map(Vec::len).min().unwrap_or(0);
        let samples = channels.iter().flat_map(|channel| &channel[..frames]).copied().map(repaired).collect();
        Self { samples, channels: channels.len(), frames, rate }
    }

    /// Its length in frames.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.frames
    }

    /// How many channels it has.
    #[must_use]
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// Frames a second, in Hz.
    #[must_use]
    pub fn sample_rate(&self) -> u32 {
        self.rate
    }

    /// The frames of channel `channel`, from 0.
    ///
    /// # Panics
    /// If it has no such channel.
    #[must_use]
    #[inline]
    pub fn channel(&self, channel: usize) -> &[f32] {
        assert!(channel < self.channels, "channel {channel} of {}", self.channels);
        &self.samples[channel * self.frames..][..self.frames]
    }

    /// The same sound at another rate, in Hz: round(frames × `rate` / its own) frames, and the same sound without
    /// copying if that is its rate already.
    ///
    /// **Thread**: any but the audio thread; it takes about as long as decoding does.
    ///
    /// # Errors
    /// Rates outside of 8 to 192 kHz, and pairs of unusual rates: see [`ConvertError`].
    pub fn resampled(&self, rate: u32) -> Result<Self, ConvertError> {
        if rate == self.rate {
            return Ok(self.clone());
        }
        let mut planar = Vec::with_capacity(self.channels);
        for channel in 0..self.channels {
            let mut out = Vec::new();
            let mut sink = |frames: &[f32]| out.extend_from_slice(frames);
            let mut converter = Converter::new(self.rate, rate, 1)?;
            converter.write(self.channel(channel), usize::MAX, &mut sink);
            converter.finish(&mut sink);
            planar.push(out);
        }
        Ok(Self::from_planar(&planar, rate))
    }

    /// As few channels as `channels` need: one stands for all of them, and for one the others are averaged. Otherwise
    /// those that are too many go, and those that are missing are silent.
    pub(super) fn fit(&self, channels: usize) -> Self {
        if self.channels == 1 || self.channels == channels {
            return self.clone();
        }
        let one = |channel| {
            if channel < self.channels { self.channel(channel).to_vec() } else { vec![0.0; self.frames] }
        };
        if channels != 1 {
            return Self::from_planar(&(0..channels).map(one).collect::<Vec<_>>(), self.rate);
        }
        let mut mean = vec![0.0; self.frames];
        for channel in 0..self.channels {
            for (mean, sample) in mean.iter_mut().zip(self.channel(channel)) {
                *mean += sample / self.channels as f32;
            }
        }
        Self::from_planar(&[mean], self.rate)
    }
}

/// As streams are: nothing that would poison a mix.
fn repaired(sample: f32) -> f32 {
    if sample.is_finite() { sample.clamp(-CEILING, CEILING) } else { 0.0 }
}

/// The greatest magnitude let through, +48 dB over full scale, so that no sum of them overflows.
const CEILING: f32 = 256.0;

impl fmt::Debug for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sample")
            .field("frames", &self.frames)
            .field("channels", &self.channels)
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}
