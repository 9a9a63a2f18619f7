//! Streams of a host session: producers, two who steer, one who watches, the host's callback, and the end of the session
//! while all of them go on.

use codetta::{Session, SessionBuilder, Shutdown, Stream, StreamConfig, Writer};
use codetta_races::{Word, audio, check::check, dice::Dice, producer, run, steering, watching};
use std::{thread, time::Duration};

const CHANNELS: usize = 2;

fn main() {
    run::rounds("streams", |dice| round(Session::builder().channels(CHANNELS), dice));
}

fn round(builder: SessionBuilder, dice: &mut Dice) -> run::Counts {
    let builder = builder.progress_every(Duration::from_millis(3)).record_commands(1 << 14);
    let (session, renderer) = builder.host().expect("a valid format");
    let (mut writers, mut streams) = (Vec::new(), Vec::new());
    for _ in 0..1 + dice.below(3) {
        let (writer, stream) = stream(&session, dice);
        writers.push(writer);
        streams.push(stream);
    }
    let (over, no_callback) = (Word::default(), Word::default());
    let (session, streams, over, no_callback) = (&session, &streams[..], &over, &no_callback);
    thread::scope(|scope| {
        let mut fork = dice.fork();
        let audio = scope.spawn(move || audio::render(renderer, CHANNELS, no_callback, &mut fork));
        let producers = writers.into_iter().map(|(writer, channels)| {
            let mut dice = dice.fork();
            scope.spawn(move || producer::produce(writer, channels, over, &mut dice))
        });
        let mut producers: Vec<_> = producers.collect();
        let callers: Vec<_> = (0..3)
            .map(|index| {
                let mut dice = dice.fork();
                scope.spawn(move || match index {
                    0 => watching::watch(session, streams, over, &mut dice),
                    _ => steering::steer(session, streams, over, &mut dice),
                })
            })
            .collect();

        thread::sleep(dice.millis(40));
        // A stream more, while the others play.
        let ((writer, channels), _) = stream(session, dice);
        let mut fork = dice.fork();
        producers.push(scope.spawn(move || producer::produce(writer, channels, over, &mut fork)));
        thread::sleep(dice.millis(20));
        // The host may take its callback away at any time; control then settles in the renderer's place.
        if dice.one_in(4) {
            no_callback.say();
        }
        let first = if dice.one_in(3) { Shutdown::Discard } else { Shutdown::Drain(dice.millis(60)) };
        let closing = session.begin_shutdown(first);
        if dice.one_in(4) {
            thread::sleep(dice.millis(10));
            drop(session.begin_shutdown(Shutdown::Discard));
        }
        let report = closing.wait(Duration::from_secs(30)).expect("an end within its deadline");
        thread::sleep(dice.millis(3));
        over.say();
        no_callback.say();

        let told: Vec<_> = producers.into_iter().map(|thread| thread.join().expect("no panic")).collect();
        let calls: u64 = callers.into_iter().map(|thread| thread.join().expect("no panic")).sum();
        run::Counts {
            blocks: audio.join().expect("no panic"),
            operations: calls + told.iter().map(|told| told.operations).sum::<u64>(),
            segments: check(&report, &told),
        }
    })
}

/// A stream at the engine's rate or another, with a buffer that is soon full, and credits that run out; and the channels
/// of what is to be written.
fn stream(session: &Session, dice: &mut Dice) -> ((Writer, usize), Stream) {
    let rate = [48_000, 24_000, 44_100][dice.below(3) as usize];
    let channels = 1 + dice.below(2) as usize;
    let config = StreamConfig::new(rate, channels)
        .buffer(Duration::from_millis(25 + dice.below(80)))
        .max_segments(1 + dice.below(8) as usize)
        .fade(dice.millis(6));
    let (writer, stream) = session.stream(config).expect("there is room");
    ((writer, channels), stream)
}
