//! The graph's contestants under criterion: the time of a block of a thousand nodes.
//!
//! `graph` is the judge: there they render in turns, here one after the other.

use std::time::Duration;

use codetta_benches::{Timing, graph};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

fn graphs(c: &mut Criterion) {
    for shape in graph::Shape::ALL {
        let mut group = c.benchmark_group(format!("graph/{}", shape.name()));
        group.sample_size(20).measurement_time(Duration::from_secs(2)).warm_up_time(Duration::from_secs(1));
        for block in graph::BLOCKS {
            // Elements are frames of nodes: criterion's rate is the inverse of the judge's cost.
            group.throughput(Throughput::Elements((shape.nodes() * block) as u64));
            for mut contestant in shape.contestants(block) {
                let mut timing = Timing::of(block);
                group.bench_function(format!("{}/{block}", contestant.name()), |b| {
                    b.iter_custom(|blocks| timing.blocks(&mut *contestant, blocks));
                });
            }
        }
        group.finish();
    }
}

criterion_group!(benches, graphs);
criterion_main!(benches);
