//! What no block has taken up when a session ends by force: a stream is answered all the same, and nothing else of it has
//! happened.

mod common;
#[path = "common/graphs.rs"]
mod graphs;

use codetta::{Command, End, Interrupt, Report, Session};
use common::*;
use graphs::Late;

/// Nobody renders or steps the session any more.
fn gone(rig: Rig) -> (Session, Report) {
    let Rig { session, offline, .. } = rig;
    drop(offline);
    let report = session.account();
    assert_truthful(&report);
    (session, report)
}

/// Segments that were whole, open or interrupted before any block came are answered as such.
#[test]
fn a_stream_is_answered_before_its_first_block() {
    let rig = Rig::mono();
    let ((mut first, stream), (mut second, _)) = (rig.stream(plain()), rig.stream(plain()));
    say(&mut first, &numbered(0, 480));
    assert_eq!(stream.interrupt(), Interrupt::Interrupted);
    put(&mut first, &numbered(0, 96));
    say(&mut second, &numbered(0, 48));
    let (_session, report) = gone(rig);
    let ends: Vec<(End, u64, u64)> =
        report.segments.iter().map(|outcome| (outcome.end, outcome.pushed, outcome.played)).collect();
    assert_eq!(ends, [(End::Interrupted, 480, 0), (End::Discarded, 96, 0), (End::Discarded, 48, 0)]);
}

/// An edit has made the graph's latency shorter, and the plan that does so is still on its way: what was in the longer graph
/// was not heard.
#[test]
fn a_shorter_latency_that_no_block_has_makes_nothing_heard() {
    let mut rig = Rig::mono();
    let graph = rig.session.graph();
    let mut edit = graph.edit();
    let (streams, late, output) = (edit.streams(), edit.add(Late(480)), edit.output());
    edit.disconnect(&streams, &output).connect(&streams, &late).connect(&late, &output);
    edit.commit().expect("no loop");
    rig.render(9_600);
    let (mut writer, _stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 9_600));
    let mut edit = graph.edit();
    edit.remove(&late).connect(&streams, &output);
    edit.commit().expect("no loop");
    // The old way has faded by then, and control leaves it out of the next plan.
    rig.render(1_440);
    let (_session, report) = gone(rig);
    let [outcome] = report.segments[..] else { panic!("one segment: {report:?}") };
    assert_eq!((outcome.end, outcome.played), (End::Discarded, 1_440 - 480));
}

/// The log holds what was carried out, and this was not.
#[test]
fn a_command_that_no_block_has_is_in_no_log() {
    let mut rig = Rig::with(Session::builder().record_commands(16));
    let (mut writer, stream) = rig.stream(plain());
    say(&mut writer, &numbered(0, 4_800));
    assert_eq!(stream.pause(), Command::Accepted);
    rig.render(480);
    assert_eq!(stream.resume(), Command::Accepted);
    let (session, _) = gone(rig);
    assert_eq!(session.command_log().expect("it is kept").len(), 1);
}
