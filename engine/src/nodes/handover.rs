//! From who prepares a processor to who holds its handle: both on control's side, the audio thread has no part in it.

#![allow(clippy::disallowed_types, reason = "control gives, a caller takes")]

use crate::sync::{Mutex, lock};
use std::sync::Arc;

/// The reading end, on its way from who prepares a processor to who holds its handle.
#[derive(Debug)]
pub(super) struct Handover<T>(Arc<Mutex<Option<T>>>);

impl<T> Handover<T> {
    pub(super) fn put(&self, value: T) {
        *lock(&self.0) = Some(value);
    }

    pub(super) fn take(&self) -> Option<T> {
        lock(&self.0).take()
    }
}

impl<T> Default for Handover<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Handover<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
