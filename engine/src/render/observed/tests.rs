//! The numbers that the audio thread leaves.

use super::*;

/// The highest of each channel, whichever its sign and wherever in the block, until somebody takes it.
#[test]
fn peaks_are_the_highest_of_each_channel_until_they_are_taken() {
    for channels in 1..=MAX_CHANNELS {
        for at in 0..11 * channels {
            let observed = Observed::default();
            let mut out = vec![0.25; 11 * channels];
            out[at] = -0.5;
            let mut wanted = vec![0.25; channels];
            wanted[at % channels] = 0.5;
            observed.peaks(&out, channels);
            observed.peaks(&vec![0.125; 3 * channels], channels);
            assert_eq!(observed.take_peaks(channels), wanted, "{channels} channels, sample {at}");
            assert_eq!(observed.take_peaks(channels), vec![0.0; channels]);
        }
    }
}

/// Bucket n has what took less than 2ⁿ µs and no less than half of it; the longest is kept as it was.
#[test]
fn blocks_are_counted_by_powers_of_two() {
    let observed = Observed::default();
    let micros = [0, 1, 2, 3, 4, 1_023, 1_024, 10_000_000];
    for time in micros.into_iter().map(Duration::from_micros) {
        observed.took(time);
    }
    let histogram = observed.histogram();
    let mut wanted = vec![0; BUCKETS];
    for bucket in [0, 1, 2, 2, 3, 10, 11, BUCKETS - 1] {
        wanted[bucket] += 1;
    }
    assert_eq!((histogram.blocks(), histogram.longest), (8, Duration::from_secs(10)));
    assert_eq!(histogram.counts, wanted);
}

/// A bound on what so many of the blocks took, and never more than the longest took.
#[test]
fn a_quantile_bounds_so_many_blocks() {
    let observed = Observed::default();
    assert_eq!(observed.histogram().quantile(0.5), Duration::ZERO, "there were none");
    for (blocks, micros) in [(90, 3), (9, 100), (1, 700)] {
        for _ in 0..blocks {
            observed.took(Duration::from_micros(micros));
        }
    }
    let histogram = observed.histogram();
    for (part, micros) in [
        (-1.0, 4),
        (0.0, 4),
        (0.5, 4),
        (0.9, 4),
        (0.901, 128),
        (0.99, 128),
        (0.991, 700),
        (1.0, 700),
        (2.0, 700),
    ] {
        assert_eq!(histogram.quantile(part), Duration::from_micros(micros), "{part}");
    }
}

/// The heartbeat changes with each block; the clock is where the last one ended.
#[test]
fn each_block_is_a_beat() {
    let observed = Observed::default();
    for (block, clock) in [(1, 480), (2, 960), (3, 961)] {
        observed.rendered(clock);
        assert_eq!((observed.blocks(), observed.clock()), (block, clock));
    }
}
