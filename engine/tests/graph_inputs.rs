//! Streams in inputs of their own: what one of them says is in no other, on either side.

mod common;

use codetta::{graph::Db, nodes::Gain};
use common::*;

/// Three inputs, each turned down by something else, of a session of one to eight channels.
#[test]
fn each_input_has_its_own_streams_on_every_channel() {
    for channels in 1..=8 {
        let mut rig = Rig::with(codetta::Session::builder().channels(channels));
        let mut edit = rig.session.graph().edit();
        let output = edit.output();
        let inputs = ["music", "bells"].map(|name| edit.add_input(name));
        for (input, level) in inputs.iter().zip([-20.0, -40.0]) {
            let quieter = edit.add(Gain::new().level(Db(level)));
            edit.connect(input, &quieter).connect(&quieter, &output);
        }
        edit.commit().expect("valid");
        rig.render_in(2_000, 300);
        let configs = [plain(), plain().input(&inputs[0]), plain().input(&inputs[1])];
        let mut streams = configs.map(|config| rig.stream(config));
        for (stream, sample) in streams.iter_mut().zip([0.5, 0.25, 0.125]) {
            say(&mut stream.0, &[sample; 1_000]);
        }
        let out = rig.render_in(1_000, 300);
        // The first two channels are a stream's sides; those past them are silent.
        let sides = channels.min(2);
        for frame in out.chunks_exact(channels) {
            assert!(frame[..sides].iter().all(|sample| (sample - 0.52625).abs() < 1e-5), "{frame:?}");
            assert!(frame[sides..].iter().all(|sample| *sample == 0.0), "{frame:?}");
        }
    }
}

/// Inputs come and go; the one that speaks is nevertheless the same, at another place: nothing is faded.
#[test]
fn other_inputs_come_and_go_unheard() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let output = edit.output();
    let [unused, speaking] = ["unused", "speaking"].map(|name| edit.add_input(name));
    edit.connect(&unused, &output).connect(&speaking, &output);
    edit.commit().expect("valid");
    rig.render_in(2_000, 100);
    let (mut writer, _stream) = rig.stream(faded().input(&speaking));
    say(&mut writer, &numbered(0, 4_800));
    let mut out = rig.render_in(1_000, 100);
    let mut edit = rig.session.graph().edit();
    edit.remove(&unused);
    let _ = edit.add_input("another");
    edit.commit().expect("valid");
    out.extend(rig.render_in(4_000, 100));
    assert_eq!(heard(&out), numbered(0, 4_800));
}
