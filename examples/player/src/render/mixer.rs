//! Streams in, blocks out, frame by frame as many as the inputs have.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use codetta::{Offline, Outcome, Segment, Session, Stream, StreamConfig, StreamError, WriteState, Writer};

use super::target::Target;
use crate::cli::WavArg;
use crate::decode::{PcmSource, Spec};
use crate::interrupt::Interrupts;

/// Frames rendered at once: any number gives the same bits.
const BLOCK: usize = 1_024;
/// Several blocks at any rate, so that a full buffer always holds a whole one.
const BUFFER: Duration = Duration::from_millis(500);

/// Some hundredths of a second, in which no sound can be left.
const SPARE_BLOCKS: usize = 4;

/// Why an input was not taken to its end.
pub enum Stop {
    /// By a signal.
    Interrupted,
    /// The output, or the engine, takes no more.
    Failed(String),
}

/// What became of one input.
pub struct Added {
    /// Its frames that were taken.
    pub count: u64,
    /// What was wrong after them.
    pub problem: Option<String>,
}

/// What was written.
#[derive(Debug)]
pub struct Done {
    frames: u64,
    rate: u32,
    lost: u64,
}

impl fmt::Display for Done {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} frames, {:.3} s at {} Hz",
            self.frames,
            self.frames as f64 / f64::from(self.rate),
            self.rate
        )?;
        if self.lost > 0 {
            write!(f, " ({} frames of the inputs were not rendered)", self.lost)?;
        }
        Ok(())
    }
}

/// The session that renders, and the file it is written to.
pub struct Mixer {
    session: Session,
    offline: Offline,
    target: Target,
    name: String,
    rate: u32,
    block: Vec<f32>,
    deck: Option<Deck>,
    /// Frames of the output that ended segments have a right to, and those written.
    due: u64,
    written: u64,
    lost: u64,
}

/// The stream of the inputs' current format.
struct Deck {
    spec: Spec,
    writer: Writer,
    _stream: Stream,
    /// One for each input, and how many frames it was given.
    segments: Vec<Segment>,
    frames: Vec<u64>,
}

impl Mixer {
    /// Creates the output.
    pub fn create(path: &Path, rate: u32, channels: usize, format: WavArg) -> Result<Self, String> {
        let name = path.display().to_string();
        let (session, offline) = Session::builder()
            .sample_rate(rate)
            .channels(channels)
            .max_streams(4)
            .offline()
            .map_err(|e| format!("{name}: {e}"))?;
        let target = Target::create(path, rate, channels, format).map_err(|e| format!("{name}: {e}"))?;
        let block = vec![0.0; BLOCK * channels];
        let (due, written, lost) = (0, 0, 0);
        Ok(Self { session, offline, target, name, rate, block, deck: None, due, written, lost })
    }

    /// Renders an input from its first frame to its last, after the one before.
    pub fn add(
        &mut self,
        tag: u64,
        source: &mut dyn PcmSource,
        interrupts: &mut Interrupts,
    ) -> Result<Added, Stop> {
        let spec = source.spec();
        let mut added = Added { count: 0, problem: None };
        if let Err(e) = self.ready(spec)? {
            added.problem = Some(e.to_string());
            return Ok(added);
        }
        let Some(deck) = &mut self.deck else { return Ok(added) };
        let _ = deck.writer.begin(tag);
        let mut samples = Vec::new();
        loop {
            if interrupts.take() > 0 {
                return Err(Stop::Interrupted);
            }
            if let Err(e) = source.read(&mut samples) {
                added.problem = Some(e.to_string());
                break;
            }
            if samples.is_empty() {
                break;
            }
            self.write(&samples)?;
            added.count += (samples.len() / spec.channels) as u64;
        }
        self.end(added.count);
        Ok(added)
    }

    /// Has a stream for this format. One of another format is rendered to its last frame first, so that the next begins
    /// at the very next one. The inner error is the input's: it cannot be converted.
    fn ready(&mut self, spec: Spec) -> Result<Result<(), StreamError>, Stop> {
        let fits = |deck: &Deck| (deck.spec.rate, deck.spec.channels) == (spec.rate, spec.channels);
        if !self.deck.as_ref().is_some_and(fits) {
            self.settle().map_err(Stop::Failed)?;
            let config = StreamConfig::new(spec.rate, spec.channels).buffer(BUFFER);
            let (writer, stream) = match self.session.stream(config) {
                Ok(ends) => ends,
                Err(e) => return Ok(Err(e)),
            };
            self.deck =
                Some(Deck { spec, writer, _stream: stream, segments: Vec::new(), frames: Vec::new() });
        }
        Ok(Ok(()))
    }

    fn write(&mut self, samples: &[f32]) -> Result<(), Stop> {
        let mut rest = samples;
        while !rest.is_empty() {
            let Some(deck) = &mut self.deck else { return Ok(()) };
            let write = deck.writer.write(rest);
            rest = &rest[write.frames * deck.spec.channels..];
            match write.state {
                WriteState::Open => {}
                WriteState::Full => {
                    // Where ended segments wait, only they are sure to be whole; else the open one fills the buffer.
                    let sure = self.due.saturating_sub(self.written).min(BLOCK as u64) as usize;
                    self.render(if sure > 0 { sure } else { BLOCK }).map_err(Stop::Failed)?;
                }
                state => return Err(Stop::Failed(format!("{}: the engine stopped: {state:?}", self.name))),
            }
        }
        Ok(())
    }

    /// Ends the input's segment: from here on its frames in the output are known.
    fn end(&mut self, frames: u64) {
        let Some(deck) = &mut self.deck else { return };
        if let Some(segment) = deck.writer.flush().accepted() {
            deck.segments.push(segment);
            deck.frames.push(frames);
            self.due += converted(frames, deck.spec.rate, self.rate);
        }
    }

    /// Renders everything that is due, and closes the stream.
    fn settle(&mut self) -> Result<(), String> {
        let Some(deck) = self.deck.take() else { return Ok(()) };
        while self.written < self.due {
            let left = (self.due - self.written).min(BLOCK as u64) as usize;
            self.render(left)?;
        }
        // Nothing is left to be written; the engine may settle the last segment in a block of its own.
        for _ in 0..SPARE_BLOCKS {
            if deck.segments.last().is_none_or(|segment| segment.poll().is_some()) {
                break;
            }
            self.offline.render(&mut self.block);
        }
        for (segment, frames) in deck.segments.iter().zip(&deck.frames) {
            self.lost += segment.poll().map_or(*frames, |outcome: Outcome| outcome.discarded);
        }
        Ok(())
    }

    fn render(&mut self, frames: usize) -> Result<(), String> {
        let channels = self.block.len() / BLOCK;
        let block = &mut self.block[..frames * channels];
        self.offline.render(block);
        self.written += frames as u64;
        self.target.write(block).map_err(|e| format!("{}: {e}", self.name))
    }

    /// Renders the rest, completes the file and puts it where it belongs. Who does not come here leaves what was there.
    pub fn finish(mut self) -> Result<Done, String> {
        self.settle()?;
        self.target.finish().map_err(|e| format!("{}: {e}", self.name))?;
        Ok(Done { frames: self.written, rate: self.rate, lost: self.lost })
    }
}

/// Frames at `to` Hz for `frames` at `from` Hz, to the nearest, as the engine counts them.
fn converted(frames: u64, from: u32, to: u32) -> u64 {
    let (from, to) = (u128::from(from), u128::from(to));
    ((u128::from(frames) * to * 2 + from) / (from * 2)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whole ratios, fractions, and no conversion.
    #[test]
    fn lengths_are_rounded_to_the_nearest() {
        assert_eq!(converted(1_000, 48_000, 48_000), 1_000);
        assert_eq!(converted(441, 44_100, 48_000), 480);
        assert_eq!(converted(1, 96_000, 24_000), 0);
        assert_eq!(converted(2, 96_000, 24_000), 1);
    }
}
