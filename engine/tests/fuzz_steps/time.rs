//! What makes a session's time pass.

use crate::{common::ms, op::Op};
use codetta::{Offline, Session, SessionBuilder, Stepped};
use std::time::Duration;

/// A device that can be stalled and lost, or a renderer that has none of this.
pub enum Time {
    Stepped(Stepped),
    /// With the frames of its blocks.
    Offline(Offline, usize),
}

impl Time {
    pub fn stepped(builder: SessionBuilder) -> (Session, Self) {
        let (session, time) = builder.stepped().expect("a valid format");
        (session, Self::Stepped(time))
    }

    pub fn offline(builder: SessionBuilder) -> (Session, Self) {
        let (session, offline) = builder.offline().expect("a valid format");
        (session, Self::Offline(offline, 480))
    }

    /// Lets time pass, and answers what was played.
    pub fn advance(&mut self, by: Duration) -> Vec<f32> {
        match self {
            Self::Stepped(time) => {
                time.advance(by);
                time.take_output()
            }
            Self::Offline(offline, block) => {
                // At 48 kHz, of two channels.
                let mut out = vec![f32::NAN; 2 * 48 * by.as_millis() as usize];
                out.chunks_mut(2 * *block).for_each(|block| offline.render(block));
                offline.step();
                out
            }
        }
    }

    /// Does to the device what can be done to it.
    pub fn act(&mut self, op: &Op) {
        match (self, op) {
            (Self::Stepped(time), op) => match *op {
                Op::Block(frames) => time.set_block(frames),
                Op::Latency(latency) => time.set_latency(latency.map(ms)),
                Op::Jitter(jitter) => time.set_jitter(ms(jitter)),
                Op::Rate(rate) => time.set_rate(rate),
                Op::Stall => time.stall(),
                Op::Restart => time.resume(),
                Op::Lose => time.lose(),
                _ => {}
            },
            (Self::Offline(_, block), Op::Block(frames)) => *block = *frames,
            (Self::Offline(..), _) => {}
        }
    }
}
