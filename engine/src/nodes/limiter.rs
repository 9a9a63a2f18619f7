//! Nothing above the ceiling.

mod gain;
mod window;

use super::{
    control::{default_of, frames_of, state, stretches},
    peaks,
};
use crate::graph::{
    Activity, Audio, Db, Layout, MAX_FRAMES, ParamInfo, ParamSpec, Processor, Seconds, Setup, Tail, Values,
};
use gain::{Gain, RELEASES};

/// Lets no sample above its ceiling, and leaves alone what is not.
///
/// It hears [`look_ahead`](Self::look_ahead) before it is heard, and its output is so much late
/// ([`Layout::latency`]): the gain is down before the peak arrives, and goes there in a straight line, with all channels
/// together. Thereafter it comes back with the time constant [`RELEASE`](Self::RELEASE), and all the way: while nothing
/// needs less, the output is the input, delayed, bit by bit.
///
/// The ceiling of a sample is what [`CEILING`](Self::CEILING) is at the frame at which it leaves. A ceiling that comes
/// down faster than the look-ahead takes the gain along at once. Peaks are those of samples: between them, the converter's
/// output may be higher; 1 dB of room is usual. Samples that are no number leave as zero, infinite ones as the ceiling.
///
/// ```
/// use codetta::graph::{Db, Setup, Solo};
/// use codetta::nodes::Limiter;
///
/// let mut limiter = Solo::new(Limiter::new().ceiling(Db(-6.0)), Setup::new(48_000, 1));
/// let late = limiter.latency() as usize;
/// let mut sound = vec![0.25; 2_000];
/// sound[1_000] = 8.0;
/// let out = limiter.process(&[sound]);
/// assert_eq!(out[0][late], 0.25);
/// assert!(out[0].iter().all(|sample| sample.abs() <= 0.5012));
/// assert!(out[0][1_000 + late] > 0.5);
/// ```
#[derive(Debug)]
pub struct Limiter {
    ceiling: Db,
    release: Seconds,
    look_ahead: Seconds,
    channels: Option<usize>,
    /// What has come in and not gone out: `ahead` frames of each channel.
    late: Vec<Vec<f32>>,
    /// The oldest frame in it.
    at: usize,
    gain: Gain,
}

impl Limiter {
    /// What no sample is above: −60 to 0 dBFS, −1 unless set.
    pub const CEILING: ParamSpec<Limiter, Db> = ParamSpec::new(0, "ceiling", (-60.0, 0.0), -1.0);
    /// The time constant of the way back to unity: 1 ms to 1 s, 50 ms unless set.
    pub const RELEASE: ParamSpec<Limiter, Seconds> = ParamSpec::new(1, "release", (0.001, 1.0), 0.05);

    /// With the values that the parameters have unless set, 5 ms ahead.
    pub fn new() -> Self {
        Self {
            ceiling: default_of(Self::CEILING),
            release: default_of(Self::RELEASE),
            look_ahead: Seconds(0.005),
            channels: None,
            late: Vec::new(),
            at: 0,
            gain: Gain::new(0),
        }
    }

    /// [`CEILING`](Self::CEILING) from the start.
    #[must_use]
    pub fn ceiling(self, ceiling: Db) -> Self {
        Self { ceiling, ..self }
    }

    /// [`RELEASE`](Self::RELEASE) from the start.
    #[must_use]
    pub fn release(self, release: Seconds) -> Self {
        Self { release, ..self }
    }

    /// How far it looks ahead, and is late: one frame to 100 ms, 5 ms unless set.
    #[must_use]
    pub fn look_ahead(self, look_ahead: Seconds) -> Self {
        Self { look_ahead, ..self }
    }

    /// For so many channels, instead of the session's.
    #[must_use]
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }

    fn ahead(&self) -> usize {
        self.late.first().map_or(0, Vec::len)
    }

    /// Exchanges what comes in for what came `ahead` frames before it.
    fn delay(&mut self, audio: &mut Audio<'_>) {
        let (frames, ahead) = (audio.frames(), self.ahead());
        for (channel, late) in audio.channels().zip(&mut self.late) {
            let (mut from, mut at) = (0, self.at);
            while from < frames {
                let now = (frames - from).min(ahead - at);
                channel[from..from + now].swap_with_slice(&mut late[at..at + now]);
                from += now;
                at = if at + now == ahead { 0 } else { at + now };
            }
        }
        self.at = (self.at + frames) % ahead.max(1);
    }

    /// Turns the peaks of what comes in and of what goes out to the gains of what goes out.
    fn gains(&mut self, audio: &Audio<'_>, coming: &mut [f32], going: &[f32]) {
        let (ceiling, release) = (audio.param(Self::CEILING), audio.param(Self::RELEASE));
        let ahead = self.ahead() as u64;
        for stretch in stretches(audio.clock(), coming.len(), state([release])) {
            let release = release.at_clock(stretch.look);
            let release = 1.0 / (f64::from(release) * f64::from(audio.sample_rate())).max(1.0);
            let first = audio.clock() + stretch.frames.start as u64;
            let frames = coming[stretch.frames.clone()].iter_mut().zip(&going[stretch.frames]);
            for ((coming, going), clock) in frames.zip(first..) {
                // As far as is known now: a turn on the way is looked after by the second one.
                let needed_then = needed(*coming, ceiling.at_clock(clock + ahead));
                let needed_now = needed(*going, ceiling.at_clock(clock));
                *coming = self.gain.next(needed_then, release).min(needed_now);
            }
        }
    }
}

impl Default for Limiter {
    fn default() -> Self {
        Self::new()
    }
}

impl Processor for Limiter {
    fn name(&self) -> &'static str {
        "limiter"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![Self::CEILING.info(), Self::RELEASE.info()]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        let ahead = frames_of(self.look_ahead.0.min(0.1), setup.sample_rate) as usize;
        self.late = vec![vec![0.0; ahead]; channels];
        self.gain = Gain::new(ahead);
        // No sound outlasts the input and the latency; but before it may forget, it is back at unity.
        let release = self.release.0.clamp(Self::RELEASE.info().range.0, Self::RELEASE.info().range.1);
        let back = frames_of(release * RELEASES, setup.sample_rate) + 2 * ahead as u64;
        Layout::effect(channels, channels)
            .latency(ahead as u32)
            .tail(Tail::Frames(back))
            .starts_at(Self::CEILING, self.ceiling)
            .starts_at(Self::RELEASE, self.release)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let frames = audio.frames();
        let (mut coming, mut going) = ([0.0; MAX_FRAMES], [0.0; MAX_FRAMES]);
        let (coming, going) = (&mut coming[..frames], &mut going[..frames]);
        audio.channels().for_each(finite);
        peaks::of_main(audio, coming);
        self.delay(audio);
        peaks::of_main(audio, going);
        let ceiling = audio.param(Self::CEILING);
        if let Some(ceiling) = ceiling.steady()
            && self.gain.rests()
            && coming.iter().chain(&*going).all(|peak| *peak <= ceiling)
        {
            return Activity::Sounding;
        }
        self.gains(audio, coming, going);
        audio.channels().for_each(|channel| apply(channel, coming, ceiling));
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.late.iter_mut().for_each(|late| late.fill(0.0));
        self.at = 0;
        self.gain.clear();
    }
}

/// The gain that takes a peak to the ceiling.
fn needed(peak: f32, ceiling: f32) -> f32 {
    if peak > ceiling { ceiling / peak } else { 1.0 }
}

/// Replaces what is no number, or infinite.
fn finite(samples: &mut [f32]) {
    for sample in samples {
        let number = if sample.is_nan() { 0.0 } else { *sample };
        *sample = number.clamp(f32::MIN, f32::MAX);
    }
}

/// Multiplies, and takes off what rounding has put above the ceiling.
fn apply(samples: &mut [f32], gains: &[f32], ceiling: Values) {
    let limit = |sample: &mut f32, gain: &f32, ceiling: f32| {
        *sample = (*sample * gain).max(-ceiling).min(ceiling);
    };
    match ceiling.steady() {
        Some(ceiling) => {
            samples.iter_mut().zip(gains).for_each(|(sample, gain)| limit(sample, gain, ceiling));
        }
        None => {
            let samples = samples.iter_mut().zip(gains).zip(ceiling);
            samples.for_each(|((sample, gain), ceiling)| limit(sample, gain, ceiling));
        }
    }
}
