//! Plays sound from memory, at a trigger.

mod fading;
mod voices;

use super::{Sample, gain::LEVELS};
use crate::{
    graph::{
        Activity, Audio, Db, Layout, MAX_FRAMES, Node, ParamInfo, ParamSpec, Processor, Setup, Trigger,
        TriggerSpec, Unit, When,
    },
    stream::Command,
};
use std::ops::{Bound, Range, RangeBounds};
use voices::Voices;

/// Plays a [`Sample`] each time it is triggered, as often at once as it has voices.
///
/// As many channels as the session has, unless [`channels`](Self::channels) says another count: a mono sample plays in
/// all of them, and of others channel by channel (for a mono player, their mean). A sample of another rate is resampled
/// when the player is added; if that cannot be done (see [`Sample::resampled`]), it is played at another pitch.
///
/// ```
/// use codetta::{graph::{Setup, Solo}, nodes::{Sample, SamplePlayer}};
///
/// let click = Sample::from_interleaved(&[0.5_f32, -0.5], 1, 48_000);
/// let mut player = Solo::new(SamplePlayer::new(&click), Setup::new(48_000, 1));
/// player.trigger(SamplePlayer::PLAY, 0.5);
/// assert_eq!(player.render(3), [[0.25, -0.25, 0.0]]);
/// ```
///
/// In a graph, [`Node::play`](Node#method.play) and [`Node::stop`](Node#method.stop) trigger it at a frame or time.
#[derive(Debug)]
#[must_use]
pub struct SamplePlayer {
    sample: Sample,
    looping: Option<Range<usize>>,
    polyphony: usize,
    level: Db,
    channels: Option<usize>,
    voices: Voices,
    /// The level of each frame of a call in which it moves.
    levels: Box<[f32; MAX_FRAMES]>,
}

impl SamplePlayer {
    /// −∞ (silence) to 24 dB; 0 dB unless set.
    pub const LEVEL: ParamSpec<SamplePlayer, Db> = ParamSpec::new(0, "level", LEVELS, 0.0);
    /// Plays the sample from its start; the value is a factor of amplitude, up to ±16. If all voices sound, the oldest
    /// fades out for it, within 5 ms.
    pub const PLAY: TriggerSpec<SamplePlayer> = TriggerSpec::new(0, "play");
    /// Fades out all that sounds, within 5 ms. The value does not matter.
    pub const STOP: TriggerSpec<SamplePlayer> = TriggerSpec::new(1, "stop");

    /// Enough for what one sample is played for; a voice that is not used costs nothing.
    const POLYPHONY: usize = 16;

    /// A player of `sample`, with 16 voices, at 0 dB.
    ///
    /// **Thread**: any, as for all that builds it.
    pub fn new(sample: &Sample) -> Self {
        Self {
            sample: sample.clone(),
            looping: None,
            polyphony: Self::POLYPHONY,
            level: Db(0.0),
            channels: None,
            voices: Voices::default(),
            levels: Box::new([0.0; MAX_FRAMES]),
        }
    }

    /// Once it gets to the end of `frames`, it goes on at their start, for ever, without a gap: `..` is all of the
    /// sample. What is beyond the sample is left out; if nothing remains, it plays once. In a sample that is
    /// resampled, the frames are those before.
    pub fn looping(self, frames: impl RangeBounds<usize>) -> Self {
        let start = match frames.start_bound() {
            Bound::Included(start) => *start,
            Bound::Excluded(start) => start.saturating_add(1),
            Bound::Unbounded => 0,
        };
        let end = match frames.end_bound() {
            Bound::Included(end) => end.saturating_add(1),
            Bound::Excluded(end) => *end,
            Bound::Unbounded => usize::MAX,
        };
        Self { looping: Some(start..end.min(self.sample.frames())), ..self }
    }

    /// With so many voices, at least one: as often it can be heard at once.
    pub fn polyphony(self, voices: usize) -> Self {
        Self { polyphony: voices.max(1), ..self }
    }

    /// At `level` from the start.
    pub fn level(self, level: Db) -> Self {
        Self { level, ..self }
    }

    /// For so many channels instead of the session's.
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }
}

impl Processor for SamplePlayer {
    fn name(&self) -> &'static str {
        "sample player"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![Self::LEVEL.info()]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        let source = self.sample.frames().max(1) as u128;
        let sample = self.sample.resampled(setup.sample_rate).unwrap_or_else(|_| self.sample.clone());
        let moved = |frame: usize| (frame as u128 * sample.frames() as u128 / source) as usize;
        let looping = self.looping.clone().map(|frames| moved(frames.start)..moved(frames.end));
        self.voices = Voices::new(sample.fit(channels), looping, self.polyphony, channels, setup.sample_rate);
        Layout::source(channels).starts_at(Self::LEVEL, self.level)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        if self.voices.are_silent() {
            return Activity::Silent;
        }
        let level = audio.param(Self::LEVEL);
        let frames = audio.frames();
        let sounding = match level.steady() {
            Some(level) => self.voices.mix(audio, voices::Level::Steady(level)),
            None => {
                level.fill(&mut self.levels[..frames]);
                self.voices.mix(audio, voices::Level::Moving(&self.levels[..frames]))
            }
        };
        if sounding == frames { Activity::Sounding } else { Activity::Until(sounding) }
    }

    fn trigger(&mut self, trigger: Trigger) {
        /// 24 dB: as much as a level may be.
        const MOST: f32 = 16.0;
        if trigger.index == Self::STOP.index() {
            self.voices.stop();
        } else if trigger.index == Self::PLAY.index() && !trigger.value.is_nan() {
            self.voices.play(trigger.value.clamp(-MOST, MOST));
        }
    }

    fn reset(&mut self) {
        self.voices.cut();
    }
}

impl Node<SamplePlayer> {
    /// Plays the sample, `gain` louder than it is, at a frame or time of the session's clock.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn play(&self, gain: Db, when: impl Into<When>) -> Command {
        self.trigger(SamplePlayer::PLAY, gain.linear(), when)
    }

    /// Fades out all that sounds, within 5 ms, from a frame or time of the session's clock on.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn stop(&self, when: impl Into<When>) -> Command {
        self.trigger(SamplePlayer::STOP, 0.0, when)
    }
}
