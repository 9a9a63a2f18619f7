//! Rendering 16, 256 and 1000 streams: the floor, Codetta, oddio and Firewheel.
//!
//! One element is one frame of one stream, so criterion's throughput is its inverse cost. `ratios` takes the same
//! contestants in turns, block by block, and is the one to judge by.

use codetta_benches::{
    BLOCK, CodettaStreams, Contestant, FirewheelSamplers, Floor, OddioFrames, OddioStreams, Timing,
};
use criterion::{BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main};
use std::time::Duration;

fn mix(c: &mut Criterion) {
    let mut timing = Timing::default();
    for streams in [16, 256, 1000] {
        let mut group = c.benchmark_group("mix");
        group.throughput(Throughput::Elements((streams * BLOCK) as u64));
        // Flat: samples of equally many blocks, so that the first, cold block of each weighs the same.
        group.sampling_mode(SamplingMode::Flat).sample_size(20);
        group.warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(3));
        let mut run = |mut contestant: Box<dyn Contestant>| {
            group.bench_function(BenchmarkId::new(contestant.name(), streams), |bencher| {
                bencher.iter_custom(|blocks| timing.blocks(&mut *contestant, blocks));
            });
        };
        run(Box::new(Floor::new(streams)));
        run(Box::new(CodettaStreams::new(streams)));
        run(Box::new(OddioFrames::new(streams)));
        run(Box::new(OddioStreams::new(streams)));
        run(Box::new(FirewheelSamplers::new(streams)));
        group.finish();
    }
}

criterion_group!(benches, mix);
criterion_main!(benches);
