//! When what happens, in seconds since the music began.

use codetta::graph::Unit;

use crate::cli;

/// How long the music is heard by itself, at its own level, before it fades: so that it is heard to have come back.
const AFTERWARDS: f64 = 1.0;
/// The music's way out, at the end.
const FADE: f64 = 2.0;

/// Music, speech over it, music again, and out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// When the speech begins.
    pub speech: f64,
    /// From the last word to the fade.
    behind: f64,
}

/// The end.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ending {
    /// When the fade begins.
    pub fade: f64,
    /// When the music is silent.
    pub over: f64,
}

impl Plan {
    /// With the times that were asked for.
    pub fn new(args: &cli::Duck) -> Self {
        let back = f64::from(args.hold.number()) + f64::from(args.release.number());
        Self { speech: args.lead.as_secs_f64(), behind: back + AFTERWARDS }
    }

    /// How it ends when the speech is `speech` seconds long.
    pub fn ending(&self, speech: f64) -> Ending {
        let fade = self.speech + speech + self.behind;
        Ending { fade, over: fade + FADE }
    }

    /// How long the fade takes.
    pub fn fade() -> std::time::Duration {
        std::time::Duration::from_secs_f64(FADE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The music is back at its level before it fades, whatever the times are.
    #[test]
    fn the_fade_waits_for_the_release() {
        let plan = Plan { speech: 2.0, behind: 0.4 + 0.8 + AFTERWARDS };
        let ending = plan.ending(5.0);
        assert!(ending.fade >= 2.0 + 5.0 + 0.4 + 0.8);
        assert_eq!(ending.over - ending.fade, FADE);
    }
}
