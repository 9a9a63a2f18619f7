//! The picture at the top of the README shows what happens to the bundled greeting: here it happens.

mod common;

use codetta::{End, Session, StreamConfig};
use common::ms;
use std::path::Path;

/// Interrupted after 2.7 s: 64,800 frames, and the 120 of the fade.
#[test]
fn the_numbers_in_the_picture_are_the_engines() {
    let greeting = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/player/assets/greeting.wav");
    let samples: Vec<i16> = hound::WavReader::open(greeting)
        .expect("the recording")
        .into_samples()
        .collect::<Result<_, _>>()
        .expect("16 bits");
    let (session, mut time) = Session::builder().stepped().expect("valid");
    let (mut writer, stream) =
        session.stream(StreamConfig::new(24_000, 1).buffer(ms(6_000))).expect("the first");
    assert_eq!(writer.write(&samples).frames, 126_071);
    let segment = writer.flush().accepted().expect("written");
    time.advance(ms(2_700));
    stream.interrupt();
    time.advance(ms(50));
    let outcome = segment.poll().expect("settled");
    assert_eq!((outcome.end, outcome.played, outcome.discarded), (End::Interrupted, 64_920, 61_151));
}
