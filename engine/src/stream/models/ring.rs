//! A bounded single-producer single-consumer ring like rtrb's, on loom's atomics and cells.
//!
//! As in rtrb, each side keeps its own position and the other's as last seen, looks again only where that does not
//! suffice, and publishes with Release what the other reads with Acquire.

#![allow(unsafe_code)] // The cells' contents; loom checks each access.

use crate::sync::{AtomicU64, Ordering, UnsafeCell};
use std::sync::Arc;

struct Ring<T> {
    head: AtomicU64,
    tail: AtomicU64,
    places: Vec<UnsafeCell<Option<T>>>,
}

// SAFETY: a place is the sender's between `head + len` and its push, the receiver's between the push and its pop; loom
// reports any access outside of that.
unsafe impl<T: Send> Sync for Ring<T> {}

impl<T> Ring<T> {
    fn exchange(&self, at: u64, value: Option<T>) -> Option<T> {
        let place = &self.places[at as usize % self.places.len()];
        // SAFETY: see above; the reference ends before loom's access does.
        place.with_mut(|held| std::mem::replace(unsafe { &mut *held }, value))
    }
}

pub(super) struct Sender<T> {
    ring: Arc<Ring<T>>,
    tail: u64,
    head_seen: u64,
}

pub(super) struct Receiver<T> {
    ring: Arc<Ring<T>>,
    head: u64,
    tail_seen: u64,
}

pub(super) fn ring<T>(len: usize) -> (Sender<T>, Receiver<T>) {
    let places = (0..len).map(|_| UnsafeCell::new(None)).collect();
    let ring = Arc::new(Ring { head: AtomicU64::new(0), tail: AtomicU64::new(0), places });
    let sender = Sender { ring: Arc::clone(&ring), tail: 0, head_seen: 0 };
    (sender, Receiver { ring, head: 0, tail_seen: 0 })
}

impl<T> Sender<T> {
    /// `false`: full.
    #[must_use]
    pub(super) fn push(&mut self, value: T) -> bool {
        let len = self.ring.places.len() as u64;
        if self.tail - self.head_seen == len {
            self.head_seen = self.ring.head.load(Ordering::Acquire);
            if self.tail - self.head_seen == len {
                return false;
            }
        }
        self.ring.exchange(self.tail, Some(value));
        self.tail += 1;
        self.ring.tail.store(self.tail, Ordering::Release);
        true
    }
}

impl<T> Receiver<T> {
    /// How many can be taken: this is where the tail is looked at.
    pub(super) fn slots(&mut self) -> u64 {
        self.tail_seen = self.ring.tail.load(Ordering::Acquire);
        self.tail_seen - self.head
    }

    pub(super) fn pop(&mut self) -> Option<T> {
        if self.head == self.tail_seen && self.slots() == 0 {
            return None;
        }
        let value = self.ring.exchange(self.head, None);
        self.head += 1;
        self.ring.head.store(self.head, Ordering::Release);
        value
    }
}
