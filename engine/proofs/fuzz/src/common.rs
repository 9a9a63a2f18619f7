//! What the targets share, with each other and with the engine's tests.

use crate::player::PcmSource;
pub(crate) use crate::truth::{assert_balanced, assert_truthful};
use std::time::Duration;

pub(crate) const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// Samples that are read of one source: what comes after is not likely to be new, and takes its time.
const MOST: usize = 1 << 18;

/// Reads a source to its end, to its first error, or to some seconds of it, and holds it to its word.
pub(crate) fn read(source: &mut dyn PcmSource) -> Vec<f32> {
    let spec = source.spec();
    assert!((1..=2).contains(&spec.channels), "{spec:?}");
    let (mut every, mut some) = (Vec::new(), Vec::new());
    while every.len() < MOST && source.read(&mut some).is_ok() {
        if some.is_empty() {
            let again = source.read(&mut some);
            assert!(again.is_ok() && some.is_empty(), "the end is the end");
            break;
        }
        assert!(some.len().is_multiple_of(spec.channels), "whole frames");
        assert!(some.iter().all(|sample| sample.is_finite()), "only numbers");
        every.append(&mut some);
    }
    assert_eq!(source.spec(), spec, "it never changes");
    let _ = source.damage();
    every
}
