//! The least that the machine can do: a loop over the same memory, and nothing else.

use crate::{BLOCK, BUFFER_FRAMES, CHANNELS, Contestant, gain_db, signal};

/// Rings read in place, scaled and added; no queue, no state, no fades, no account of anything.
///
/// It promises nothing that an engine must promise, so no engine can be expected to reach it.
#[derive(Debug)]
pub struct Floor {
    rings: Vec<Ring>,
}

#[derive(Debug)]
struct Ring {
    samples: Vec<f32>,
    /// In samples.
    position: usize,
    gain: f32,
}

impl Floor {
    /// A floor of `streams` rings.
    pub fn new(streams: usize) -> Self {
        let ring = |stream| Ring {
            samples: signal(stream),
            // Rings that wrap in the same block would make that block the worst.
            position: stream * BLOCK * CHANNELS % (BUFFER_FRAMES * CHANNELS),
            gain: 10_f32.powf(gain_db(stream) / 20.0),
        };
        Self { rings: (0..streams).map(ring).collect() }
    }
}

impl Contestant for Floor {
    fn name(&self) -> &'static str {
        "floor"
    }

    fn refill(&mut self, _blocks: usize) {}

    fn render(&mut self, out: &mut [f32]) {
        out.fill(0.0);
        for ring in &mut self.rings {
            let ahead = &ring.samples[ring.position..];
            let first = ahead.len().min(out.len());
            let (head, tail) = out.split_at_mut(first);
            add(head, &ahead[..first], ring.gain);
            add(tail, &ring.samples[..tail.len()], ring.gain);
            ring.position = (ring.position + out.len()) % ring.samples.len();
        }
    }
}

/// Adds `gain × input` to `out`, with the widest vectors that this processor has.
pub(crate) fn add(out: &mut [f32], input: &[f32], gain: f32) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") && std::arch::is_x86_feature_detected!("fma") {
        #[allow(unsafe_code, reason = "a call into code built for AVX2 is unsafe, however safe the code")]
        // SAFETY: the processor has AVX2 and FMA, as was asked one line above.
        return unsafe { add_avx2(out, input, gain) };
    }
    for (o, i) in out.iter_mut().zip(input) {
        *o += gain * i;
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2,fma")]
fn add_avx2(out: &mut [f32], input: &[f32], gain: f32) {
    for (o, i) in out.iter_mut().zip(input) {
        *o = gain.mul_add(*i, *o);
    }
}

/// Sets `out` to `gain × input`, likewise.
pub(crate) fn set(out: &mut [f32], input: &[f32], gain: f32) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[allow(unsafe_code, reason = "a call into code built for AVX2 is unsafe, however safe the code")]
        // SAFETY: the processor has AVX2, as was asked one line above.
        return unsafe { set_avx2(out, input, gain) };
    }
    for (o, i) in out.iter_mut().zip(input) {
        *o = gain * i;
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn set_avx2(out: &mut [f32], input: &[f32], gain: f32) {
    for (o, i) in out.iter_mut().zip(input) {
        *o = gain * i;
    }
}

/// Multiplies `out` by `gain`, likewise.
pub(crate) fn scale(out: &mut [f32], gain: f32) {
    #[cfg(target_arch = "x86_64")]
    if std::arch::is_x86_feature_detected!("avx2") {
        #[allow(unsafe_code, reason = "a call into code built for AVX2 is unsafe, however safe the code")]
        // SAFETY: the processor has AVX2, as was asked one line above.
        return unsafe { scale_avx2(out, gain) };
    }
    for o in out {
        *o *= gain;
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn scale_avx2(out: &mut [f32], gain: f32) {
    for o in out {
        *o *= gain;
    }
}
