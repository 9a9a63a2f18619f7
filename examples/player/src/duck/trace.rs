//! What passed through the graph, in peaks: enough to draw it.

use std::ops::Range;

use codetta::nodes::Recorder;

use super::wiring::Seen;

/// Peaks a second: finer than a picture is wide, and long enough for a period of 100 Hz.
pub const PEAKS: u32 = 100;
/// What is softer says nothing about a gain: −80 dBFS.
const AUDIBLE: f32 = 1e-4;
/// A gain below this is the ducker's: a tenth of a dB.
const UNITY: f32 = 0.9886;

/// The three places that are tapped, from the first frame of the music on.
pub struct Trace {
    from: u64,
    seen: Seen,
    /// Frames of one peak.
    step: u64,
    peaks: Peaks,
}

/// The peak of each hundredth of a second, all channels together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Peaks {
    pub speech: Vec<f32>,
    /// The music as it went into the ducker.
    pub before: Vec<f32>,
    /// The music as it came out.
    pub after: Vec<f32>,
}

impl Trace {
    /// From the session's frame `from` on.
    pub fn new(seen: Seen, from: u64, rate: u32) -> Self {
        Self { from, seen, step: u64::from(rate / PEAKS).max(1), peaks: Peaks::default() }
    }

    /// Takes in what has passed since the last call.
    pub fn gather(&mut self) {
        let Self { from, step, seen, peaks } = self;
        gather(&mut seen.speech, *from, *step, &mut peaks.speech);
        gather(&mut seen.before, *from, *step, &mut peaks.before);
        gather(&mut seen.after, *from, *step, &mut peaks.after);
    }

    /// All of it, without the silence at the end.
    pub fn finish(mut self) -> Peaks {
        self.gather();
        let sounding =
            |peaks: &Vec<f32>| peaks.iter().rposition(|peak| *peak > 0.0).map_or(0, |last| last + 1);
        let Peaks { speech, before, after } = &mut self.peaks;
        let length = sounding(speech).max(sounding(before)).max(sounding(after));
        for lane in [speech, before, after] {
            lane.resize(length, 0.0);
        }
        self.peaks
    }
}

fn gather(recorder: &mut Recorder, from: u64, step: u64, peaks: &mut Vec<f32>) {
    let mut take = |chunk: codetta::nodes::Chunk<'_>| {
        for (frame, samples) in (chunk.frame..).zip(chunk.samples.chunks_exact(chunk.channels)) {
            let Some(frame) = frame.checked_sub(from) else { continue };
            let at = (frame / step) as usize;
            if at >= peaks.len() {
                peaks.resize(at + 1, 0.0);
            }
            peaks[at] = samples.iter().fold(peaks[at], |peak, sample| peak.max(sample.abs()));
        }
    };
    while recorder.read(&mut take).is_some() {}
}

impl Peaks {
    /// How long it is, in seconds.
    pub fn seconds(&self) -> f64 {
        self.before.len() as f64 / f64::from(PEAKS)
    }

    /// The ducker's gain in each hundredth of a second; `None` where there was no music to tell it by.
    pub fn gains(&self) -> Vec<Option<f32>> {
        let gain = |(before, after): (&f32, &f32)| (*before > AUDIBLE).then(|| (after / before).min(1.0));
        self.before.iter().zip(&self.after).map(gain).collect()
    }

    /// The times in which the music was turned down, in hundredths of a second.
    pub fn spans(&self) -> Vec<Range<usize>> {
        let mut spans: Vec<Range<usize>> = Vec::new();
        let mut down = false;
        for (at, gain) in self.gains().into_iter().enumerate() {
            let was = down;
            // Where there is no music it is as it was.
            down = gain.map_or(was, |gain| gain < UNITY);
            match spans.last_mut() {
                Some(last) if down && was => last.end = at + 1,
                _ if down => spans.push(at..at + 1),
                _ => {}
            }
        }
        spans
    }

    /// For how many seconds the music was turned down, and to which gain at the least.
    pub fn ducked(&self) -> (f64, f32) {
        let down: usize = self.spans().iter().map(Range::len).sum();
        let least = self.gains().into_iter().flatten().fold(1.0, f32::min);
        (down as f64 / f64::from(PEAKS), least)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// From the first hundredth below unity to the last one; a gap in the music is no end.
    #[test]
    fn spans_are_where_the_music_is_down() {
        let before = vec![0.5, 0.5, 0.5, 0.0, 0.5, 0.5];
        let after = vec![0.5, 0.4, 0.1, 0.0, 0.1, 0.5];
        let peaks = Peaks { speech: vec![0.0; 6], before, after };
        assert_eq!((peaks.spans().len(), peaks.spans()[0].clone()), (1, 1..5));
        let (seconds, least) = peaks.ducked();
        assert!((seconds - 0.04).abs() < 1e-9 && (least - 0.2).abs() < 1e-6);
        assert_eq!(peaks.gains()[3], None);
    }

    /// Music that nobody spoke over.
    #[test]
    fn untouched_music_has_no_span() {
        let peaks = Peaks { speech: vec![0.0; 3], before: vec![0.5; 3], after: vec![0.5; 3] };
        assert_eq!((peaks.spans(), peaks.ducked()), (vec![], (0.0, 1.0)));
    }
}
