//! From a flush to its outcome, and from a clear or an interrupt to silence: in frames, which are exact, and in the cost of
//! the calls.
//!
//! The frames are virtual: the offline driver renders a block and then lets control take its step, so they hold for any
//! machine, plus the output latency of its device.

use std::hint::black_box;
use std::time::{Duration, Instant};

use codetta::{Offline, Outcome, Segment, Session, Stream, StreamConfig, Writer};
use codetta_benches::{BLOCK, CHANNELS, RATE};
use criterion::{Criterion, criterion_group};

/// What is timed is one call on each of so many streams: a single call is shorter than a clock is sharp.
const STREAMS: usize = 64;
/// A sound without a zero in it, so that silence is told by its samples.
const LOUD: f32 = 0.5;

struct Stage {
    _session: Session,
    offline: Offline,
    streams: Vec<(Writer, Stream)>,
    out: Vec<f32>,
}

impl Stage {
    fn new(streams: usize, block: usize) -> Self {
        let builder = Session::builder().sample_rate(RATE).channels(CHANNELS).max_streams(streams);
        let (session, offline) = builder.offline().expect("an offline session needs no device");
        let open = |_| session.stream(StreamConfig::new(RATE, CHANNELS)).expect("streams up to the maximum");
        let streams = (0..streams).map(open).collect();
        Self { _session: session, offline, streams, out: vec![0.0; block * CHANNELS] }
    }

    fn render(&mut self) {
        self.offline.render(&mut self.out);
        black_box(&mut self.out);
    }

    fn write(&mut self, frames: usize) {
        let sound = vec![LOUD; frames * CHANNELS];
        for (writer, _) in &mut self.streams {
            assert_eq!(writer.write(&sound).frames, frames, "the buffer is empty");
        }
    }

    fn flush(&mut self) -> Vec<Segment> {
        let flush = |(writer, _): &mut (Writer, Stream)| writer.flush().accepted().expect("it has frames");
        self.streams.iter_mut().map(flush).collect()
    }

    /// Renders until every segment has its outcome, and says how many frames that took.
    fn settle(&mut self, segments: &[Segment]) -> (usize, Vec<Outcome>) {
        let mut frames = 0;
        loop {
            let outcomes: Vec<_> = segments.iter().filter_map(Segment::poll).collect();
            if outcomes.len() == segments.len() {
                return (frames, outcomes);
            }
            self.render();
            frames += self.out.len() / CHANNELS;
        }
    }

    /// Renders a tenth of a second, and says which of its frames was the last to be heard.
    fn last_heard(&mut self) -> usize {
        let block = self.out.len() / CHANNELS;
        let mut last = 0;
        for start in (0..RATE as usize / 10).step_by(block) {
            self.render();
            let heard = self.out.chunks(CHANNELS).rposition(|frame| frame.iter().any(|&s| s != 0.0));
            last = heard.map_or(last, |frame| start + frame + 1);
        }
        last
    }
}

fn in_frames() {
    const SEGMENT: usize = 1000;
    println!(
        "block | outcome after the last frame was rendered | silent after clear | after interrupt (frames)"
    );
    for block in [64, 128, 480, 1024] {
        let mut stage = Stage::new(1, block);
        stage.write(SEGMENT);
        let segments = stage.flush();
        let (outcome, _) = stage.settle(&segments);

        let silence = |stop: fn(&mut (Writer, Stream))| {
            let mut stage = Stage::new(1, block);
            stage.write(12_000);
            stage.render();
            stage.render();
            stop(&mut stage.streams[0]);
            stage.last_heard()
        };
        let clear = silence(|(writer, _)| _ = black_box(writer.clear()));
        let interrupt = silence(|(_, stream)| _ = black_box(stream.interrupt()));
        // Counted from the end of the block that holds the last frame.
        let rendered = SEGMENT.div_ceil(block) * block;
        println!("{block:5} | {:41} | {clear:18} | {interrupt:15}", outcome - rendered);
    }
}

/// Times `call` on every stream; all else of a round, before and after it, is not timed.
fn calls(iterations: u64, mut call: impl FnMut(&mut Writer, &Stream)) -> Duration {
    let mut stage = Stage::new(STREAMS, BLOCK);
    let mut taken = Duration::ZERO;
    for _ in 0..iterations.div_ceil(STREAMS as u64) {
        stage.write(BLOCK);
        let start = Instant::now();
        for (writer, stream) in &mut stage.streams {
            call(writer, stream);
        }
        taken += start.elapsed();
        // Fades end, outcomes are taken, and every credit comes home.
        for _ in 0..8 {
            stage.render();
        }
        for (writer, _) in &mut stage.streams {
            let _ = writer.flush();
        }
        for _ in 0..8 {
            stage.render();
        }
    }
    taken.mul_f64(iterations as f64 / iterations.next_multiple_of(STREAMS as u64) as f64)
}

fn cost(c: &mut Criterion) {
    let mut group = c.benchmark_group("latency");
    group.sample_size(20).warm_up_time(Duration::from_secs(1)).measurement_time(Duration::from_secs(2));
    group.bench_function("flush", |bencher| {
        bencher.iter_custom(|n| calls(n, |writer, _| _ = black_box(writer.flush())));
    });
    group.bench_function("clear", |bencher| {
        bencher.iter_custom(|n| calls(n, |writer, _| _ = black_box(writer.clear())));
    });
    group.bench_function("interrupt", |bencher| {
        bencher.iter_custom(|n| calls(n, |_, stream| _ = black_box(stream.interrupt())));
    });
    // The whole way of a segment of one block: written, flushed, rendered, settled, its outcome polled.
    group.bench_function("segment", |bencher| {
        let mut stage = Stage::new(STREAMS, BLOCK);
        bencher.iter_custom(|n| {
            let start = Instant::now();
            for _ in 0..n.div_ceil(STREAMS as u64) {
                stage.write(BLOCK);
                let segments = stage.flush();
                black_box(stage.settle(&segments));
            }
            start.elapsed().mul_f64(n as f64 / n.next_multiple_of(STREAMS as u64) as f64)
        });
    });
    group.finish();
}

criterion_group!(benches, cost);

fn main() {
    in_frames();
    benches();
    Criterion::default().configure_from_args().final_summary();
}
