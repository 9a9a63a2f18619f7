//! oddio 0.7: its mixer over whole sounds in memory, which is its fastest source, and over pushed streams.

use std::fmt;
use std::sync::Arc;

use oddio::{Frames, FramesSignal, Gain, Mixed, Mixer, MixerControl, Stream, StreamControl};

use crate::{BUFFER_FRAMES, CHANNELS, Contestant, RATE, gain_db, signal};

type Frame = [f32; CHANNELS];

fn frames(stream: usize) -> Vec<Frame> {
    signal(stream).as_chunks::<CHANNELS>().0.to_vec()
}

fn render(mixer: &mut Mixer<Frame>, out: &mut [f32]) {
    oddio::run(mixer, RATE, oddio::frame_stereo(out));
}

/// `Mixer` of `Gain<FramesSignal>`: sounds that are complete in memory before they start. Nothing is pushed, nothing can
/// run dry, and at the mixer's own rate it takes its short cut past interpolation.
pub struct OddioFrames {
    control: MixerControl<Frame>,
    mixer: Mixer<Frame>,
    sounds: Vec<Arc<Frames<Frame>>>,
    playing: Vec<Mixed>,
}

impl OddioFrames {
    /// A mixer of `streams` sounds.
    pub fn new(streams: usize) -> Self {
        let (control, mixer) = Mixer::new();
        let sounds = (0..streams).map(|stream| Frames::from_slice(RATE, &frames(stream))).collect();
        Self { control, mixer, sounds, playing: Vec::new() }
    }
}

impl Contestant for OddioFrames {
    fn name(&self) -> &'static str {
        "oddio"
    }

    /// Starts every sound anew, and lets the mixer take notice.
    fn refill(&mut self, _blocks: usize) {
        for mut sound in self.playing.drain(..) {
            sound.stop();
        }
        for (stream, sound) in self.sounds.iter().enumerate() {
            let (_, whole) = FramesSignal::new(sound.clone(), 0.0);
            let (_, mut gained) = Gain::new(whole);
            gained.set_gain(gain_db(stream));
            self.playing.push(self.control.play(gained));
        }
        // Stopped sounds leave when they are next asked for samples; no frames are asked for.
        self.render(&mut []);
    }

    fn render(&mut self, out: &mut [f32]) {
        render(&mut self.mixer, out);
    }
}

/// `Mixer` of `Gain<Stream>`: what oddio offers for sound that arrives, and so the equal of what Codetta does.
pub struct OddioStreams {
    /// Kept: a mixer whose control is gone still plays, but takes nothing new.
    _control: MixerControl<Frame>,
    mixer: Mixer<Frame>,
    producers: Vec<Producer>,
}

struct Producer {
    stream: StreamControl<Frame>,
    frames: Vec<Frame>,
    position: usize,
}

impl OddioStreams {
    /// A mixer of `streams` streams.
    pub fn new(streams: usize) -> Self {
        let (mut control, mixer) = Mixer::new();
        let producer = |index| {
            let (producer, stream) = Stream::new(RATE, BUFFER_FRAMES);
            let (_, mut gained) = Gain::new(stream);
            gained.set_gain(gain_db(index));
            control.play(gained);
            Producer { stream: producer, frames: frames(index), position: 0 }
        };
        let producers = (0..streams).map(producer).collect();
        Self { _control: control, mixer, producers }
    }
}

impl Contestant for OddioStreams {
    fn name(&self) -> &'static str {
        "oddio_stream"
    }

    fn refill(&mut self, _blocks: usize) {
        for producer in &mut self.producers {
            loop {
                let taken = producer.stream.write(&producer.frames[producer.position..]);
                if taken == 0 {
                    break;
                }
                producer.position = (producer.position + taken) % BUFFER_FRAMES;
            }
        }
    }

    fn render(&mut self, out: &mut [f32]) {
        render(&mut self.mixer, out);
    }
}

impl fmt::Debug for OddioFrames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OddioFrames").field("sounds", &self.sounds.len()).finish_non_exhaustive()
    }
}

impl fmt::Debug for OddioStreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OddioStreams").field("streams", &self.producers.len()).finish_non_exhaustive()
    }
}
