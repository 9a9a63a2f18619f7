//! Echoes.

mod line;

use crate::graph::{
    Activity, Audio, Factor, Layout, ParamInfo, ParamSpec, Processor, Seconds, Setup, Tail, Values,
};
use line::{CHUNK, Line, NEAREST, Tap, Taps};

/// Repeats what it hears after a time, and again from there, ever softer.
///
/// The output is (1 − mix) of the input and mix of the echo; into the line goes the input and feedback of the echo. As
/// many channels in as out: the session's, unless [`channels`](Self::channels) says another count; each is by itself.
///
/// Between whole frames the line is read on a cubic through the four frames around (Lagrange's), which lets no
/// frequency through louder than it is, so that the echoes of any time die away; a time that moves bends their pitch, as
/// a tape does.
///
/// ```
/// use codetta::{graph::{Factor, Seconds, Setup, Solo}, nodes::Delay};
///
/// let echo = Delay::new(Seconds(0.5)).time(Seconds(0.003)).feedback(Factor(0.5)).mix(Factor(1.0));
/// let mut echo = Solo::new(echo, Setup::new(1_000, 1));
/// let mut input = vec![0.0; 7];
/// input[0] = 1.0;
/// assert_eq!(echo.process(&[input]), [[0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.5]]);
/// ```
#[derive(Debug)]
#[must_use]
pub struct Delay {
    longest: Seconds,
    time: Seconds,
    feedback: Factor,
    mix: Factor,
    channels: Option<usize>,
    lines: Vec<Line>,
}

impl Delay {
    /// 0 to 10 s; 0.25 s unless set. More than what the delay was made for counts as that, less than two frames as two
    /// frames. It is smoothed within 100 ms.
    pub const TIME: ParamSpec<Delay, Seconds> = ParamSpec::new(0, "time", (0.0, 10.0), 0.25).smoothing(0.1);
    /// How much of an echo goes into the next: 0, one echo only, to 0.95; 0.4 unless set.
    pub const FEEDBACK: ParamSpec<Delay, Factor> = ParamSpec::new(1, "feedback", (0.0, 0.95), 0.4);
    /// 0, only the input, to 1, only the echoes; 0.3 unless set.
    pub const MIX: ParamSpec<Delay, Factor> = ParamSpec::new(2, "mix", (0.0, 1.0), 0.3);

    /// Echoes after the greatest feedback, until they are 100 dB softer: ln 10^−5 / ln 0.95, and the first.
    const ECHOES: u64 = 226;

    /// A delay whose time can be `longest` at most: up to 10 s, and at least a millisecond.
    ///
    /// It takes memory for that, and is kept awake for 226 times as long after its input ends: so much it takes until
    /// the echoes of the greatest feedback are 100 dB softer.
    ///
    /// **Thread**: any, as for all that builds it.
    pub fn new(longest: Seconds) -> Self {
        let info = Self::TIME.info();
        // Not a number is the default, as it is for a parameter.
        let longest = if longest.0.is_nan() { info.default } else { longest.0.clamp(0.001, info.range.1) };
        Self {
            longest: Seconds(longest),
            time: Seconds(info.default),
            feedback: Factor(Self::FEEDBACK.info().default),
            mix: Factor(Self::MIX.info().default),
            channels: None,
            lines: Vec::new(),
        }
    }

    /// With this time from the start.
    pub fn time(self, time: Seconds) -> Self {
        Self { time, ..self }
    }

    /// With this feedback from the start.
    pub fn feedback(self, feedback: Factor) -> Self {
        Self { feedback, ..self }
    }

    /// With this mix from the start.
    pub fn mix(self, mix: Factor) -> Self {
        Self { mix, ..self }
    }

    /// For so many channels instead of the session's.
    pub fn channels(self, channels: usize) -> Self {
        Self { channels: Some(channels), ..self }
    }

    /// The longest time in frames.
    fn most(&self, rate: u32) -> f32 {
        (self.longest.0 * rate as f32).max(NEAREST)
    }
}

impl Processor for Delay {
    fn name(&self) -> &'static str {
        "delay"
    }

    fn params(&self) -> Vec<ParamInfo> {
        vec![Self::TIME.info(), Self::FEEDBACK.info(), Self::MIX.info()]
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        let most = self.most(setup.sample_rate).ceil() as usize;
        self.lines = (0..channels).map(|_| Line::new(most)).collect();
        Layout::effect(channels, channels)
            // The cubic looks two frames further back than the time.
            .tail(Tail::Frames((most as u64 + 2) * Self::ECHOES))
            .starts_at(Self::TIME, self.time)
            .starts_at(Self::FEEDBACK, self.feedback)
            .starts_at(Self::MIX, self.mix)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let (most, rate) = (self.most(audio.sample_rate()), audio.sample_rate() as f32);
        let time = audio.param(Self::TIME);
        let (feedback, mix) = (audio.param(Self::FEEDBACK), audio.param(Self::MIX));
        let tap = |seconds: f32| Tap::new((seconds * rate).clamp(NEAREST, most));
        let steady = time.steady().map(tap);
        let frames = audio.frames();
        let mut done = 0;
        while done < frames {
            let taps = match steady {
                Some(tap) => Taps::steady(tap, frames - done),
                None => Taps::moving(frames - done, |frame| tap(time.at(done + frame))),
            };
            let end = done + taps.frames();
            let (feedback, mix) = (spread(feedback, done), spread(mix, done));
            for (channel, line) in audio.channels().zip(&mut self.lines) {
                let mut echoes = [0.0; CHUNK];
                let echoes = &mut echoes[..end - done];
                line.read(&taps, echoes);
                line.write(&mut channel[done..end], echoes, &feedback, &mix);
            }
            done = end;
        }
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.lines.iter_mut().for_each(Line::forget);
    }
}

/// A parameter's values from a frame of the call on.
fn spread(values: Values, from: usize) -> [f32; CHUNK] {
    match values.steady() {
        Some(value) => [value; CHUNK],
        None => std::array::from_fn(|frame| values.at(from + frame)),
    }
}
