//! A meter of peak and RMS.
//!
//! | file | idea |
//! |---|---|
//! | `peaks` | the peak since somebody last looked |
//! | `window` | the mean square of the latest frames |

#[cfg(all(test, loom))]
mod models;
mod peaks;
mod window;

use self::{
    peaks::{PeakReader, PeakWriter, Peaks},
    window::Window,
};
use super::frame_ring::frames;
use crate::graph::{Activity, Audio, Layout, Processor, Setup};
use atomic_float::AtomicF32;
use std::{
    sync::{Arc, atomic::Ordering::Relaxed},
    time::Duration,
};

#[allow(
    clippy::disallowed_types,
    reason = "written in `prepare`; the audio thread reads, and that never waits"
)]
type Once<T> = std::sync::OnceLock<T>;

/// Measures what passes, and passes it on as it came: each channel's peak and RMS.
///
/// It is processed also where nothing is connected behind it.
///
/// ```
/// use codetta::{graph::{Setup, Solo}, nodes::Meter};
///
/// let (meter, mut reading) = Meter::new();
/// let mut meter = Solo::new(meter, Setup::new(48_000, 1));
/// meter.process(&[vec![0.5; 48_000]]);
/// let level = reading.read()[0];
/// assert_eq!((level.peak, level.rms), (0.5, 0.5));
/// assert_eq!(reading.read()[0].peak, 0.0, "since the last look, nothing was heard");
/// ```
#[derive(Debug)]
pub struct Meter {
    window: Duration,
    channels: Option<usize>,
    published: Arc<Once<Published>>,
    peaks: PeakWriter,
    windows: Vec<Window>,
}

/// What a [`Meter`] has measured.
///
/// **Thread**: any one. It waits for nobody.
#[derive(Debug)]
pub struct Reading {
    published: Arc<Once<Published>>,
    peaks: PeakReader,
    levels: Vec<Level>,
}

/// Peak and RMS of a channel, as amplitudes: full scale is 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Level {
    /// The highest sample, without its sign, since the last look.
    pub peak: f32,
    /// Root of the mean square over the meter's window; it is full scale for a square wave, and 3 dB less for a sine.
    pub rms: f32,
}

impl Level {
    /// The peak in dB of full scale; −∞ for silence.
    pub fn peak_db(&self) -> f32 {
        20.0 * self.peak.log10()
    }

    /// The RMS in dB of full scale; −∞ for silence.
    pub fn rms_db(&self) -> f32 {
        20.0 * self.rms.log10()
    }
}

/// Written by the audio thread alone, with plain stores.
#[derive(Debug)]
struct Published {
    peaks: Peaks,
    rms: Box<[AtomicF32]>,
}

impl Meter {
    /// 300 ms, as a VU meter integrates.
    const WINDOW: Duration = Duration::from_millis(300);

    /// A meter, and what reads it. The RMS is over 300 ms.
    pub fn new() -> (Self, Reading) {
        let published = Arc::new(Once::new());
        let meter = Self {
            window: Self::WINDOW,
            channels: None,
            published: Arc::clone(&published),
            peaks: PeakWriter::new(0),
            windows: Vec::new(),
        };
        (meter, Reading { published, peaks: PeakReader::new(0), levels: Vec::new() })
    }

    /// With an RMS over another time, of which it renews a thirtieth at once.
    #[must_use]
    pub fn window(mut self, window: Duration) -> Self {
        self.window = window;
        self
    }

    /// Of so many channels, at least one, instead of the session's.
    #[must_use]
    pub fn channels(mut self, channels: usize) -> Self {
        self.channels = Some(channels.max(1));
        self
    }
}

impl Reading {
    /// Each channel's peak since the last call, and its RMS now; none before the meter was added to a graph.
    pub fn read(&mut self) -> &[Level] {
        let Some(published) = self.published.get() else { return &[] };
        let channels = published.rms.len();
        if self.levels.len() != channels {
            self.levels = vec![Level::default(); channels];
            self.peaks = PeakReader::new(channels);
        }
        let levels = &mut self.levels;
        self.peaks.take(&published.peaks, |channel, peak| levels[channel].peak = peak);
        for (level, rms) in levels.iter_mut().zip(&published.rms) {
            level.rms = rms.load(Relaxed);
        }
        levels
    }
}

impl Processor for Meter {
    fn name(&self) -> &'static str {
        "meter"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        let window = frames(self.window, setup.sample_rate);
        self.windows = (0..channels).map(|_| Window::new(window)).collect();
        self.peaks = PeakWriter::new(channels);
        self.published.get_or_init(|| Published {
            peaks: Peaks::new(channels),
            rms: (0..channels).map(|_| AtomicF32::new(0.0)).collect(),
        });
        Layout::watcher(channels)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let Some(published) = self.published.get() else { return Activity::Sounding };
        for ((window, rms), channel) in self.windows.iter_mut().zip(&published.rms).zip(audio.channels()) {
            window.hear(channel);
            rms.store(window.rms(), Relaxed);
        }
        self.peaks.publish(&published.peaks, audio.channels().map(|channel| peak(channel)));
        Activity::Sounding
    }
}

/// Eight lanes wide, so that it vectorises.
fn peak(samples: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for chunk in samples.chunks(8) {
        for (lane, sample) in lanes.iter_mut().zip(chunk) {
            // Not `max`, which has to look for what is not a number: the comparison leaves it out as well.
            let sample = sample.abs();
            *lane = if sample > *lane { sample } else { *lane };
        }
    }
    lanes.into_iter().fold(0.0, f32::max)
}
