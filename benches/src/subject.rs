//! Codetta itself: pushed streams, rendered by a host's callback.

use std::fmt;
use std::time::Duration;

use codetta::{Command, HostRenderer, Session, Stream, StreamConfig, Writer};

use crate::{BUFFER_FRAMES, CHANNELS, Contestant, RATE, gain_db, signal};

/// A session whose streams stay in one endless segment each. The host renders, so the control thread runs beside it as it
/// does in use, and no device is in the figures.
pub struct CodettaStreams {
    /// Dropped first, a session would discard the rest.
    _session: Session,
    host: HostRenderer,
    producers: Vec<Producer>,
}

struct Producer {
    writer: Writer,
    /// Kept: the handle that set the gain.
    _stream: Stream,
    samples: Vec<f32>,
    /// In samples.
    position: usize,
}

impl CodettaStreams {
    /// A session of `streams` streams.
    ///
    /// # Panics
    /// Where no session can be had: then there is nothing to compare.
    pub fn new(streams: usize) -> Self {
        let builder = Session::builder().sample_rate(RATE).channels(CHANNELS).max_streams(streams);
        let (session, mut host) = builder.host().expect("a host session needs no device");
        let producer = |index| {
            // The buffer that the floor has, so that both walk through the same memory.
            let buffer = Duration::from_secs(1) * BUFFER_FRAMES as u32 / RATE;
            let config = StreamConfig::new(RATE, CHANNELS).buffer(buffer);
            let (writer, stream) = session.stream(config).expect("streams up to the maximum");
            let accepted = stream.set_gain(gain_db(index), Duration::ZERO);
            assert_eq!(accepted, Command::Accepted, "every stream needs its gain");
            // Lets the audio thread take the commands: a thousand at once fit in no queue.
            host.render(&mut [0.0; CHANNELS]);
            Producer { writer, _stream: stream, samples: signal(index), position: 0 }
        };
        let producers = (0..streams).map(producer).collect();
        Self { _session: session, host, producers }
    }
}

impl Contestant for CodettaStreams {
    fn name(&self) -> &'static str {
        "codetta"
    }

    fn refill(&mut self, _blocks: usize) {
        for producer in &mut self.producers {
            loop {
                let taken = producer.writer.write(&producer.samples[producer.position..]).frames;
                if taken == 0 {
                    break;
                }
                producer.position = (producer.position + taken * CHANNELS) % producer.samples.len();
            }
        }
    }

    fn render(&mut self, out: &mut [f32]) {
        self.host.render(out);
    }
}

impl fmt::Debug for CodettaStreams {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodettaStreams").field("streams", &self.producers.len()).finish_non_exhaustive()
    }
}
