//! Every built-in processor, and one that declares anything.

use super::odd::Odd;
use arbitrary::Arbitrary;
use codetta::{
    graph::{Db, Factor, Hz, Position, Processor, Q, Ratio, Seconds},
    nodes::{
        AuxSend, Biquad, BiquadKind, Bus, Compressor, Delay, Ducker, Gain, Impulse, Limiter, Loudness,
        LoudnessMeter, Meter, Noise, Pan, Reading, Recorder, Sample, SamplePlayer, Sine, Tap,
    },
};
use std::time::Duration;

/// A processor, and the values it is made with: any, since who makes it is told of no mistake.
#[derive(Debug, Clone, Arbitrary)]
pub(super) enum Kind {
    Gain(f32, Width),
    Pan(f32, Width),
    Bus(Width),
    Send(f32, Width),
    Sine(f32, f32, Width),
    Noise(u32, f32, Width),
    Impulse(u16, Width),
    Player { frames: u8, channels: u8, rate: u32, looping: Option<(u8, u8)>, voices: u8, width: Width },
    Biquad { kind: u8, frequency: f32, q: f32, gain: f32, width: Width },
    Delay { longest: u8, time: f32, feedback: f32, mix: f32, width: Width },
    Compressor { values: [f32; 6], side: bool, width: Width },
    Ducker { values: [f32; 5], width: Width },
    Limiter { ceiling: f32, release: f32, look_ahead: u8, width: Width },
    Meter(u16, Width),
    Loudness(Width),
    Tap(u16, Width),
    Odd(Odd),
}

/// Channels instead of the session's: mostly not, and sometimes more than can be.
#[derive(Debug, Clone, Copy, Arbitrary)]
pub(super) struct Width(u8);

/// What some processors are read with.
pub(super) enum Reader {
    Meter(Reading),
    Loudness(Loudness),
    Tap(Recorder),
}

macro_rules! wide {
    ($width:expr, $processor:expr) => {{
        let processor = $processor;
        match $width.0 {
            0..128 => Box::new(processor) as Box<dyn Processor>,
            n => Box::new(processor.channels(usize::from(n % 10))),
        }
    }};
}

impl Kind {
    pub(super) fn make(&self, readers: &mut Vec<Reader>) -> Box<dyn Processor> {
        match *self {
            Self::Gain(level, width) => wide!(width, Gain::new().level(Db(level))),
            Self::Pan(position, width) => wide!(width, Pan::new().position(Position(position))),
            Self::Bus(width) => wide!(width, Bus::new("bus")),
            Self::Send(level, width) => wide!(width, AuxSend::new().level(Db(level))),
            Self::Sine(hz, level, width) => wide!(width, Sine::new(Hz(hz)).level(Db(level))),
            Self::Noise(seed, level, width) => wide!(width, Noise::new(seed).level(Db(level))),
            Self::Impulse(0, width) => wide!(width, Impulse::new()),
            Self::Impulse(every, width) => wide!(width, Impulse::every(u64::from(every))),
            Self::Player { frames, channels, rate, looping, voices, width } => {
                let samples: Vec<f32> = (0..u16::from(frames) * 3).map(|n| f32::from(n).sin()).collect();
                // As if resampled when it is added: no more than a hundred times as long.
                let sample = Sample::from_interleaved(&samples, usize::from(channels % 4), rate.max(480));
                let player = SamplePlayer::new(&sample).polyphony(usize::from(voices % 9));
                match looping {
                    Some((from, to)) => {
                        wide!(width, player.looping(usize::from(from)..usize::from(to)))
                    }
                    None => wide!(width, player),
                }
            }
            Self::Biquad { kind, frequency, q, gain, width } => {
                use BiquadKind::{Band, High, HighShelf, Low, LowShelf, Notch, Peak};
                let kinds = [Low, High, Band, Notch, Peak, LowShelf, HighShelf];
                let biquad = Biquad::new(kinds[usize::from(kind) % kinds.len()]);
                wide!(width, biquad.frequency(Hz(frequency)).q(Q(q)).gain(Db(gain)))
            }
            Self::Delay { longest, time, feedback, mix, width } => {
                let delay = Delay::new(Seconds(f32::from(longest) / 1_000.0)).time(Seconds(time));
                wide!(width, delay.feedback(Factor(feedback)).mix(Factor(mix)))
            }
            Self::Compressor { values: [threshold, ratio, knee, attack, release, makeup], side, width } => {
                let it = Compressor::new().threshold(Db(threshold)).ratio(Ratio(ratio)).knee(Db(knee));
                let it = it.attack(Seconds(attack)).release(Seconds(release)).makeup(Db(makeup));
                wide!(width, if side { it.side_chain() } else { it })
            }
            Self::Ducker { values: [threshold, attack, hold, release, depth], width } => {
                let it = Ducker::new().threshold(Db(threshold)).attack(Seconds(attack));
                wide!(width, it.hold(Seconds(hold)).release(Seconds(release)).depth(Db(depth)))
            }
            Self::Limiter { ceiling, release, look_ahead, width } => {
                let it = Limiter::new().ceiling(Db(ceiling)).release(Seconds(release));
                wide!(width, it.look_ahead(Seconds(f32::from(look_ahead) / 10_000.0)))
            }
            Self::Meter(window, width) => {
                let (meter, reading) = Meter::new();
                readers.push(Reader::Meter(reading));
                wide!(width, meter.window(Duration::from_micros(u64::from(window) * 10)))
            }
            Self::Loudness(width) => {
                let (meter, reading) = LoudnessMeter::new();
                readers.push(Reader::Loudness(reading));
                wide!(width, meter)
            }
            Self::Tap(frames, width) => {
                let (tap, recorder) = Tap::with_frames(usize::from(frames));
                readers.push(Reader::Tap(recorder));
                wide!(width, tap)
            }
            Self::Odd(ref odd) => Box::new(odd.clone()),
        }
    }
}

impl Reader {
    /// What is measured is numbers.
    pub(super) fn look(&mut self) {
        match self {
            Self::Meter(reading) => {
                let is_number =
                    |level: &codetta::nodes::Level| level.peak.is_finite() && level.rms.is_finite();
                assert!(reading.read().iter().all(is_number));
            }
            Self::Loudness(reading) => {
                assert!(!reading.momentary().is_nan() && !reading.true_peak().is_nan())
            }
            Self::Tap(recorder) => {
                let _ = recorder.read(|chunk| {
                    assert!(chunk.samples.iter().all(|sample| sample.is_finite()));
                });
            }
        }
    }
}
