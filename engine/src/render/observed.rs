//! What the audio thread publishes about itself: heartbeat, clocks, levels, the time that blocks take.

#[cfg(not(loom))]
use crate::sync::{AtomicU64, Ordering::Relaxed};
use atomic_float::AtomicF32;
// Numbers to look at, some of which hang on how long a block took: no part of what loom explores.
#[cfg(loom)]
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Duration;

/// Bucket n counts blocks of less than 2ⁿ µs, and not less than half of that; the last has all above.
pub(crate) const BUCKETS: usize = 24;
/// The most channels that are mixed to.
pub(crate) const MAX_CHANNELS: usize = 8;

/// Single writer, the audio thread: loads and stores, no read-modify-write. Relaxed throughout: nothing is published
/// through these.
#[derive(Debug, Default)]
pub(crate) struct Observed {
    blocks: AtomicU64,
    /// Frames rendered.
    clock: AtomicU64,
    peaks: [AtomicF32; MAX_CHANNELS],
    buckets: [AtomicU64; BUCKETS],
    longest_nanos: AtomicU64,
}

impl Observed {
    /// A block is rendered; `clock` is the frame after it.
    pub(crate) fn rendered(&self, clock: u64) {
        self.blocks.store(self.blocks.load(Relaxed) + 1, Relaxed);
        self.clock.store(clock, Relaxed);
    }

    /// The frame that is rendered next.
    pub(crate) fn clock(&self) -> u64 {
        self.clock.load(Relaxed)
    }

    /// Changes with each block: the heartbeat.
    pub(crate) fn blocks(&self) -> u64 {
        self.blocks.load(Relaxed)
    }

    pub(crate) fn peaks(&self, out: &[f32], channels: usize) {
        let mut peaks = [0.0_f32; MAX_CHANNELS];
        match channels {
            2 => {
                // Eight lanes wide, so that it vectorises.
                let mut lanes = [0.0_f32; 8];
                let chunks = out.chunks_exact(8);
                let rest = chunks.remainder();
                for chunk in chunks {
                    for (lane, sample) in lanes.iter_mut().zip(chunk) {
                        *lane = lane.max(sample.abs());
                    }
                }
                for (lane, sample) in lanes.iter_mut().zip(rest) {
                    *lane = lane.max(sample.abs());
                }
                for (index, lane) in lanes.into_iter().enumerate() {
                    peaks[index % 2] = peaks[index % 2].max(lane);
                }
            }
            _ => {
                for frame in out.chunks_exact(channels) {
                    for (peak, sample) in peaks.iter_mut().zip(frame) {
                        *peak = peak.max(sample.abs());
                    }
                }
            }
        }
        for (published, peak) in self.peaks.iter().zip(peaks).take(channels) {
            // A reader that takes the peak at this very moment may see it again; it never misses one.
            if peak > published.load(Relaxed) {
                published.store(peak, Relaxed);
            }
        }
    }

    /// The highest since the last call, for each channel.
    pub(crate) fn take_peaks(&self, channels: usize) -> Vec<f32> {
        self.peaks.iter().take(channels).map(|peak| peak.swap(0.0, Relaxed)).collect()
    }

    pub(crate) fn took(&self, time: Duration) {
        let micros = u64::try_from(time.as_micros()).unwrap_or(u64::MAX);
        let bucket = (64 - micros.leading_zeros() as usize).min(BUCKETS - 1);
        let counter = &self.buckets[bucket];
        counter.store(counter.load(Relaxed) + 1, Relaxed);
        let nanos = u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        // Stored in any case: what a thread does must not hang on how long it took, or no model of it can be replayed.
        self.longest_nanos.store(nanos.max(self.longest_nanos.load(Relaxed)), Relaxed);
    }

    pub(crate) fn histogram(&self) -> Histogram {
        let counts = self.buckets.iter().map(|bucket| bucket.load(Relaxed)).collect();
        Histogram { counts, longest: Duration::from_nanos(self.longest_nanos.load(Relaxed)) }
    }
}

/// How long blocks took to render, by powers of two.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Histogram {
    /// `counts[n]` blocks took less than 2ⁿ µs, and at least 2ⁿ⁻¹ µs.
    pub counts: Vec<u64>,
    /// The longest.
    #[cfg_attr(feature = "serde", serde(serialize_with = "crate::seconds::serialize"))]
    pub longest: Duration,
}

impl Histogram {
    /// Blocks measured.
    pub fn blocks(&self) -> u64 {
        self.counts.iter().sum()
    }

    /// An upper bound on what the fastest `part` (0 to 1) of the blocks took. Zero if there were none.
    pub fn quantile(&self, part: f64) -> Duration {
        let wanted = (self.blocks() as f64 * part.clamp(0.0, 1.0)).ceil() as u64;
        let mut passed = 0;
        for (bucket, count) in self.counts.iter().enumerate() {
            passed += count;
            if *count > 0 && passed >= wanted {
                return Duration::from_micros(1 << bucket).min(self.longest);
            }
        }
        Duration::ZERO
    }
}

/// How loud the output is.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Levels {
    /// The highest sample of each channel since the last call, linear: 1.0 is full scale.
    pub peak: Vec<f32>,
}

#[cfg(all(test, not(loom)))]
mod tests;
