//! Logs of commands as strangers write them: parsed, written again, and played.

use codetta::{
    CommandLog, Replay, ReplayError, Session, StreamConfig,
    graph::{Graph, Hz},
    nodes::{Gain, Sine},
};

/// Frames of a replay, and of its blocks.
const FRAMES: usize = 9_600;
const BLOCK: usize = 700;

/// The bytes are a log's text: it is refused, or it is what its own text says; and it can be played to the end.
pub fn command_log(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(log) = text.parse::<CommandLog>() else { return };
    let again = log.to_string();
    assert_eq!(again.parse().as_ref(), Ok(&log), "what it writes is what it read");
    assert_eq!(again.parse::<CommandLog>().map(|log| log.to_string()), Ok(again));
    replay(log);
}

fn replay(log: CommandLog) {
    let rate = if (8_000..=192_000).contains(&log.sample_rate()) { log.sample_rate() } else { 48_000 };
    let builder = Session::builder().sample_rate(rate).max_streams(2).max_nodes(8).record_commands(4_096);
    let Ok((session, mut offline)) = builder.offline() else { panic!("{rate} Hz") };
    let (mut writer, _stream) = session.stream(StreamConfig::new(rate, 1)).expect("the first");
    let _ = writer.write(&vec![0.25_f32; 4_800]);
    let (total, missed) = (log.len(), log.missed());
    let other = log.sample_rate() != rate;
    let mut replay = Replay::new(log);
    let mut out = vec![f32::NAN; 2 * FRAMES];
    for block in out.chunks_mut(2 * BLOCK) {
        match replay.render(&session, &mut offline, block, |_| tone(&session.graph())) {
            Ok(()) => assert!(missed == 0 && !other),
            Err(ReplayError::Incomplete { .. }) => return assert!(missed > 0),
            Err(ReplayError::Rate { .. }) => return assert!(other),
            Err(_) => return,
        }
        assert!(block.iter().all(|sample| !sample.is_nan()), "all of it is rendered");
    }
    let done = session.command_log().expect("it was asked for");
    assert!(done.len() <= total, "no more is carried out than was asked for");
}

/// What every edit of the log is taken to have been, as long as there is room.
fn tone(graph: &Graph) -> bool {
    let mut edit = graph.edit();
    let (sine, gain, output) = (edit.add(Sine::new(Hz(440.0))), edit.add(Gain::new()), edit.output());
    edit.connect(&sine, &gain).connect(&gain, &output);
    edit.commit().is_ok()
}
