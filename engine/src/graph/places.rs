//! Places on the audio thread: who may have one, and that there is one.

/// Places of a fixed number, used again.
#[derive(Debug, Clone)]
pub(crate) struct Places {
    free: Vec<u32>,
    next: u32,
    max: u32,
    /// One was asked for, and there was none.
    pub(crate) ran_out: bool,
}

impl Places {
    pub(crate) fn new(max: usize) -> Self {
        Self { free: Vec::new(), next: 0, max: max as u32, ran_out: false }
    }

    pub(crate) fn left(&self) -> usize {
        self.free.len() + (self.max - self.next) as usize
    }

    pub(crate) fn take(&mut self) -> Option<u32> {
        let fresh = || (self.next < self.max).then_some(self.next);
        let place = self.free.pop().or_else(fresh);
        self.ran_out |= place.is_none();
        self.next = self.next.max(place.map_or(0, |place| place + 1));
        place
    }

    /// A place is free again, if there was one.
    pub(crate) fn give(&mut self, place: Option<u32>) {
        self.free.extend(place);
    }

    /// How many there are, taken or not.
    pub(crate) fn all(&self) -> usize {
        self.max as usize
    }
}
