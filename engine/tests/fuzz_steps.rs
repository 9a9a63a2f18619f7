//! Any sequence of calls on a device that stalls, jitters and is lost: after every one of them the account is true.
//!
//! Single-threaded and on simulated time, so that a failing sequence shrinks and fails again.

mod common;

use codetta::{
    Close, Drain, Flush, OnDeviceLoss, Outcome, Position, Segment, Session, Shutdown, Stepped, Stream,
    StreamConfig, Writer,
};
use common::*;
use proptest::prelude::*;
use std::time::Duration;

#[derive(Debug, Clone)]
enum Op {
    Open { rate: u32, stereo: bool, fade: u64, prebuffer: u64, credits: usize },
    Write(usize, usize),
    Flush(usize),
    Begin(usize, u64),
    Clear(usize),
    CloseWriter(usize, bool),
    DropWriter(usize),
    Interrupt(usize),
    Pause(usize),
    Resume(usize),
    Gain(usize, f32, u64),
    CloseStream(usize, bool),
    Drain(usize, u64),
    DrainAll(u64),
    Advance(u64),
    Block(usize),
    Latency(Option<u64>),
    Jitter(u64),
    Rate(u32),
    Stall,
    Restart,
    Lose,
}

fn op() -> impl Strategy<Value = Op> {
    let which = 0..4_usize;
    let rate = prop::sample::select(vec![8_000, 24_000, 44_100, 48_000, 96_000]);
    let open = (rate, any::<bool>(), 0..20_u64, 0..60_u64, 1..5_usize);
    prop_oneof![
        2 => open.prop_map(|(rate, stereo, fade, prebuffer, credits)| Op::Open { rate, stereo, fade, prebuffer, credits }),
        10 => (which.clone(), 0..3_000_usize).prop_map(|(i, n)| Op::Write(i, n)),
        6 => which.clone().prop_map(Op::Flush),
        1 => (which.clone(), any::<u64>()).prop_map(|(i, tag)| Op::Begin(i, tag)),
        2 => which.clone().prop_map(Op::Clear),
        1 => (which.clone(), any::<bool>()).prop_map(|(i, drain)| Op::CloseWriter(i, drain)),
        1 => which.clone().prop_map(Op::DropWriter),
        3 => which.clone().prop_map(Op::Interrupt),
        2 => which.clone().prop_map(Op::Pause),
        2 => which.clone().prop_map(Op::Resume),
        1 => (which.clone(), -60.0..20.0_f32, 0..50_u64).prop_map(|(i, db, ramp)| Op::Gain(i, db, ramp)),
        1 => (which.clone(), any::<bool>()).prop_map(|(i, drain)| Op::CloseStream(i, drain)),
        1 => (which, 0..200_u64).prop_map(|(i, within)| Op::Drain(i, within)),
        1 => (0..200_u64).prop_map(Op::DrainAll),
        12 => (0..60_u64).prop_map(Op::Advance),
        1 => prop::sample::select(vec![1, 7, 64, 441, 480, 1_024, 8_192]).prop_map(Op::Block),
        1 => prop::option::of(0..120_u64).prop_map(Op::Latency),
        1 => (0..20_u64).prop_map(Op::Jitter),
        1 => (30_000..60_000_u32).prop_map(Op::Rate),
        1 => Just(Op::Stall),
        2 => Just(Op::Restart),
        1 => Just(Op::Lose),
    ]
}

/// A stream as the model knows it.
struct Voice {
    writer: Option<Writer>,
    stream: Stream,
    width: usize,
    position: Position,
    /// Frames that writes said were taken: in all, and into the open segment.
    taken: u64,
    open: u64,
    segments: Vec<(Segment, u64, Option<Outcome>)>,
}

struct World {
    session: Session,
    time: Stepped,
    voices: Vec<Voice>,
    drains: Vec<Drain>,
}

impl World {
    fn new(policy: OnDeviceLoss) -> Self {
        let builder = Session::builder().heartbeat(ms(150)).on_device_loss(policy).max_streams(6);
        let (session, time) = builder.stepped().expect("a valid format");
        Self { session, time, voices: Vec::new(), drains: Vec::new() }
    }

    fn act(&mut self, op: &Op) {
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
            Op::Advance(by) => self.time.advance(ms(by)),
            Op::Block(frames) => self.time.set_block(frames),
            Op::Latency(latency) => self.time.set_latency(latency.map(ms)),
            Op::Jitter(jitter) => self.time.set_jitter(ms(jitter)),
            Op::Rate(rate) => self.time.set_rate(rate),
            Op::Stall => self.time.stall(),
            Op::Restart => self.time.resume(),
            Op::Lose => self.time.lose(),
            Op::Write(i, _)
            | Op::Flush(i)
            | Op::Begin(i, _)
            | Op::Clear(i)
            | Op::CloseWriter(i, _)
            | Op::DropWriter(i)
            | Op::Interrupt(i)
            | Op::Pause(i)
            | Op::Resume(i)
            | Op::Gain(i, ..)
            | Op::CloseStream(i, _)
            | Op::Drain(i, _) => {
                let drains = &mut self.drains;
                if let Some(voice) = self.voices.iter_mut().rev().nth(i) {
                    voice.act(op, drains);
                }
            }
        }
    }

    /// What holds after every step.
    fn assert_true(&mut self) {
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
    fn end(mut self, shutdown: Shutdown, restart: bool) {
        if restart {
            self.time.resume();
        }
        let closing = self.session.begin_shutdown(shutdown);
        self.time.advance(Duration::from_secs(2));
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

impl Voice {
    fn act(&mut self, op: &Op, drains: &mut Vec<Drain>) {
        let how = |drain| if drain { Close::Drain } else { Close::Discard };
        match (op, &mut self.writer) {
            (Op::Write(_, frames), Some(writer)) => {
                let write = writer.write(&vec![0.25_f32; frames * self.width]);
                self.taken += write.frames as u64;
                self.open += write.frames as u64;
            }
            (Op::Flush(_), Some(writer)) => {
                let flush = writer.flush();
                self.note(flush);
            }
            (Op::Begin(_, tag), Some(writer)) => {
                let flush = writer.begin(*tag);
                self.note(flush);
            }
            (Op::Clear(_), Some(writer)) => {
                let _ = writer.clear();
                self.open = 0;
            }
            (Op::CloseWriter(_, drain), Some(writer)) => {
                let _ = writer.close(how(*drain));
            }
            (Op::DropWriter(_), writer) => *writer = None,
            (Op::Interrupt(_), _) => {
                let _ = self.stream.interrupt();
            }
            (Op::Pause(_), _) => {
                let _ = self.stream.pause();
            }
            (Op::Resume(_), _) => {
                let _ = self.stream.resume();
            }
            (Op::Gain(_, db, ramp), _) => {
                let _ = self.stream.set_gain(*db, ms(*ramp));
            }
            (Op::CloseStream(_, drain), _) => {
                let _ = self.stream.close(how(*drain));
            }
            (Op::Drain(_, within), _) => drains.push(self.stream.drain_ticket(ms(*within))),
            _ => {}
        }
    }

    fn note(&mut self, flush: Flush) {
        let open = std::mem::take(&mut self.open);
        if let Flush::Accepted(segment) = flush {
            self.segments.push((segment, open, None));
        }
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn after_any_sequence_the_account_is_true(
        ops in prop::collection::vec(op(), 1..120),
        policy in prop::sample::select(vec![OnDeviceLoss::Virtual, OnDeviceLoss::Stop]),
        within in prop::option::of(0..300_u64),
        restart in any::<bool>(),
    ) {
        let mut world = World::new(policy);
        world.act(&Op::Open { rate: 24_000, stereo: false, fade: 5, prebuffer: 20, credits: 4 });
        for op in &ops {
            world.act(op);
            world.assert_true();
        }
        world.end(within.map_or(Shutdown::Discard, |within| Shutdown::Drain(ms(within))), restart);
    }
}
