//! Which frame of which input is heard, from the session's events.

use std::collections::HashMap;

use codetta::{Event, Stream, StreamId};

use super::controls::News;
use crate::ui::View;

/// Keeps the view true.
#[derive(Debug, Default)]
pub struct Follow {
    /// The stream that is being fed.
    pub stream: Option<Stream>,
    /// Where each segment begins in its input: index and frame.
    bases: HashMap<(StreamId, u64), (usize, u64)>,
    /// Frames heard of the streams' settled segments.
    settled: HashMap<StreamId, u64>,
    /// The segment that is heard.
    current: Option<(StreamId, u64)>,
    /// Those two, which are one stream unless the format has just changed.
    streams: HashMap<StreamId, Stream>,
}

impl Follow {
    /// Takes in what the feeding thread tells.
    pub fn news(&mut self, news: &News, view: &mut View) {
        match news {
            News::File { index, spec } => {
                if let Some(track) = view.tracks.get_mut(*index) {
                    track.spec = Some(*spec);
                }
            }
            News::Stream(stream) => {
                self.streams.insert(stream.id(), stream.clone());
                self.stream = Some(stream.clone());
            }
            News::Segment { stream, segment, index, base } => {
                self.bases.insert((*stream, *segment), (*index, *base));
            }
            News::First(_) | News::Problem(_) | News::Done(_) => {}
        }
    }

    /// Takes in what the session tells.
    pub fn event(&mut self, event: &Event, view: &mut View) {
        match event {
            Event::Started { stream, segment, .. } => {
                let before = self.current.replace((*stream, *segment));
                if let Some(before) = before {
                    self.bases.remove(&before);
                }
                let fed = self.stream.as_ref().map(Stream::id);
                self.streams.retain(|id, _| id == stream || Some(*id) == fed);
                self.settled.retain(|id, _| id == stream || Some(*id) == fed);
            }
            Event::Finished(outcome) => {
                *self.settled.entry(outcome.stream).or_default() += outcome.played;
            }
            Event::Underrun { episodes, .. } => view.underruns = *episodes,
            _ => {}
        }
    }

    /// Reads the position off the stream.
    pub fn read(&self, view: &mut View) {
        if let Some(stream) = &self.stream {
            let buffered = stream.stats().buffered as f64;
            let room = view.track().and_then(|t| t.spec).map_or(0.0, |spec| super::deck::capacity(spec.rate));
            view.fill = if room > 0.0 { buffered / room } else { 0.0 };
        }
        let Some(current) = self.current else { return };
        let Some((index, base)) = self.bases.get(&current) else { return };
        let Some(stream) = self.streams.get(&current.0) else { return };
        let settled = self.settled.get(&current.0).copied().unwrap_or(0);
        view.index = *index;
        view.frame = base + stream.position().played.saturating_sub(settled);
        if let Some(frames) = view.track().and_then(|t| t.spec).and_then(|spec| spec.frames) {
            view.frame = view.frame.min(frames);
        }
    }
}
