//! The command line.

mod duck;

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use duck::Duck;

use crate::decode::{Input, RawFormat, RawSpec};

/// Plays sound through the Codetta engine, and says what was heard.
#[derive(Debug, Parser)]
#[command(name = "codetta", version, arg_required_else_help = true, after_help = EXITS)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const EXITS: &str = "Exit codes: 0 ok, 1 usage, 2 nothing playable, 3 some inputs failed, 4 device lost, \
                     124 drain deadline exceeded, 130 interrupted";

/// The subcommands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Play files, directories and standard input, without gaps between files of one format.
    Play(Play),
    /// Render files into a WAV file, as fast as it goes.
    Render(Render),
    /// Mix speech over music, which is turned down while somebody speaks.
    Duck(Duck),
    /// List the output devices.
    Devices(Devices),
    /// Play a short recording that shows interruption, pause, drain and report.
    Demo(Demo),
}

/// `codetta play`.
#[derive(Debug, Args)]
pub struct Play {
    /// Sound files, directories of them, or - for standard input (WAV; see --raw).
    #[arg(required = true, value_name = "FILE|DIR|-")]
    pub inputs: Vec<PathBuf>,
    /// Where to: auto, default, virtual, file:PATH.wav, or a device's name or id from `codetta devices`.
    #[arg(long, short, default_value = "auto", value_name = "OUTPUT")]
    pub output: OutputArg,
    /// How long what is queued may go on playing at the end, or after Ctrl-C.
    #[arg(long, default_value = "10", value_name = "SECONDS", value_parser = seconds, allow_negative_numbers = true)]
    pub drain_timeout: Duration,
    /// Print one JSON object a line: opened, segment_started, progress, …, closed with the report.
    #[arg(long)]
    pub json: bool,
    /// Print plain lines on a terminal too.
    #[arg(long, conflicts_with = "json")]
    pub plain: bool,
    /// Standard input is samples without a header: give --rate too.
    #[arg(long, requires = "rate")]
    pub raw: bool,
    /// Frames a second of --raw input.
    #[arg(long, requires = "raw", value_name = "HZ", value_parser = clap::value_parser!(u32).range(8_000..=192_000))]
    pub rate: Option<u32>,
    /// Channels of --raw input.
    #[arg(long, requires = "raw", default_value_t = 1, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=64))]
    pub channels: u16,
    /// Samples of --raw input.
    #[arg(long, requires = "raw", default_value = "s16le", value_name = "FORMAT")]
    pub format: RawArg,
}

/// `codetta render`.
#[derive(Debug, Args)]
pub struct Render {
    /// Sound files, directories of them, or - for a WAV on standard input; one after the other.
    #[arg(required = true, value_name = "IN")]
    pub inputs: Vec<PathBuf>,
    /// The WAV file to write.
    #[arg(long, short, value_name = "OUT.wav")]
    pub output: PathBuf,
    /// Its frames a second; those of the first input unless told.
    #[arg(long, value_name = "HZ", value_parser = clap::value_parser!(u32).range(8_000..=192_000))]
    pub rate: Option<u32>,
    /// Its channels; 2 if any input has more than one, unless told.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=8))]
    pub channels: Option<u16>,
    /// Its samples.
    #[arg(long, default_value = "s16", value_name = "FORMAT")]
    pub format: WavArg,
}

/// `codetta devices`.
#[derive(Debug, Args)]
pub struct Devices {
    /// Print a JSON array.
    #[arg(long)]
    pub json: bool,
}

/// `codetta demo`.
#[derive(Debug, Args)]
pub struct Demo {
    /// Where to, as for `codetta play`.
    #[arg(long, short, default_value = "auto", value_name = "OUTPUT")]
    pub output: OutputArg,
}

/// Where sound goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OutputArg {
    /// The default device; the virtual one, with a notice, where there is none.
    Auto,
    /// The default device.
    Default,
    /// The virtual device.
    Virtual,
    /// A WAV file, in real time.
    File(PathBuf),
    /// A device by its name or id.
    Device(String),
}

impl FromStr for OutputArg {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "" | "file:" => {
                Err("give auto, default, virtual, file:PATH.wav, or a name from `codetta devices`")
            }
            "auto" => Ok(Self::Auto),
            "default" => Ok(Self::Default),
            "virtual" => Ok(Self::Virtual),
            name => Ok(name
                .strip_prefix("file:")
                .map_or_else(|| Self::Device(name.into()), |p| Self::File(p.into()))),
        }
    }
}

/// Sample formats of raw input.
#[derive(Debug, Clone, Copy, ValueEnum)]
pub enum RawArg {
    /// Signed 16 bit.
    S16le,
    /// Signed 32 bit.
    S32le,
    /// 32-bit float.
    F32le,
}

/// Sample formats of a WAV file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WavArg {
    /// Signed 16 bit.
    S16,
    /// Signed 24 bit.
    S24,
    /// 32-bit float.
    F32,
}

impl Play {
    /// What standard input is.
    pub fn stdin(&self) -> Input {
        let format = match self.format {
            RawArg::S16le => RawFormat::S16,
            RawArg::S32le => RawFormat::S32,
            RawArg::F32le => RawFormat::F32,
        };
        match self.rate {
            Some(rate) if self.raw => {
                Input::RawStdin(RawSpec { rate, channels: self.channels.into(), format })
            }
            _ => Input::Stdin,
        }
    }
}

fn seconds(text: &str) -> Result<Duration, String> {
    text.parse()
        .ok()
        .and_then(|s| Duration::try_from_secs_f64(s).ok())
        .filter(|d| *d <= Duration::from_secs(86_400))
        .ok_or_else(|| "give seconds from 0 to 86400, for example 2.5".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Clap's own check of the definitions.
    #[test]
    fn the_definitions_hold() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    /// Names that are no keyword are devices, with whatever is in them.
    #[test]
    fn outputs_are_told_apart() {
        assert_eq!("auto".parse(), Ok(OutputArg::Auto));
        assert_eq!("file:a:b.wav".parse(), Ok(OutputArg::File("a:b.wav".into())));
        assert_eq!("hw:0,1".parse(), Ok(OutputArg::Device("hw:0,1".into())));
        assert!("file:".parse::<OutputArg>().is_err());
    }

    /// Seconds with a fraction; nothing negative, endless or absurd.
    #[test]
    fn a_timeout_is_a_bounded_number_of_seconds() {
        assert_eq!(seconds("2.5"), Ok(Duration::from_millis(2500)));
        for wrong in ["-1", "inf", "NaN", "1e9", "soon", ""] {
            assert!(seconds(wrong).is_err(), "{wrong}");
        }
    }
}
