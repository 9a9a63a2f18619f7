//! A file to be mixed: read once, or again and again.

use std::fmt::Display;

use crate::decode::{DecodeError, Input, PcmSource, Spec, open};
use crate::playlist::Problem;

/// The frames of a file, and what was wrong with it.
pub struct Material {
    input: Input,
    source: Box<dyn PcmSource>,
    spec: Spec,
    /// The first frames, read when it was opened.
    first: Vec<f32>,
    repeats: bool,
    problem: Option<Problem>,
}

impl Material {
    /// Opens it, and reads as far as it takes to know that there is sound in it.
    pub fn open(input: &Input, repeats: bool) -> Result<Self, Problem> {
        let problem = |e: DecodeError| problem(input, &e);
        let mut source = open(input).map_err(problem)?;
        let mut first = Vec::new();
        source.read(&mut first).map_err(problem)?;
        if first.is_empty() {
            return Err(problem(DecodeError::NoSound));
        }
        let spec = source.spec();
        Ok(Self { input: input.clone(), source, spec, first, repeats, problem: None })
    }

    /// Its format, and how long it is once.
    pub fn spec(&self) -> Spec {
        self.spec
    }

    /// Puts the next frames into `out`, in place of what is there; none at the end. What cannot be read is left out, and is
    /// a problem.
    pub fn read(&mut self, out: &mut Vec<f32>) {
        out.clear();
        if !self.first.is_empty() {
            std::mem::swap(out, &mut self.first);
            return;
        }
        if let Err(e) = self.source.read(out) {
            out.clear();
            self.blame(&e.to_string());
        }
        if !out.is_empty() {
            return;
        }
        if let Some(damage) = self.source.damage() {
            self.blame(&damage);
        }
        if self.repeats {
            match Self::open(&self.input, true) {
                // Another file by now, under the same name.
                Ok(again)
                    if (again.spec.rate, again.spec.channels) != (self.spec.rate, self.spec.channels) =>
                {
                    self.blame("has changed its format while it was played");
                }
                Ok(again) => {
                    (self.source, *out) = (again.source, again.first);
                    return;
                }
                Err(problem) => self.blame(&problem.error),
            }
            self.repeats = false;
        }
    }

    /// The first thing that was wrong: the next time round it is wrong again.
    fn blame(&mut self, error: &str) {
        let found = self.problem_with(&error);
        self.problem.get_or_insert(found);
    }

    /// What is wrong with it, for the person who named it.
    pub fn problem_with(&self, error: &dyn Display) -> Problem {
        problem(&self.input, error)
    }

    /// What was wrong.
    pub fn problem(&self) -> Option<&Problem> {
        self.problem.as_ref()
    }
}

fn problem(input: &Input, error: &dyn Display) -> Problem {
    Problem { file: input.name(), error: error.to_string() }
}
