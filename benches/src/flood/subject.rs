//! Codetta with the graph of two hundred nodes.

use std::fmt;

use codetta::graph::{Db, Hz, Node, Param, When};
use codetta::nodes::{Biquad, BiquadKind, Bus, Gain, Limiter, Sample, SamplePlayer};
use codetta::{Command, Offline, Session};

use super::{Flooded, GROUPS, SETTLED, VOICES, command_at, cut_off_at, edit_at, level_at};
use crate::graph::sound;
use crate::{CHANNELS, RATE};

/// One voice, and what its edits and commands need.
struct Voice {
    player: Node<SamplePlayer>,
    filter: Node<Biquad>,
    /// Put in behind the filter, for the time of a round of edits.
    effect: Option<Node<Gain>>,
    levels: [Param<Db>; 2],
    cut_off: Param<Hz>,
}

/// A session rendered offline, so that control has its turn between blocks.
pub struct CodettaFlood {
    session: Session,
    offline: Offline,
    voices: Vec<Vec<Voice>>,
    buses: Vec<Node<Bus>>,
    rendered: u64,
}

impl CodettaFlood {
    /// The graph, playing, in blocks of `block` frames.
    ///
    /// # Panics
    /// Where no session can be had, or no such graph: then there is nothing to measure.
    pub fn new(block: usize) -> Self {
        let builder = Session::builder().sample_rate(RATE).channels(CHANNELS).max_commands(4096);
        let (session, offline) = builder.offline().expect("an offline session needs no device");
        let mut edit = session.graph().edit();
        let output = edit.output();
        let (master, limiter) = (edit.add(Bus::new("master")), edit.add(Limiter::new()));
        edit.connect(&master, &limiter).connect(&limiter, &output);
        let (mut buses, mut voices) = (Vec::new(), Vec::new());
        for group in 0..GROUPS {
            let bus = edit.add(Bus::new("group"));
            edit.connect(&bus, &master);
            let voice = |voice| {
                let sample = Sample::from_interleaved(&sound(group * VOICES + voice), CHANNELS, RATE);
                let player = edit.add(SamplePlayer::new(&sample).looping(..).polyphony(1));
                let gain = edit.add(Gain::new().level(Db(-6.0)));
                let filter = edit.add(Biquad::new(BiquadKind::Low).frequency(Hz(4_000.0)));
                edit.connect(&player, &gain).connect(&gain, &filter).connect(&filter, &bus);
                let levels = [player.param(SamplePlayer::LEVEL), gain.param(Gain::LEVEL)];
                let cut_off = filter.param(Biquad::FREQUENCY);
                Voice { player, filter, effect: None, levels, cut_off }
            };
            voices.push((0..VOICES).map(voice).collect());
            buses.push(bus);
        }
        edit.commit().expect("a graph within capacity, without a cycle");
        let mut this = Self { session, offline, voices, buses, rendered: 0 };
        let mut out = vec![0.0; block * CHANNELS];
        // A node can be told something once the audio thread has the plan.
        this.render(&mut out);
        for voice in this.voices.iter().flatten() {
            assert_eq!(
                voice.player.play(Db(0.0), When::Now),
                Command::Accepted,
                "every voice is to be heard"
            );
        }
        while this.rendered < SETTLED {
            this.step();
            this.render(&mut out);
        }
        assert!(out.iter().any(|sample| *sample != 0.0), "silence costs nothing");
        this
    }
}

impl Flooded for CodettaFlood {
    fn name(&self) -> &'static str {
        "codetta"
    }

    fn edit(&mut self, number: u64) {
        let (group, voice, kind) = edit_at(number);
        let Voice { filter, effect, .. } = &mut self.voices[group][voice];
        let (bus, other) = (&self.buses[group], &self.buses[(group + 1) % GROUPS]);
        let mut edit = self.session.graph().edit();
        match (kind, effect.as_ref()) {
            (1, Some(effect)) => edit.disconnect(effect, bus).connect(effect, other),
            (2, Some(effect)) => edit.disconnect(effect, other).connect(effect, bus),
            (3, Some(old)) => edit.remove(old).connect(filter, bus),
            _ => {
                let new = effect.insert(edit.add(Gain::new().level(Db(-1.0))));
                edit.disconnect(filter, bus).connect(filter, new).connect(new, bus)
            }
        };
        edit.commit().expect("a graph within capacity, without a cycle, and audio that takes every plan");
        if kind == 3 {
            *effect = None;
        }
    }

    fn tell(&mut self, number: u64, frames: Option<u64>) {
        let (group, voice, stage) = command_at(number);
        let voice = &self.voices[group][voice];
        let when = frames.map_or(When::Now, |frames| When::Frame(self.rendered + frames));
        let answer = match stage {
            0 | 1 => voice.levels[stage as usize].at(when).set(Db(level_at(number))),
            _ => voice.cut_off.at(when).set(Hz(cut_off_at(number))),
        };
        assert_eq!(answer, Command::Accepted, "the flood is to arrive");
    }

    fn step(&mut self) {
        self.offline.step();
    }

    fn render(&mut self, out: &mut [f32]) {
        self.offline.render_only(out);
        self.rendered += (out.len() / CHANNELS) as u64;
    }
}

impl fmt::Debug for CodettaFlood {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CodettaFlood").field("rendered", &self.rendered).finish_non_exhaustive()
    }
}
