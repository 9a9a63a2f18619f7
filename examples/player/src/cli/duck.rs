//! `codetta duck`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use codetta::graph::{Db, ParamSpec, Seconds, Unit};
use codetta::nodes::Ducker;

use super::{OutputArg, seconds};

/// `codetta duck`.
#[derive(Debug, Clone, Args)]
pub struct Duck {
    /// The speech: a sound file.
    #[arg(value_name = "SPEECH")]
    pub speech: PathBuf,
    /// The music under it: a sound file, played again and again until the speech is over.
    #[arg(long, value_name = "MUSIC")]
    pub over: PathBuf,
    /// Where to: auto, default, virtual, file:PATH.wav, or a device's name or id from `codetta devices`.
    #[arg(long, default_value = "auto", value_name = "OUTPUT", conflicts_with = "render")]
    pub output: OutputArg,
    /// Instead of playing it: the WAV file to render, as fast as it goes.
    #[arg(long, short = 'o', value_name = "OUT.wav")]
    pub render: Option<PathBuf>,
    /// Draw what the music was before and after it was turned down, under the speech.
    #[arg(long, value_name = "PICTURE.svg")]
    pub svg: Option<PathBuf>,
    /// How long the music plays alone before the speech begins.
    #[arg(long, default_value = "2", value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    pub lead: Duration,
    /// Above which peak it is speech, in dBFS, -80 to 0.
    #[arg(long, default_value = "-40", value_name = "DB", value_parser = threshold, allow_negative_numbers = true)]
    pub threshold: Db,
    /// The music's gain under speech, -80 to 0.
    #[arg(long, default_value = "-15", value_name = "DB", value_parser = depth, allow_negative_numbers = true)]
    pub depth: Db,
    /// How long the music takes to go down, 0 to 2000.
    #[arg(long, default_value = "50", value_name = "MS", value_parser = attack, allow_negative_numbers = true)]
    pub attack: Seconds,
    /// The longest pause between words in which it stays down, 0 to 5000.
    #[arg(long, default_value = "400", value_name = "MS", value_parser = hold, allow_negative_numbers = true)]
    pub hold: Seconds,
    /// How long it takes to come back, 0 to 5000.
    #[arg(long, default_value = "800", value_name = "MS", value_parser = release, allow_negative_numbers = true)]
    pub release: Seconds,
    /// Print one JSON object a line: opened, segment_started, progress, …, mixed, closed with the report.
    #[arg(long)]
    pub json: bool,
    /// Print plain lines, as it does unless told otherwise.
    #[arg(long, conflicts_with = "json")]
    pub plain: bool,
}

fn threshold(text: &str) -> Result<Db, String> {
    value(Ducker::THRESHOLD, text, 1.0)
}

fn depth(text: &str) -> Result<Db, String> {
    value(Ducker::DEPTH, text, 1.0)
}

fn attack(text: &str) -> Result<Seconds, String> {
    value(Ducker::ATTACK, text, 1_000.0)
}

fn hold(text: &str) -> Result<Seconds, String> {
    value(Ducker::HOLD, text, 1_000.0)
}

fn release(text: &str) -> Result<Seconds, String> {
    value(Ducker::RELEASE, text, 1_000.0)
}

/// A number in the node's own range, written as `parts` for one of its unit.
fn value<U: Unit>(spec: ParamSpec<Ducker, U>, text: &str, parts: f32) -> Result<U, String> {
    let (low, high) = spec.info().range;
    let unit = if parts == 1.0 { "dB" } else { "ms" };
    text.parse()
        .map(|number: f32| number / parts)
        .ok()
        .filter(|number| (low..=high).contains(number))
        .map(U::new)
        .ok_or_else(|| format!("give {} to {} {unit}", low * parts, high * parts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::{Cli, Command};
    use clap::Parser;

    /// The ranges are the node's; decibels down are negative, as everywhere.
    #[test]
    fn values_are_held_to_the_nodes_range() {
        assert_eq!(depth("-12.5"), Ok(Db(-12.5)));
        assert_eq!(hold("250"), Ok(Seconds(0.25)));
        for wrong in ["12", "-81", "NaN", "-inf", "loud", ""] {
            assert_eq!(depth(wrong), Err("give -80 to 0 dB".into()), "{wrong}");
        }
        for wrong in ["-1", "2001"] {
            assert_eq!(attack(wrong), Err("give 0 to 2000 ms".into()), "{wrong}");
        }
    }

    /// What `--help` says is what the node does.
    #[test]
    fn defaults_are_the_nodes_own() {
        let Cli { command: Command::Duck(duck) } = Cli::parse_from(["codetta", "duck", "a", "--over", "b"])
        else {
            panic!("another command");
        };
        let decibels = [duck.threshold, duck.depth].map(Unit::number);
        assert_eq!(decibels, [Ducker::THRESHOLD, Ducker::DEPTH].map(|spec| spec.info().default));
        let times = [duck.attack, duck.hold, duck.release].map(Unit::number);
        assert_eq!(times, [Ducker::ATTACK, Ducker::HOLD, Ducker::RELEASE].map(|spec| spec.info().default));
    }
}
