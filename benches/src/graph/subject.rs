//! Codetta itself: gains in a row; looped sample players into buses.

use std::fmt;

use codetta::graph::{Db, Edit, Node, When};
use codetta::nodes::{Bus, Gain, Sample, SamplePlayer};
use codetta::{Command, Offline, Session};

use super::Shape;
use super::material::{FAN_IN, GAINS, LEAVES, SOUNDS, chain_gain_db, sound};
use crate::{CHANNELS, Contestant, RATE};

/// A session rendered offline: its audio thread's work, and nobody beside it. The control side has its turn untimed.
pub struct CodettaGraph {
    /// Dropped first, a session would end what plays.
    _session: Session,
    offline: Offline,
}

impl CodettaGraph {
    /// The graph of `shape`.
    ///
    /// # Panics
    /// Where no session can be had, or no such graph: then there is nothing to compare.
    pub fn new(shape: Shape) -> Self {
        // Leaves and mixers: 1111. All leaves start with the same block.
        let builder =
            Session::builder().sample_rate(RATE).channels(CHANNELS).max_nodes(1200).max_commands(2 * LEAVES);
        let (session, mut offline) = builder.offline().expect("an offline session needs no device");
        let mut edit = session.graph().edit();
        let players = match shape {
            Shape::Chain => chain(&mut edit),
            Shape::Tree => tree(&mut edit),
        };
        edit.commit().expect("a graph within capacity, without a cycle");
        // A node can be told something once the audio thread has the plan.
        offline.render(&mut [0.0; CHANNELS]);
        for player in &players {
            assert_eq!(player.play(Db(0.0), When::Now), Command::Accepted, "every leaf is to be heard");
        }
        Self { _session: session, offline }
    }
}

fn chain(edit: &mut Edit) -> Vec<Node<SamplePlayer>> {
    let player = edit.add(player(&sample(0)));
    let mut last = edit.add(Gain::new().level(Db(chain_gain_db(0))));
    edit.connect(&player, &last);
    for node in 1..GAINS {
        let gain = edit.add(Gain::new().level(Db(chain_gain_db(node))));
        edit.connect(&last, &gain);
        last = gain;
    }
    let output = edit.output();
    edit.connect(&last, &output);
    vec![player]
}

fn tree(edit: &mut Edit) -> Vec<Node<SamplePlayer>> {
    let samples: Vec<_> = (0..SOUNDS).map(sample).collect();
    let players: Vec<_> = (0..LEAVES).map(|leaf| edit.add(player(&samples[leaf % SOUNDS]))).collect();
    let mut level = mix(edit, &players);
    while level.len() > 1 {
        level = mix(edit, &level);
    }
    let output = edit.output();
    edit.connect(&level[0], &output);
    players
}

/// A bus for each ten of `inputs`.
fn mix<P>(edit: &mut Edit, inputs: &[Node<P>]) -> Vec<Node<Bus>> {
    let mixer = |inputs: &[Node<P>]| {
        let mixer = edit.add(Bus::new("mixer"));
        for input in inputs {
            edit.connect(input, &mixer);
        }
        mixer
    };
    inputs.chunks(FAN_IN).map(mixer).collect()
}

fn sample(leaf: usize) -> Sample {
    Sample::from_interleaved(&sound(leaf), CHANNELS, RATE)
}

fn player(sample: &Sample) -> SamplePlayer {
    SamplePlayer::new(sample).looping(..).polyphony(1)
}

impl Contestant for CodettaGraph {
    fn name(&self) -> &'static str {
        "codetta"
    }

    fn refill(&mut self, _blocks: usize) {
        self.offline.step();
    }

    fn render(&mut self, out: &mut [f32]) {
        self.offline.render_only(out);
    }
}

impl fmt::Debug for CodettaGraph {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodettaGraph").finish_non_exhaustive()
    }
}
