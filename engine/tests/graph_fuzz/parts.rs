//! Linear processors whose steady output is known.

use crate::{dice::Dice, model::Fact};
use codetta::{
    graph::{Activity, Audio, Db, Hz, Layout, Processor, Setup},
    nodes::{Bus, Gain, Sine},
};

/// The same all the time.
struct Constant {
    level: f32,
    channels: usize,
}

impl Processor for Constant {
    fn name(&self) -> &'static str {
        "constant"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::source(self.channels)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        audio.channels().for_each(|channel| channel.fill(self.level));
        Activity::Sounding
    }
}

/// A half of the main input and a quarter of the side-chain, so many frames later.
struct Late {
    channels: usize,
    side: usize,
    frames: usize,
    line: Vec<Vec<f32>>,
    at: usize,
}

impl Processor for Late {
    fn name(&self) -> &'static str {
        "late"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        self.line = vec![vec![0.0; self.frames]; self.channels];
        Layout::effect(self.channels, self.channels).side(self.side).latency(self.frames as u32)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let sides = audio.sides();
        let mut end = self.at;
        for (index, (channel, line)) in audio.channels().zip(&mut self.line).enumerate() {
            end = self.at;
            for (sample, side) in channel.iter_mut().zip(sides.channel(0, index)) {
                *sample = 0.5 * *sample + 0.25 * side;
                std::mem::swap(&mut line[end], sample);
                end = (end + 1) % self.frames;
            }
        }
        self.at = end;
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.line.iter_mut().for_each(|line| line.fill(0.0));
    }
}

/// Hears, and says nothing.
struct Sink;

impl Processor for Sink {
    fn name(&self) -> &'static str {
        "sink"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::effect(2, 0)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Silent
    }
}

/// Looks on, and passes everything on.
struct Watcher;

impl Processor for Watcher {
    fn name(&self) -> &'static str {
        "watcher"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::watcher(2)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Sounding
    }
}

/// Says what cannot be.
struct Wrong;

impl Processor for Wrong {
    fn name(&self) -> &'static str {
        "wrong"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::effect(9, 2)
    }

    fn process(&mut self, _: &mut Audio<'_>) -> Activity {
        Activity::Silent
    }
}

/// Any node, and what is known of it. None: an input for streams.
pub fn random_part(dice: &mut Dice) -> (Fact, Option<Box<dyn Processor>>) {
    let channels = if dice.chance(70) { 2 } else { 1 };
    let fact = |name, inputs, gains| Fact {
        name,
        inputs,
        output: channels,
        latency: 0,
        wrong: None,
        level: 0.0,
        gains,
        slope: 0.0,
        is_fixed: false,
    };
    match dice.below(100) {
        0..20 => {
            let level = [0.05, 0.1, -0.1][dice.below(3)];
            let fact = Fact { level: f64::from(level), ..fact("constant", Vec::new(), [0.0; 2]) };
            (fact, Some(Box::new(Constant { level, channels })))
        }
        20..24 => {
            // 20 Hz at −20 dB.
            let slope = 0.1 * std::f64::consts::TAU * 20.0 / 48_000.0;
            let fact = Fact { level: 0.1, slope, ..fact("sine", Vec::new(), [0.0; 2]) };
            (fact, Some(Box::new(Sine::new(Hz(20.0)).level(Db(-20.0)).channels(channels))))
        }
        24..50 => {
            let level = [-6.0, -12.0][dice.below(2)];
            let fact = fact("gain", vec![channels], [10_f64.powf(level / 20.0), 0.0]);
            (fact, Some(Box::new(Gain::new().level(Db(level as f32)).channels(channels))))
        }
        50..60 => {
            (fact("bus", vec![channels], [1.0, 0.0]), Some(Box::new(Bus::new("bus").channels(channels))))
        }
        60..88 => {
            let (frames, side) = (1 + dice.below(64), 1 + dice.below(2));
            let fact = Fact { latency: frames as u64, ..fact("late", vec![channels, side], [0.5, 0.25]) };
            (fact, Some(Box::new(Late { channels, side, frames, line: Vec::new(), at: 0 })))
        }
        88..91 => (Fact { output: 0, ..fact("sink", vec![2], [0.0; 2]) }, Some(Box::new(Sink))),
        91..94 => (Fact { output: 2, ..fact("watcher", vec![2], [1.0, 0.0]) }, Some(Box::new(Watcher))),
        94..98 => (Fact { output: 2, ..fact("input", Vec::new(), [0.0; 2]) }, None),
        _ => {
            let wrong = Some("an input or output of no or more than 8 channels");
            (Fact { output: 2, wrong, ..fact("wrong", vec![9], [0.0; 2]) }, Some(Box::new(Wrong)))
        }
    }
}
