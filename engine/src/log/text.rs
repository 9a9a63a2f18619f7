//! The log as text: a line for each command.

use super::{CommandLog, Entry, What};
use crate::{
    graph::{Curve, NodeId, NodeOp},
    stream::{StreamId, commands::Op},
};
use std::{
    fmt::{self, Display},
    str::{FromStr, SplitWhitespace},
};

/// Why a text is no log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LogError {
    /// It does not begin as a log does, or is of a version that is not known.
    #[error("a log of commands begins with \"codetta commands 1, 48000 Hz\" or another rate")]
    Header,
    /// A line is no command.
    #[error("line {line} is no command: {text}")]
    Line {
        /// Its number, from 1.
        line: usize,
        /// What it says.
        text: String,
    },
    /// A line's frame is before that of the line above.
    #[error("line {line} is earlier than the one before")]
    Order {
        /// Its number, from 1.
        line: usize,
    },
}

impl Display for CommandLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "codetta commands 1, {} Hz", self.rate)?;
        if self.missed > 0 {
            writeln!(f, "missed {}", self.missed)?;
        }
        for Entry { frame, what } in &self.entries {
            match what {
                What::Edit(number) => writeln!(f, "{frame} edit {number}")?,
                What::Stream(stream, op) => writeln!(f, "{frame} {stream} {}", Shown(op))?,
                What::Node(node, op) => writeln!(f, "{frame} {node} {}", Shown(op))?,
            }
        }
        Ok(())
    }
}

/// An operation as the log writes it. Numbers are written so that they read the same.
struct Shown<'a, T>(&'a T);

impl Display for Shown<'_, Op> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Op::Pause => f.write_str("pause"),
            Op::Resume => f.write_str("resume"),
            Op::Gain { amplitude, frames } => write!(f, "gain {amplitude} within {frames}"),
            Op::Pan { sides: [left, right], frames } => write!(f, "sides {left} {right} within {frames}"),
            Op::StartAt(frame) => write!(f, "start {frame}"),
        }
    }
}

impl Display for Shown<'_, NodeOp> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            NodeOp::Ramp { param, to, frames, curve } => {
                let curve = match curve {
                    Curve::Linear => "linear",
                    Curve::Exponential => "exponential",
                    Curve::Smooth => "smooth",
                };
                write!(f, "ramp {param} to {to} within {frames} {curve}")
            }
            NodeOp::Trigger { index, value } => write!(f, "trigger {index} {value}"),
        }
    }
}

impl FromStr for CommandLog {
    type Err = LogError;

    fn from_str(text: &str) -> Result<Self, LogError> {
        let mut lines = text.lines().enumerate();
        let header = lines.next().map_or("", |(_, line)| line);
        let rate = header.strip_prefix("codetta commands 1, ").and_then(|rest| rest.strip_suffix(" Hz"));
        let mut log = Self::new(rate.and_then(|rate| rate.parse().ok()).ok_or(LogError::Header)?);
        for (index, text) in lines.filter(|(_, line)| !line.trim().is_empty()) {
            let line = index + 1;
            if let Some(missed) = text.strip_prefix("missed ") {
                log.missed = missed.parse().map_err(|_| LogError::Line { line, text: text.to_owned() })?;
                continue;
            }
            let entry = entry(text).ok_or_else(|| LogError::Line { line, text: text.to_owned() })?;
            if log.entries.last().is_some_and(|last| last.frame > entry.frame) {
                return Err(LogError::Order { line });
            }
            log.entries.push(entry);
        }
        Ok(log)
    }
}

fn entry(line: &str) -> Option<Entry> {
    let mut words = line.split_whitespace();
    let frame = number(&mut words)?;
    let of = words.next()?;
    let id = number(&mut words)?;
    let what = match of {
        "edit" => What::Edit(id),
        "stream" => What::Stream(StreamId(id), stream_op(&mut words)?),
        "node" => What::Node(NodeId(id), node_op(&mut words)?),
        _ => return None,
    };
    words.next().is_none().then_some(Entry { frame, what })
}

fn stream_op(words: &mut SplitWhitespace<'_>) -> Option<Op> {
    Some(match words.next()? {
        "pause" => Op::Pause,
        "resume" => Op::Resume,
        "gain" => Op::Gain { amplitude: finite(words)?, frames: within(words)? },
        "sides" => Op::Pan { sides: [finite(words)?, finite(words)?], frames: within(words)? },
        "start" => Op::StartAt(number(words)?),
        _ => return None,
    })
}

fn node_op(words: &mut SplitWhitespace<'_>) -> Option<NodeOp> {
    Some(match words.next()? {
        "ramp" => {
            let param = number(words)?;
            word(words, "to")?;
            let (to, frames) = (finite(words)?, within(words)?);
            let curve = match words.next()? {
                "linear" => Curve::Linear,
                "exponential" => Curve::Exponential,
                "smooth" => Curve::Smooth,
                _ => return None,
            };
            NodeOp::Ramp { param, to, frames, curve }
        }
        "trigger" => NodeOp::Trigger { index: number(words)?, value: finite(words)? },
        _ => return None,
    })
}

fn word(words: &mut SplitWhitespace<'_>, wanted: &str) -> Option<()> {
    (words.next()? == wanted).then_some(())
}

fn within(words: &mut SplitWhitespace<'_>) -> Option<u32> {
    word(words, "within")?;
    number(words)
}

fn number<T: FromStr>(words: &mut SplitWhitespace<'_>) -> Option<T> {
    words.next()?.parse().ok()
}

fn finite(words: &mut SplitWhitespace<'_>) -> Option<f32> {
    number(words).filter(|value: &f32| value.is_finite())
}

#[cfg(all(test, not(loom)))]
mod tests {
    use super::*;

    /// Every command is read as it was written.
    #[test]
    fn what_is_written_is_read() {
        let whats = [
            What::Edit(1),
            What::Stream(StreamId(3), Op::Pause),
            What::Stream(StreamId(3), Op::Resume),
            What::Stream(StreamId(4), Op::Gain { amplitude: 0.1, frames: 7 }),
            What::Stream(StreamId(4), Op::Pan { sides: [1.0, 1.0e-9], frames: 0 }),
            What::Stream(StreamId(4), Op::StartAt(u64::MAX)),
            What::Node(NodeId(9), NodeOp::Ramp { param: 2, to: 1.0 / 3.0, frames: 9, curve: Curve::Linear }),
            What::Node(NodeId(9), NodeOp::Ramp { param: 0, to: 440.0, frames: 0, curve: Curve::Exponential }),
            What::Node(NodeId(9), NodeOp::Ramp { param: 0, to: -0.5, frames: 1, curve: Curve::Smooth }),
            What::Node(NodeId(9), NodeOp::Trigger { index: 1, value: 0.7 }),
        ];
        let entries = whats.into_iter().enumerate().map(|(frame, what)| Entry { frame: frame as u64, what });
        let log = CommandLog { rate: 44_100, entries: entries.collect(), missed: 5 };
        assert_eq!(log.to_string().parse(), Ok(log));
    }

    /// What is no log is said to be none, and where.
    #[test]
    fn mistakes_are_found() {
        let parse = |text: &str| text.parse::<CommandLog>().unwrap_err();
        assert_eq!(parse(""), LogError::Header);
        assert_eq!(parse("codetta commands 2, 48000 Hz"), LogError::Header);
        for line in [
            "x",
            "1",
            "1 edit",
            "1 edit 1 2",
            "1 node 2 ramp 0 to NaN within 3 linear",
            "1 stream 0 gain inf within 3",
            "-1 edit 1",
            "1 stream 0 sides 1 within 3",
            "1 node 2 trigger 0",
            "1 node 2 ramp 0 to 1 within 3 wavy",
        ] {
            let text = format!("codetta commands 1, 48000 Hz\n\n{line}\n");
            assert_eq!(parse(&text), LogError::Line { line: 3, text: line.to_owned() });
        }
        let text = "codetta commands 1, 48000 Hz\n5 edit 1\n4 edit 2\n";
        assert_eq!(parse(text), LogError::Order { line: 3 });
    }
}
