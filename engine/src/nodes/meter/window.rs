//! The mean square of the latest frames of a channel, which does not drift.

/// Sums a window is made of: so old, at most, is what it tells, in parts of its length.
const BLOCKS: usize = 30;

/// Sums side by side, so that the loop vectorises. Which of them a sample goes to is counted in frames, so that the sum
/// is the same bits in any calls.
const LANES: usize = 8;

/// Squares are summed over blocks of a fixed length, and the blocks' sums anew whenever one is complete. What is added
/// is never taken away again: nothing is left over from a loud past, and a bad sample is forgotten with its block.
#[derive(Debug)]
pub(super) struct Window {
    /// In double precision no square of an `f32` is too great.
    lanes: [f64; LANES],
    /// Frames in the lanes.
    filled: usize,
    /// Frames that make a block.
    block: usize,
    sums: [f64; BLOCKS],
    /// The oldest of them.
    next: usize,
    rms: f32,
}

impl Window {
    /// Of `frames` frames, rounded up to thirty equal parts; silent before it is full.
    pub(super) fn new(frames: usize) -> Self {
        Self {
            lanes: [0.0; LANES],
            filled: 0,
            block: frames.div_ceil(BLOCKS).max(1),
            sums: [0.0; BLOCKS],
            next: 0,
            rms: 0.0,
        }
    }

    pub(super) fn hear(&mut self, mut samples: &[f32]) {
        while !samples.is_empty() {
            let (now, later) = samples.split_at(samples.len().min(self.block - self.filled));
            self.add(now);
            if self.filled == self.block {
                self.complete();
            }
            samples = later;
        }
    }

    /// Root of the mean square over the window, as of the latest complete block.
    pub(super) fn rms(&self) -> f32 {
        self.rms
    }

    fn add(&mut self, samples: &[f32]) {
        let lane = self.filled % LANES;
        let to_first = (LANES - lane) % LANES;
        let (head, rest) = samples.split_at(samples.len().min(to_first));
        add_squares(&mut self.lanes[lane..], head);
        let whole = rest.chunks_exact(LANES);
        let tail = whole.remainder();
        for chunk in whole {
            add_squares(&mut self.lanes, chunk);
        }
        add_squares(&mut self.lanes, tail);
        self.filled += samples.len();
    }

    fn complete(&mut self) {
        self.sums[self.next] = self.lanes.iter().sum();
        self.next = (self.next + 1) % BLOCKS;
        self.lanes = [0.0; LANES];
        self.filled = 0;
        let total: f64 = self.sums.iter().sum();
        self.rms = (total / (self.block as f64 * BLOCKS as f64)).sqrt() as f32;
    }
}

fn add_squares(lanes: &mut [f64], samples: &[f32]) {
    for (lane, sample) in lanes.iter_mut().zip(samples) {
        *lane += f64::from(*sample) * f64::from(*sample);
    }
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// However it is cut, it is the same bits.
    #[test]
    fn any_cut_gives_the_same_sum() {
        let samples: Vec<f32> = (0..10_000).map(|n| (n as f32 * 0.37).sin()).collect();
        let sums = |cut: usize| {
            let mut window = Window::new(1_000);
            samples.chunks(cut).for_each(|chunk| window.hear(chunk));
            window.sums.map(f64::to_bits)
        };
        for cut in [1, 7, 64, 333, 512] {
            assert_eq!(sums(cut), sums(10_000), "{cut}");
        }
    }

    /// Soon after the loudest sound that there is, what is heard is exact, and silence is silence.
    #[test]
    fn nothing_is_left_of_a_loud_past() {
        let mut window = Window::new(300);
        window.hear(&[f32::MAX; 300]);
        assert!(window.rms().is_finite());
        for n in 0..1_000_u16 {
            window.hear(&[1e-3 * f32::from(n % 7); 97]);
        }
        window.hear(&[0.5; 330]);
        assert_eq!(window.rms(), 0.5);
        window.hear(&[0.0; 330]);
        assert_eq!(window.rms(), 0.0);
    }
}
