//! One stream, and the file that goes into it.

use std::time::Duration;

use codetta::graph::{Node, StreamInput};
use codetta::{Segment, Session, Stream, StreamConfig, WriteState, Writer};

use super::material::Material;
use crate::playlist::Problem;

/// Rides out a slow disk, as the player's other streams do.
const BUFFER: Duration = Duration::from_secs(1);

/// A stream that is kept full.
pub struct Voice {
    material: Material,
    writer: Writer,
    stream: Stream,
    samples: Vec<f32>,
    /// Samples of those that are written.
    at: usize,
    written: u64,
    is_over: bool,
    segment: Option<Segment>,
}

/// What became of an attempt to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fed {
    /// Some frames were written: there may be room for more.
    Some,
    /// The stream is full.
    Full,
    /// Everything up to the limit is written.
    Limited,
    /// Everything is written, and flushed.
    Over,
    /// The stream is closed.
    Closed,
}

impl Voice {
    /// Makes a stream into `input`, which waits to be [told](Self::start_at) when to begin.
    pub fn new(
        session: &Session,
        material: Material,
        input: &Node<StreamInput>,
        tag: u64,
    ) -> Result<Self, Problem> {
        let spec = material.spec();
        let config = StreamConfig::new(spec.rate, spec.channels).buffer(BUFFER).input(input);
        let (mut writer, stream) = session.stream(config).map_err(|e| material.problem_with(&e))?;
        let _ = stream.start_at(u64::MAX);
        let _ = writer.begin(tag);
        let (samples, at, written) = (Vec::new(), 0, 0);
        Ok(Self { material, writer, stream, samples, at, written, is_over: false, segment: None })
    }

    /// Lets it be heard from the session's frame `from` on.
    pub fn start_at(&self, from: u64) {
        let _ = self.stream.start_at(from);
    }

    /// Writes what there is, as far as there is room, up to the frame `limit`.
    pub fn feed(&mut self, limit: Option<u64>) -> Fed {
        if self.is_over {
            return Fed::Over;
        }
        if self.at == self.samples.len() {
            self.material.read(&mut self.samples);
            self.at = 0;
            if self.samples.is_empty() {
                self.end();
                return Fed::Over;
            }
        }
        let channels = self.material.spec().channels;
        let rest = &self.samples[self.at..];
        let room = limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.written));
        let wanted = (rest.len() / channels).min(usize::try_from(room).unwrap_or(usize::MAX));
        if wanted == 0 {
            return Fed::Limited;
        }
        let write = self.writer.write(&rest[..wanted * channels]);
        self.at += write.frames * channels;
        self.written += write.frames as u64;
        match write.state {
            WriteState::Closed => Fed::Closed,
            _ if write.frames > 0 => Fed::Some,
            _ => Fed::Full,
        }
    }

    /// Ends the segment: nothing more will be written.
    pub fn end(&mut self) {
        self.is_over = true;
        self.segment = self.writer.flush().accepted();
    }

    /// Whether what was written has its outcome, or the stream is closed.
    pub fn is_settled(&self) -> bool {
        self.is_over && self.segment.as_ref().is_none_or(|segment| segment.poll().is_some())
    }

    /// How long it is, as far as it is written.
    pub fn seconds(&self) -> f64 {
        self.written as f64 / f64::from(self.rate())
    }

    /// Frames a second, in Hz.
    pub fn rate(&self) -> u32 {
        self.material.spec().rate
    }

    /// The file.
    pub fn material(&self) -> &Material {
        &self.material
    }
}
