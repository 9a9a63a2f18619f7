//! The audio thread neither allocates nor frees while the graph is edited, commanded, put to sleep and woken.

mod common;
#[path = "common/counting.rs"]
mod counting;

use codetta::{
    Command, Session,
    graph::{Db, Factor, Hz, Node, Position, Seconds},
    nodes::{
        AuxSend, Biquad, BiquadKind, Bus, Compressor, Delay, Ducker, Gain, Impulse, Limiter, Meter, Noise,
        Pan, Sample, SamplePlayer, Sine, Tap,
    },
};
use common::*;
use counting::counted;
use std::time::Duration;

/// A row of every kind of node, which comes and goes as one.
struct Row {
    gain: Node<Gain>,
    filter: Node<Biquad>,
    pan: Node<Pan>,
    delay: Node<Delay>,
    player: Node<SamplePlayer>,
    remove: Box<dyn Fn(&mut codetta::graph::Edit)>,
}

/// Adds a row between the streams and the output.
fn row(session: &Session, sample: &Sample) -> Row {
    let mut edit = session.graph().edit();
    let (streams, output) = (edit.streams(), edit.output());
    let gain = edit.add(Gain::new());
    let filter = edit.add(Biquad::new(BiquadKind::Low).frequency(Hz(500.0)));
    let pan = edit.add(Pan::new());
    let delay = edit.add(Delay::new(Seconds(0.01)).time(Seconds(0.005)));
    let player = edit.add(SamplePlayer::new(sample));
    let (bus, send) = (edit.add(Bus::new("bus")), edit.add(AuxSend::new().level(Db(-6.0))));
    let (compressor, ducker) = (edit.add(Compressor::new()), edit.add(Ducker::new()));
    let (limiter, sine) = (edit.add(Limiter::new()), edit.add(Sine::new(Hz(50.0)).level(Db(-40.0))));
    let (noise, impulse) = (edit.add(Noise::new(1).level(Db(-60.0))), edit.add(Impulse::every(100)));
    let (meter, _reading) = Meter::new();
    let (tap, _recorder) = Tap::with_frames(1_000);
    let (meter, tap) = (edit.add(meter), edit.add(tap));
    edit.connect(&streams, &gain).connect(&gain, &filter).connect(&filter, &pan).connect(&pan, &bus);
    edit.connect(&player, &bus).connect(&sine, &bus).connect(&noise, &bus).connect(&impulse, &bus);
    edit.connect(&gain, &send).connect(&send, &delay).connect(&delay, &compressor).connect(&compressor, &bus);
    edit.connect(&bus, &ducker).connect_side(&gain, &ducker, 0).connect(&ducker, &limiter);
    edit.connect(&limiter, &meter).connect(&limiter, &tap).connect(&limiter, &output);
    edit.commit().expect("a valid edit");
    let parts = (gain.clone(), filter.clone(), pan.clone(), delay.clone(), player.clone());
    let remove = Box::new(move |edit: &mut codetta::graph::Edit| {
        edit.remove(&parts.0).remove(&parts.1).remove(&parts.2).remove(&parts.3).remove(&parts.4);
        edit.remove(&bus).remove(&send).remove(&compressor).remove(&ducker).remove(&limiter).remove(&sine);
        edit.remove(&noise).remove(&impulse).remove(&meter).remove(&tap);
    });
    Row { gain, filter, pan, delay, player, remove }
}

/// A thousand edits, each of a row of every kind of node that comes or goes, with ten commands to each, at once and for
/// later frames; streams that start and end, so that the row sleeps and wakes; and somebody who measures.
#[test]
fn a_thousand_edits_allocate_and_free_nothing() {
    const EDITS: usize = 1_000;
    let (session, mut offline) =
        Session::builder().max_nodes(64).max_streams(4).offline().expect("a valid format");
    let (mut writer, _stream) = session.stream(faded()).expect("the first");
    let sample = Sample::from_interleaved(&[0.1_f32; 300], 1, RATE);
    let signal = sine(960);
    let mut rows: Vec<Row> = Vec::new();
    let mut out = vec![0.0; 2 * 1_024];
    let (mut allocations, mut commands, mut blocks) = (0, 0, 0);
    for edit in 0..EDITS {
        if rows.len() < 3 && edit % 3 != 2 {
            rows.push(row(&session, &sample));
        } else {
            let mut edit = session.graph().edit();
            (rows.remove(0).remove)(&mut edit);
            edit.commit().expect("a valid edit");
        }
        if edit % 4 == 0 {
            let _ = (writer.write(&signal[..1 + edit % 960]), writer.flush());
        }
        session.graph().measure(edit % 50 == 0);
        for row in &rows {
            let soon = session.frame() + 1 + edit as u64 % 700;
            let over = Duration::from_micros(edit as u64 * 7 % 9_000);
            let answers = [
                row.gain.param(Gain::LEVEL).set(Db(-6.0)),
                row.gain.param(Gain::LEVEL).at(soon).ramp_to(Db(0.0), over),
                row.filter.param(Biquad::FREQUENCY).at(soon).ramp_to(Hz(900.0), over),
                row.filter.param(Biquad::FREQUENCY).set(Hz(400.0)),
                row.pan.param(Pan::POSITION).at(soon + 3).ramp_to(Position(-0.5), over),
                row.delay.param(Delay::TIME).set(Seconds(0.001 + edit as f32 * 7e-6)),
                row.delay.param(Delay::FEEDBACK).at(soon).set(Factor(0.5)),
                row.player.play(Db(-6.0), soon),
                row.player.play(Db(-12.0), soon + 1),
                row.player.stop(soon + 99),
            ];
            commands += answers.iter().filter(|answer| **answer == Command::Accepted).count();
        }
        let frames = [16, 1, 333, 512, 64, 1_024, 7][edit % 7];
        for _ in 0..1 + edit % 3 {
            allocations += counted(|| offline.render_only(&mut out[..2 * frames])).1;
            blocks += 1;
            assert_eq!(allocations, 0, "edit {edit}, a block of {frames} frames");
        }
        if edit % 5 != 0 {
            offline.step();
        }
    }
    assert!(commands > 10_000 && blocks > 1_000, "{commands} commands, {blocks} blocks");
}

/// Control does not look for a long time: what is refused is told, and the audio thread goes on.
#[test]
fn many_edits_that_control_does_not_see() {
    let (session, mut offline) =
        Session::builder().max_nodes(16).max_streams(1).offline().expect("a valid format");
    let mut out = vec![0.0; 2 * 64];
    let (mut taken, mut busy) = (0, 0);
    let mut last: Option<Node<Gain>> = None;
    for round in 0..3 {
        for _ in 0..1_100 {
            let mut edit = session.graph().edit();
            let gain = edit.add(Gain::new());
            let (streams, output) = (edit.streams(), edit.output());
            edit.connect(&streams, &gain).connect(&gain, &output);
            if let Some(last) = &last {
                edit.remove(last);
            }
            match edit.commit() {
                Ok(()) => {
                    last = Some(gain);
                    taken += 1;
                }
                Err(refused) => {
                    assert_eq!(refused.why, codetta::graph::EditError::Busy);
                    busy += 1;
                }
            }
            assert_eq!(counted(|| offline.render_only(&mut out)).1, 0, "round {round}");
        }
        assert!(session.graph().is_taken());
        offline.step();
    }
    assert!(taken >= 3_000 && busy >= 100, "{taken} taken, {busy} refused");
}

/// So many commands in one block: each node is called as often as they fall.
#[test]
fn a_block_full_of_commands() {
    let (session, mut offline) = Session::builder().max_commands(10_000).offline().expect("a valid format");
    let mut edit = session.graph().edit();
    let gains: Vec<Node<Gain>> = (0..20).map(|_| edit.add(Gain::new())).collect();
    let (streams, output) = (edit.streams(), edit.output());
    for gain in &gains {
        edit.connect(&streams, gain).connect(gain, &output);
    }
    edit.commit().expect("a valid edit");
    let mut out = vec![0.0; 2 * 480];
    offline.render(&mut out);
    for round in 0..3 {
        let now = session.frame();
        for command in 0..10_000_u64 {
            let gain = &gains[command as usize % 20];
            let at = now + command * 7 % 480;
            assert_eq!(gain.param(Gain::LEVEL).at(at).set(Db(-3.0)), Command::Accepted, "round {round}");
        }
        assert_eq!(gains[0].param(Gain::LEVEL).at(now + 1).set(Db(0.0)), Command::Full);
        assert_eq!(counted(|| offline.render_only(&mut out)).1, 0);
    }
}
