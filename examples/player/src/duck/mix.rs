//! Two streams that are kept full: the speech, and the music for as long as the speech needs it.
//!
//! It waits for nobody, so that a thread that plays and one that renders can drive it alike.

use codetta::graph::{Db, Node};
use codetta::nodes::Gain;
use codetta::{Command, Session};

use super::material::Material;
use super::plan::{Ending, Plan};
use super::voice::{Fed, Voice};
use super::wiring::Ends;
use super::{MUSIC, SPEECH};
use crate::playlist::Problem;

/// What is being mixed.
pub struct Mix {
    speech: Voice,
    music: Voice,
    plan: Plan,
    /// Known once the speech has been read to its end.
    ending: Option<Ending>,
    fade: Node<Gain>,
    fades: bool,
    /// When it began.
    from: Option<u64>,
    rate: u32,
}

/// How far it has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pumped {
    /// The streams take no more for now.
    Waiting,
    /// Everything is written.
    Done,
    /// The streams are closed.
    Closed,
}

impl Mix {
    /// Makes the streams, and fills them. They wait to be told when to [begin](Self::begin).
    pub fn new(
        session: &Session,
        ends: Ends,
        [speech, music]: [Material; 2],
        plan: Plan,
    ) -> Result<Self, Problem> {
        let speech = Voice::new(session, speech, &ends.speech, SPEECH as u64)?;
        let music = Voice::new(session, music, &ends.music, MUSIC as u64)?;
        let (fade, rate) = (ends.fade, session.sample_rate());
        let mut mix = Self { speech, music, plan, ending: None, fade, fades: false, from: None, rate };
        mix.pump();
        Ok(mix)
    }

    /// Lets the music be heard from the session's frame `from` on, and the speech when the plan says.
    pub fn begin(&mut self, from: u64) {
        self.music.start_at(from);
        self.speech.start_at(from + frames(self.plan.speech, self.rate));
        self.from = Some(from);
    }

    /// Reads and writes until both streams are full.
    pub fn pump(&mut self) -> Pumped {
        loop {
            let speech = self.speech.feed(None);
            if speech == Fed::Over && self.ending.is_none() {
                self.ending = Some(self.plan.ending(self.speech.seconds()));
            }
            self.send_fade();
            // As long as nobody knows when the speech ends, the music goes no further than it is sure to be wanted in full.
            let known = self.plan.ending(self.speech.seconds());
            let limit = self.ending.map_or(known.fade, |ending| ending.over);
            let music = self.music.feed(Some(frames(limit, self.music.rate())));
            if music == Fed::Limited && self.ending.is_some() {
                self.music.end();
            }
            match (speech, music) {
                (Fed::Closed, _) | (_, Fed::Closed) => return Pumped::Closed,
                (Fed::Over, Fed::Over) => return Pumped::Done,
                (Fed::Some, _) | (_, Fed::Some) => {}
                (Fed::Over, Fed::Limited) => {}
                _ => return Pumped::Waiting,
            }
        }
    }

    /// Lets the music fade when its time comes. Where the queue is full, it is asked for again.
    fn send_fade(&mut self) {
        if let (Some(from), Some(ending), false) = (self.from, self.ending, self.fades) {
            let level = self.fade.param(Gain::LEVEL).at(from + frames(ending.fade, self.rate));
            self.fades = level.ramp_to(Db(f32::NEG_INFINITY), Plan::fade()) != Command::Full;
        }
    }

    /// Frames from the first of the music to the last, once it is known.
    pub fn frames(&self) -> Option<u64> {
        self.ending.map(|ending| frames(ending.over, self.rate))
    }

    /// Whether everything that was written has its outcome.
    pub fn is_settled(&self) -> bool {
        self.voices().iter().all(|voice| voice.is_settled())
    }

    /// Both, by their tags.
    pub fn voices(&self) -> [&Voice; 2] {
        [&self.speech, &self.music]
    }
}

fn frames(seconds: f64, rate: u32) -> u64 {
    (seconds * f64::from(rate)).round() as u64
}
