//! The graph, edited and steered by two threads while streams play through it, and read by whoever its nodes report to.

use codetta::{
    Session, Shutdown, StreamConfig,
    graph::{Db, Edit, Factor, Graph, Hz, Node, SessionOutput},
    nodes::{Biquad, BiquadKind, Bus, Delay, Gain, Limiter, Meter, Sample, SamplePlayer, Tap},
};
use codetta_races::{Word, audio, check::check, dice::Dice, producer, run, watching};
use std::{thread, time::Duration};

const CHANNELS: usize = 2;

fn main() {
    run::rounds("graph", round);
}

fn round(dice: &mut Dice) -> run::Counts {
    let builder = Session::builder().channels(CHANNELS).max_nodes(64).record_commands(1 << 14);
    let (session, renderer) = builder.host().expect("a valid format");
    let mut edit = session.graph().edit();
    let (sum, output, all) = (edit.add(Bus::new("sum")), edit.output(), edit.streams());
    edit.disconnect(&all, &output).connect(&all, &sum).connect(&sum, &output);
    edit.commit().expect("a chain");
    let (writer, stream) = session.stream(StreamConfig::new(48_000, CHANNELS)).expect("the first");
    let (over, no_callback) = (Word::default(), Word::default());
    let streams = [stream];
    let (session, streams, over, no_callback, sum) = (&session, &streams, &over, &no_callback, &sum);
    thread::scope(|scope| {
        let (mut a, mut b, mut c) = (dice.fork(), dice.fork(), dice.fork());
        let audio = scope.spawn(move || audio::render(renderer, CHANNELS, no_callback, &mut a));
        let producer = scope.spawn(move || producer::produce(writer, CHANNELS, over, &mut b));
        let mut callers = vec![scope.spawn(move || watching::watch(session, streams, over, &mut c))];
        for _ in 0..2 {
            let mut dice = dice.fork();
            callers.push(scope.spawn(move || edit_on(&session.graph(), sum, over, &mut dice)));
        }
        thread::sleep(Duration::from_millis(100) + dice.millis(100));
        let closing = session.begin_shutdown(Shutdown::Drain(dice.millis(40)));
        let report = closing.wait(Duration::from_secs(30)).expect("an end within its deadline");
        thread::sleep(dice.millis(3));
        over.say();
        no_callback.say();
        let told = producer.join().expect("no panic");
        let calls: u64 = callers.into_iter().map(|thread| thread.join().expect("no panic")).sum();
        run::Counts {
            blocks: audio.join().expect("no panic"),
            operations: calls + told.operations,
            segments: check(&report, &[told]),
        }
    })
}

/// Adds, turns, reads and removes nodes before the sum until it is told to stop; answers how many calls it made.
fn edit_on(graph: &Graph, sum: &Node<Bus>, over: &Word, dice: &mut Dice) -> u64 {
    let mut calls = 0;
    while !over.is_said() {
        calls += match dice.below(4) {
            0 => meter_and_tap(graph, sum, over, dice),
            1 => notes(graph, sum, dice),
            2 => insert(graph, sum, dice),
            _ => {
                graph.measure(dice.one_in(2));
                let snapshot = graph.snapshot();
                assert!(snapshot.nodes.iter().all(|node| !node.has_failed));
                u64::from(graph.is_taken()) + 2
            }
        };
        dice.dawdle(2);
    }
    calls
}

/// Two that report off the audio thread, made by the thread that reads them.
fn meter_and_tap(graph: &Graph, sum: &Node<Bus>, over: &Word, dice: &mut Dice) -> u64 {
    let ((meter, mut reading), (tap, mut recorder)) = (Meter::new(), Tap::with_frames(4_096));
    let mut edit = graph.edit();
    let (meter, tap) = (edit.add(meter), edit.add(tap));
    edit.connect(sum, &meter).connect(sum, &tap);
    let looks = if commit(edit) { 1 + dice.below(20) } else { 0 };
    for _ in 0..looks {
        assert!(reading.read().iter().all(|level| level.peak.is_finite()));
        while recorder.read(|chunk| assert!(chunk.samples.iter().all(|sample| sample.is_finite()))).is_some()
        {
        }
        if over.is_said() {
            break;
        }
        dice.dawdle(1);
    }
    remove(graph, &meter);
    remove(graph, &tap);
    looks + 3
}

/// A player whose samples are shared with this thread, which lets go of them first or last.
fn notes(graph: &Graph, sum: &Node<Bus>, dice: &mut Dice) -> u64 {
    let sample = Sample::from_interleaved(&vec![0.1_f32; 2 * 2_000], CHANNELS, 48_000);
    let mut edit = graph.edit();
    let player = edit.add(SamplePlayer::new(&sample).polyphony(4));
    edit.connect(&player, sum);
    if !commit(edit) {
        return 1;
    }
    for _ in 0..dice.below(8) {
        let _ = player.play(Db(-6.0), dice.below(96_000));
        let _ = player.play(Db(-6.0), 0);
        dice.dawdle(1);
    }
    remove(graph, &player);
    18
}

/// A chain beside the sum, turned while it sounds.
fn insert(graph: &Graph, sum: &Node<Bus>, dice: &mut Dice) -> u64 {
    let mut edit = graph.edit();
    let output: Node<SessionOutput> = edit.output();
    let (gain, delay) = (edit.add(Gain::new()), edit.add(Delay::new(codetta::graph::Seconds(0.1))));
    let (filter, limiter) = (edit.add(Biquad::new(BiquadKind::Low)), edit.add(Limiter::new()));
    edit.connect(sum, &gain).connect(&gain, &delay).connect(&delay, &filter);
    edit.connect(&filter, &limiter).connect(&limiter, &output);
    if !commit(edit) {
        return 1;
    }
    for _ in 0..dice.below(12) {
        let over = dice.millis(10);
        let _ = gain.param(Gain::LEVEL).ramp_to(Db(-(dice.below(40) as f32)), over);
        let _ = filter.param(Biquad::FREQUENCY).set(Hz(100.0 + dice.below(4_000) as f32));
        let _ = delay.param(Delay::MIX).at(dice.below(48_000)).set(Factor(0.5));
        dice.dawdle(1);
    }
    let mut edit = graph.edit();
    edit.remove(&gain).remove(&delay).remove(&filter).remove(&limiter);
    u64::from(commit(edit)) + 37
}

/// An edit is refused when the session is over, or when too many are under way: then nothing has changed.
fn commit(edit: Edit) -> bool {
    edit.commit().is_ok()
}

fn remove<P>(graph: &Graph, node: &Node<P>) {
    let mut edit = graph.edit();
    edit.remove(node);
    let _ = commit(edit);
}
