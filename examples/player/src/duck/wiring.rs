//! The graph: music → fade → ducker, which listens to the speech; both → limiter → output. Taps show what passes.

use std::time::Duration;

use codetta::Session;
use codetta::graph::{Edit, Node, Refused, StreamInput};
use codetta::nodes::{Bus, Ducker, Gain, Limiter, Recorder, Tap};

use crate::cli;

/// What a tap holds: longer than who reads it looks away, even on a busy machine.
const TAPPED: Duration = Duration::from_secs(2);

/// Where the streams go in, what fades the music at the end, and what is seen of it.
pub struct Wiring {
    pub music: Node<StreamInput>,
    pub speech: Node<StreamInput>,
    pub fade: Node<Gain>,
    pub seen: Seen,
}

/// What passes through three places.
pub struct Seen {
    pub speech: Recorder,
    /// The music as it goes into the ducker.
    pub before: Recorder,
    /// The music as it comes out.
    pub after: Recorder,
}

/// The ducker that was asked for.
pub fn ducker(args: &cli::Duck) -> Ducker {
    Ducker::new()
        .threshold(args.threshold)
        .depth(args.depth)
        .attack(args.attack)
        .hold(args.hold)
        .release(args.release)
}

/// Wires the session's graph. Streams that go to no input of it are not heard.
pub fn wire(session: &Session, ducker: Ducker) -> Result<Wiring, Refused> {
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
    edit.commit()?;
    Ok(Wiring { music, speech, fade, seen })
}

fn tap<P>(edit: &mut Edit, node: &Node<P>) -> Recorder {
    let (tap, recorder) = Tap::new(TAPPED);
    let tap = edit.add(tap);
    edit.connect(node, &tap);
    recorder
}
