//! A meter of loudness after ITU-R BS.1770 and EBU R 128. The audio thread only copies.

use super::frame_ring::{Capacity, FrameReader, FrameWriter, frame_ring};
use crate::{
    graph::{Activity, Audio, Companion, Layout, Processor, Setup},
    sync::lock,
};
use ebur128::{EbuR128, Mode};
use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

#[allow(clippy::disallowed_types, reason = "control's companion and callers; the processor only copies")]
type Mutex<T> = crate::sync::Mutex<T>;

/// Measures the loudness of what passes, and passes it on as it came.
///
/// The first two channels are left and right, then centre, LFE and surrounds, as the `ebur128` crate orders them; of
/// four, the last two are surrounds. One channel is measured as one loudspeaker: 3 LU below the same on two.
///
/// ```
/// use codetta::{graph::{Setup, Solo}, nodes::LoudnessMeter};
///
/// let (meter, loudness) = LoudnessMeter::new();
/// let mut meter = Solo::new(meter, Setup::new(48_000, 2));
/// // EBU Tech 3341, test 1: a sine of 1 kHz at −23 dB of full scale on both channels.
/// let sine: Vec<f32> = (0..96_000).map(|n| 0.0708 * (std::f32::consts::TAU * n as f32 / 48.0).sin()).collect();
/// meter.process(&[sine.clone(), sine]);
/// assert!((loudness.momentary() + 23.0).abs() < 0.1);
/// ```
#[derive(Debug)]
pub struct LoudnessMeter {
    buffer: Duration,
    channels: Option<usize>,
    mode: Mode,
    shared: Arc<Shared>,
    writer: Option<FrameWriter>,
}

/// What a [`LoudnessMeter`] has measured: up to what was rendered at the time of the call.
///
/// Everything is −∞ where there was nothing to measure: before the meter was added to a graph, for silence, or where the
/// format is beyond the measure (above 64 channels or 2.8 MHz).
///
/// **Thread**: any but the audio thread. It may compute for some milliseconds.
#[derive(Debug, Clone)]
pub struct Loudness(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    dropped: Arc<AtomicU64>,
    measure: Mutex<Option<Measure>>,
}

struct Measure {
    reader: FrameReader,
    ebur128: EbuR128,
}

impl LoudnessMeter {
    /// Control fetches tens of times a second, and may be held up for long.
    const BUFFER: Duration = Duration::from_secs(2);

    /// A meter, and what reads it.
    pub fn new() -> (Self, Loudness) {
        let shared = Arc::<Shared>::default();
        let meter = Self {
            buffer: Self::BUFFER,
            channels: None,
            mode: Mode::I | Mode::LRA | Mode::TRUE_PEAK,
            shared: Arc::clone(&shared),
            writer: None,
        };
        (meter, Loudness(shared))
    }

    /// With a ring of another length between the audio thread and control: 2 s unless told.
    #[must_use]
    pub fn buffer(mut self, buffer: Duration) -> Self {
        self.buffer = buffer;
        self
    }

    /// For sessions of days: constant memory, instead of 0.3 MB an hour. What is heard is counted in steps of 0.1 LU,
    /// which is how exact the integrated loudness and the range are then.
    #[must_use]
    pub fn histogram(mut self) -> Self {
        self.mode |= Mode::HISTOGRAM;
        self
    }

    /// Of so many channels, at least one, instead of the session's.
    #[must_use]
    pub fn channels(mut self, channels: usize) -> Self {
        self.channels = Some(channels.max(1));
        self
    }
}

impl Loudness {
    /// Loudness of the last 400 ms, in LUFS.
    pub fn momentary(&self) -> f64 {
        self.ask(|measure| measure.loudness_momentary())
    }

    /// Loudness of the last 3 s, in LUFS.
    pub fn short_term(&self) -> f64 {
        self.ask(|measure| measure.loudness_shortterm())
    }

    /// Loudness of everything since the start, or since [`restart`](Self::restart), gated, in LUFS.
    pub fn integrated(&self) -> f64 {
        self.ask(|measure| measure.loudness_global())
    }

    /// Loudness range of the same, after EBU Tech 3342, in LU; zero where there was nothing to measure.
    pub fn range(&self) -> f64 {
        self.ask(|measure| measure.loudness_range()).max(0.0)
    }

    /// The highest true peak of any channel since the start or restart, in dB of full scale.
    pub fn true_peak(&self) -> f64 {
        self.ask(|measure| {
            let mut highest = 0.0_f64;
            for channel in 0..measure.channels() {
                highest = highest.max(measure.true_peak(channel)?);
            }
            Ok(20.0 * highest.log10())
        })
    }

    /// Frames that were not measured, since control did not run for longer than the ring is.
    pub fn dropped(&self) -> u64 {
        self.0.dropped.load(Relaxed)
    }

    /// Forgets what was rendered until now.
    pub fn restart(&self) {
        self.ask(|measure| {
            measure.reset();
            Ok(0.0)
        });
    }

    fn ask(&self, question: impl FnOnce(&mut EbuR128) -> Result<f64, ebur128::Error>) -> f64 {
        let mut measure = lock(&self.0.measure);
        let Some(measure) = measure.as_mut() else { return f64::NEG_INFINITY };
        measure.catch_up();
        question(&mut measure.ebur128).unwrap_or(f64::NEG_INFINITY)
    }
}

impl Measure {
    // A longest history cannot be set: ebur128 0.1.11 fills it with silence, which it then counts as heard.
    fn new(reader: FrameReader, channels: usize, rate: u32, mode: Mode) -> Option<Self> {
        let ebur128 = EbuR128::new(u32::try_from(channels).ok()?, rate, mode).ok()?;
        Some(Self { reader, ebur128 })
    }

    fn catch_up(&mut self) {
        let ebur128 = &mut self.ebur128;
        while self.reader.read(usize::MAX, |chunk| add(ebur128, chunk.samples)).is_some() {}
    }
}

/// One sample that is not a number would stay in the filters for ever.
fn add(ebur128: &mut EbuR128, samples: &[f32]) {
    // Refused are only frames that are cut, and the ring has none.
    let _ = if samples.iter().all(|sample| sample.is_finite()) {
        ebur128.add_frames_f32(samples)
    } else {
        let finite: Vec<f32> =
            samples.iter().map(|sample| if sample.is_finite() { *sample } else { 0.0 }).collect();
        ebur128.add_frames_f32(&finite)
    };
}

impl fmt::Debug for Measure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Measure").finish_non_exhaustive()
    }
}

/// Empties the ring, also where nobody looks at the meter.
struct Feeder(Arc<Shared>);

impl Companion for Feeder {
    fn step(&mut self) {
        if let Some(measure) = lock(&self.0.measure).as_mut() {
            measure.catch_up();
        }
    }
}

impl Processor for LoudnessMeter {
    fn name(&self) -> &'static str {
        "loudness"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        let channels = self.channels.unwrap_or(setup.channels);
        let frames = Capacity::Time(self.buffer).frames(setup.sample_rate);
        let (writer, reader) = frame_ring(frames, channels, Arc::clone(&self.shared.dropped));
        if let Some(measure) = Measure::new(reader, channels, setup.sample_rate, self.mode) {
            self.writer = Some(writer);
            *lock(&self.shared.measure) = Some(measure);
        }
        Layout::watcher(channels)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        if let Some(writer) = &mut self.writer {
            writer.push(audio);
        }
        Activity::Sounding
    }

    fn companion(&mut self) -> Option<Box<dyn Companion>> {
        Some(Box::new(Feeder(Arc::clone(&self.shared))))
    }
}
