//! The graph: music → fade → ducker, which listens to the speech; both → limiter → output. Taps show what passes.

use std::time::Duration;

use codetta::Session;
use codetta::graph::{Edit, Node, StreamInput};
use codetta::nodes::{Bus, Ducker, Gain, Limiter, Recorder, Tap};

use crate::cli;
use crate::playlist::Problem;

/// What a tap holds: longer than who reads it looks away, even on a busy machine.
const TAPPED: Duration = Duration::from_secs(2);

/// Where the streams go in, and what fades the music at the end.
pub struct Ends {
    pub speech: Node<StreamInput>,
    pub music: Node<StreamInput>,
    pub fade: Node<Gain>,
}

/// What passes through three places.
pub struct Seen {
    pub speech: Recorder,
    /// The music as it goes into the ducker.
    pub before: Recorder,
    /// The music as it comes out.
    pub after: Recorder,
}

/// Wires the session's graph.
pub fn wire(session: &Session, args: &cli::Duck) -> Result<(Ends, Seen), Problem> {
    let ducker = Ducker::new()
        .threshold(args.threshold)
        .depth(args.depth)
        .attack(args.attack)
        .hold(args.hold)
        .release(args.release);
    let mut edit = session.graph().edit();
    let (music, speech) = (edit.add_input("music"), edit.add_input("speech"));
    let (fade, ducker) = (edit.add(Gain::new()), edit.add(ducker));
    let (mix, limiter) = (edit.add(Bus::new("mix")), edit.add(Limiter::new()));
    let (streams, output) = (edit.streams(), edit.output());
    edit.disconnect(&streams, &output);
    edit.connect(&music, &fade).connect(&fade, &ducker).connect_side(&speech, &ducker, 0);
    edit.connect(&ducker, &mix).connect(&speech, &mix).connect(&mix, &limiter).connect(&limiter, &output);
    let seen = Seen {
        speech: tap(&mut edit, &speech),
        before: tap(&mut edit, &fade),
        after: tap(&mut edit, &ducker),
    };
    edit.commit().map_err(|e| Problem { file: "the graph".into(), error: e.to_string() })?;
    Ok((Ends { speech, music, fade }, seen))
}

fn tap<P>(edit: &mut Edit, node: &Node<P>) -> Recorder {
    let (tap, recorder) = Tap::new(TAPPED);
    let tap = edit.add(tap);
    edit.connect(node, &tap);
    recorder
}
