//! What is told while it plays: progress at its interval, a start when it was heard, each underrun.

mod common;

use codetta::{Event, Events, Session};
use common::*;

/// What is told of progress since the last call: segment, tag, pushed, played.
fn told(events: &Events) -> Vec<(u64, u64, u64, u64)> {
    std::iter::from_fn(|| events.try_recv())
        .filter_map(|event| match event {
            Event::Progress { segment, tag, pushed, played, .. } => Some((segment, tag, pushed, played)),
            _ => None,
        })
        .collect()
}

/// Every so often, of the segment that plays, in its own frames; and only if more was heard since.
#[test]
fn progress_is_told_at_its_interval_if_there_is_any() {
    let (session, mut time) = Session::builder().progress_every(ms(100)).stepped().expect("valid");
    let events = session.events();
    let (mut writer, stream) = session.stream(plain()).expect("the first");
    let _ = writer.begin(7);
    say(&mut writer, &numbered(0, 14_400));
    let _ = writer.begin(8);
    put(&mut writer, &numbered(0, 9_600));
    time.advance(ms(10));
    assert_eq!(told(&events), []);
    time.advance(ms(85));
    assert_eq!(
        told(&events),
        [],
        "nothing was heard when it was looked at first: the next look is at 100 ms"
    );
    time.advance(ms(250));
    let first = told(&events);
    assert_eq!(first.len(), 3, "{first:?}");
    assert!(first[..2].iter().all(|(segment, tag, pushed, _)| (*segment, *tag, *pushed) == (0, 7, 14_400)));
    assert!(first[0].3 >= 4_800 && first[1].3 >= 9_600, "{first:?}");
    assert_eq!((first[2].0, first[2].1, first[2].2), (1, 8, 9_600), "{first:?}");
    assert!(first[2].3 <= 960, "from its own start: {first:?}");

    let _ = stream.pause();
    time.advance(ms(200));
    let _ = told(&events);
    time.advance(ms(500));
    assert_eq!(told(&events), [], "it stands still");
    let _ = stream.resume();
    time.advance(ms(150));
    assert!(!told(&events).is_empty());
}

/// Each episode is told as it ends, with the sums so far, and the account has those of all streams.
#[test]
fn underruns_add_up_over_episodes_and_streams() {
    let mut rig = Rig::mono();
    let events = rig.session.events();
    let mut streams = [rig.stream(plain()), rig.stream(plain())];
    for _ in 0..4 {
        streams.iter_mut().for_each(|(writer, _)| put(writer, &numbered(0, 1_000)));
        rig.render(1_200);
    }
    for (writer, _) in &mut streams {
        writer.flush().accepted().expect("open");
    }
    rig.render(10);
    let sums: Vec<_> = std::iter::from_fn(|| events.try_recv())
        .filter_map(|event| match event {
            Event::Underrun { episodes, frames, .. } => Some((episodes, frames)),
            _ => None,
        })
        .collect();
    assert_eq!(sums, [(1, 200), (1, 200), (2, 400), (2, 400), (3, 600), (3, 600)]);
    let underruns = rig.session.account().underruns;
    assert_eq!((underruns.episodes, underruns.frames), (6, 1_200));
}

/// What the device still holds was consumed, and not yet played: beside all that came before it.
#[test]
fn what_was_consumed_adds_up() {
    let (session, mut time) = Session::builder().stepped().expect("valid");
    time.set_latency(Some(ms(200)));
    let (mut writer, stream) = session.stream(plain()).expect("the first");
    for before in [0, 4_800, 9_600] {
        say(&mut writer, &numbered(0, 4_800));
        time.advance(ms(150));
        let position = stream.position();
        assert_eq!((position.consumed, position.played), (before + 4_800, before));
        time.advance(ms(400));
    }
}
