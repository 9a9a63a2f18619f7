//! What sounds at once: on the audio thread.

use super::fading::Fading;
use crate::{graph::Audio, nodes::Sample};
use std::ops::Range;

/// The level of a call's frames.
#[derive(Debug, Clone, Copy)]
pub(super) enum Level<'a> {
    Steady(f32),
    Moving(&'a [f32]),
}

/// One playing of the sample.
#[derive(Debug, Clone, Copy)]
struct Voice {
    /// The sample's frame that comes next.
    at: usize,
    gain: f32,
}

/// All that sounds: the voices, oldest first, and what fades out.
#[derive(Debug, Default)]
pub(super) struct Voices {
    /// One channel, or as many as come out.
    sample: Option<Sample>,
    /// Not empty, and within the sample.
    looping: Option<Range<usize>>,
    /// As many as there is room for.
    voices: Vec<Voice>,
    polyphony: usize,
    fading: Fading,
}

impl Voices {
    pub(super) fn new(
        sample: Sample,
        looping: Option<Range<usize>>,
        polyphony: usize,
        channels: usize,
        rate: u32,
    ) -> Self {
        Self {
            looping: looping.filter(|frames| !frames.is_empty() && frames.end <= sample.frames()),
            sample: Some(sample),
            voices: Vec::with_capacity(polyphony),
            polyphony,
            fading: Fading::new(channels, rate),
        }
    }

    #[inline]
    pub(super) fn are_silent(&self) -> bool {
        self.voices.is_empty() && self.fading.is_over()
    }

    pub(super) fn play(&mut self, gain: f32) {
        if self.voices.len() == self.polyphony && !self.voices.is_empty() {
            let oldest = self.voices.remove(0);
            self.fade(oldest);
        }
        if self.voices.len() < self.polyphony {
            self.voices.push(Voice { at: 0, gain });
        }
    }

    pub(super) fn stop(&mut self) {
        for index in 0..self.voices.len() {
            self.fade(self.voices[index]);
        }
        self.voices.clear();
    }

    /// Silent at once.
    pub(super) fn cut(&mut self) {
        self.voices.clear();
        self.fading.cut();
    }

    fn fade(&mut self, mut voice: Voice) {
        let Some(sample) = &self.sample else { return };
        self.fading.begin();
        while let Some(span) = next(&mut voice.at, self.fading.room(), sample.frames(), &self.looping) {
            self.fading.add(sample, span, voice.gain);
        }
    }

    /// Writes all that sounds; says how many frames that is. Behind them nothing is written.
    ///
    /// Each frame is the sum of the voices that sound in it, oldest first, and of what fades: the same bits, wherever
    /// a call begins.
    #[inline]
    pub(super) fn mix(&mut self, audio: &mut Audio<'_>, level: Level<'_>) -> usize {
        let Some(sample) = &self.sample else { return 0 };
        let frames = audio.frames();
        let end = self.looping.as_ref().map_or(sample.frames(), |frames| frames.end);
        if let ([voice], true, Level::Steady(level)) = (&mut self.voices[..], self.fading.is_over(), level)
            && voice.at + frames < end
        {
            // The usual case: one voice, in the middle of the sample.
            let span = voice.at..voice.at + frames;
            let factor = voice.gain * level;
            for (index, out) in audio.channels().enumerate() {
                let index = if sample.channels() == 1 { 0 } else { index };
                lay_steady(out, &sample.channel(index)[span.clone()], factor);
            }
            voice.at += frames;
            return frames;
        }
        let mut written = 0;
        for voice in &mut self.voices {
            let mut done = 0;
            while let Some(span) = next(&mut voice.at, frames - done, sample.frames(), &self.looping) {
                let here = done..done + span.len();
                for (index, out) in audio.channels().enumerate() {
                    let source =
                        &sample.channel(if sample.channels() == 1 { 0 } else { index })[span.clone()];
                    lay(&mut out[here.clone()], source, here.start, written, voice.gain, level);
                }
                done = here.end;
            }
            written = written.max(done);
        }
        self.voices.retain(|voice| voice.at < sample.frames());
        if !self.fading.is_over() {
            written = self.fading.mix(audio, level, written);
        }
        written
    }
}

/// The next span of the sample, of `room` frames at most, and `at` moved behind it; `None` if there is no room or the
/// sample has ended.
#[inline]
fn next(at: &mut usize, room: usize, len: usize, looping: &Option<Range<usize>>) -> Option<Range<usize>> {
    let end = looping.as_ref().map_or(len, |frames| frames.end);
    let from = *at;
    let frames = (end - from).min(room);
    if frames == 0 {
        return None;
    }
    *at = from + frames;
    if let Some(frames) = looping
        && *at == end
    {
        *at = frames.start;
    }
    Some(from..from + frames)
}

/// As the first that is laid.
#[inline]
fn lay_steady(out: &mut [f32], source: &[f32], factor: f32) {
    if factor == 1.0 {
        out.copy_from_slice(source);
    } else {
        for (out, source) in out.iter_mut().zip(source) {
            *out = source * factor;
        }
    }
}

/// Lays `source` into `out`, which begins at frame `from` of a call: over what is written before frame `written`, and
/// as the first behind that.
#[inline]
pub(super) fn lay(out: &mut [f32], source: &[f32], from: usize, written: usize, gain: f32, level: Level<'_>) {
    let both = written.saturating_sub(from).min(out.len());
    let (over, fresh) = out.split_at_mut(both);
    let (first, second) = source.split_at(both);
    match level {
        Level::Steady(level) => {
            let factor = gain * level;
            for (out, source) in over.iter_mut().zip(first) {
                *out += source * factor;
            }
            lay_steady(fresh, second, factor);
        }
        Level::Moving(levels) => {
            let (early, late) = levels[from..from + source.len()].split_at(both);
            for ((out, source), level) in over.iter_mut().zip(first).zip(early) {
                *out += source * (gain * level);
            }
            for ((out, source), level) in fresh.iter_mut().zip(second).zip(late) {
                *out = source * (gain * level);
            }
        }
    }
}
