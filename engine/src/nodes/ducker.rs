//! Turns music down while somebody speaks.

use super::{
    control::{default_of, frames_of, state, stretches},
    peaks,
};
use crate::graph::{
    Activity, Audio, Db, Layout, MAX_FRAMES, ParamInfo, ParamSpec, Processor, Seconds, Setup, Tail,
};

/// The gain's way from unity to the depth, in steps so fine that a way of a million frames ends on its exact frame.
const WAY: u64 = 1 << 40;

/// Music under speech: the main input is turned down to [`DEPTH`](Self::DEPTH) while the side-chain (port 0) speaks.
///
/// The detector looks at sample peaks: a frame is speech if the magnitude of any channel of the side-chain is above
/// [`THRESHOLD`](Self::THRESHOLD). From the first such frame on, the gain takes [`ATTACK`](Self::ATTACK) to the depth.
/// Pauses between words that are no longer than [`HOLD`](Self::HOLD) change nothing; after a longer one the gain takes
/// [`RELEASE`](Self::RELEASE) back to exactly unity, from where on the music passes bit by bit. Speech that begins while
/// the gain is on its way turns it around where it is. The way is a smoothstep of amplitude (3p² − 2p³), which has no
/// corner at either end; all channels have the same gain, and nothing is late.
///
/// A constant offset of the speech counts as speech, if it is above the threshold.
///
/// ```
/// use codetta::graph::{Db, Seconds, Setup, Solo};
/// use codetta::nodes::Ducker;
///
/// let ducker = Ducker::new().depth(Db(-20.0)).attack(Seconds(0.01));
/// let mut ducker = Solo::new(ducker, Setup::new(48_000, 1));
/// let out = ducker.process_with(&[vec![0.5; 1_000]], &[&[vec![0.3; 1_000]]]);
/// // 480 frames later, the music is a tenth of what it was.
/// assert!((out[0][480] - 0.05).abs() < 1e-6);
/// ```
#[derive(Debug)]
pub struct Ducker {
    threshold: Db,
    attack: Seconds,
    hold: Seconds,
    release: Seconds,
    depth: Db,
    channels: Option<usize>,
    /// How far it has gone from unity (0) to the depth ([`WAY`]).
    gone: u64,
    /// Frames for which a pause changes nothing.
    held: u64,
}

impl Ducker {
    /// Above what the side-chain is speech: peak, −80 to 0 dBFS, −40 unless set.
    pub const THRESHOLD: ParamSpec<Ducker, Db> = ParamSpec::new(0, "threshold", (-80.0, 0.0), -40.0);
    /// From unity to the depth: 0 to 2 s, 50 ms unless set.
    pub const ATTACK: ParamSpec<Ducker, Seconds> = ParamSpec::new(1, "attack", (0.0, 2.0), 0.05);
    /// The longest pause that is not an end: 0 to 5 s, 400 ms unless set. It is taken over with each frame of speech.
    pub const HOLD: ParamSpec<Ducker, Seconds> = ParamSpec::new(2, "hold", (0.0, 5.0), 0.4);
    /// From the depth to unity: 0 to 5 s, 800 ms unless set.
    pub const RELEASE: ParamSpec<Ducker, Seconds> = ParamSpec::new(3, "release", (0.0, 5.0), 0.8);
    /// The gain under speech: −80 to 0 dB, −15 unless set.
    pub const DEPTH: ParamSpec<Ducker, Db> = ParamSpec::new(4, "depth", (-80.0, 0.0), -15.0);

    /// With the values that the parameters have unless set.
    pub fn new() -> Self {
        Self {
            threshold: default_of(Self::THRESHOLD),
            attack: default_of(Self::ATTACK),
            hold: default_of(Self::HOLD),
            release: default_of(Self::RELEASE),
            depth: default_of(Self::DEPTH),
            channels: None,
            gone: 0,
            held: 0,
        }
    }

    /// [`THRESHOLD`](Self::THRESHOLD) from the start.
    #[must_use]
    pub fn threshold(self, threshold: Db) -> Self {
        Self { threshold, ..self }
    }

    /// [`ATTACK`](Self::ATTACK) from the start.
    #[must_use]
    pub fn attack(self, attack: Seconds) -> Self {
        Self { attack, ..self }
    }

    /// [`HOLD`](Self::HOLD) from the start.
    #[must_use]
    pub fn hold(self, hold: Seconds) -> Self {
        Self { hold, ..self }
    }

    /// [`RELEASE`](Self::RELEASE) from the start.
    #[must_use]
    pub fn release(self, release: Seconds) -> Self {
        Self { release, ..self }
    }

    /// [`DEPTH`](Self::DEPTH) from the start.
    #[must_use]
    pub fn depth(self, depth: Db) -> Self {
        Self { depth, ..self }
    }

    /// For so many channels of music and of speech, instead of the session's.
    #[must_use]
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }

    fn rests(&self) -> bool {
        self.gone == 0 && self.held == 0
    }

    /// How far the gain has gone at each frame, as part of the way; whether it has at any.
    fn follow(&mut self, audio: &Audio<'_>, levels: &[f32], gone: &mut [f32]) -> bool {
        let rate = audio.sample_rate();
        let [threshold, attack, hold, release] = [
            audio.param(Self::THRESHOLD),
            audio.param(Self::ATTACK),
            audio.param(Self::HOLD),
            audio.param(Self::RELEASE),
        ];
        let mut moved = false;
        let state = state([threshold, attack, hold, release]);
        for stretch in stretches(audio.clock(), audio.frames(), state) {
            let threshold = threshold.at_clock(stretch.look);
            // Rounded up, so that the last step is the last frame's.
            let attack = WAY.div_ceil(frames_of(attack.at_clock(stretch.look), rate));
            let release = WAY.div_ceil(frames_of(release.at_clock(stretch.look), rate));
            let hold = (hold.at_clock(stretch.look) * rate as f32).round() as u64;
            for (level, part) in levels[stretch.frames.clone()].iter().zip(&mut gone[stretch.frames]) {
                let speaks = *level > threshold;
                let ducks = speaks || self.held > 0;
                self.held = if speaks { hold } else { self.held.saturating_sub(1) };
                self.gone = match ducks {
                    true => WAY.min(self.gone + attack),
                    false => self.gone.saturating_sub(release),
                };
                moved |= self.gone > 0;
                // As signed, which the processor converts in one step.
                *part = self.gone as i64 as f32 * (1.0 / WAY as f32);
            }
        }
        moved
    }
}

impl Default for Ducker {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for Ducker {
    fn name(&self) -> &'static str {
        "ducker"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![
            Self::THRESHOLD.info(),
            Self::ATTACK.info(),
            Self::HOLD.info(),
            Self::RELEASE.info(),
            Self::DEPTH.info(),
        ]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        // No sound outlasts the input; but before it may forget, it is back at unity.
        let back = Self::HOLD.info().range.1 + Self::RELEASE.info().range.1;
        Layout::effect(channels, channels)
            .side(channels)
            .tail(Tail::Frames(frames_of(back, setup.sample_rate) + 1))
            .starts_at(Self::THRESHOLD, self.threshold)
            .starts_at(Self::ATTACK, self.attack)
            .starts_at(Self::HOLD, self.hold)
            .starts_at(Self::RELEASE, self.release)
            .starts_at(Self::DEPTH, self.depth)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let sides = audio.sides();
        if self.rests() && !sides.is_sounding(0) {
            return Activity::Sounding;
        }
        let frames = audio.frames();
        let (mut levels, mut gain) = ([0.0; MAX_FRAMES], [0.0; MAX_FRAMES]);
        let (levels, gain) = (&mut levels[..frames], &mut gain[..frames]);
        peaks::of_side(&sides, 0, levels);
        if !self.follow(audio, levels, gain) {
            return Activity::Sounding;
        }
        let depth = audio.param(Self::DEPTH);
        match depth.steady() {
            Some(depth) => gain.iter_mut().for_each(|gain| *gain = smooth(*gain, depth)),
            None => gain.iter_mut().zip(depth).for_each(|(gain, depth)| *gain = smooth(*gain, depth)),
        }
        for channel in audio.channels() {
            for (sample, gain) in channel.iter_mut().zip(&*gain) {
                *sample *= gain;
            }
        }
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.gone = 0;
        self.held = 0;
    }
}

/// The gain after a part of the way to `depth`: exactly 1 at its start.
fn smooth(part: f32, depth: f32) -> f32 {
    1.0 - (1.0 - depth) * (part * part * (3.0 - 2.0 * part))
}
