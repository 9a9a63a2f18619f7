//! The same edits, commands and streams at the same frames give the same bits, whatever the block.

mod common;

use codetta::{
    Stream, Writer,
    graph::{
        Activity, Audio, Curve, Db, Factor, Hz, Layout, Node, Position, Processor, Q, Ratio, Seconds,
        SessionOutput, Setup, StreamInput, Tail,
    },
    nodes::{
        AuxSend, Biquad, BiquadKind, Bus, Compressor, Delay, Ducker, Gain, Impulse, Limiter, Meter, Noise,
        Pan, Sample, SamplePlayer, Sine, Tap,
    },
};
use common::*;

const BLOCKS: [usize; 8] = [1, 7, 64, 128, 441, 512, 1_024, 8_192];
/// A filter may ring for 3.7 s, and then it sleeps.
const FRAMES: usize = 260_000;

/// Late by so many frames.
struct Late {
    line: Vec<Vec<f32>>,
    at: usize,
}

impl Late {
    fn new(frames: usize) -> Self {
        Self { line: vec![vec![0.0; frames]; 2], at: 0 }
    }
}

impl Processor for Late {
    fn name(&self) -> &'static str {
        "late"
    }

    fn prepare(&mut self, _: &Setup) -> Layout {
        Layout::effect(2, 2).latency(self.line[0].len() as u32).tail(Tail::Frames(0))
    }

    fn process(&mut self, audio: &mut Audio<'_>) -> Activity {
        let mut end = self.at;
        for (channel, line) in audio.channels().zip(&mut self.line) {
            end = self.at;
            for sample in channel {
                std::mem::swap(&mut line[end], sample);
                end = (end + 1) % line.len();
            }
        }
        self.at = end;
        Activity::Sounding
    }

    fn reset(&mut self) {
        self.line.iter_mut().for_each(|line| line.fill(0.0));
        self.at = 0;
    }
}

/// What plays.
struct Band {
    rig: Rig,
    music: (Writer, Stream),
    voice: (Writer, Stream),
    bed: Node<StreamInput>,
    output: Node<SessionOutput>,
    gain: Node<Gain>,
    filter: Node<Biquad>,
    pan: Node<Pan>,
    delay: Node<Delay>,
    compressor: Node<Compressor>,
    ducker: Node<Ducker>,
    limiter: Node<Limiter>,
    player: Node<SamplePlayer>,
    sine: Node<Sine>,
    noise: Node<Noise>,
    impulse: Node<Impulse>,
    late: Node<Late>,
    sum: Node<Bus>,
    more: Vec<Node<Gain>>,
}

impl Band {
    /// Music through its own input, a voice that ducks it, parallel paths of which some are late, and a few sources.
    fn new() -> Self {
        let rig = Rig::new();
        let mut edit = rig.session.graph().edit();
        let (streams, output) = (edit.streams(), edit.output());
        let bed = edit.add_input("music");
        let sample: Vec<f32> = sine(1_000).iter().map(|sample| 0.3 * sample).collect();
        let player = edit.add(SamplePlayer::new(&Sample::from_interleaved(&sample, 1, RATE)).looping(500..));
        let gain = edit.add(Gain::new());
        let filter = edit.add(Biquad::new(BiquadKind::Peak).gain(Db(6.0)));
        let shelf = edit.add(Biquad::new(BiquadKind::HighShelf).gain(Db(-3.0)).frequency(Hz(9_000.0)));
        let pan = edit.add(Pan::new());
        let delay = edit.add(Delay::new(Seconds(0.003)).time(Seconds(0.001)));
        let (compressor, ducker, limiter) =
            (edit.add(Compressor::new()), edit.add(Ducker::new()), edit.add(Limiter::new()));
        let (sine, noise) =
            (edit.add(Sine::new(Hz(333.0)).level(Db(-30.0))), edit.add(Noise::new(7).level(Db(-50.0))));
        let (impulse, late) = (edit.add(Impulse::new().channels(1)), edit.add(Late::new(77)));
        let (send, sum) = (edit.add(AuxSend::new().level(Db(-9.0))), edit.add(Bus::new("sum")));
        let (meter, _reading) = Meter::new();
        let (tap, _recorder) = Tap::with_frames(FRAMES);
        let (meter, tap) = (edit.add(meter), edit.add(tap));
        edit.disconnect(&streams, &output);
        edit.connect(&streams, &gain).connect(&gain, &filter).connect(&filter, &pan).connect(&pan, &sum);
        edit.connect(&bed, &ducker).connect_side(&streams, &ducker, 0).connect(&ducker, &sum);
        edit.connect(&filter, &send).connect(&send, &delay).connect(&delay, &sum);
        edit.connect(&bed, &late).connect(&late, &sum).connect(&player, &compressor);
        edit.connect(&impulse, &compressor).connect(&compressor, &sum).connect(&sine, &sum);
        edit.connect(&noise, &shelf).connect(&shelf, &sum);
        edit.connect(&sum, &limiter).connect(&limiter, &meter).connect(&meter, &output).connect(&sum, &tap);
        edit.commit().expect("a valid edit");
        let config = faded();
        let (music, voice) = (rig.stream(config.input(&bed)), rig.stream(config));
        Self {
            rig,
            music,
            voice,
            bed,
            output,
            gain,
            filter,
            pan,
            delay,
            compressor,
            ducker,
            limiter,
            player,
            sine,
            noise,
            impulse,
            late,
            sum,
            more: Vec::new(),
        }
    }

    /// All that is scheduled from the start, at odd frames.
    fn schedule(&mut self) {
        let accepted = |command| assert_eq!(command, codetta::Command::Accepted);
        put(&mut self.music.0, &sine(20_000));
        let _ = self.music.0.flush();
        accepted(self.music.1.start_at(1_237));
        put(&mut self.voice.0, &sine(3_001));
        let _ = self.voice.0.flush();
        accepted(self.voice.1.start_at(5_003));
        let level = self.gain.param(Gain::LEVEL);
        accepted(level.at(5_101).ramp_to(Db(-12.0), ms(13)));
        accepted(level.at(5_301).curve_to(Db(3.0), ms(40), Curve::Exponential));
        accepted(level.at(6_007).curve_to(Db(-3.0), ms(11), Curve::Smooth));
        accepted(self.filter.param(Biquad::FREQUENCY).at(5_055).curve_to(
            Hz(4_000.0),
            ms(33),
            Curve::Exponential,
        ));
        accepted(self.filter.param(Biquad::Q).at(5_777).ramp_to(Q(4.0), ms(7)));
        accepted(self.pan.param(Pan::POSITION).at(5_333).curve_to(Position(0.8), ms(21), Curve::Smooth));
        accepted(self.delay.param(Delay::TIME).at(6_111).ramp_to(Seconds(0.002), ms(30)));
        accepted(self.delay.param(Delay::FEEDBACK).at(5_999).ramp_to(Factor(0.7), ms(3)));
        accepted(self.compressor.param(Compressor::THRESHOLD).at(9_001).ramp_to(Db(-30.0), ms(9)));
        accepted(self.compressor.param(Compressor::RATIO).at(9_411).set(Ratio(8.0)));
        accepted(self.ducker.param(Ducker::DEPTH).at(5_503).ramp_to(Db(-20.0), ms(17)));
        accepted(self.ducker.param(Ducker::RELEASE).at(7_503).set(Seconds(0.05)));
        accepted(self.limiter.param(Limiter::CEILING).at(7_777).ramp_to(Db(-9.0), ms(19)));
        accepted(self.sine.param(Sine::FREQUENCY).at(3_333).ramp_to(Hz(777.0), ms(37)));
        accepted(self.sine.param(Sine::LEVEL).at(30_001).ramp_to(Db(f32::NEG_INFINITY), ms(5)));
        accepted(self.noise.param(Noise::LEVEL).at(30_011).ramp_to(Db(f32::NEG_INFINITY), ms(5)));
        for (note, frame) in [8_191, 8_192, 8_639, 9_001, 10_101].into_iter().enumerate() {
            accepted(self.player.play(Db(-3.0 * note as f32), frame));
        }
        accepted(self.player.stop(16_385));
        for frame in [2_049, 2_050, 2_500, 21_111, 245_677] {
            accepted(self.impulse.trigger(Impulse::FIRE, 0.5, frame));
        }
    }

    /// What is done at once, before a frame.
    fn act(&mut self, frame: usize) {
        let mut edit = self.rig.session.graph().edit();
        match frame {
            // Another path, in parallel, of a node that is new.
            4_001 => {
                let gain = edit.add(Gain::new().level(Db(-15.0)));
                edit.connect(&self.bed, &gain).connect(&gain, &self.sum);
                self.more.push(gain);
            }
            // The late one goes: everything is less late, while music plays.
            13_337 => {
                edit.remove(&self.late);
            }
            // Another, later than it was.
            15_015 => {
                self.late = edit.add(Late::new(333));
                edit.connect(&self.bed, &self.late).connect(&self.late, &self.sum);
            }
            15_099 => {
                edit.connect(&self.bed, &self.output);
            }
            15_199 => {
                edit.disconnect(&self.bed, &self.output).remove(&self.more[0]);
            }
            // All has been silent, and slept.
            244_443 => {
                put(&mut self.voice.0, &sine(2_222));
                let _ = self.voice.0.flush();
            }
            244_999 => {
                let _ = self.voice.1.interrupt();
                let _ = self.gain.param(Gain::LEVEL).set(Db(0.0));
            }
            _ => unreachable!("nothing is to be done"),
        }
        edit.commit().expect("a valid edit");
    }
}

const ACTS: [usize; 7] = [4_001, 13_337, 15_015, 15_099, 15_199, 244_443, 244_999];

/// All of it, in blocks of a size, cut where something is done at once.
fn play(block: usize) -> Vec<f32> {
    let mut band = Band::new();
    band.schedule();
    let (mut out, mut at) = (Vec::new(), 0);
    for act in ACTS {
        out.extend(band.rig.render_in(act - at, block));
        at = act;
        band.act(act);
    }
    out.extend(band.rig.render_in(FRAMES - at, block));
    out
}

fn differs(a: &[f32], b: &[f32]) -> Option<usize> {
    a.iter().zip(b).position(|(a, b)| a.to_bits() != b.to_bits()).map(|sample| sample / 2)
}

/// A whole piece, with everything that there is in it.
#[test]
fn any_block_gives_the_same_bits() {
    let expected = play(480);
    let sounds = |frames: std::ops::Range<usize>| {
        expected[2 * frames.start..2 * frames.end].iter().any(|sample| sample.abs() > 1e-3)
    };
    assert!(
        sounds(1_000..2_000) && sounds(5_000..6_000) && sounds(16_000..20_000) && sounds(244_500..246_000)
    );
    assert!(expected[2 * 240_000..2 * 244_443].iter().all(|sample| *sample == 0.0), "it sleeps");
    for block in BLOCKS {
        assert_eq!(differs(&expected, &play(block)), None, "the first frame that differs, blocks of {block}");
    }
}

/// And again, when it is played again.
#[test]
fn the_same_twice_is_the_same() {
    assert_eq!(differs(&play(333), &play(333)), None);
}
