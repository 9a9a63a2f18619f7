//! Which frames of a buffer may sound: everything outside is zero, and what is silent costs nothing.

/// The frames from the first to the last that may be anything but zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hull {
    pub(crate) start: u32,
    pub(crate) end: u32,
}

impl Hull {
    /// Nothing sounds. What stands in the buffer then is not to be read.
    pub(crate) const SILENT: Self = Self { start: u32::MAX, end: 0 };

    pub(crate) fn new(start: usize, end: usize) -> Self {
        if start < end { Self { start: start as u32, end: end as u32 } } else { Self::SILENT }
    }

    #[inline]
    pub(crate) fn is_silent(self) -> bool {
        self.start >= self.end
    }

    #[inline]
    pub(crate) fn join(self, other: Self) -> Self {
        Self { start: self.start.min(other.start), end: self.end.max(other.end) }
    }
}
