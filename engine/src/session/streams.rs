//! How a stream is made, and why none of its rings can overflow.

use super::{book::Book, core::Core};
use crate::{
    convert::Converter,
    stream::{
        Half, Stream, StreamConfig, StreamError, StreamId, Writer, reader::Reader, shared::StreamShared,
    },
    sync::{Ordering, lock, ring::RingBuffer},
};
use std::sync::Arc;

/// Makes a stream of `core`'s session.
pub(super) fn make(core: &Arc<Core>, config: StreamConfig) -> Result<(Writer, Stream), StreamError> {
    config.check()?;
    let converter = Converter::new(config.sample_rate, core.sample_rate, config.channels)?;
    if let Some(node) = config.input.filter(|node| !core.desk.has_input(*node)) {
        return Err(StreamError::NoInput { node });
    }
    take_place(core)?;
    // From here on `Place` gives the place back if anything fails.
    let place = Place(core);

    let request = lock(&core.request);
    if request.is_some() {
        return Err(StreamError::Closed);
    }
    let id = StreamId(core.next_stream.fetch_add(1, Ordering::Relaxed));
    let shared = Arc::new(StreamShared::new(id, config, core.sample_rate, Arc::clone(&core.late)));

    // Beside the buffer, the tail of a flush: a write keeps that much free, so a flush never waits.
    let frames = shared.buffer_frames() as usize + converter.tail_frames();
    let (samples, samples_out) = RingBuffer::new(frames * config.channels);
    // Each credit sends a begin and an end, in this direction …
    let credits = config.max_segments;
    let (sentinels, sentinels_out) = RingBuffer::new(2 * credits);
    let (tickets, tickets_out) = RingBuffer::new(credits);
    // … and is answered by a start and a settlement, in that.
    let (settlements, settlements_out) = RingBuffer::new(2 * credits);

    let reader = Box::new(Reader::new(Arc::clone(&shared), samples_out, sentinels_out, settlements));
    let half = Arc::new(Half::new(Arc::clone(&shared), converter, samples, sentinels, tickets));
    let book = Book::new(Arc::clone(&half), settlements_out, tickets_out);

    // The ids in the renderer ascend: two streams made at once are added one after the other, under `request`.
    core.commands.add(reader).map_err(|_| StreamError::Busy)?;
    // While `request` is held, so that control, once it has seen a request, has every book.
    lock(&core.new_books).push(book);
    lock(&core.streams).push(shared);
    drop(request);
    std::mem::forget(place);
    let writer = Writer::new(Arc::clone(&half));
    Ok((writer, Stream::new(half, core.commands.clone(), core.drains.clone())))
}

/// Counts the stream, if there may be another: the renderer's list and the ring that brings readers home hold as many.
fn take_place(core: &Core) -> Result<(), StreamError> {
    let more = |live: usize| (live < core.max_streams).then_some(live + 1);
    match core.live_streams.fetch_update(Ordering::AcqRel, Ordering::Relaxed, more) {
        Ok(_) => Ok(()),
        Err(_) => Err(StreamError::TooMany { max: core.max_streams }),
    }
}

/// A place that is given back unless it is kept.
struct Place<'a>(&'a Core);

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.live_streams.fetch_sub(1, Ordering::AcqRel);
    }
}
