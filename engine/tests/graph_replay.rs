//! A recorded log of commands, replayed offline, gives the same sound, to the bit.

mod common;

use codetta::{
    CommandLog, Offline, Replay, ReplayError, Session, Stream, StreamConfig, Writer,
    graph::{Curve, Db, Edit, Hz, Node, Position},
    nodes::{Gain, Pan, Sine},
};
use common::*;
use std::cell::RefCell;

/// What the edits of a run made.
#[derive(Default)]
struct Nodes {
    sine: Option<Node<Sine>>,
    gain: Option<Node<Gain>>,
    pan: Option<Node<Pan>>,
}

/// Edit number `number` of every run.
fn edit(number: u64, mut edit: Edit, nodes: &RefCell<Nodes>) -> bool {
    let mut nodes = nodes.borrow_mut();
    let (streams, output) = (edit.streams(), edit.output());
    match number {
        1 => {
            let (sine, gain) = (edit.add(Sine::new(Hz(440.0))), edit.add(Gain::new()));
            edit.disconnect(&streams, &output).connect(&streams, &gain);
            edit.connect(&sine, &gain).connect(&gain, &output);
            (nodes.sine, nodes.gain) = (Some(sine), Some(gain));
        }
        2 => {
            let (pan, gain) = (edit.add(Pan::new()), nodes.gain.clone().expect("edit 1 made it"));
            edit.disconnect(&gain, &output).connect(&gain, &pan).connect(&pan, &output);
            nodes.pan = Some(pan);
        }
        _ => {
            let (sine, gain) =
                (nodes.sine.take().expect("edit 1 made it"), nodes.gain.clone().expect("edit 1 made it"));
            edit.disconnect(&sine, &gain).remove(&sine);
        }
    }
    edit.commit().is_ok()
}

/// The sources of every run.
fn sources(session: &Session) -> (Writer, Stream) {
    let (mut writer, stream) =
        session.stream(StreamConfig::new(24_000, 1).buffer(ms(2_000))).expect("there is room");
    put(&mut writer, &sine(24_000));
    (writer, stream)
}

fn record() -> (Vec<f32>, CommandLog) {
    let (session, mut offline) = Session::builder().record_commands(1_000).offline().expect("a valid format");
    let nodes = RefCell::default();
    let mut heard = Vec::new();
    let mut run = |frames: usize, offline: &mut Offline| {
        let mut out = vec![0.0; 2 * frames];
        offline.render(&mut out);
        heard.extend(out);
    };
    assert!(edit(1, session.graph().edit(), &nodes));
    let (_writer, stream) = sources(&session);
    run(777, &mut offline);
    let of =
        |f: &dyn Fn(&Nodes) -> codetta::Command| assert_eq!(f(&nodes.borrow()), codetta::Command::Accepted);
    of(&|n| {
        n.gain.as_ref().expect("edit 1 made it").param(Gain::LEVEL).at(5_001).curve_to(
            Db(-20.0),
            ms(30),
            Curve::Exponential,
        )
    });
    of(&|n| n.sine.as_ref().expect("edit 1 made it").param(Sine::FREQUENCY).ramp_to(Hz(660.0), ms(100)));
    let _ = stream.set_gain(-3.0, ms(11));
    run(2_001, &mut offline);
    assert!(edit(2, session.graph().edit(), &nodes));
    run(13, &mut offline);
    of(&|n| n.pan.as_ref().expect("edit 1 made it").param(Pan::POSITION).set(Position(-0.7)));
    let _ = stream.pause();
    run(3_000, &mut offline);
    let _ = stream.set_pan(0.3, ms(5));
    let _ = stream.resume();
    assert!(edit(3, session.graph().edit(), &nodes));
    run(10_000, &mut offline);
    (heard, session.command_log().expect("it was asked for"))
}

#[test]
fn a_replay_is_the_run() {
    let (heard, log) = record();
    assert_eq!((log.len(), log.missed()), (10, 0), "{log}");
    // Through its text, as one that was kept.
    let log: CommandLog = log.to_string().parse().unwrap();
    for block in [64, 1_000, 16_000] {
        let (session, mut offline) = Session::builder().offline().unwrap();
        let nodes = RefCell::default();
        let mut replay = Replay::new(log.clone());
        let _sources = sources(&session);
        let mut again = vec![0.0; heard.len()];
        assert!(!replay.is_over());
        for piece in again.chunks_mut(2 * block) {
            let edits = |number| edit(number, session.graph().edit(), &nodes);
            replay.render(&session, &mut offline, piece, edits).unwrap();
        }
        assert!(replay.is_over());
        let differs = heard.iter().zip(&again).position(|(a, b)| a.to_bits() != b.to_bits());
        assert_eq!(differs.map(|sample| sample / 2), None, "blocks of {block}");
    }
    assert!(heard.iter().any(|sample| sample.abs() > 0.1));
}

/// What does not fit is said.
#[test]
fn what_does_not_fit_is_said() {
    let mut out = [0.0; 2 * 48];
    let mut replay = |text: &str, rate: u32| {
        let (session, mut offline) = Session::builder().sample_rate(rate).offline().unwrap();
        Replay::new(text.parse().unwrap()).render(&session, &mut offline, &mut out, |_| false).unwrap_err()
    };
    let header = "codetta commands 1, 48000 Hz\n";
    assert_eq!(replay(header, 44_100), ReplayError::Rate { log: 48_000, session: 44_100 });
    assert_eq!(replay(&format!("{header}missed 2\n"), 48_000), ReplayError::Incomplete { missed: 2 });
    assert_eq!(replay(&format!("{header}7 edit 1\n"), 48_000), ReplayError::Edit { frame: 7, number: 1 });
    let text = format!("{header}8 node 5 trigger 0 1\n");
    assert_eq!(replay(&text, 48_000), ReplayError::Node { frame: 8, node: codetta::graph::NodeId(5) });
}

/// A log that had no room says so.
#[test]
fn a_log_that_missed_something_says_so() {
    let (session, mut offline) = Session::builder().record_commands(2).offline().unwrap();
    let (_writer, stream) = sources(&session);
    for _ in 0..5 {
        let _ = stream.pause();
    }
    offline.render(&mut [0.0; 96]);
    let log = session.command_log().unwrap();
    assert_eq!((log.len(), log.missed()), (2, 3));
}
