//! A stream, and what its producer was told.

use crate::{common::ms, op::Op};
use codetta::{Close, Drain, Flush, Outcome, Position, Segment, Stream, Write, Writer};

/// A stream as the model knows it.
pub struct Voice {
    pub writer: Option<Writer>,
    pub stream: Stream,
    pub width: usize,
    pub position: Position,
    /// Frames that writes said were taken: in all, and into the open segment.
    pub taken: u64,
    pub open: u64,
    pub segments: Vec<(Segment, u64, Option<Outcome>)>,
}

impl Voice {
    /// Does what concerns one stream, `now` being the session's frame.
    pub fn act(&mut self, op: &Op, now: u64, drains: &mut Vec<Drain>) {
        let how = |drain| if drain { Close::Drain } else { Close::Discard };
        match (op, &mut self.writer) {
            (Op::Write(_, frames), Some(writer)) => {
                let write = writer.write(&vec![0.25_f32; frames * self.width]);
                self.count(write);
            }
            (Op::WriteBits(_, frames, bits), Some(writer)) => {
                // Any odd factor goes through all bits.
                let sample = |n: usize| f32::from_bits(bits.wrapping_add(n as u32).wrapping_mul(0x9E37_79B1));
                let write = writer.write(&(0..frames * self.width).map(sample).collect::<Vec<f32>>());
                self.count(write);
            }
            (Op::Flush(_), Some(writer)) => {
                let flush = writer.flush();
                self.note(flush);
            }
            (Op::Begin(_, tag), Some(writer)) => {
                let flush = writer.begin(*tag);
                self.note(flush);
            }
            (Op::Clear(_), Some(writer)) => {
                let _ = writer.clear();
                self.open = 0;
            }
            (Op::CloseWriter(_, drain), Some(writer)) => {
                let _ = writer.close(how(*drain));
            }
            (Op::DropWriter(_), writer) => *writer = None,
            (Op::Interrupt(_), _) => {
                let _ = self.stream.interrupt();
            }
            (Op::Pause(_), _) => {
                let _ = self.stream.pause();
            }
            (Op::Resume(_), _) => {
                let _ = self.stream.resume();
            }
            (Op::Gain(_, db, ramp), _) => {
                let _ = self.stream.set_gain(*db, ms(*ramp));
            }
            (Op::Pan(_, pan, ramp), _) => {
                let _ = self.stream.set_pan(*pan, ms(*ramp));
            }
            (Op::StartAt(_, frames), _) => {
                let _ = self.stream.start_at(now.saturating_add(*frames));
            }
            (Op::CloseStream(_, drain), _) => {
                let _ = self.stream.close(how(*drain));
            }
            (Op::Drain(_, within), _) => drains.push(self.stream.drain_ticket(ms(*within))),
            _ => {}
        }
    }

    fn count(&mut self, write: Write) {
        self.taken += write.frames as u64;
        self.open += write.frames as u64;
    }

    fn note(&mut self, flush: Flush) {
        let open = std::mem::take(&mut self.open);
        if let Flush::Accepted(segment) = flush {
            self.segments.push((segment, open, None));
        }
    }
}
