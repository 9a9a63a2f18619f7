//! The picture: the speech, the music before and after, and the gain between them, on one time axis.

mod draw;

use std::fs::File;
use std::io::Write;
use std::path::Path;

use super::trace::Peaks;
use crate::beside::Beside;
use crate::cli;

/// An SVG file, which takes its place when it is drawn.
pub struct Picture {
    file: File,
    beside: Beside,
    name: String,
}

impl Picture {
    /// Creates the file: who cannot have it is told before the music plays.
    pub fn create(path: &Path) -> Result<Self, String> {
        let name = path.display().to_string();
        let (file, beside) = Beside::create(path).map_err(|e| format!("{name}: {e}"))?;
        Ok(Self { file, beside, name })
    }

    /// Draws it, and answers its name.
    pub fn draw(mut self, peaks: &Peaks, args: &cli::Duck) -> Result<String, String> {
        let svg = draw::svg(peaks, args);
        let written = self.file.write_all(svg.as_bytes()).and_then(|()| self.beside.rename());
        written.map_err(|e| format!("{}: {e}", self.name)).map(|()| self.name)
    }
}
