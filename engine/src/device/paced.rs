//! The virtual device: paced by the monotonic clock, with nobody listening.
//!
//! Servers and CI have no sound card, so this is a device like any other: what is rendered is consumed in real time, and
//! "played" means what it means elsewhere.

#![allow(
    clippy::disallowed_types,
    clippy::disallowed_methods,
    reason = "the virtual device's own thread, outside of the callback"
)]

use std::{
    convert::Infallible,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use super::{Callback, Device, DeviceError, DeviceFault, DeviceInfo, DeviceKind, Format};
use super::{fault::Faults, pacer::Pacer, reaper};
use crate::guests;

/// Takes each block after the callback has filled it: on the device's thread, outside the callback, so it may block.
pub(super) trait Sink: Send + 'static {
    /// Takes a block. An error ends the device: it is lost.
    fn take(&mut self, block: &[f32]) -> Result<(), DeviceError>;

    /// Takes the end. An error is a loss too.
    fn end(self) -> Result<(), DeviceError>;
}

/// The sink of a device that nobody listens to.
struct Nobody;

impl Sink for Nobody {
    fn take(&mut self, _: &[f32]) -> Result<(), DeviceError> {
        Ok(())
    }

    fn end(self) -> Result<(), DeviceError> {
        Ok(())
    }
}

/// The device that consumes audio in real time and plays it to nobody.
///
/// It plays any format as asked, in equal periods, 10 ms of frames unless told otherwise; its latency is zero. After a
/// stall it makes up for a few periods and lets the rest of the time go; no frame is dropped.
///
/// **Thread**: the callback runs on `codetta-virtual`.
#[derive(Debug, Default)]
pub struct Virtual {
    paced: Paced,
    period: Option<usize>,
}

impl Virtual {
    /// Frames of the longest period.
    pub const LONGEST_PERIOD: usize = 1 << 16;

    /// With periods of 10 ms.
    pub fn new() -> Self {
        Self::default()
    }

    /// With periods of so many frames: at least 1, at most [`Self::LONGEST_PERIOD`], and at most a second's. A session
    /// gives up a device that asks for nothing for three.
    pub fn with_period(frames: usize) -> Self {
        Self { period: Some(frames.clamp(1, Self::LONGEST_PERIOD)), ..Self::default() }
    }
}

impl Device for Virtual {
    fn open(&mut self, want: Format) -> Result<DeviceInfo, DeviceError> {
        self.paced.open("virtual", want)?;
        self.paced.period = self.period.map(|frames| frames.min(want.sample_rate as usize));
        Ok(DeviceInfo::new("virtual", DeviceKind::Virtual, want))
    }

    fn start(&mut self, callback: Callback) -> Result<(), DeviceError> {
        self.paced.start("virtual", callback, Nobody)
    }

    fn stop(&mut self) {
        self.paced.stop();
    }

    fn fault(&mut self) -> Option<(DeviceFault, u64)> {
        self.paced.faults.take()
    }
}

/// What paced devices share: a thread that calls back by the clock.
#[derive(Debug, Default)]
pub(super) struct Paced {
    period: Option<usize>,
    format: Option<Format>,
    running: Option<Running>,
    /// A new one each start: a thread that had to be left behind speaks for itself only.
    pub(super) faults: Arc<Faults>,
}

#[derive(Debug)]
struct Running {
    stop: Arc<AtomicBool>,
    ended: mpsc::Receiver<Infallible>,
    thread: JoinHandle<()>,
}

impl Paced {
    pub(super) fn open(&mut self, name: &str, want: Format) -> Result<(), DeviceError> {
        if want.sample_rate == 0 || want.channels == 0 {
            let Format { sample_rate, channels } = want;
            return Err(DeviceError::Unsupported { name: name.into(), sample_rate, channels });
        }
        self.stop();
        self.format = Some(want);
        Ok(())
    }

    pub(super) fn start<S: Sink>(
        &mut self,
        name: &str,
        callback: Callback,
        sink: S,
    ) -> Result<(), DeviceError> {
        let Some(format) = self.format else {
            return Err(DeviceError::Unavailable { name: name.into(), reason: "it was not opened".into() });
        };
        self.stop();
        self.faults = Arc::default();
        let period = self.period.unwrap_or(format.sample_rate as usize / 100).max(1);
        let stop = Arc::new(AtomicBool::new(false));
        let (ending, ended) = mpsc::channel();
        let (theirs, faults) = (Arc::clone(&stop), Arc::clone(&self.faults));
        let thread = thread::Builder::new()
            .name("codetta-virtual".into())
            .spawn(move || {
                let _ending = ending;
                if play(period, format, callback, sink, &theirs).is_err() {
                    faults.lost();
                }
            })
            .map_err(DeviceError::Thread)?;
        self.running = Some(Running { stop, ended, thread });
        Ok(())
    }

    pub(super) fn stop(&mut self) {
        let Some(Running { stop, ended, thread }) = self.running.take() else { return };
        // Nothing is handed over by the flag; the end of the thread is what orders.
        stop.store(true, Ordering::Relaxed);
        thread.thread().unpark();
        if reaper::has_ended(&ended, reaper::LIMIT) {
            // Only the thread's own leaving is left, so this does not wait; nor can it have panicked outside the
            // callback, and what the callback does is caught.
            let _ = thread.join();
        }
    }
}

impl Drop for Paced {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The device is lost.
struct Lost;

/// Plays until told to stop, or until it cannot.
fn play(
    period: usize,
    format: Format,
    mut callback: Callback,
    mut sink: impl Sink,
    stop: &AtomicBool,
) -> Result<(), Lost> {
    let mut block = vec![0.0; period * format.channels];
    let clock = Instant::now();
    let mut pacer = Pacer::new(period, format.sample_rate, Duration::ZERO);
    while !stop.load(Ordering::Relaxed) {
        let due = pacer.poll(clock.elapsed());
        for _ in 0..due.periods {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            // A callback never panics; one that does all the same must not take the sink's header with it.
            if guests::call(|| callback(&mut block, Some(Duration::ZERO))).is_none() {
                let _ = sink.end();
                return Err(Lost);
            }
            sink.take(&block).map_err(|_| Lost)?;
        }
        // `stop` unparks, and parking may end for no reason at all: the clock decides, above.
        thread::park_timeout(due.next.saturating_sub(clock.elapsed()));
    }
    // Freed first: what stands behind it may wait for its end, and a disk may take long.
    drop(callback);
    sink.end().map_err(|_| Lost)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guests::tests::Bomb;
    use std::panic::panic_any;

    const STEREO: Format = Format { sample_rate: 48_000, channels: 2 };

    fn telling() -> (Callback, mpsc::Receiver<(usize, Option<Duration>)>) {
        let (tell, told) = mpsc::channel();
        let callback = move |block: &mut [f32], latency| {
            let _ = tell.send((block.len(), latency));
        };
        (Box::new(callback), told)
    }

    #[test]
    fn blocks_are_whole_periods_and_are_heard_at_once() {
        let mut device = Virtual::with_period(64);
        device.open(STEREO).unwrap();
        let (callback, told) = telling();
        device.start(callback).unwrap();
        for _ in 0..20 {
            assert_eq!(told.recv(), Ok((128, Some(Duration::ZERO))));
        }
        device.stop();
        assert_eq!(device.fault(), None);
    }

    #[test]
    fn a_period_is_ten_milliseconds_by_default_and_never_empty() {
        for (rate, frames) in [(48_000, 480), (44_100, 441), (50, 1)] {
            let mut device = Virtual::new();
            let want = Format { sample_rate: rate, channels: 1 };
            let info = device.open(want).unwrap();
            assert_eq!((info.sample_rate, info.channels, info.kind), (rate, 1, DeviceKind::Virtual));
            let (callback, told) = telling();
            device.start(callback).unwrap();
            assert_eq!(told.recv().unwrap().0, frames);
        }
    }

    /// Its next period is an hour away.
    #[test]
    fn stop_wakes_a_device_that_sleeps() {
        let mut device = Paced::default();
        device.period = Some(3_600);
        device.open("slow", Format { sample_rate: 1, channels: 1 }).unwrap();
        let (callback, told) = telling();
        device.start("slow", callback, Nobody).unwrap();
        told.recv().unwrap();
        device.stop();
        assert_eq!(told.try_recv(), Err(mpsc::TryRecvError::Disconnected));
    }

    /// Also one whose panic panics, as it is freed.
    #[test]
    fn a_callback_that_panics_is_a_lost_device() {
        let mut device = Virtual::new();
        device.open(STEREO).unwrap();
        let (mut callback, told) = telling();
        let panicking = move |block: &mut [f32], latency| {
            callback(block, latency);
            panic_any(Bomb);
        };
        device.start(Box::new(panicking)).unwrap();
        told.recv().unwrap();
        device.stop();
        assert_eq!(device.fault(), Some((DeviceFault::Lost, 1)));
    }

    /// A session would take one that is silent for longer for lost.
    #[test]
    fn a_period_is_at_most_a_second() {
        for (rate, frames) in [(8_000, 8_000), (96_000, Virtual::LONGEST_PERIOD)] {
            let mut device = Virtual::with_period(usize::MAX);
            device.open(Format { sample_rate: rate, channels: 1 }).unwrap();
            let (callback, told) = telling();
            device.start(callback).unwrap();
            assert_eq!(told.recv().unwrap().0, frames);
        }
    }

    #[test]
    fn no_rate_or_no_channels_cannot_be_played() {
        for none in [Format { sample_rate: 0, ..STEREO }, Format { channels: 0, ..STEREO }] {
            assert!(matches!(Virtual::new().open(none), Err(DeviceError::Unsupported { .. })));
        }
    }
}
