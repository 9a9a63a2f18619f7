//! A session under any calls, and what holds after each of them.

use crate::{
    common::{assert_balanced, assert_truthful, ms},
    op::Op,
    time::Time,
    voice::Voice,
};
use codetta::{Drain, OnDeviceLoss, Outcome, Session, Shutdown, StreamConfig};
use std::time::Duration;

/// A session, what was done to it, and what it said.
pub struct World {
    session: Session,
    time: Time,
    voices: Vec<Voice>,
    drains: Vec<Drain>,
}

impl World {
    /// On a device that can be stalled and lost, or offline.
    pub fn new(policy: OnDeviceLoss, is_offline: bool) -> Self {
        let builder = Session::builder().heartbeat(ms(150)).on_device_loss(policy).max_streams(6);
        let (session, time) = if is_offline { Time::offline(builder) } else { Time::stepped(builder) };
        Self { session, time, voices: Vec::new(), drains: Vec::new() }
    }

    /// Does it.
    pub fn act(&mut self, op: &Op) {
        match *op {
            Op::Open { rate, stereo, fade, prebuffer, credits } => {
                let width = 1 + usize::from(stereo);
                let config = StreamConfig::new(rate, width).fade(ms(fade)).prebuffer(ms(prebuffer));
                if let Ok((writer, stream)) =
                    self.session.stream(config.buffer(ms(100)).max_segments(credits))
                {
                    let position = stream.position();
                    let segments = Vec::new();
                    let writer = Some(writer);
                    self.voices.push(Voice { writer, stream, width, position, taken: 0, open: 0, segments });
                }
            }
            Op::DrainAll(within) => self.drains.push(self.session.drain_ticket(ms(within))),
            Op::Advance(by) => self.advance(ms(by)),
            Op::Block(_)
            | Op::Latency(_)
            | Op::Jitter(_)
            | Op::Rate(_)
            | Op::Stall
            | Op::Restart
            | Op::Lose => self.time.act(op),
            Op::Write(i, _)
            | Op::WriteBits(i, ..)
            | Op::Flush(i)
            | Op::Begin(i, _)
            | Op::Clear(i)
            | Op::CloseWriter(i, _)
            | Op::DropWriter(i)
            | Op::Interrupt(i)
            | Op::Pause(i)
            | Op::Resume(i)
            | Op::Gain(i, ..)
            | Op::Pan(i, ..)
            | Op::StartAt(i, _)
            | Op::CloseStream(i, _)
            | Op::Drain(i, _) => {
                let (now, drains) = (self.session.frame(), &mut self.drains);
                if let Some(voice) = self.voices.iter_mut().rev().nth(i) {
                    voice.act(op, now, drains);
                }
            }
        }
    }

    fn advance(&mut self, by: Duration) {
        let heard = self.time.advance(by);
        assert!(heard.iter().all(|sample| sample.is_finite()), "only numbers are heard");
    }

    /// What holds after every step.
    pub fn assert_true(&mut self) {
        for voice in &mut self.voices {
            let (before, now) = (voice.position, voice.stream.position());
            assert!(now.played <= now.consumed && now.consumed <= now.pushed, "{now:?}");
            assert!(
                now.played >= before.played && now.consumed >= before.consumed,
                "{before:?}, then {now:?}"
            );
            assert_eq!(now.pushed, voice.taken, "pushed is what the writes said");
            voice.position = now;
            for (segment, pushed, answer) in &mut voice.segments {
                let now = segment.poll();
                assert!(answer.is_none() || *answer == now, "an answer stays: {answer:?}, then {now:?}");
                if let Some(outcome) = now {
                    assert_balanced(&outcome);
                    assert_eq!(outcome.pushed, *pushed, "{outcome:?}");
                }
                *answer = now;
            }
        }
        let account = self.session.account();
        assert!(account.ledger.balances(), "{:?}", account.ledger);
        for voice in &self.voices {
            let of_it = account.segments.iter().filter(|outcome| outcome.stream == voice.stream.id());
            let played: u64 = of_it.map(|outcome| outcome.played).sum();
            assert!(played <= voice.stream.position().played, "settled is never ahead of played");
        }
    }

    /// The end comes, and then everything has been answered, once.
    pub fn end(mut self, shutdown: Shutdown, restart: bool) {
        if restart {
            self.time.act(&Op::Restart);
        }
        let closing = self.session.begin_shutdown(shutdown);
        // Whatever the blocks were: two seconds of blocks of one frame take long.
        self.time.act(&Op::Block(480));
        self.advance(Duration::from_secs(2));
        self.assert_true();
        let report = closing.poll().expect("the end is bounded");
        assert_truthful(&report);
        let taken: u64 = self.voices.iter().map(|voice| voice.taken).sum();
        assert_eq!(report.ledger.pushed, taken, "every accepted frame is in the ledger");
        for voice in &self.voices {
            for (segment, ..) in &voice.segments {
                let answer = segment.poll().expect("every accepted segment is answered");
                let told = |outcome: &&Outcome| {
                    (outcome.stream, outcome.segment) == (voice.stream.id(), segment.id())
                };
                assert_eq!(report.segments.iter().find(told), Some(&answer));
            }
        }
        assert!(self.drains.iter().all(|drain| drain.poll().is_some()), "every drain is answered");
    }
}
