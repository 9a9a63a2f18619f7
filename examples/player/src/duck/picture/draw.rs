//! From peaks to SVG: text, which the eye and a browser read alike, in the light and in the dark.

use std::fmt::Display;

use codetta::graph::Unit;

use super::super::trace::{PEAKS, Peaks};
use crate::cli;

/// The time axis, in the picture's units.
const LEFT: f64 = 30.0;
const WIDTH: f64 = 820.0;
const RIGHT: f64 = LEFT + WIDTH;
/// As many as can be told apart.
const BARS: usize = 205;
/// Points of the gain's curve, at most: one for two units.
const POINTS: usize = 410;
/// A wave's half height.
const HEIGHT: f64 = 34.0;
/// The middles of the waves.
const SPEECH: f64 = 104.0;
const BEFORE: f64 = 206.0;
const AFTER: f64 = 308.0;
/// The gain's axis: 0 dB, and the lowest that there was.
const UNITY: f64 = 378.0;
const DEEPEST: f64 = 428.0;
const TOP: f64 = 52.0;
const BOTTOM: f64 = 440.0;

/// The house's colours, as classes rather than variables: some renderers know no variables.
const LIGHT: [(&str, &str); 7] = [
    ("page", "#ffffff"),
    ("ink", "#1f2933"),
    ("soft", "#67737f"),
    ("line", "#d5dbe1"),
    ("heard", "#0f7b6c"),
    ("lost", "#b9c2cb"),
    ("cut", "#c2410c"),
];
const DARK: [(&str, &str); 7] = [
    ("page", "#12171d"),
    ("ink", "#e4e9ee"),
    ("soft", "#93a1af"),
    ("line", "#2d3742"),
    ("heard", "#38c7ae"),
    ("lost", "#47535f"),
    ("cut", "#fb923c"),
];

/// Seconds between two marks of the time axis, of which there are twelve at most.
const MARKS: [f64; 12] = [0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 300.0, 600.0, 3600.0];

/// Draws it. The same peaks give the same bytes.
pub fn svg(peaks: &Peaks, args: &cli::Duck) -> String {
    let name = |path: &std::path::Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let (speech, music) = (name(&args.speech), name(&args.over));
    let (seconds, deepest) = peaks.ducked();
    // Lower than any depth there is: nothing is drawn below it.
    let deepest = deepest.max(1e-4);
    let title = format!("{music} is turned down by {} dB while {speech} speaks", decibels(1.0 / deepest));
    let mut lines = vec![
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 880 480" role="img" aria-label="{0}"><title>{0}</title>"#,
            escaped(&title)
        ),
        format!("<style>{}</style>", style()),
        r#"<rect x=".5" y=".5" width="879" height="479" rx="10" class="page line-line"/>"#.into(),
        text(LEFT, 32.0, &format!("{seconds:.1} s of music turned down"), "b ink", "start"),
        text(RIGHT, 32.0, &settings(args), "soft", "end"),
    ];
    lines.extend(bands(peaks));
    let level = peak(&peaks.before);
    lines.extend(wave(&peaks.speech, peak(&peaks.speech), SPEECH, "ink", &format!("speech: {speech}")));
    lines.extend(wave(&peaks.before, level, BEFORE, "lost", &format!("music before: {music}")));
    lines.extend(wave(&peaks.after, level, AFTER, "heard", "music after"));
    lines.extend(curve(peaks, deepest));
    lines.extend(axis(peaks.seconds()));
    lines.push("</svg>\n".into());
    lines.join("\n")
}

fn style() -> String {
    let rules = |palette: [(&str, &str); 7]| {
        palette
            .map(|(name, colour)| format!(".{name} {{ fill: {colour} }} .{name}-line {{ stroke: {colour} }}"))
            .join(" ")
    };
    format!(
        "text {{ font: 13px ui-sans-serif, \"Segoe UI\", \"DejaVu Sans\", sans-serif }} .b {{ font-weight: 600 }} {} \
         @media (prefers-color-scheme: dark) {{ {} }}",
        rules(LIGHT),
        rules(DARK)
    )
}

fn settings(args: &cli::Duck) -> String {
    let ms = |seconds: codetta::graph::Seconds| (seconds.number() * 1_000.0).round();
    format!(
        "{} dB under speech above {} dBFS, attack {} ms, hold {} ms, release {} ms",
        minus(args.depth.number()),
        minus(args.threshold.number()),
        ms(args.attack),
        ms(args.hold),
        ms(args.release)
    )
}

/// One bar for each stretch of time, as high as its peak.
fn wave(peaks: &[f32], full: f32, middle: f64, class: &str, label: &str) -> Vec<String> {
    let label = format!("{label}, {}", level(peak(peaks)));
    let mut lines = vec![text(LEFT, middle - HEIGHT - 6.0, &label, "soft", "start")];
    for bar in 0..BARS {
        let peak = peak(stretch(peaks, bar, BARS));
        let tall = (HEIGHT * f64::from(peak / full.max(f32::MIN_POSITIVE))).max(0.8);
        lines.push(format!(
            r#"<rect x="{:.1}" y="{:.1}" width="2.6" height="{:.1}" rx="1.3" class="{class}"/>"#,
            LEFT + bar as f64 * WIDTH / BARS as f64,
            middle - tall,
            2.0 * tall
        ));
    }
    lines
}

/// The times in which the music is down, across all of them.
fn bands(peaks: &Peaks) -> Vec<String> {
    let spans = peaks.spans();
    let band = |span: std::ops::Range<usize>| {
        let (from, to) = (x(span.start, peaks), x(span.end, peaks));
        format!(
            r#"<rect x="{from:.1}" y="{TOP}" width="{:.1}" height="{}" class="cut" opacity=".09"/>"#,
            to - from,
            BOTTOM - TOP
        )
    };
    spans.into_iter().map(band).collect()
}

/// The gain, in decibels, with its two ends named.
fn curve(peaks: &Peaks, deepest: f32) -> Vec<String> {
    let gains = peaks.gains();
    let scale = (DEEPEST - UNITY) / f64::from(decibels(1.0 / deepest.min(0.9)));
    let points = POINTS.min(gains.len());
    let mut lines = vec![
        text(LEFT, UNITY - 8.0, "gain", "soft", "start"),
        text(RIGHT, UNITY - 8.0, "0 dB", "soft", "end"),
        text(RIGHT, DEEPEST - 8.0, &format!("{} dB", minus(-decibels(1.0 / deepest))), "soft", "end"),
    ];
    for y in [UNITY, DEEPEST] {
        lines.push(format!(r#"<line x1="{LEFT}" x2="{RIGHT}" y1="{y}" y2="{y}" class="line-line"/>"#));
    }
    let mut drawn = Vec::new();
    for point in 0..points {
        let span = span(gains.len(), point, points);
        // Where there is no music there is no gain to see, and the line goes on as if there were none.
        let gain = gains[span.clone()].iter().flatten().copied().reduce(f32::min);
        if let Some(gain) = gain {
            let down = f64::from(decibels(1.0 / gain.max(1e-4)));
            drawn.push(format!("{:.1},{:.1}", x(span.start, peaks), UNITY + down * scale));
        }
    }
    lines.push(format!(
        r#"<polyline points="{}" fill="none" class="cut-line" stroke-width="2"/>"#,
        drawn.join(" ")
    ));
    lines
}

fn axis(seconds: f64) -> Vec<String> {
    let step = MARKS.into_iter().find(|step| seconds / step <= 12.0).unwrap_or(36_000.0);
    let mut lines = Vec::new();
    let mut mark = 0;
    while f64::from(mark) * step <= seconds {
        let at = f64::from(mark) * step;
        let x = LEFT + WIDTH * at / seconds.max(step);
        // Short of the end: its mark would stand outside.
        if x < RIGHT - 20.0 {
            lines.push(format!(
                r#"<line x1="{x:.1}" x2="{x:.1}" y1="{BOTTOM}" y2="{}" class="soft-line"/>"#,
                BOTTOM + 6.0
            ));
            let anchor = if mark == 0 { "start" } else { "middle" };
            let label = format!("{} s", (at * 10.0).round() / 10.0);
            lines.push(text(x, BOTTOM + 22.0, &label, "soft", anchor));
        }
        mark += 1;
    }
    lines
}

/// Where a hundredth of a second stands.
fn x(at: usize, peaks: &Peaks) -> f64 {
    LEFT + WIDTH * at as f64 / f64::from(PEAKS) / peaks.seconds()
}

/// The part of `length` that one of `parts` is drawn from: at least one.
fn span(length: usize, part: usize, parts: usize) -> std::ops::Range<usize> {
    let from = part * length / parts;
    from..((part + 1) * length / parts).max(from + 1).min(length)
}

fn stretch(peaks: &[f32], part: usize, parts: usize) -> &[f32] {
    &peaks[span(peaks.len(), part, parts)]
}

fn peak(peaks: &[f32]) -> f32 {
    peaks.iter().copied().fold(0.0, f32::max)
}

fn decibels(factor: f32) -> f32 {
    (200.0 * factor.log10()).round() / 10.0
}

fn level(peak: f32) -> String {
    if peak > 0.0 { format!("{} dBFS at its loudest", minus(decibels(peak))) } else { "silent".into() }
}

/// A number with a minus that is one.
fn minus(number: f32) -> String {
    (number + 0.0).to_string().replace('-', "−")
}

fn text(x: f64, y: f64, content: &str, class: &str, anchor: &str) -> String {
    format!(
        r#"<text x="{x:.0}" y="{y:.0}" class="{class}" text-anchor="{anchor}">{}</text>"#,
        escaped(content)
    )
}

/// What XML takes for itself, and what it cannot hold.
fn escaped(text: impl Display) -> String {
    let mut escaped = String::new();
    for character in text.to_string().chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            control if control.is_control() => escaped.push('\u{FFFD}'),
            other => escaped.push(other),
        }
    }
    escaped
}
