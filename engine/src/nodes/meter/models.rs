//! A model of the peak's exchange: explored by loom in every interleaving.

use super::peaks::{PeakReader, PeakWriter, Peaks};
use crate::sync::explore;
use std::sync::Arc;

/// The writer publishes a peak, a higher one and a lower one, while somebody looks, and looks, and looks once more when
/// it has ended.
fn look_while(published: [f32; 3]) {
    explore(move || {
        let peaks = Arc::new(Peaks::new(1));
        let shared = Arc::clone(&peaks);
        let writer = loom::thread::spawn(move || {
            let mut writer = PeakWriter::new(1);
            for peak in published {
                writer.publish(&shared, [peak].into_iter());
            }
        });
        let mut reader = PeakReader::new(1);
        let mut told = Vec::new();
        let mut look = || {
            let mut seen = 0.0;
            reader.take(&peaks, |_, peak| seen = peak);
            told.push(seen);
        };
        look();
        look();
        writer.join().expect("it does not panic");
        look();
        look();
        let highest = published.into_iter().fold(0.0, f32::max);
        assert_eq!(told.iter().filter(|peak| **peak == highest).count(), 1, "{told:?}");
        assert_eq!(told[3], 0.0, "what was told once is not told again: {told:?}");
        assert!(told.iter().all(|peak| *peak == 0.0 || published.contains(peak)), "{told:?}");
        // A lower peak behind the highest is told, or fell to the time before the highest was told.
        let order: Vec<_> = told.iter().filter(|peak| **peak > 0.0).collect();
        for pair in order.windows(2) {
            let place = |peak: &f32| published.iter().position(|published| published == peak);
            assert!(place(pair[0]) < place(pair[1]), "in the order of their coming: {told:?}");
        }
    });
}

/// Each peak is told once, whatever comes after it.
/// The mutant `peak-published-relaxed` breaks it.
#[test]
fn the_highest_peak_is_told_exactly_once() {
    for published in [[0.25, 0.75, 0.5], [0.75, 0.5, 0.25], [0.25, 0.5, 0.75]] {
        look_while(published);
    }
}
