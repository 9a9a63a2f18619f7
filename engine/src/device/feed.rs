//! From blocks as a sound card asks for them to blocks as the callback likes them. Audio thread: no allocation, no lock.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use super::{Callback, Format, fault::Faults, pcm};
use crate::guests::let_go;

/// Most frames that the callback is asked for at once. Systems were seen to ask for 1 and for 96,000, and to change
/// that as they go; the scratch must hold a call without growing.
const SUB_BLOCK: usize = 1024;

/// A sample as a sound card takes it.
pub(super) trait Encoded: Copy + Send + 'static {
    /// Nothing to hear.
    const SILENCE: Self;
    /// Rounded and saturated; floats as they are.
    fn encode(sample: f32) -> Self;
}

impl Encoded for f32 {
    const SILENCE: Self = 0.0;
    fn encode(sample: f32) -> Self {
        sample
    }
}

impl Encoded for i16 {
    const SILENCE: Self = 0;
    fn encode(sample: f32) -> Self {
        pcm::to_i16(sample)
    }
}

impl Encoded for i32 {
    const SILENCE: Self = 0;
    fn encode(sample: f32) -> Self {
        pcm::to_i32(sample)
    }
}

impl Encoded for u16 {
    const SILENCE: Self = 0x8000;
    fn encode(sample: f32) -> Self {
        pcm::to_u16(sample)
    }
}

/// Feeds a sound card from the callback, whatever the card does.
pub(super) struct Feed {
    callback: Callback,
    scratch: Vec<f32>,
    format: Format,
    stop: Arc<AtomicBool>,
    faults: Arc<Faults>,
    latency: Duration,
    /// What the callback panicked with: it is nothing to be freed on the audio thread, so it goes with the rest.
    wreck: Option<Box<dyn Any + Send>>,
}

impl Feed {
    /// **Thread**: control; it allocates what the audio thread will need.
    pub(super) fn new(
        callback: Callback,
        format: Format,
        stop: Arc<AtomicBool>,
        faults: Arc<Faults>,
    ) -> Self {
        let scratch = vec![0.0; SUB_BLOCK * format.channels];
        Self { callback, scratch, format, stop, faults, latency: Duration::ZERO, wreck: None }
    }

    /// Fills a block of any length, which is heard in `latency`; where the system does not know this time, as last time.
    /// Where it never knows, at once, but not before: while a block is rendered nothing of it is heard.
    ///
    /// What a stopped feed, or one whose callback has panicked, has to give is silence: a panic that leaves here
    /// ends one backend's thread without a word and another one's process.
    pub(super) fn fill<T: Encoded>(&mut self, out: &mut [T], latency: Option<Duration>) {
        #[cfg(feature = "rt-guard")]
        let _scope = rtguard::Scope::enter();
        self.faults.block();
        self.latency = latency.unwrap_or(self.latency);
        let mut offset = 0;
        for block in out.chunks_mut(self.scratch.len()) {
            let scratch = &mut self.scratch[..block.len()];
            let whole = block.len() % self.format.channels == 0;
            // Relaxed: nothing is handed over by the flag, it only has to be seen soon.
            if self.wreck.is_some() || !whole || self.stop.load(Ordering::Relaxed) {
                block.fill(T::SILENCE);
                continue;
            }
            let heard = self.latency + lasting(offset, self.format.sample_rate);
            let callback = &mut self.callback;
            if let Err(wreck) = catch_unwind(AssertUnwindSafe(|| callback(scratch, Some(heard)))) {
                self.wreck = Some(wreck);
                self.faults.lost();
                block.fill(T::SILENCE);
                continue;
            }
            for (out, &sample) in block.iter_mut().zip(&*scratch) {
                *out = T::encode(sample);
            }
            offset += block.len() / self.format.channels;
        }
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        let_go(self.wreck.take());
    }
}

fn lasting(frames: usize, sample_rate: u32) -> Duration {
    Duration::from_nanos(frames as u64 * 1_000_000_000 / u64::from(sample_rate))
}

#[cfg(test)]
mod tests {
    use std::{panic::panic_any, sync::mpsc};

    use super::*;
    use crate::{device::DeviceFault, guests::tests::Bomb};

    const STEREO: Format = Format { sample_rate: 48_000, channels: 2 };

    fn feed(callback: impl FnMut(&mut [f32], Option<Duration>) + Send + 'static) -> Feed {
        Feed::new(Box::new(callback), STEREO, Arc::default(), Arc::default())
    }

    /// Sample `n` holds `n`.
    fn counting() -> impl FnMut(&mut [f32], Option<Duration>) + Send {
        let mut sample = 0.0;
        move |block, _| {
            for out in block {
                *out = sample;
                sample += 1.0;
            }
        }
    }

    /// One sound server's first block is two seconds.
    #[test]
    fn blocks_of_any_length_come_out_whole_in_order_and_in_bounded_calls() {
        let (tell, told) = mpsc::channel();
        let mut count = counting();
        let mut feed = feed(move |block, latency| {
            rtguard::permit(|| tell.send(block.len()).unwrap());
            count(block, latency);
        });
        let mut heard = Vec::new();
        for frames in [1, 96_000, 480, 1_024, 1_025, 0, 7] {
            let mut out = vec![-1.0f32; frames * 2];
            feed.fill(&mut out, None);
            heard.extend(out);
        }
        let expected: Vec<f32> = (0..heard.len()).map(|n| n as f32).collect();
        assert_eq!(heard, expected);
        assert!(told.try_iter().all(|samples| (2..=2 * SUB_BLOCK).contains(&samples)));
    }

    #[test]
    fn each_call_is_told_when_its_own_first_frame_is_heard() {
        let (tell, told) = mpsc::channel();
        let mut feed = feed(move |_, latency| rtguard::permit(|| tell.send(latency).unwrap()));
        feed.fill(&mut [0.0f32; 2 * 2_400], Some(Duration::from_millis(20)));
        let nanos = || told.try_iter().map(|latency| latency.unwrap().as_nanos()).collect::<Vec<_>>();
        assert_eq!(nanos(), [20_000_000, 41_333_333, 62_666_666]);
        feed.fill(&mut [0.0f32; 2 * 2_400], None);
        assert_eq!(nanos(), [20_000_000, 41_333_333, 62_666_666], "what it said last");
    }

    /// What is being rendered is not heard, whatever the system does not know.
    #[test]
    fn where_no_latency_is_known_a_block_is_heard_from_its_first_frame_on() {
        let (tell, told) = mpsc::channel();
        let mut feed = feed(move |_, latency| rtguard::permit(|| tell.send(latency).unwrap()));
        feed.fill(&mut [0.0f32; 2 * 480], None);
        assert_eq!(told.try_iter().collect::<Vec<_>>(), [Some(Duration::ZERO)]);
    }

    #[test]
    fn each_encoding_gets_its_own_scale_and_silence() {
        let mut feed = feed(|block, _| block.copy_from_slice(&[0.5, -2.0]));
        let (mut a, mut b, mut c, mut d) = ([0.0f32; 2], [0i16; 2], [0i32; 2], [0u16; 2]);
        feed.fill(&mut a, None);
        feed.fill(&mut b, None);
        feed.fill(&mut c, None);
        feed.fill(&mut d, None);
        assert_eq!((a, b, c, d), ([0.5, -2.0], [16_384, i16::MIN], [1 << 30, i32::MIN], [49_152, 0]));
        feed.stop.store(true, Ordering::Relaxed);
        feed.fill(&mut b, None);
        feed.fill(&mut d, None);
        assert_eq!((b, d), ([0; 2], [0x8000; 2]));
    }

    #[test]
    fn a_stop_inside_a_long_block_is_silence_from_the_next_call_on() {
        let stop = Arc::new(AtomicBool::new(false));
        let theirs = Arc::clone(&stop);
        let callback = move |block: &mut [f32], _| {
            block.fill(1.0);
            theirs.store(true, Ordering::Relaxed);
        };
        let mut feed = Feed::new(Box::new(callback), STEREO, stop, Arc::default());
        let mut out = [0.5f32; 2 * 2 * SUB_BLOCK];
        feed.fill(&mut out, None);
        assert!(out[..2 * SUB_BLOCK].iter().all(|&s| s == 1.0));
        assert!(out[2 * SUB_BLOCK..].iter().all(|&s| s == 0.0));
    }

    #[test]
    #[cfg_attr(feature = "rt-guard", ignore = "a panic allocates, and prints")]
    fn a_panic_is_a_lost_device_and_silence_for_good() {
        let mut calls = 0;
        let mut feed = feed(move |block, _| {
            block.fill(1.0);
            calls += 1;
            assert!(calls < 2, "told to");
        });
        let mut out = [0.5f32; 4];
        feed.fill(&mut out, None);
        assert_eq!(out, [1.0; 4]);
        for _ in 0..3 {
            feed.fill(&mut out, None);
            assert_eq!(out, [0.0; 4]);
        }
        assert_eq!(feed.faults.take(), Some((DeviceFault::Lost, 1)));
        assert_eq!(feed.faults.take(), None);
    }

    /// What it panicked with is freed with the rest, and not in the block: that may panic too.
    #[test]
    #[cfg_attr(feature = "rt-guard", ignore = "a panic allocates, and prints")]
    fn a_panic_that_panics_is_a_lost_device_too() {
        let mut feed = feed(|_, _| panic_any(Bomb));
        let mut out = [0.5f32; 4];
        feed.fill(&mut out, None);
        assert_eq!((out, feed.faults.take()), ([0.0; 4], Some((DeviceFault::Lost, 1))));
    }

    #[test]
    fn part_of_a_frame_is_silence_not_a_call() {
        let mut feed = feed(|_, _| panic!("called"));
        let mut out = [0.5f32; 3];
        feed.fill(&mut out, None);
        assert_eq!((out, feed.faults.take()), ([0.0; 3], None));
    }
}
