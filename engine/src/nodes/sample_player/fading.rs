//! What was stopped, and still fades out: on the audio thread.

use super::voices::{Level, lay};
use crate::{graph::Audio, nodes::Sample};
use std::ops::Range;

/// The sum of all that fades, ahead of time: so any number can be stopped in one block, and none of it clicks.
#[derive(Debug, Default)]
pub(super) struct Fading {
    /// A ring for each channel, one behind the other. Zero where nothing fades.
    rings: Vec<f32>,
    /// Frames of a fade, and of a ring.
    len: usize,
    /// The next frame in the rings.
    at: usize,
    /// Frames from there on that may sound.
    left: usize,
    /// Frames of the voice that is being added.
    added: usize,
}

impl Fading {
    /// Of 5 ms: no click, and over before it is heard as a fade.
    pub(super) fn new(channels: usize, rate: u32) -> Self {
        let len = (rate / 200).max(1) as usize;
        Self { rings: vec![0.0; len * channels], len, ..Self::default() }
    }

    #[inline]
    pub(super) fn is_over(&self) -> bool {
        self.left == 0
    }

    pub(super) fn cut(&mut self) {
        self.rings.fill(0.0);
        self.left = 0;
    }

    /// Another voice is to be faded out.
    pub(super) fn begin(&mut self) {
        self.added = 0;
    }

    /// Frames of it that are missing.
    pub(super) fn room(&self) -> usize {
        self.len - self.added
    }

    /// Its next frames, [`room`](Self::room) at most.
    pub(super) fn add(&mut self, sample: &Sample, span: Range<usize>, gain: f32) {
        let frames = span.len();
        for (index, ring) in self.rings.chunks_exact_mut(self.len).enumerate() {
            let source = &sample.channel(if sample.channels() == 1 { 0 } else { index })[span.clone()];
            let (behind, ahead) = ring.split_at_mut(self.at);
            let places = ahead.iter_mut().chain(behind).skip(self.added);
            for ((place, source), passed) in places.zip(source).zip(self.added..) {
                let left = (self.len - 1 - passed) as f32 / self.len as f32;
                *place += source * (gain * left);
            }
        }
        self.added += frames;
        self.left = self.left.max(self.added);
    }

    /// Adds it to what is written in the first `written` frames; says how many are then.
    pub(super) fn mix(&mut self, audio: &mut Audio<'_>, level: Level<'_>, written: usize) -> usize {
        let frames = audio.frames().min(self.left);
        let first = frames.min(self.len - self.at);
        for (out, ring) in audio.channels().zip(self.rings.chunks_exact_mut(self.len)) {
            let (behind, ahead) = ring.split_at_mut(self.at);
            let (ahead, behind) = (&mut ahead[..first], &mut behind[..frames - first]);
            lay(&mut out[..first], ahead, 0, written, 1.0, level);
            lay(&mut out[first..frames], behind, first, written, 1.0, level);
            ahead.fill(0.0);
            behind.fill(0.0);
        }
        self.at = (self.at + frames) % self.len;
        self.left -= frames;
        written.max(frames)
    }
}
