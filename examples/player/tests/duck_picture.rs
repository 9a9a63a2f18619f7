//! `codetta duck --svg`: music under speech, as it is drawn.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;
#[path = "common/mix.rs"]
mod mix;

use common::{Scratch, codetta, text};
use mix::{material, tone};

/// Opens and closes every element, in order: as much of XML as the picture has.
fn assert_well_formed(svg: &str) {
    let mut open = Vec::new();
    let mut rest = svg;
    while let Some(at) = rest.find('<') {
        assert!(!rest[..at].contains('>'), "{}", &rest[..at]);
        let end = rest.find('>').expect("every tag ends");
        let tag = &rest[at + 1..end];
        let name = tag.split_whitespace().next().unwrap().trim_end_matches('/');
        match tag.strip_prefix('/') {
            Some(closed) => assert_eq!(open.pop(), Some(closed)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        assert!(tag.matches('"').count().is_multiple_of(2), "{tag}");
        rest = &rest[end + 1..];
    }
    assert!(open.is_empty(), "{open:?}");
    for entity in svg.split('&').skip(1) {
        assert!(["amp;", "lt;", "gt;", "quot;"].iter().any(|known| entity.starts_with(known)), "{entity}");
    }
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "numbers are numbers");
}

/// The picture is XML whatever the files are called, says what it shows, and has its colours for light and dark.
#[test]
fn the_picture_is_well_formed() {
    let scratch = Scratch::new();
    let (speech, _) = material(&scratch);
    let music = tone(&scratch, "Q & \"A\" <live>.wav", 200.0, 0.25, 0.5);
    let silent = tone(&scratch, "silent.wav", 200.0, 0.0, 0.01);
    for (speech, over) in [(&speech, &music), (&silent, &music), (&speech, &silent), (&silent, &silent)] {
        let svg = scratch.name("picture.svg");
        let run =
            codetta(&["duck", speech, "--over", over, "-o", &scratch.name("o.wav"), "--svg", &svg], b"");
        assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
        let picture = std::fs::read_to_string(&svg).unwrap();
        assert_well_formed(&picture);
        for wanted in ["<title>", "aria-label", "prefers-color-scheme: dark", "<polyline", "speech: "] {
            assert!(picture.contains(wanted), "{wanted}");
        }
    }
}

/// The numbers in a text, and the text without them.
fn numbers(text: &str) -> (Vec<f64>, String) {
    let is_number = |c: char| c.is_ascii_digit() || c == '.';
    let numbers = text.split(|c| !is_number(c)).filter_map(|number| number.parse().ok()).collect();
    (numbers, text.replace(is_number, ""))
}

/// The picture in the documentation is what is drawn today, to less than can be seen.
#[test]
fn the_picture_in_the_documentation_is_true() {
    let scratch = Scratch::new();
    let player = env!("CARGO_MANIFEST_DIR");
    let (speech, music) = (format!("{player}/assets/greeting.wav"), format!("{player}/assets/bed.flac"));
    let svg = scratch.name("ducked.svg");
    let run = codetta(&["duck", &speech, "--over", &music, "-o", &scratch.name("o.wav"), "--svg", &svg], b"");
    assert_eq!(run.status.code(), Some(0), "{}", text(&run.stderr));
    let drawn = std::fs::read_to_string(svg).unwrap();
    let kept = std::fs::read_to_string(format!("{player}/../../docs/images/ducked.svg")).unwrap();
    let ((drawn, drawn_text), (kept, kept_text)) = (numbers(&drawn), numbers(&kept));
    assert_eq!(drawn_text, kept_text);
    assert!(drawn.len() == kept.len() && drawn.iter().zip(kept).all(|(a, b)| (a - b).abs() < 0.5));
}
