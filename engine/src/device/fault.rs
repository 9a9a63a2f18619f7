//! What went wrong since the start: told by the device's thread, asked for by the control side.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use super::DeviceFault;

/// Counters between a device's thread and the control side.
///
/// A broken backend may report 300,000 errors a second on its audio thread, so telling is a few atomic operations,
/// and errors with no block between them count as one. `Relaxed` throughout: the counters publish nothing but
/// themselves.
#[derive(Debug, Default)]
pub(super) struct Faults {
    lost: AtomicU64,
    lost_taken: AtomicBool,
    xruns: AtomicU64,
    /// A complaint came since the last block.
    #[cfg(any(feature = "cpal", test))]
    troubled: AtomicBool,
}

impl Faults {
    /// The device is gone. Any thread, wait-free.
    pub(super) fn lost(&self) {
        self.lost.fetch_add(1, Relaxed);
    }

    /// The device complained and goes on. Any thread, wait-free.
    #[cfg(any(feature = "cpal", test))]
    pub(super) fn trouble(&self) {
        if !self.troubled.swap(true, Relaxed) {
            self.xruns.fetch_add(1, Relaxed);
        }
    }

    /// A block was asked for: the next complaint is another one. Any thread, wait-free.
    #[cfg(any(feature = "cpal", test))]
    pub(super) fn block(&self) {
        self.troubled.store(false, Relaxed);
    }

    /// Answers [`Device::fault`](super::Device::fault). A loss comes before what led to it, and only once: a device that is gone is not
    /// lost again when its backend says so twice.
    pub(super) fn take(&self) -> Option<(DeviceFault, u64)> {
        let lost = self.lost.load(Relaxed);
        if lost > 0 && !self.lost_taken.swap(true, Relaxed) {
            return Some((DeviceFault::Lost, lost));
        }
        match self.xruns.swap(0, Relaxed) {
            0 => None,
            xruns => Some((DeviceFault::Xrun, xruns)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_wrong_is_nothing_said() {
        assert_eq!(Faults::default().take(), None);
    }

    /// One backend repeats one error hundreds of thousands of times a second.
    #[test]
    fn a_flood_of_errors_without_a_block_between_is_one() {
        let faults = Faults::default();
        for _ in 0..300_000 {
            faults.trouble();
        }
        assert_eq!(faults.take(), Some((DeviceFault::Xrun, 1)));
        assert_eq!(faults.take(), None);
    }

    #[test]
    fn errors_between_blocks_are_counted_until_taken() {
        let faults = Faults::default();
        for _ in 0..3 {
            faults.block();
            faults.trouble();
        }
        assert_eq!(faults.take(), Some((DeviceFault::Xrun, 3)));
    }

    #[test]
    fn a_loss_is_told_once_and_first() {
        let faults = Faults::default();
        faults.trouble();
        faults.lost();
        faults.lost();
        assert_eq!(faults.take(), Some((DeviceFault::Lost, 2)));
        faults.lost();
        assert_eq!(faults.take(), Some((DeviceFault::Xrun, 1)));
        assert_eq!(faults.take(), None);
    }
}
