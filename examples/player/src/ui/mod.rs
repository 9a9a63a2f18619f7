//! What the listener sees: a terminal, plain lines, or JSON. One trait; the play loop knows no more.

mod json;
mod plain;
mod tui;

use codetta::device::DeviceInfo;
use codetta::{Event, Report};

pub use json::Json;
pub use plain::{Plain, ending};
pub use tui::Tui;

use crate::decode::Spec;
use crate::exit::{Exit, complain};
use crate::playlist::Problem;

/// One input, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct Track {
    /// Path, or `-`.
    pub name: String,
    /// Known once it has been opened.
    pub spec: Option<Spec>,
}

/// Where things stand.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The device's name.
    pub device: String,
    /// All inputs, by index.
    pub tracks: Vec<Track>,
    /// The one that is heard.
    pub index: usize,
    /// The frame of it that is heard, at its rate.
    pub frame: u64,
    /// How full the stream's buffer is, 0 to 1.
    pub fill: f64,
    /// Linear peak of each output channel since the last drawing.
    pub peaks: Vec<f32>,
    /// Volume in dB.
    pub decibels: i32,
    /// Whether the listener has paused.
    pub paused: bool,
    /// Whether no more is read, and what is queued plays out.
    pub draining: bool,
    /// Times that the stream ran dry.
    pub underruns: u64,
    /// The last thing the listener was told.
    pub notice: Option<String>,
}

impl View {
    /// The input that is heard.
    pub fn track(&self) -> Option<&Track> {
        self.tracks.get(self.index)
    }

    /// An input by its segments' tag.
    pub fn tagged(&self, tag: u64) -> Option<&Track> {
        self.tracks.get(usize::try_from(tag).ok()?)
    }
}

/// How much the music was turned down under the speech.
#[derive(Debug, Clone, PartialEq)]
pub struct Mixed {
    /// How long it played, in seconds.
    pub seconds: f64,
    /// For how many of them it was turned down.
    pub ducked: f64,
    /// How far, at the most: 0 dB or less.
    pub deepest: f64,
    /// The file that shows it.
    pub picture: Option<String>,
}

/// What a key press asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Key {
    /// Pause, or go on.
    Pause,
    /// Go back (negative) or forward by seconds.
    Seek(i64),
    /// Louder or softer, in dB.
    Volume(i32),
    /// The next input.
    Next,
    /// Stop now.
    Quit,
    /// Ctrl-C: the same as the signal, which a terminal in raw mode does not send.
    Interrupt,
}

/// Shows what happens. Every method returns at once.
pub trait Ui {
    /// The session has started.
    fn opened(&mut self, device: &DeviceInfo, view: &View);
    /// Something happened.
    fn event(&mut self, event: &Event, view: &View);
    /// A line for the listener: an input that cannot be played, a notice.
    fn tell(&mut self, message: &str) {
        complain(message);
    }
    /// Called some thirty times a second.
    fn draw(&mut self, _view: &View) {}
    /// The next key press there is.
    fn key(&mut self) -> Option<Key> {
        None
    }
    /// An input that gave nothing, or not all.
    fn input_failed(&mut self, problem: &Problem) {
        self.tell(&problem.to_string());
    }
    /// Speech has been mixed over music.
    fn mixed(&mut self, _mixed: &Mixed) {}
    /// It is over; without a report where no session came to be. The last call.
    fn closed(&mut self, report: Option<&Report>, exit: Exit);
}

/// `m:ss.t`, or `h:mm:ss.t`.
pub fn clock(frames: u64, rate: u32) -> String {
    let tenths = u128::from(frames) * 10 / u128::from(rate.max(1));
    let (seconds, tenth) = (tenths / 10, tenths % 10);
    let (minutes, hours) = (seconds / 60 % 60, seconds / 3600);
    match hours {
        0 => format!("{minutes}:{:02}.{tenth}", seconds % 60),
        _ => format!("{hours}:{minutes:02}:{:02}.{tenth}", seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Minutes unless there are hours; no rate at all is no reason to stop.
    #[test]
    fn a_clock_reads_as_people_read_it() {
        assert_eq!(clock(0, 48_000), "0:00.0");
        assert_eq!(clock(48_000 * 61 + 24_000, 48_000), "1:01.5");
        assert_eq!(clock(44_100 * 3_723, 44_100), "1:02:03.0");
        assert_eq!(clock(5, 0), "0:05.0");
    }
}
