//! Any operations, on any threads, against a simple model: one outcome for each accepted segment, a ledger that balances,
//! and no wait without an end.
//!
//! Producers, controllers, the audio thread and whoever ends the session each have a thread. What a thread was told is
//! what it expects to find in the report.

mod common;

use codetta::{
    Close, Drain, Flush, HostRenderer, Outcome, Segment, Session, Shutdown, Stream, StreamConfig, StreamId,
    Writer,
};
use common::*;
use proptest::prelude::*;
use std::{
    collections::HashMap,
    sync::atomic::{AtomicBool, Ordering},
    thread,
};

/// What a producer does.
#[derive(Debug, Clone)]
enum Push {
    Write(usize),
    WriteAll(usize),
    Flush,
    Begin(u64),
    Clear,
    Wait,
    Close(bool),
}

/// What the others do to a stream.
#[derive(Debug, Clone)]
enum Steer {
    Interrupt,
    Pause,
    Resume,
    Gain(f32),
    Drain(u64),
    DrainAll(u64),
    Look,
    Close(bool),
}

#[derive(Debug, Clone)]
struct Case {
    rates: Vec<u32>,
    pushes: Vec<Vec<Push>>,
    steers: Vec<Vec<Steer>>,
    blocks: Vec<usize>,
    latency: Option<u64>,
    /// The callback stops coming after so many blocks.
    stops_after: Option<usize>,
    /// The session is ended before the others are done.
    early: bool,
    drain: Option<u64>,
}

fn push() -> impl Strategy<Value = Push> {
    prop_oneof![
        8 => (1..2_000_usize).prop_map(Push::Write),
        3 => (1..6_000_usize).prop_map(Push::WriteAll),
        6 => Just(Push::Flush),
        1 => any::<u64>().prop_map(Push::Begin),
        2 => Just(Push::Clear),
        1 => Just(Push::Wait),
        1 => any::<bool>().prop_map(Push::Close),
    ]
}

fn steer() -> impl Strategy<Value = Steer> {
    prop_oneof![
        4 => Just(Steer::Interrupt),
        2 => Just(Steer::Pause),
        3 => Just(Steer::Resume),
        1 => (-40.0..10.0_f32).prop_map(Steer::Gain),
        1 => (0..5_u64).prop_map(Steer::Drain),
        1 => (0..5_u64).prop_map(Steer::DrainAll),
        6 => Just(Steer::Look),
        1 => any::<bool>().prop_map(Steer::Close),
    ]
}

fn case() -> impl Strategy<Value = Case> {
    let rates = prop::collection::vec(prop::sample::select(vec![16_000, 24_000, 44_100, 48_000]), 3);
    let pushes = prop::collection::vec(prop::collection::vec(push(), 0..60), 3);
    let steers = prop::collection::vec(prop::collection::vec(steer(), 0..60), 3);
    let blocks = prop::collection::vec(prop::sample::select(vec![1_usize, 7, 64, 480, 2_000]), 1..5);
    // Those whose callback stops wait for a deadline of real time: few.
    let stops = prop_oneof![19 => Just(None), 1 => (0..50_usize).prop_map(Some)];
    let rest = (prop::option::of(0..30_u64), stops, any::<bool>(), prop::option::of(0..100_u64));
    (rates, pushes, steers, blocks, rest).prop_map(
        |(rates, pushes, steers, blocks, (latency, stops_after, early, drain))| Case {
            rates,
            pushes,
            steers,
            blocks,
            latency,
            stops_after,
            early,
            drain,
        },
    )
}

/// What a producer was told.
struct Told {
    stream: StreamId,
    taken: u64,
    /// Accepted segments, and what was pushed into each.
    segments: Vec<(Segment, u64)>,
}

fn produce(mut writer: Writer, pushes: &[Push]) -> Told {
    let mut told = Told { stream: writer.stream_id(), taken: 0, segments: Vec::new() };
    let mut open = 0;
    for push in pushes {
        let flush = match push {
            Push::Write(frames) | Push::WriteAll(frames) => {
                let samples = vec![0.1_f32; *frames];
                let write = match push {
                    Push::Write(_) => writer.write(&samples),
                    _ => writer.write_all(&samples, ms(5)),
                };
                open += write.frames as u64;
                told.taken += write.frames as u64;
                continue;
            }
            Push::Flush => writer.flush(),
            Push::Begin(tag) => writer.begin(*tag),
            Push::Clear => {
                let _ = writer.clear();
                open = 0;
                continue;
            }
            Push::Wait => {
                let _ = told.segments.last().and_then(|(segment, _)| segment.wait(ms(3)));
                continue;
            }
            Push::Close(drain) => {
                let _ = writer.close(if *drain { Close::Drain } else { Close::Discard });
                continue;
            }
        };
        let pushed = std::mem::take(&mut open);
        if let Flush::Accepted(segment) = flush {
            told.segments.push((segment, pushed));
        }
    }
    told
}

fn control(session: &Session, stream: &Stream, steers: &[Steer]) -> Vec<Drain> {
    let (mut drains, mut before) = (Vec::new(), stream.position());
    for steer in steers {
        match steer {
            Steer::Interrupt => {
                let _ = stream.interrupt();
            }
            Steer::Pause => {
                let _ = stream.pause();
            }
            Steer::Resume => {
                let _ = stream.resume();
            }
            Steer::Gain(db) => {
                let _ = stream.set_gain(*db, ms(3));
            }
            Steer::Drain(within) => drains.push(stream.drain_ticket(ms(*within))),
            Steer::DrainAll(within) => drains.push(session.drain_ticket(ms(*within))),
            Steer::Close(drain) => {
                let _ = stream.close(if *drain { Close::Drain } else { Close::Discard });
            }
            Steer::Look => thread::yield_now(),
        }
        let now = stream.position();
        assert!(now.played <= now.consumed && now.consumed <= now.pushed, "{now:?}");
        assert!(
            now.played >= before.played && now.consumed >= before.consumed && now.pushed >= before.pushed
        );
        before = now;
    }
    drains
}

fn render(mut renderer: HostRenderer, case: &Case, over: &AtomicBool) {
    let mut out = vec![0.0; 2 * 2_000];
    for (block, frames) in case.blocks.iter().cycle().enumerate() {
        if over.load(Ordering::Acquire) || case.stops_after.is_some_and(|blocks| block >= blocks) {
            return;
        }
        let goes_on = match case.latency {
            Some(latency) => renderer.render_with_latency(&mut out[..2 * frames], ms(latency)),
            None => renderer.render(&mut out[..2 * frames]),
        };
        if !goes_on {
            return;
        }
        thread::yield_now();
    }
}

fn run(case: &Case) {
    let (session, renderer) = Session::builder().host().expect("a thread");
    let (session, over) = (&session, &AtomicBool::new(false));
    let config = |rate: &u32| StreamConfig::new(*rate, 1).buffer(ms(100)).max_segments(3);
    let streams: Vec<_> = case.rates.iter().map(|rate| session.stream(config(rate)).expect("room")).collect();
    thread::scope(|scope| {
        scope.spawn(|| render(renderer, case, over));
        let mut threads = Vec::new();
        for ((writer, stream), (pushes, steers)) in
            streams.into_iter().zip(case.pushes.iter().zip(&case.steers))
        {
            let producer = scope.spawn(move || produce(writer, pushes));
            threads.push((producer, scope.spawn(move || control(session, &stream, steers))));
        }
        let shutdown = case.drain.map_or(Shutdown::Discard, |within| Shutdown::Drain(ms(within)));
        let early = case.early.then(|| scope.spawn(move || session.shutdown(shutdown)));
        let (mut told, mut drains) = (Vec::new(), Vec::new());
        for (producer, controller) in threads {
            told.push(producer.join().expect("no panic"));
            drains.extend(controller.join().expect("no panic"));
        }
        let report = session.shutdown(shutdown);
        over.store(true, Ordering::Release);
        if let Some(early) = early {
            assert_eq!(early.join().expect("no panic"), report);
        }

        assert_truthful(&report);
        assert!(drains.iter().all(|drain| drain.poll().is_some()), "every drain is answered");
        let outcomes: HashMap<(StreamId, u64), Outcome> =
            report.segments.iter().map(|outcome| ((outcome.stream, outcome.segment), *outcome)).collect();
        for told in &told {
            for (segment, pushed) in &told.segments {
                let answer = segment.poll().expect("every accepted segment is answered");
                assert_eq!(outcomes.get(&(told.stream, segment.id())), Some(&answer));
                assert_eq!(answer.pushed, *pushed, "{answer:?}");
            }
            let of_it = report.segments.iter().filter(|outcome| outcome.stream == told.stream);
            assert_eq!(of_it.map(|outcome| outcome.pushed).sum::<u64>(), told.taken, "{:?}", told.stream);
        }
    });
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn whatever_threads_do_every_segment_is_answered_once(case in case()) {
        run(&case);
    }
}
