//! What the listener is told of the mix, when all has been heard and before the last line.

use std::sync::mpsc::{Receiver, Sender};
use std::time::Duration;

use codetta::device::DeviceInfo;
use codetta::{Event, Report};

use super::picture::Picture;
use super::trace::Peaks;
use crate::cli;
use crate::exit::{Exit, complain};
use crate::playlist::Problem;
use crate::ui::{Mixed, Ui, View};

/// Longer than the feeding thread looks away.
const PATIENCE: Duration = Duration::from_secs(2);

/// Draws the picture, and says how much the music was turned down. Whether the picture could be drawn.
pub fn tell(ui: &mut dyn Ui, peaks: &Peaks, picture: Option<Picture>, args: &cli::Duck) -> bool {
    let drawn = picture.map(|picture| picture.draw(peaks, args)).transpose();
    let (ducked, least) = peaks.ducked();
    let deepest = 20.0 * f64::from(least).log10();
    let picture = drawn.as_ref().ok().cloned().flatten();
    // In hundredths, as they are known; JSON has no infinity, and nobody reads of a negative zero.
    let deepest = ((deepest * 100.0).round() / 100.0).max(-80.0) + 0.0;
    ui.mixed(&Mixed { seconds: peaks.seconds(), ducked, deepest, picture });
    drawn.inspect_err(|problem| complain(problem)).is_ok()
}

/// An [`Ui`] that [tells](tell) of the mix before it closes.
pub struct Shown<'a> {
    pub ui: Box<dyn Ui>,
    pub args: &'a cli::Duck,
    pub picture: Option<Picture>,
    /// Tells the feeding thread that nothing more will be heard.
    pub over: Sender<()>,
    /// What it has seen until then.
    pub seen: Receiver<Peaks>,
    /// How it ended, a picture that could not be drawn included.
    pub exit: Option<Exit>,
}

impl Ui for Shown<'_> {
    fn opened(&mut self, device: &DeviceInfo, view: &View) {
        self.ui.opened(device, view);
    }

    fn event(&mut self, event: &Event, view: &View) {
        self.ui.event(event, view);
    }

    fn tell(&mut self, message: &str) {
        self.ui.tell(message);
    }

    fn input_failed(&mut self, problem: &Problem) {
        self.ui.input_failed(problem);
    }

    fn closed(&mut self, report: Option<&Report>, exit: Exit) {
        let _ = self.over.send(());
        let told = match self.seen.recv_timeout(PATIENCE) {
            Ok(peaks) => tell(&mut *self.ui, &peaks, self.picture.take(), self.args),
            // Nothing was mixed.
            Err(_) => true,
        };
        let exit = if told || exit != Exit::Ok { exit } else { Exit::Usage };
        self.exit = Some(exit);
        self.ui.closed(report, exit);
    }
}
