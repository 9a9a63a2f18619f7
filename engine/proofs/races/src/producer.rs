//! A producer's thread, which counts for itself what it was told was accepted.

use crate::{Word, dice::Dice};
use codetta::{Close, Closed, Segment, StreamId, WriteState, Writer};

/// What a producer was told, for the report to agree with.
#[derive(Debug)]
pub struct Accepted {
    /// Its stream.
    pub stream: StreamId,
    /// Frames.
    pub frames: u64,
    /// Every segment that it was given a handle of.
    pub segments: Vec<Segment>,
    /// Calls.
    pub operations: u64,
}

/// Writes, flushes, clears and begins until it is told to stop, and goes on for a while after the stream is closed.
pub fn produce(mut writer: Writer, channels: usize, stop: &Word, dice: &mut Dice) -> Accepted {
    let samples: Vec<f32> = (0..960 * channels).map(|n| (n as f32 * 0.01).sin()).collect();
    let short: Vec<i16> = (0..240 * channels as i16).collect();
    let stream = writer.stream_id();
    let mut told = Accepted { stream, frames: 0, segments: Vec::new(), operations: 0 };
    while !stop.is_said() {
        told.operations += 1;
        let ended = match dice.below(16) {
            0..=8 => {
                let frames = 1 + dice.below(960) as usize;
                let written = match dice.below(8) {
                    0 => writer.write(&short),
                    1 => writer.write_all(&samples, dice.millis(3)),
                    _ => writer.write(&samples[..frames * channels]),
                };
                told.frames += written.frames as u64;
                if written.state == WriteState::Full { writer.segment() } else { None }
            }
            9..=11 => {
                let ended = writer.flush().segment();
                if let Some(segment) = ended.as_ref().filter(|_| dice.one_in(4)) {
                    let _ = segment.wait(dice.millis(3));
                }
                ended
            }
            12 => writer.begin(dice.throw()).segment(),
            13 => {
                let open = writer.segment();
                let _ = writer.clear();
                open
            }
            14 => {
                let position = writer.position();
                assert!(position.played <= position.consumed && position.consumed <= position.pushed);
                None
            }
            _ => {
                let closes = dice.one_in(40) && writer.close(Close::Drain) == Closed::Now;
                if closes { None } else { writer.segment() }
            }
        };
        told.segments.extend(ended);
        dice.dawdle(1);
    }
    // Sometimes it is dropped with a segment open, and control has to end it.
    if dice.one_in(2) {
        told.segments.extend(writer.flush().segment());
    }
    told
}
