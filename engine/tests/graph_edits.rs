//! Edits: all of it in one block or nothing, without a click, and every mistake has a name.

mod common;
#[path = "common/graphs.rs"]
mod graphs;

use codetta::{
    Session,
    graph::{Activity, Audio, Db, Edit, EditError, Layout, Processor, Setup},
    nodes::{Bus, Gain, SamplePlayer},
};
use common::*;
use graphs::apart;

/// Delays by so many frames, and says so.
#[derive(Debug)]
struct Late {
    frames: usize,
    line: Vec<Vec<f32>>,
    at: usize,
}

impl Late {
    fn new(frames: usize) -> Self {
        Self { frames, line: Vec::new(), at: 0 }
    }
}

impl Processor for Late {
    fn name(&self) -> &'static str {
        "late"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        self.line = vec![vec![0.0; self.frames]; setup.channels];
        Layout::effect(setup.channels, setup.channels).latency(self.frames as u32)
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let mut end = self.at;
        for (channel, line) in audio.channels().zip(&mut self.line) {
            end = self.at;
            for sample in channel {
                std::mem::swap(&mut line[end], sample);
                end = (end + 1) % self.frames;
            }
        }
        self.at = end;
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.line.iter_mut().for_each(|line| line.fill(0.0));
    }
}

/// What a stream plays goes through what is between it and the output.
#[test]
fn streams_go_through_the_graph() {
    let mut rig = Rig::mono();
    let (mut edit, streams, output) = apart(&rig);
    let gain = edit.add(Gain::new().level(Db(-20.0)));
    edit.connect(&streams, &gain).connect(&gain, &output);
    edit.commit().unwrap();
    rig.render(480);
    let (mut writer, _stream) = rig.stream(plain());
    drop(say(&mut writer, &[0.5; 960]));
    let out = rig.render_in(1_500, 100);
    assert!(out[..960].iter().all(|sample| (sample - 0.05).abs() < 1e-6));
    assert!(out[960..].iter().all(|sample| *sample == 0.0));
}

/// Nothing in between: the bits are those of the streams.
#[test]
fn a_bus_changes_no_bit() {
    let play = |with_bus: bool| {
        let mut rig = Rig::new();
        if with_bus {
            let (mut edit, streams, output) = apart(&rig);
            let bus = edit.add(Bus::new("all"));
            edit.connect(&streams, &bus).connect(&bus, &output);
            edit.commit().unwrap();
        }
        rig.render(960);
        let (mut writer, _stream) = rig.stream(faded());
        drop(say(&mut writer, &sine(3_000)));
        rig.render_in(5_000, 333)
    };
    assert_eq!(play(false), play(true));
}

/// While something sounds, what is put between does not click.
#[test]
fn an_edit_does_not_click() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(faded());
    put(&mut writer, &sine(48_000));
    let mut out = rig.render(1_000);
    let (mut edit, streams, output) = apart(&rig);
    let gain = edit.add(Gain::new().level(Db(-12.0)));
    edit.connect(&streams, &gain).connect(&gain, &output);
    edit.commit().unwrap();
    out.extend(rig.render_in(2_000, 128));
    let mut edit = rig.session.graph().edit();
    edit.remove(&gain).connect(&streams, &output);
    edit.commit().unwrap();
    out.extend(rig.render_in(2_000, 128));
    assert!(largest_step(&out) < NO_CLICK, "{}", largest_step(&out));
    let peak = |out: &[f32]| out.iter().fold(0.0_f32, |peak, sample| peak.max(sample.abs()));
    assert!((peak(&out[2_000..3_000]) - 0.1256).abs() < 0.001);
    assert!((peak(&out[4_000..]) - 0.5).abs() < 0.001);
    assert!(!gain.is_in_graph());
}

/// Two ways, of which one is late: they arrive together.
#[test]
fn parallel_paths_are_level() {
    let mut rig = Rig::mono();
    let (mut edit, streams, output) = apart(&rig);
    let (late, bus) = (edit.add(Late::new(100)), edit.add(Bus::new("sum")));
    edit.connect(&streams, &late).connect(&late, &bus).connect(&streams, &bus).connect(&bus, &output);
    edit.commit().unwrap();
    rig.render_in(2_000, 333);
    assert_eq!(rig.session.graph().latency(), 100);
    let (mut writer, stream) = rig.stream(plain());
    drop(say(&mut writer, &[1.0; 10]));
    let mut out = rig.render_in(105, 7);
    // Heard is what has left the graph.
    assert_eq!(stream.position().played, 5);
    out.extend(rig.render_in(400, 7));
    let expected: Vec<f32> =
        (0..505).map(|frame| if (100..110).contains(&frame) { 2.0 } else { 0.0 }).collect();
    assert_eq!(out, expected);
    assert_eq!(stream.position().played, 10);
}

/// Every mistake is told by its name, and changes nothing.
#[test]
fn mistakes_have_names() {
    let rig = Rig::new();
    let graph = rig.session.graph();
    let before = graph.snapshot();
    let why = |edit: Edit| edit.commit().unwrap_err().why;

    let mut edit = graph.edit();
    let (a, b) = (edit.add(Gain::new()), edit.add(Bus::new("b")));
    edit.connect(&a, &b).connect(&b, &a);
    let error = why(edit);
    assert!(matches!(&error, EditError::Cycle { nodes } if nodes.len() == 2));
    assert!(error.to_string().starts_with("a cycle: node "), "{error}");

    let mut edit = graph.edit();
    let a = edit.add(Gain::new());
    edit.connect(&a, &a);
    assert!(matches!(why(edit), EditError::Cycle { nodes } if nodes.len() == 1));

    let mut edit = graph.edit();
    let (stereo, mono) = (edit.add(Gain::new()), edit.add(Gain::new().channels(1)));
    edit.connect(&stereo, &mono);
    assert!(matches!(why(edit), EditError::Channels { output: 2, input: 1, port: 0, .. }));

    let mut edit = graph.edit();
    let gain = edit.add(Gain::new());
    edit.connect_side(&gain, &gain, 0);
    assert!(matches!(why(edit), EditError::NoInput { port: 1, inputs: 1, .. }));

    let mut edit = graph.edit();
    let (output, gain) = (edit.output(), edit.add(Gain::new()));
    edit.connect(&output, &gain);
    assert!(matches!(why(edit), EditError::NoOutput { .. }));

    let mut edit = graph.edit();
    let (streams, output) = (edit.streams(), edit.output());
    edit.connect(&streams, &output);
    assert!(matches!(why(edit), EditError::Connected { .. }));

    let mut edit = graph.edit();
    edit.remove(&output);
    assert!(matches!(why(edit), EditError::Fixed { .. }));

    let mut edit = graph.edit();
    edit.connect(&stereo, &output);
    assert!(matches!(why(edit), EditError::Unknown { .. }), "never committed");

    assert_eq!(graph.snapshot(), before);
}

/// What was refused comes back whole, and can be amended.
#[test]
fn a_refused_edit_is_not_lost() {
    let rig = Rig::new();
    let mut edit = rig.session.graph().edit();
    let gain = edit.add(Gain::new());
    let output = edit.output();
    edit.connect(&gain, &gain).connect(&gain, &output);
    let mut edit = edit.commit().unwrap_err().edit;
    edit.disconnect(&gain, &gain);
    edit.commit().unwrap();
    assert!(gain.is_in_graph());
}

/// A connection turned around is a cycle with what it was: the old fades first.
#[test]
fn a_connection_can_be_turned_around() {
    let mut rig = Rig::mono();
    let (mut writer, _stream) = rig.stream(faded());
    put(&mut writer, &sine(48_000));
    let (mut edit, streams, output) = apart(&rig);
    let (a, b) = (edit.add(Bus::new("a")), edit.add(Bus::new("b")));
    edit.connect(&streams, &a).connect(&a, &b).connect(&b, &output);
    edit.commit().unwrap();
    let mut out = rig.render_in(1_000, 128);
    let mut edit = rig.session.graph().edit();
    edit.disconnect(&streams, &a).disconnect(&a, &b).disconnect(&b, &output);
    edit.connect(&streams, &b).connect(&b, &a).connect(&a, &output);
    edit.commit().unwrap();
    out.extend(rig.render_in(2_000, 128));
    assert!(largest_step(&out) < NO_CLICK, "{}", largest_step(&out));
    assert!(out[2_000..].iter().any(|sample| *sample > 0.49));
}

/// A graph has the room that it was given.
#[test]
fn a_graph_has_its_room() {
    let (session, _offline) = Session::builder().max_nodes(2).offline().unwrap();
    let mut edit = session.graph().edit();
    for _ in 0..3 {
        let _ = edit.add(Gain::new());
    }
    assert_eq!(edit.commit().unwrap_err().why, EditError::TooManyNodes { nodes: 3, max: 2 });
}

/// Sources that are not streams sound by themselves.
#[test]
fn a_sample_is_played_at_its_frame() {
    let mut rig = Rig::mono();
    let mut edit = rig.session.graph().edit();
    let sample = codetta::nodes::Sample::from_interleaved(&[0.25_f32; 100], 1, RATE);
    let player = edit.add(SamplePlayer::new(&sample));
    let output = edit.output();
    edit.connect(&player, &output);
    edit.commit().unwrap();
    rig.render(480);
    let _ = player.play(Db(0.0), 1_001);
    let out = rig.render_in(1_000, 64);
    let heard: Vec<usize> = (0..1_000).filter(|frame| out[*frame] != 0.0).collect();
    assert_eq!((heard.first(), heard.last()), (Some(&(1_001 - 480)), Some(&(1_100 - 480))));
}
