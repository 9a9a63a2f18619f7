//! Every node, every verb of a stream and every way to a device, once each, in the real-time guard's scope.
//!
//! The checkers are chosen by features: `cargo test --features rt-trap`, `rt-san` or `rt-alloc` run this, and the rest of
//! the suite, with one of them watching each block. Without one of them this only says that all of it can be run.

mod common;

use codetta::{
    Close, Command, Output, Session, Shutdown, StreamConfig,
    device::{Virtual, WavFormat},
    graph::{Curve, Db, Factor, Hz, Node, Position, Processor, Q, Seconds},
    nodes::*,
};
use common::*;
use std::time::Duration;

/// What the audio thread was asked to do here is worth something only if it was watched.
fn assert_watched(before: u64) {
    assert!(!cfg!(feature = "rt-guard") || rtguard::entered() > before, "no block was watched");
}

/// What came of it is other tests' subject.
fn done<T>(_: T) {}

/// Each processor of [`codetta::nodes`] in one graph, with all that moves in it moving.
struct Bench {
    rig: Rig,
    names: Vec<&'static str>,
    bus: Node<Bus>,
}

impl Bench {
    fn new() -> Self {
        let rig = Rig::new();
        let mut edit = rig.session.graph().edit();
        let bus = edit.add(Bus::new("all"));
        edit.connect(&bus, &edit.output());
        edit.commit().expect("a connection that can be");
        Self { rig, names: vec!["Bus"], bus }
    }

    /// Adds one, between the streams and the bus: sources ignore what comes in.
    fn add<P: Processor>(&mut self, name: &'static str, processor: P) -> Node<P> {
        let mut edit = self.rig.session.graph().edit();
        let node = edit.add(processor);
        let streams = edit.streams();
        if !["Sine", "Noise", "Impulse", "SamplePlayer"].contains(&name) {
            edit.connect(&streams, &node);
        }
        if name == "Ducker" {
            edit.connect_side(&streams, &node, 0);
        }
        edit.connect(&node, &self.bus);
        edit.commit().expect("a connection that can be");
        self.names.push(name);
        self.rig.render(480);
        node
    }
}

/// What a source file names as public, of those that have a constructor for a processor.
fn public_processors() -> Vec<String> {
    let handles = ["BiquadKind", "Chunk", "Level", "Loudness", "Reading", "Recorder", "Sample"];
    let file = include_str!("../src/nodes/mod.rs");
    let uses = file.lines().filter_map(|line| line.strip_prefix("pub use "));
    let names =
        uses.flat_map(|line| line.rsplit("::").next().unwrap_or_default().split([',', '{', '}', ';', ' ']));
    names.filter(|name| !name.is_empty() && !handles.contains(name)).map(String::from).collect()
}

#[test]
fn every_node_runs_in_the_scope() {
    let before = rtguard::entered();
    let mut bench = Bench::new();
    let (mut writer, _stream) = bench.rig.stream(plain());
    let sample = Sample::from_interleaved(&vec![0.1_f32; 9_600], 2, RATE);
    let player = bench.add("SamplePlayer", SamplePlayer::new(&sample).looping(..));
    let biquad = bench.add("Biquad", Biquad::new(BiquadKind::Peak));
    let delay = bench.add("Delay", Delay::new(Seconds(0.2)).feedback(Factor(0.4)));
    let (gain, pan) = (bench.add("Gain", Gain::new()), bench.add("Pan", Pan::new()));
    bench.add("AuxSend", AuxSend::new());
    bench.add("Compressor", Compressor::new());
    bench.add("Ducker", Ducker::new());
    let limiter = bench.add("Limiter", Limiter::new());
    bench.add("Sine", Sine::new(Hz(440.0)));
    bench.add("Noise", Noise::new(1));
    bench.add("Impulse", Impulse::every(999));
    let (meter, mut reading) = Meter::new();
    bench.add("Meter", meter);
    let (tap, mut recorder) = Tap::new(ms(200));
    bench.add("Tap", tap);
    #[cfg(feature = "loudness")]
    {
        let (loudness, _) = LoudnessMeter::new();
        bench.add("LoudnessMeter", loudness);
    }
    #[cfg(feature = "fundsp")]
    bench.add("Fundsp", Fundsp::new(Box::new(fundsp::prelude32::pass() | fundsp::prelude32::pass())));

    let mut missing = public_processors();
    missing.retain(|name| !bench.names.contains(&&**name));
    let unbuilt = [("LoudnessMeter", cfg!(feature = "loudness")), ("Fundsp", cfg!(feature = "fundsp"))];
    missing.retain(|name| !unbuilt.contains(&(&**name, false)));
    assert!(missing.is_empty(), "nodes that this test does not know: {missing:?}");

    for round in 0..400_u16 {
        let _ = writer.write(&sine(480));
        let frame = bench.rig.session.frame();
        let command = match round % 8 {
            0 => biquad.param(Biquad::FREQUENCY).at(frame + 77).set(Hz(200.0 + f32::from(round))),
            1 => player.play(Db(-6.0), frame + 5),
            2 => player.stop(frame),
            3 => pan.param(Pan::POSITION).set(Position(0.3)),
            4 => delay.param(Delay::TIME).ramp_to(Seconds(0.05), ms(5)),
            5 => limiter.param(Limiter::CEILING).set(Db(-3.0)),
            6 => gain.param(Gain::LEVEL).at(frame + 90).curve_to(Db(-20.0), ms(9), Curve::Exponential),
            _ => biquad.param(Biquad::Q).set(Q(2.0)),
        };
        assert_eq!(command, Command::Accepted);
        bench.rig.render([64, 1, 441, 128, 1_024, 7][usize::from(round) % 6]);
        reading.read();
        while recorder.read(|_| ()).is_some() {}
    }
    assert_watched(before);
}

#[test]
fn every_verb_of_a_stream_is_carried_out_in_the_scope() {
    let before = rtguard::entered();
    for (case, rate) in (0..300_u32).zip([48_000, 24_000, 44_100].into_iter().cycle()) {
        let mut rig = Rig::new();
        let (mut writer, stream) = rig.stream(StreamConfig::new(rate, 1 + case as usize % 2));
        let other = rig.stream(plain());
        for step in 0..8_u32 {
            let _ = writer.write(&sine(960));
            match (case + step * 7) % 13 {
                0 => done(writer.flush()),
                1 => done(writer.begin(u64::from(step))),
                2 => done(writer.clear()),
                3 => done(stream.interrupt()),
                4 => done(stream.pause()),
                5 => done(stream.resume()),
                6 => done(stream.set_gain(-6.0, ms(3))),
                7 => done(stream.set_pan(0.5, Duration::ZERO)),
                8 => done(writer.close(Close::Drain)),
                9 => done(stream.close(Close::Discard)),
                10 => done(rig.session.drain_ticket(ms(20))),
                11 => done(stream.start_at(rig.session.frame() + 100)),
                _ => {}
            }
            rig.render([480, 64, 7, 1_024][step as usize % 4]);
        }
        drop(other);
        done(rig.end(if case % 2 == 0 { Shutdown::Discard } else { Shutdown::Drain(ms(200)) }));
        // What comes too late neither allocates nor asks the system for anything: any thread may say it.
        let _scope = rtguard::Scope::enter();
        done(writer.write(&[0.0_f32; 2]));
        done(writer.flush());
        done(writer.clear());
        done(writer.close(Close::Drain));
        done((stream.interrupt(), stream.pause(), stream.resume(), stream.close(Close::Discard)));
        done((stream.start_at(0), stream.set_gain(0.0, ms(1)), stream.set_pan(0.0, ms(1))));
        done(rig.session.drain_ticket(ms(1)));
    }
    assert_watched(before);
}

/// As many at once as there can be: each has its place on the way home, and none is freed on the audio thread.
#[test]
fn streams_that_end_in_one_block_all_go_home() {
    let before = rtguard::entered();
    let mut rig = Rig::with(Session::builder().max_streams(8));
    let streams: Vec<_> = (0..8).map(|_| rig.stream(plain())).collect();
    rig.render(64);
    for (_, stream) in &streams {
        done(stream.close(Close::Discard));
    }
    drop(streams);
    rig.render(64);
    assert!(rig.session.stream(plain()).is_ok(), "their places are free");
    assert_watched(before);
}

#[test]
fn every_way_to_a_device_is_in_the_scope() {
    let path = std::env::temp_dir().join(format!("codetta-guarded-{}.wav", std::process::id()));
    let outputs = [
        Output::Virtual,
        Output::File { path: path.clone(), format: WavFormat::Pcm16 },
        Output::Custom(Box::new(Virtual::with_period(7))),
        #[cfg(all(feature = "cpal", target_os = "linux"))]
        Output::Device("alsa:null".into()),
    ];
    for output in outputs {
        let before = rtguard::entered();
        let session = Session::builder().output(output).start().unwrap();
        let (mut writer, _stream) = session.stream(plain()).unwrap();
        say(&mut writer, &sine(4_800));
        let report = session.shutdown(Shutdown::Drain(Duration::from_secs(20)));
        assert_truthful(&report);
        assert_watched(before);
    }
    let _ = std::fs::remove_file(path);
}

#[test]
fn whoever_owns_the_callback_is_in_the_scope() {
    let before = rtguard::entered();
    let (session, mut host) = Session::builder().host().unwrap();
    let (mut writer, _stream) = session.stream(plain()).unwrap();
    say(&mut writer, &sine(4_800));
    for frames in [1, 64, 480, 8_192] {
        host.render_with_latency(&mut vec![0.0; 2 * frames], ms(5));
    }
    assert_watched(before);
}

#[test]
fn a_renderer_that_changes_hands_is_in_the_scope() {
    let before = rtguard::entered();
    let (session, mut time) = Session::builder().stepped().unwrap();
    let (mut writer, _stream) = session.stream(plain()).unwrap();
    say(&mut writer, &sine(4_800));
    // The device goes away, and control seizes, settles and gives the renderer to another.
    time.advance(ms(20));
    time.lose();
    time.advance(ms(500));
    assert_watched(before);
}
