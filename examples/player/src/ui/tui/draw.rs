//! One screen from one view.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::{Color, Style, Stylize};
use ratatui::text::{Line, Span};
use ratatui::widgets::{LineGauge, Paragraph, Wrap};

use super::super::{View, clock};

/// Softest level shown, in dBFS.
const FLOOR: f32 = -60.0;
/// dB that a meter falls with each drawing, at some thirty a second: 26 dB/s, between the ballistics of a digital peak
/// meter (20 dB in 1.7 s, IEC 60268-18) and what the eye can follow in speech.
const FALL: f32 = 0.85;

/// The meters, which fall more slowly than the sound.
#[derive(Debug, Default)]
pub struct Levels {
    decibels: Vec<f32>,
}

impl Levels {
    /// Takes the peaks since the last drawing.
    pub fn update(&mut self, peaks: &[f32]) {
        self.decibels.resize(peaks.len(), FLOOR);
        for (shown, peak) in self.decibels.iter_mut().zip(peaks) {
            let now = 20.0 * peak.max(1e-6).log10();
            *shown = now.max(*shown - FALL).clamp(FLOOR, 6.0);
        }
    }
}

/// Draws everything.
pub fn screen(frame: &mut Frame<'_>, view: &View, levels: &Levels) {
    let meters = u16::try_from(levels.decibels.len()).unwrap_or(8).min(8);
    let rows = Layout::vertical([
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(meters),
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(1),
    ])
    .split(frame.area());
    frame.render_widget(title(view), rows[0]);
    position(frame, rows[1], view);
    for (channel, level) in levels.decibels.iter().take(meters.into()).enumerate() {
        let row = Rect { y: rows[3].y + channel as u16, height: 1, ..rows[3] };
        if row.bottom() <= rows[3].bottom() {
            meter(frame, row, channel, levels.decibels.len(), *level);
        }
    }
    gauge(frame, rows[4], &format!("{:9}", "buffer"), view.fill, Color::Blue);
    frame.render_widget(status(view), rows[5]);
    if let Some(notice) = &view.notice {
        frame.render_widget(Paragraph::new(notice.as_str()).wrap(Wrap { trim: true }).yellow(), rows[6]);
    }
    let keys = "space pause  ←/→ seek 5 s  ↑/↓ volume  n next  q quit";
    frame.render_widget(Paragraph::new(keys).dim(), rows[7]);
}

fn title(view: &View) -> Paragraph<'_> {
    let Some(track) = view.track() else { return Paragraph::new("…") };
    let name = track.name.rsplit('/').next().unwrap_or(&track.name);
    let format = track.spec.map_or_else(String::new, |spec| {
        format!("  {} Hz {}", spec.rate, if spec.channels == 1 { "mono" } else { "stereo" })
    });
    Paragraph::new(Line::from(vec![
        Span::from(if view.paused { "⏸ " } else { "▶ " }).green(),
        Span::from(format!("{}/{} ", view.index + 1, view.tracks.len())).dim(),
        Span::from(name).bold(),
        Span::from(format).dim(),
    ]))
}

fn position(frame: &mut Frame<'_>, area: Rect, view: &View) {
    let spec = view.track().and_then(|track| track.spec);
    let rate = spec.map_or(1, |spec| spec.rate);
    let at = clock(view.frame, rate);
    match spec.and_then(|spec| spec.frames).filter(|frames| *frames > 0) {
        Some(frames) => {
            let left = clock(frames.saturating_sub(view.frame), rate);
            let ratio = view.frame as f64 / frames as f64;
            gauge(frame, area, &format!("{at} -{left} "), ratio, Color::Green);
        }
        None => frame.render_widget(Paragraph::new(at), area),
    }
}

fn meter(frame: &mut Frame<'_>, area: Rect, channel: usize, channels: usize, decibels: f32) {
    let name = match (channels, channel) {
        (1, _) => "mono".into(),
        (2, 0) => "L".into(),
        (2, _) => "R".into(),
        _ => (channel + 1).to_string(),
    };
    let colour = match decibels {
        d if d >= 0.0 => Color::Red,
        d if d >= -6.0 => Color::Yellow,
        _ => Color::Green,
    };
    let text =
        if decibels <= FLOOR { format!("{name:4}  -∞ ") } else { format!("{name:4}{decibels:4.0} ") };
    gauge(frame, area, &text, f64::from((decibels - FLOOR) / -FLOOR), colour);
}

fn gauge(frame: &mut Frame<'_>, area: Rect, label: &str, ratio: f64, colour: Color) {
    let gauge = LineGauge::default()
        .label(label.to_owned())
        .ratio(if ratio.is_finite() { ratio.clamp(0.0, 1.0) } else { 0.0 })
        .filled_symbol("━")
        .unfilled_symbol("─")
        .filled_style(Style::new().fg(colour))
        .unfilled_style(Style::new().fg(Color::DarkGray));
    frame.render_widget(gauge, area);
}

fn status(view: &View) -> Paragraph<'_> {
    let state = match (view.draining, view.paused) {
        (true, _) => "draining, Ctrl-C again to stop now",
        (_, true) => "paused",
        _ => "playing",
    };
    let mut text = format!("{state}  to {}  volume {:+} dB", view.device, view.decibels);
    if view.underruns > 0 {
        text += &format!("  {} underruns", view.underruns);
    }
    Paragraph::new(text).dim()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::decode::Spec;
    use crate::ui::Track;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn view() -> View {
        let spec = Spec { rate: 48_000, channels: 2, frames: Some(480_000), seekable: true };
        View {
            device: "virtual".into(),
            tracks: vec![Track { name: "/music/song.flac".into(), spec: Some(spec) }],
            frame: 120_000,
            fill: 0.5,
            peaks: vec![1.0, 0.0],
            ..View::default()
        }
    }

    fn drawn(view: &View, width: u16, height: u16) -> String {
        let mut levels = Levels::default();
        levels.update(&view.peaks);
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal.draw(|frame| screen(frame, view, &levels)).unwrap();
        terminal.backend().to_string()
    }

    /// Name, position, what remains, and the levels in dB.
    #[test]
    fn a_screen_says_what_is_heard() {
        let text = drawn(&view(), 70, 10);
        for wanted in ["song.flac", "0:02.5 -0:07.5", "L      0", "R     -∞", "buffer", "virtual", "q quit"]
        {
            assert!(text.contains(wanted), "{wanted:?} in\n{text}");
        }
        assert!(!text.contains("/music/"), "{text}");
    }

    /// A terminal of any size is drawn on.
    #[test]
    fn no_terminal_is_too_small() {
        for (width, height) in [(1, 1), (5, 3), (20, 6), (300, 2)] {
            drawn(&view(), width, height);
        }
        drawn(&View::default(), 40, 8);
    }

    /// A meter rises at once and falls gently.
    #[test]
    fn meters_fall_gently() {
        let mut levels = Levels::default();
        levels.update(&[1.0]);
        levels.update(&[0.0]);
        assert_eq!(levels.decibels, [-FALL]);
        levels.update(&[1.0]);
        assert_eq!(levels.decibels, [0.0]);
    }
}
