//! The peak since somebody last looked: no peak is lost and none is told twice, with one writer on either side and
//! without a read-modify-write.

use crate::sync::{AtomicU64, Ordering};

/// What the two sides share. The reader numbers its looks; the writer keeps the peaks of two of them, turn about, and
/// says which it is at. So the reader sees, one look later, what was still written to the look that it had taken.
#[derive(Debug)]
pub(super) struct Peaks {
    /// The reader's: the look that peaks are for.
    wanted: AtomicU64,
    /// The writer's: the look that it has written to.
    written: AtomicU64,
    /// The writer's: bits of `f32`, which order as the numbers do where none is below zero. One row for odd looks and
    /// one for even ones.
    rows: [Box<[AtomicU64]>; 2],
}

/// The audio thread's side.
#[derive(Debug)]
pub(super) struct PeakWriter {
    look: u64,
    peaks: Box<[f32]>,
}

/// The other side.
#[derive(Debug)]
pub(super) struct PeakReader {
    look: u64,
    /// What this look, and the one before it, have told.
    told: [Box<[f32]>; 2],
}

impl Peaks {
    pub(super) fn new(channels: usize) -> Self {
        let row = || (0..channels).map(|_| AtomicU64::new(0)).collect();
        Self { wanted: AtomicU64::new(0), written: AtomicU64::new(0), rows: [row(), row()] }
    }

    fn row(&self, look: u64) -> &[AtomicU64] {
        &self.rows[usize::from(look % 2 == 1)]
    }
}

impl PeakWriter {
    pub(super) fn new(channels: usize) -> Self {
        Self { look: 0, peaks: vec![0.0; channels].into() }
    }

    /// Publishes the peaks of some frames, one for each channel.
    ///
    /// **Thread**: audio thread, wait-free.
    pub(super) fn publish(&mut self, to: &Peaks, peaks: impl Iterator<Item = f32>) {
        // Acquire: the reader has done with the row that is written next.
        let wanted = to.wanted.load(Ordering::Acquire);
        if wanted != self.look {
            self.look = wanted;
            self.peaks.fill(0.0);
        }
        for ((highest, peak), cell) in self.peaks.iter_mut().zip(peaks).zip(to.row(wanted)) {
            *highest = highest.max(peak);
            cell.store(u64::from(highest.to_bits()), Ordering::Relaxed);
        }
        // Release: who sees this sees the peaks, and the last that were written to the row before.
        to.written.store(wanted, Ordering::Release);
    }
}

impl PeakReader {
    pub(super) fn new(channels: usize) -> Self {
        let none = || vec![0.0; channels].into();
        Self { look: 0, told: [none(), none()] }
    }

    /// Tells each channel's peak since the last call. Wait-free.
    pub(super) fn take(&mut self, from: &Peaks, mut tell: impl FnMut(usize, f32)) {
        // Acquire: see `publish`.
        let is_current = from.written.load(Ordering::Acquire) == self.look;
        let [now, before] = &mut self.told;
        for channel in 0..now.len() {
            let late = news(&mut before[channel], &from.row(self.look + 1)[channel], self.look > 0);
            let new = news(&mut now[channel], &from.row(self.look)[channel], is_current);
            tell(channel, late.max(new));
        }
        // Until the writer has come to this look there is no next one: two rows are enough.
        if is_current {
            self.told.swap(0, 1);
            self.told[0].fill(0.0);
            self.look += 1;
            // Release: what was read above was read before.
            from.wanted.store(self.look, Ordering::Release);
        }
    }
}

/// What a cell says above what it was told to say; a lower peak falls to the time before that was told.
fn news(told: &mut f32, cell: &AtomicU64, is_valid: bool) -> f32 {
    let bits = if is_valid { cell.load(Ordering::Relaxed) } else { 0 };
    let peak = f32::from_bits(bits as u32);
    if peak > *told {
        *told = peak;
        return peak;
    }
    0.0
}
