//! The producer's side of a stream.

use super::{
    Clear, Close, Closed, Flush, Half, Rejection, Segment, StreamId, Write, WriteState,
    counters::count,
    handle::Position,
    lifecycle::{Closing, Reason, Word},
    producer::OpenSegment,
};
use crate::{convert::Sample, sync::Ordering};
use std::sync::Arc;

/// Pushes PCM into a stream and marks where its segments end.
///
/// There is one for each stream: it can be sent to another thread and not be cloned, so that a single producer is a
/// fact of the type. Nothing in it fails by panic or error: each verb answers what happened, after a close as before.
/// Dropping it closes the stream as [`Close::Drain`] does, without waiting.
///
/// Frames are interleaved, at the stream's own rate; conversion happens here, on the producer's thread.
///
/// ```
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use codetta::{End, Session, StreamConfig};
///
/// let (session, mut offline) = Session::builder().offline()?;
/// let (mut writer, _stream) = session.stream(StreamConfig::new(48_000, 1))?;
///
/// assert_eq!(writer.write(&[0.5_f32; 480]).frames, 480);
/// let segment = writer.flush().accepted().ok_or("something was written")?;
/// offline.render(&mut [0.0; 2 * 480]);
///
/// let outcome = segment.poll().ok_or("all of it was rendered")?;
/// assert_eq!((outcome.end, outcome.played), (End::Played, 480));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct Writer {
    pub(super) half: Arc<Half>,
}

impl Writer {
    pub(crate) fn new(half: Arc<Half>) -> Self {
        Self { half }
    }

    /// Takes what fits of `samples` (whole interleaved frames: i16, i32 or f32), and says how much, and why it stopped.
    ///
    /// Samples that are not finite are heard as silence; both those and samples beyond +48 dBFS are counted.
    ///
    /// **Thread**: the producer's. Does not block. It allocates only where a segment begins.
    pub fn write<S: Sample>(&mut self, samples: &[S]) -> Write {
        let shared = &self.half.shared;
        let offered = samples.len() / shared.config.channels;
        if !samples.len().is_multiple_of(shared.config.channels) {
            return Write { frames: 0, state: WriteState::Ragged };
        }
        let Ok(mut inside) = self.half.enter() else { return self.late_write(offered) };
        let interrupted = inside.open_segment() == OpenSegment::Interrupted;
        let frames = if interrupted { 0 } else { inside.take(samples) };
        if inside.leave().is_err() {
            return self.late_write(offered);
        }
        if interrupted {
            count(&shared.late.interrupted_frames, offered as u64);
            return Write { frames, state: WriteState::Interrupted };
        }
        Write { frames, state: if frames == offered { WriteState::Open } else { WriteState::Full } }
    }

    fn late_write(&self, offered: usize) -> Write {
        let late = &self.half.shared.late;
        count(&late.writes, 1);
        count(&late.frames, offered as u64);
        Write { frames: 0, state: WriteState::Closed }
    }

    /// Ends the open segment, and answers a handle to ask what was heard of it.
    ///
    /// Flushing nothing, or twice, is rejected as a value, and leaves no trace; after a close too, and is counted. Flushing
    /// what was interrupted meanwhile answers the handle of the interrupted segment.
    ///
    /// **Thread**: the producer's. Does not block or allocate.
    pub fn flush(&mut self) -> Flush {
        let Ok(mut inside) = self.half.enter() else { return self.late_flush() };
        let interrupted = inside.open_segment() == OpenSegment::Interrupted;
        let before = inside.segment().filter(|_| interrupted);
        let segment = inside.end_segment(true);
        if inside.leave().is_err() {
            return self.late_flush();
        }
        match (segment, before) {
            (Some(segment), _) => Flush::Accepted(segment),
            (None, Some(segment)) => Flush::Interrupted(segment),
            (None, None) => Flush::Rejected(Rejection::Nothing),
        }
    }

    fn late_flush(&self) -> Flush {
        count(&self.half.shared.late.flushes, 1);
        Flush::Rejected(Rejection::Closed)
    }

    /// Names the next segment: `tag` is in its outcome. An open segment is flushed first, and that is the answer.
    ///
    /// **Thread**: the producer's. Does not block or allocate.
    pub fn begin(&mut self, tag: u64) -> Flush {
        let flush = self.flush();
        if let Ok(mut inside) = self.half.enter() {
            inside.set_tag(tag);
            // Late by now: nothing was to be accepted, and the next call will say that it is closed.
            let _ = inside.leave();
        }
        flush
    }

    /// Discards everything queued, the open segment included, with a fade; the next write starts a new segment at once.
    ///
    /// **Thread**: the producer's. Does not block or allocate.
    pub fn clear(&mut self) -> Clear {
        let Ok(mut inside) = self.half.enter() else { return self.late_clear() };
        let outstanding = inside.is_outstanding();
        inside.forget_segment();
        inside.done.clear = outstanding;
        match inside.leave() {
            Err(_) => self.late_clear(),
            Ok(_) if outstanding => Clear::Cleared,
            Ok(_) => Clear::Nothing,
        }
    }

    fn late_clear(&self) -> Clear {
        count(&self.half.shared.late.clears, 1);
        Clear::Closed
    }

    /// Ends the stream: nothing more is accepted, from this instant.
    ///
    /// With [`Close::Drain`], what was accepted is played out, an open segment included; its outcome is then
    /// [`End::Closed`](crate::End::Closed).
    ///
    /// **Thread**: the producer's. Does not block or allocate.
    pub fn close(&mut self, close: Close) -> Closed {
        let closing = closing(close);
        if let Ok(mut inside) = self.half.enter() {
            if close == Close::Drain {
                inside.end_segment(false);
            }
            inside.done.close = Some(closing);
            // Somebody else may have closed it meanwhile; a discard still makes a difference to a drain.
            let first =
                |word: Word| !word.is_closing() || close == Close::Discard && word.discarding().is_none();
            if inside.leave().is_ok_and(first) {
                return Closed::Now;
            }
        } else if self.half.shared.close(closing) {
            return Closed::Now;
        }
        count(&self.half.shared.late.closes, 1);
        Closed::Already
    }

    /// The open segment, to ask for before it is flushed.
    ///
    /// **Thread**: the producer's. Does not block or allocate.
    pub fn segment(&mut self) -> Option<Segment> {
        let mut inside = self.half.enter().ok()?;
        let segment = inside.segment();
        inside.leave().ok()?;
        segment
    }

    /// How often [`Stream::interrupt`](crate::Stream::interrupt) has taken effect.
    ///
    /// An interruption that falls between two segments cuts what is queued, and leaves the next segment alone: a
    /// producer that speaks sentence by sentence looks here before each, and stops if the number has changed.
    ///
    /// **Thread**: any. Does not block.
    pub fn interruptions(&self) -> u64 {
        self.half.shared.interruptions.load(Ordering::Acquire)
    }

    /// Frames accepted, given to the device, and heard, since the stream began.
    ///
    /// **Thread**: any. Does not block.
    pub fn position(&self) -> Position {
        self.half.shared.position().into()
    }

    /// The stream's number in its session.
    pub fn stream_id(&self) -> StreamId {
        self.half.shared.id
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // A stream that is closed already is what we want: not a late call to be counted.
        if let Ok(mut inside) = self.half.enter() {
            inside.end_segment(false);
            inside.done.close = Some(Closing::Drain);
            let _ = inside.leave();
        }
    }
}

/// What a caller's close is to the lifecycle word.
pub(super) fn closing(close: Close) -> Closing {
    match close {
        Close::Drain => Closing::Drain,
        Close::Discard => Closing::Discard(Reason::Discarded),
    }
}
