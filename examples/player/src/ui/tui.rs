//! The terminal: position, levels, buffer, keys.

use std::io;
use std::time::Duration;

use codetta::device::DeviceInfo;
use codetta::{Event, Report};
use ratatui::DefaultTerminal;
use ratatui::crossterm::event::{self, Event as Input, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::plain::summary;
use super::{Key, Ui, View};
use crate::exit::{Exit, complain};

mod draw;

/// Seconds that a key goes back or forward.
const SEEK: i64 = 5;
/// dB that a key turns.
const TURN: i32 = 2;

/// The terminal in raw mode. It is given back when this is dropped, and by the panic hook that comes with it.
pub struct Tui {
    terminal: Option<DefaultTerminal>,
    levels: draw::Levels,
    /// What the listener was told while the screen was not his; repeated when it is.
    told: Vec<String>,
}

impl Tui {
    /// Takes the terminal.
    pub fn new() -> io::Result<Self> {
        let terminal = ratatui::try_init().inspect_err(|_| ratatui::restore())?;
        Ok(Self { terminal: Some(terminal), levels: draw::Levels::default(), told: Vec::new() })
    }

    fn give_back(&mut self) {
        if self.terminal.take().is_some() {
            // A terminal that has gone cannot be put right, and nobody would read about it.
            let _ = ratatui::try_restore();
            for message in self.told.drain(..) {
                complain(message);
            }
        }
    }
}

impl Drop for Tui {
    fn drop(&mut self) {
        self.give_back();
    }
}

impl Ui for Tui {
    fn opened(&mut self, _device: &DeviceInfo, view: &View) {
        self.draw(view);
    }

    fn event(&mut self, _event: &Event, _view: &View) {}

    fn tell(&mut self, message: &str) {
        self.told.push(message.into());
    }

    fn draw(&mut self, view: &View) {
        self.levels.update(&view.peaks);
        if let Some(terminal) = &mut self.terminal {
            // A frame that cannot be drawn is only a frame; the sound goes on.
            let _ = terminal.draw(|frame| draw::screen(frame, view, &self.levels));
        }
    }

    fn key(&mut self) -> Option<Key> {
        self.terminal.as_ref()?;
        while event::poll(Duration::ZERO).ok()? {
            if let Input::Key(pressed) = event::read().ok()?
                && let Some(key) = key(pressed)
            {
                return Some(key);
            }
        }
        None
    }

    fn closed(&mut self, report: Option<&Report>, _exit: Exit) {
        self.give_back();
        if let Some(report) = report {
            crate::lines::Lines::new().line(summary(report));
        }
    }
}

fn key(pressed: KeyEvent) -> Option<Key> {
    if pressed.kind == KeyEventKind::Release {
        return None;
    }
    match pressed.code {
        KeyCode::Char('c' | 'C') if pressed.modifiers.contains(KeyModifiers::CONTROL) => Some(Key::Interrupt),
        KeyCode::Char(' ') => Some(Key::Pause),
        KeyCode::Left => Some(Key::Seek(-SEEK)),
        KeyCode::Right => Some(Key::Seek(SEEK)),
        KeyCode::Up => Some(Key::Volume(TURN)),
        KeyCode::Down => Some(Key::Volume(-TURN)),
        KeyCode::Char('n') => Some(Key::Next),
        KeyCode::Char('q') => Some(Key::Quit),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: KeyCode, modifiers: KeyModifiers) -> Option<Key> {
        key(KeyEvent::new(code, modifiers))
    }

    /// In raw mode Ctrl-C is a key; a bare c is none.
    #[test]
    fn control_c_interrupts() {
        assert_eq!(pressed(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Key::Interrupt));
        assert_eq!(pressed(KeyCode::Char('c'), KeyModifiers::NONE), None);
    }

    /// The keys that the bottom line names.
    #[test]
    fn each_key_has_its_meaning() {
        for (code, meaning) in [
            (KeyCode::Char(' '), Key::Pause),
            (KeyCode::Left, Key::Seek(-5)),
            (KeyCode::Right, Key::Seek(5)),
            (KeyCode::Up, Key::Volume(2)),
            (KeyCode::Down, Key::Volume(-2)),
            (KeyCode::Char('n'), Key::Next),
            (KeyCode::Char('q'), Key::Quit),
        ] {
            assert_eq!(pressed(code, KeyModifiers::NONE), Some(meaning), "{code:?}");
        }
    }
}
