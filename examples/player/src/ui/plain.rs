//! Plain lines, for pipes, logs and terminals that want no more.

use codetta::device::DeviceInfo;
use codetta::{End, Event, Outcome, Report};

use super::{Mixed, Ui, View, clock};
use crate::exit::Exit;
use crate::lines::Lines;

/// A line for each thing worth one.
#[derive(Debug, Default)]
pub struct Plain {
    out: Lines,
}

impl Ui for Plain {
    fn opened(&mut self, device: &DeviceInfo, _view: &View) {
        self.out.line(format_args!(
            "playing to {} ({} Hz, {} channels)",
            device.name, device.sample_rate, device.channels
        ));
    }

    fn event(&mut self, event: &Event, view: &View) {
        match event {
            Event::Started { tag, .. } => self.out.line(started(*tag, view)),
            Event::Finished(outcome) => self.out.line(finished(outcome, view)),
            Event::DeviceChanged { from, to, .. } => match to {
                Some(to) => self.out.line(format_args!("device changed from {from} to {}", to.name)),
                None => self.out.line(format_args!("device lost: {from}")),
            },
            _ => {}
        }
    }

    fn mixed(&mut self, mixed: &Mixed) {
        let Mixed { seconds, ducked, deepest, picture } = mixed;
        self.out.line(format_args!(
            "music: {seconds:.1} s, of which {ducked:.1} s were turned down, by up to {:.1} dB",
            -deepest
        ));
        if let Some(picture) = picture {
            self.out.line(format_args!("picture: {picture}"));
        }
    }

    fn closed(&mut self, report: Option<&Report>, _exit: Exit) {
        if let Some(report) = report {
            self.out.line(summary(report));
        }
    }
}

fn started(tag: u64, view: &View) -> String {
    let (name, spec) = view.tagged(tag).map_or(("?", None), |t| (t.name.as_str(), t.spec));
    let format = spec.map_or_else(String::new, |spec| {
        let channels = if spec.channels == 1 { "mono" } else { "stereo" };
        let length = spec.frames.map_or_else(String::new, |n| format!(", {}", clock(n, spec.rate)));
        format!("  ({} Hz, {channels}{length})", spec.rate)
    });
    format!("[{}/{}] {name}{format}", tag + 1, view.tracks.len())
}

fn finished(outcome: &Outcome, view: &View) -> String {
    let name = view.tagged(outcome.tag).map_or("?", |t| t.name.as_str());
    let (played, pushed) = (clock(outcome.played, outcome.rate), clock(outcome.pushed, outcome.rate));
    let position = format!("[{}/{}] {name}", outcome.tag + 1, view.tracks.len());
    match outcome.end {
        End::Played => format!("{position}: played {played}"),
        End::Closed if outcome.discarded == 0 => format!("{position}: stopped after {played}"),
        end => format!("{position}: {} after {played} of the {pushed} queued", ending(end)),
    }
}

/// How a segment ended, in words.
pub fn ending(end: End) -> &'static str {
    match end {
        End::Played => "played",
        End::Interrupted => "interrupted",
        End::Discarded => "discarded",
        End::Closed => "closed",
        End::DeadlineExceeded => "out of time",
        End::DeviceLost => "device lost",
        _ => "ended",
    }
}

/// The whole session in a line.
pub fn summary(report: &Report) -> String {
    let seconds = |frames: fn(&Outcome) -> u64| -> f64 {
        report
            .segments
            .iter()
            .map(|o| frames(o) as f64 / f64::from(o.rate.max(1)))
            .fold(0.0, |all, one| all + one)
    };
    let (heard, pushed) = (seconds(|o| o.played), seconds(|o| o.pushed));
    let mut line = format!("heard {heard:.1} s of {pushed:.1} s");
    match report.underruns.episodes {
        0 => {}
        1 => line += ", 1 underrun",
        n => line += &format!(", {n} underruns"),
    }
    line
}
