//! Speech that arrives: the cost of `write` on the producers' side and of `render` on the audio thread, apart and together.
//!
//! One iteration is 40 ms of sound: every stream gets two pushes of 20 ms, then 15 blocks of 128 frames are rendered. One
//! element is one frame of one stream at the engine's rate.

use std::hint::black_box;
use std::time::{Duration, Instant};

use codetta::{HostRenderer, Sample, Session, Stream, StreamConfig, Writer};
use codetta_benches::{BLOCK, CHANNELS, RATE};
use criterion::measurement::WallTime;
use criterion::{
    BenchmarkGroup, BenchmarkId, Criterion, SamplingMode, Throughput, criterion_group, criterion_main,
};

const PUSHES: usize = 2;
const PUSH: Duration = Duration::from_millis(20);
const BLOCKS: usize = 15;
/// Written before the first block, so that no stream starves within an iteration.
const AHEAD: usize = 5;

struct Voices<S> {
    _session: Session,
    host: HostRenderer,
    streams: Vec<(Writer, Stream)>,
    push: Vec<S>,
    out: Vec<f32>,
}

/// Which of the two sides is timed.
#[derive(Clone, Copy)]
enum Side {
    Write,
    Render,
    Both,
}

impl<S: Sample> Voices<S> {
    fn new(streams: usize, rate: u32, channels: usize, sample: impl Fn(usize) -> S) -> Self {
        let builder = Session::builder().sample_rate(RATE).channels(CHANNELS).max_streams(streams);
        let (session, mut host) = builder.host().expect("a host session needs no device");
        let open = |_| {
            let stream =
                session.stream(StreamConfig::new(rate, channels)).expect("streams up to the maximum");
            // Lets the audio thread take it in: a thousand at once fit in no queue.
            host.render(&mut [0.0; CHANNELS]);
            stream
        };
        let streams = (0..streams).map(open).collect();
        let frames = (PUSH * rate).as_secs() as usize;
        let push = (0..frames * channels).map(sample).collect();
        let mut this = Self { _session: session, host, streams, push, out: vec![0.0; BLOCK * CHANNELS] };
        this.write(AHEAD);
        this
    }

    fn write(&mut self, pushes: usize) {
        for _ in 0..pushes {
            for (writer, _) in &mut self.streams {
                let _ = black_box(writer.write(&self.push));
            }
        }
    }

    fn render(&mut self) {
        for _ in 0..BLOCKS {
            self.host.render(&mut self.out);
            black_box(&mut self.out);
        }
    }

    fn timed(&mut self, side: Side, iterations: u64) -> Duration {
        let (mut writing, mut rendering) = (Duration::ZERO, Duration::ZERO);
        for _ in 0..iterations {
            let start = Instant::now();
            self.write(PUSHES);
            let written = Instant::now();
            self.render();
            writing += written - start;
            rendering += written.elapsed();
        }
        match side {
            Side::Write => writing,
            Side::Render => rendering,
            Side::Both => writing + rendering,
        }
    }
}

fn sides<S: Sample>(group: &mut BenchmarkGroup<'_, WallTime>, voices: &mut Voices<S>) {
    let streams = voices.streams.len();
    group.throughput(Throughput::Elements((streams * BLOCKS * BLOCK) as u64));
    for (name, side) in [("write", Side::Write), ("render", Side::Render), ("both", Side::Both)] {
        group.bench_function(BenchmarkId::new(name, streams), |bencher| {
            bencher.iter_custom(|iterations| voices.timed(side, iterations));
        });
    }
}

fn voice(c: &mut Criterion) {
    let unit = |i: usize| (i as f32 * 0.05).sin() * 0.1;
    for (name, rate, channels) in [("voice 48 kHz stereo f32", RATE, 2), ("voice 24 kHz mono i16", 24_000, 1)]
    {
        let mut group = c.benchmark_group(name);
        group.sampling_mode(SamplingMode::Flat).sample_size(10);
        group.warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
        for streams in [1, 16, 256, 1024] {
            if rate == RATE {
                sides(&mut group, &mut Voices::new(streams, rate, channels, unit));
            } else {
                let sample = |i| (unit(i) * f32::from(i16::MAX)) as i16;
                sides(&mut group, &mut Voices::new(streams, rate, channels, sample));
            }
        }
        group.finish();
    }
}

criterion_group!(benches, voice);
criterion_main!(benches);
