//! Turns down what is loud.

use super::{
    control::{default_of, frames_of, state, stretches},
    decibels::{exp2, log2},
    peaks,
};
use crate::graph::{
    Activity, Audio, Db, Layout, MAX_FRAMES, ParamInfo, ParamSpec, Processor, Ratio, Seconds, Setup, Tail,
};

/// Lets through, of each [`RATIO`](Self::RATIO) decibels above [`THRESHOLD`](Self::THRESHOLD), one.
///
/// The level is the greatest magnitude among the channels, which all get the same gain; or among those of the side-chain
/// (port 0), after [`side_chain`](Self::side_chain). The static curve has a quadratic knee, [`KNEE`](Self::KNEE) wide and
/// centred on the threshold. The decibels to take off are then smoothed: down with the time constant
/// [`ATTACK`](Self::ATTACK), up with [`RELEASE`](Self::RELEASE), followed by the attack's. (The smooth decoupled detector
/// in the logarithmic domain of Giannoulis, Massberg and Reiss, *Digital Dynamic Range Compressor Design*, 2012. It
/// stays on the peaks of a tone, so a sine is compressed as the curve says for its amplitude.)
///
/// ```
/// use codetta::graph::{Db, Ratio, Setup, Solo};
/// use codetta::nodes::Compressor;
///
/// let compressor = Compressor::new().threshold(Db(-20.0)).ratio(Ratio(4.0)).knee(Db(0.0));
/// let mut compressor = Solo::new(compressor, Setup::new(48_000, 1));
/// let out = compressor.process(&[vec![1.0; 48_000]]);
/// // 20 dB above the threshold go in, 5 dB above it come out.
/// assert!((20.0 * out[0][47_999].log10() + 15.0).abs() < 0.01);
/// ```
#[derive(Debug)]
pub struct Compressor {
    threshold: Db,
    ratio: Ratio,
    knee: Db,
    attack: Seconds,
    release: Seconds,
    makeup: Db,
    side_chain: bool,
    channels: Option<usize>,
    /// Octaves to take off: held by the release, and smoothed by the attack. In double precision, in which a step
    /// towards them never gets lost.
    held: f64,
    off: f64,
}

/// Octaves below which nothing is taken off any more: a ten-millionth, which a factor in single precision cannot tell
/// from none.
const NONE: f64 = 1e-8;

/// So many time constants take 200 dB to less than [`NONE`].
const CONSTANTS: f32 = 24.0;

impl Compressor {
    /// −60 to 0 dBFS, −20 unless set.
    pub const THRESHOLD: ParamSpec<Compressor, Db> = ParamSpec::new(0, "threshold", (-60.0, 0.0), -20.0);
    /// 1:1 to 100:1, 4:1 unless set.
    pub const RATIO: ParamSpec<Compressor, Ratio> = ParamSpec::new(1, "ratio", (1.0, 100.0), 4.0);
    /// The knee's width: 0 to 40 dB, 6 unless set.
    pub const KNEE: ParamSpec<Compressor, Db> = ParamSpec::new(2, "knee", (0.0, 40.0), 6.0);
    /// Time constant: 0 to 1 s, 10 ms unless set.
    pub const ATTACK: ParamSpec<Compressor, Seconds> = ParamSpec::new(3, "attack", (0.0, 1.0), 0.01);
    /// Time constant: 0 to 5 s, 150 ms unless set.
    pub const RELEASE: ParamSpec<Compressor, Seconds> = ParamSpec::new(4, "release", (0.0, 5.0), 0.15);
    /// Gain behind it: −24 to 24 dB, 0 unless set.
    pub const MAKEUP: ParamSpec<Compressor, Db> = ParamSpec::new(5, "makeup", (-24.0, 24.0), 0.0);

    /// With the values that the parameters have unless set.
    pub fn new() -> Self {
        Self {
            threshold: default_of(Self::THRESHOLD),
            ratio: default_of(Self::RATIO),
            knee: default_of(Self::KNEE),
            attack: default_of(Self::ATTACK),
            release: default_of(Self::RELEASE),
            makeup: default_of(Self::MAKEUP),
            side_chain: false,
            channels: None,
            held: 0.0,
            off: 0.0,
        }
    }

    /// [`THRESHOLD`](Self::THRESHOLD) from the start.
    #[must_use]
    pub fn threshold(self, threshold: Db) -> Self {
        Self { threshold, ..self }
    }

    /// [`RATIO`](Self::RATIO) from the start.
    #[must_use]
    pub fn ratio(self, ratio: Ratio) -> Self {
        Self { ratio, ..self }
    }

    /// [`KNEE`](Self::KNEE) from the start.
    #[must_use]
    pub fn knee(self, knee: Db) -> Self {
        Self { knee, ..self }
    }

    /// [`ATTACK`](Self::ATTACK) from the start.
    #[must_use]
    pub fn attack(self, attack: Seconds) -> Self {
        Self { attack, ..self }
    }

    /// [`RELEASE`](Self::RELEASE) from the start.
    #[must_use]
    pub fn release(self, release: Seconds) -> Self {
        Self { release, ..self }
    }

    /// [`MAKEUP`](Self::MAKEUP) from the start.
    #[must_use]
    pub fn makeup(self, makeup: Db) -> Self {
        Self { makeup, ..self }
    }

    /// Listens to a side-chain (port 0), instead of what it compresses.
    #[must_use]
    pub fn side_chain(self) -> Self {
        Self { side_chain: true, ..self }
    }

    /// For so many channels, instead of the session's.
    #[must_use]
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }

    /// Turns levels to the octaves to take off; whether there are any.
    fn follow(&mut self, audio: &Audio<'_>, levels: &mut [f32]) -> bool {
        let [threshold, knee] = [audio.param(Self::THRESHOLD), audio.param(Self::KNEE)];
        let [attack, release] = [audio.param(Self::ATTACK), audio.param(Self::RELEASE)];
        let ratio = audio.param(Self::RATIO);
        let rate = audio.sample_rate();
        let mut any = false;
        let state = state([threshold, knee, attack, release, ratio]);
        for stretch in stretches(audio.clock(), audio.frames(), state) {
            let look = stretch.look;
            let curve = Curve::new(threshold.at_clock(look), knee.at_clock(look), ratio.at_clock(look));
            let [attack, release] = [attack, release].map(|time| part(time.at_clock(look), rate));
            let levels = &mut levels[stretch.frames];
            levels.iter_mut().for_each(|level| *level = curve.off(*level));
            for off in levels {
                let wanted = f64::from(*off);
                self.held = wanted.max(self.held + release * (wanted - self.held));
                self.off += attack * (self.held - self.off);
                if self.held < NONE && self.off < NONE {
                    (self.held, self.off) = (0.0, 0.0);
                }
                any |= self.off > 0.0;
                *off = self.off as f32;
            }
        }
        any
    }
}

/// Of what is missing, the part that a frame brings, at a time constant.
fn part(seconds: f32, rate: u32) -> f64 {
    match f64::from(seconds) * f64::from(rate) {
        frames if frames > 0.0 => 1.0 - (-1.0 / frames).exp(),
        _ => 1.0,
    }
}

/// The static curve, in octaves of amplitude.
#[derive(Debug, Clone, Copy)]
struct Curve {
    threshold: f32,
    knee: f32,
    /// ½ over the knee; of none, anything finite.
    half_per_knee: f32,
    /// The part of what is above the threshold that is taken off.
    slope: f32,
}

impl Curve {
    fn new(threshold: f32, knee: f32, ratio: f32) -> Self {
        let knee = knee.log2().max(0.0);
        let half_per_knee = if knee > 0.0 { 0.5 / knee } else { 0.0 };
        Self { threshold: threshold.log2(), knee, half_per_knee, slope: 1.0 - 1.0 / ratio }
    }

    /// Octaves to take off at a level.
    fn off(&self, level: f32) -> f32 {
        let over = log2(level) - self.threshold;
        let half = 0.5 * self.knee;
        let in_knee = (over + half).clamp(0.0, self.knee);
        self.slope * (in_knee * in_knee * self.half_per_knee + (over - half).max(0.0))
    }
}

impl Default for Compressor {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for Compressor {
    fn name(&self) -> &'static str {
        "compressor"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![
            Self::THRESHOLD.info(),
            Self::RATIO.info(),
            Self::KNEE.info(),
            Self::ATTACK.info(),
            Self::RELEASE.info(),
            Self::MAKEUP.info(),
        ]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        // No sound outlasts the input; but before it may forget, nothing is taken off any more.
        let within = |time: Seconds, (low, high): (f32, f32)| time.0.clamp(low, high);
        let back =
            within(self.attack, Self::ATTACK.info().range) + within(self.release, Self::RELEASE.info().range);
        let layout = match self.side_chain {
            true => Layout::effect(channels, channels).side(channels),
            false => Layout::effect(channels, channels),
        };
        layout
            .tail(Tail::Frames(frames_of(CONSTANTS * back, setup.sample_rate)))
            .starts_at(Self::THRESHOLD, self.threshold)
            .starts_at(Self::RATIO, self.ratio)
            .starts_at(Self::KNEE, self.knee)
            .starts_at(Self::ATTACK, self.attack)
            .starts_at(Self::RELEASE, self.release)
            .starts_at(Self::MAKEUP, self.makeup)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let mut gains = [0.0; MAX_FRAMES];
        let gains = &mut gains[..audio.frames()];
        match self.side_chain {
            true => peaks::of_side(&audio.sides(), 0, gains),
            false => peaks::of_main(audio, gains),
        }
        let makeup = audio.param(Self::MAKEUP);
        if !self.follow(audio, gains) && makeup.steady() == Some(1.0) {
            return Activity::Sounding;
        }
        gains.iter_mut().for_each(|off| *off = exp2(-*off));
        match makeup.steady() {
            Some(makeup) => gains.iter_mut().for_each(|gain| *gain *= makeup),
            None => gains.iter_mut().zip(makeup).for_each(|(gain, makeup)| *gain *= makeup),
        }
        for channel in audio.channels() {
            for (sample, gain) in channel.iter_mut().zip(&*gains) {
                // The greatest number, made up for, is no infinite one.
                *sample = (*sample * gain).clamp(f32::MIN, f32::MAX);
            }
        }
        Activity::Sounding
    }

    fn reset(&mut self) {
        (self.held, self.off) = (0.0, 0.0);
    }
}
