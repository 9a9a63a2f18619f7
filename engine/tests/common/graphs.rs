//! What the tests of the graph share: a graph to begin with, and two renders compared.

#![allow(dead_code, reason = "each test binary uses a part of it")]

use super::Rig;
use codetta::graph::{Activity, Audio, Edit, Layout, Node, Processor, SessionOutput, Setup, StreamInput};

/// The streams, the output, and an edit that has taken them apart.
pub fn apart(rig: &Rig) -> (Edit, Node<StreamInput>, Node<SessionOutput>) {
    let mut edit = rig.session.graph().edit();
    let (streams, output) = (edit.streams(), edit.output());
    edit.disconnect(&streams, &output);
    (edit, streams, output)
}

/// The first frame in which two of the same differ.
pub fn differs(a: &[f32], b: &[f32]) -> Option<usize> {
    a.iter().zip(b).position(|(a, b)| a.to_bits() != b.to_bits())
}

/// Passes on what it gets, and says that it holds it back.
#[derive(Debug)]
pub struct Late(pub u32);

impl Processor for Late {
    fn name(&self) -> &'static str {
        "late"
    }

    fn prepare(&mut self, setup: &Setup) -> Layout {
        Layout::effect(setup.channels, setup.channels).latency(self.0)
    }

    fn process(&mut self, _audio: &mut Audio<'_>) -> Activity {
        Activity::Sounding
    }
}
