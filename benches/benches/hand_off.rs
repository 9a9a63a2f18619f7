//! From a producer's slice into the ring and out again, per sample: Codetta beside rtrb's slices and a plain copy.
//!
//! One iteration is 20 ms of 48 kHz stereo: 1920 samples in, 1920 samples out, on one thread, so neither side waits for the
//! other's cache lines. Codetta's side also mixes, counts frames and keeps the segment's account.

use std::hint::black_box;

use codetta::{Session, StreamConfig};
use codetta_benches::{BUFFER_FRAMES, CHANNELS, RATE};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const SAMPLES: usize = 1920;

fn hand_off(c: &mut Criterion) {
    let input = vec![0.1_f32; SAMPLES];
    let mut out = vec![0.0_f32; SAMPLES];
    let mut group = c.benchmark_group("hand_off");
    group.throughput(Throughput::Elements(SAMPLES as u64));

    let mut ring = vec![0.0_f32; BUFFER_FRAMES * CHANNELS];
    let mut position = 0;
    group.bench_function("copy", |bencher| {
        bencher.iter(|| {
            // BUFFER_FRAMES × CHANNELS is a multiple of SAMPLES: no copy wraps.
            let slot = &mut ring[position..position + SAMPLES];
            slot.copy_from_slice(black_box(&input));
            out.copy_from_slice(black_box(slot));
            position = (position + SAMPLES) % (BUFFER_FRAMES * CHANNELS);
            black_box(&mut out);
        });
    });

    let (mut producer, mut consumer) = rtrb::RingBuffer::new(BUFFER_FRAMES * CHANNELS);
    group.bench_function("rtrb", |bencher| {
        bencher.iter(|| {
            let pushed = producer.push_entire_slice(black_box(&input));
            let popped = consumer.pop_entire_slice(&mut out);
            black_box((pushed.is_ok(), popped.is_ok(), &mut out));
        });
    });

    let builder = Session::builder().sample_rate(RATE).channels(CHANNELS).max_streams(1);
    let (session, mut host) = builder.host().expect("a host session needs no device");
    let (mut writer, _stream) =
        session.stream(StreamConfig::new(RATE, CHANNELS)).expect("the first of one stream");
    // As much as the prebuffer may ask for, and a little: afterwards each iteration takes what it brings.
    for _ in 0..5 {
        let _ = writer.write(&input);
    }
    group.bench_function("codetta", |bencher| {
        bencher.iter(|| {
            let _ = black_box(writer.write(black_box(&input)));
            host.render(&mut out);
            black_box(&mut out);
        });
    });
    group.finish();
}

criterion_group!(benches, hand_off);
criterion_main!(benches);
