//! The end of a session while a callback is late, or stuck inside the renderer for ever.

use super::super::{
    Closing,
    assembly::reopen,
    control::{Control, Next},
};
use crate::{
    End, Report, Session, Shutdown, Stream, StreamConfig, Writer, clock::Clock, device::*,
    render::callback::RenderCall,
};
use std::time::Duration;

const fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// A session whose callbacks and control are called by hand.
struct Stage {
    session: Session,
    call: RenderCall,
    control: Control,
}

impl Stage {
    fn new() -> Self {
        let format = Format { sample_rate: 48_000, channels: 2 };
        let info = DeviceInfo::new("slow", DeviceKind::Host, format);
        let parts = Session::builder().parts(Clock::stepped(), info, reopen());
        let (session, call) = (Session { core: parts.core.clone() }, parts.call.clone());
        Self { session, call, control: parts.control() }
    }

    fn stream(&self) -> (Writer, Stream) {
        self.session.stream(StreamConfig::new(48_000, 1)).expect("a place")
    }

    /// Renders `frames`, and lets control look.
    fn render(&mut self, frames: usize) {
        assert!(self.call.render(&mut vec![0.0; 2 * frames], None));
        let _ = self.control.step(Duration::ZERO);
    }

    /// Ends the session, in bounded time, with a callback inside that never comes back.
    fn end_stuck(&mut self, closing: &Closing) -> Report {
        let Self { call, control, .. } = self;
        let report = call.lease.with(call.generation, |_| {
            for step in 0..200 {
                let _ = control.step(ms(5 * step));
            }
            closing.poll().expect("bounded")
        });
        report.expect("nobody else is inside")
    }
}

/// All is settled, and the last block is still under way: the end waits for it, since it frees what that block uses,
/// and it waits no longer than for any callback that is stuck.
#[test]
fn the_end_waits_for_the_last_block() {
    for comes_back in [true, false] {
        let Stage { session, call, mut control } = Stage::new();
        let _ = control.step(Duration::ZERO);
        let closing = session.begin_shutdown(Shutdown::Drain(ms(1_000)));
        call.lease.with(call.generation, |_| {
            for now in [0, 5, 249].map(ms) {
                // Somebody waits: it looks again soon.
                assert_eq!(control.step(now), Next::At(now + ms(2)));
                assert!(closing.poll().is_none(), "{now:?}");
            }
            if !comes_back {
                let _ = control.step(ms(250));
                assert!(closing.poll().is_some());
            }
        });
        let _ = control.step(ms(249));
        assert!(closing.poll().is_some());
    }
}

/// Every call is bounded all the same, and what the callback had published is answered. When it comes back, it finds
/// itself abandoned, and the next one is refused.
#[test]
fn a_callback_that_is_stuck_inside_holds_nobody_up() {
    let mut stage = Stage::new();
    let (mut writer, _stream) = stage.stream();
    let _ = writer.write(&[0.5_f32; 4_800]);
    let segment = writer.flush().accepted().expect("written");
    let _ = writer.write(&[0.5_f32; 480]);
    stage.render(480);
    let closing = stage.session.begin_shutdown(Shutdown::Drain(ms(50)));
    let report = stage.end_stuck(&closing);
    let [first, second] = report.segments[..] else { panic!("two segments") };
    assert_eq!((first.end, first.pushed, first.played), (End::DeadlineExceeded, 4_800, 480));
    assert_eq!((first.first_heard, first.last_heard), (Some(Duration::ZERO), Some(ms(10))));
    assert_eq!((second.end, second.pushed, second.played), (End::DeadlineExceeded, 480, 0));
    assert!(second.first_heard.is_none() && report.ledger.balances());
    assert_eq!(segment.poll(), Some(first));
    assert!(!stage.call.render(&mut [0.0; 2 * 480], None), "abandoned");
}

/// The same with a discard, which needs no end of the segment that is open: it has its outcome all the same.
#[test]
fn an_open_segment_is_answered_although_a_callback_is_stuck() {
    let mut stage = Stage::new();
    let (mut writer, _stream) = stage.stream();
    let _ = writer.write(&[0.5_f32; 4_800]);
    stage.render(960);
    let closing = stage.session.begin_shutdown(Shutdown::Discard);
    let report = stage.end_stuck(&closing);
    let [outcome] = report.segments[..] else { panic!("one segment: {report:?}") };
    assert_eq!((outcome.end, outcome.pushed, outcome.played), (End::Discarded, 4_800, 960));
}

/// One that comes back in time is not given up: what it rendered is what is answered.
#[test]
fn a_callback_that_comes_back_is_waited_for() {
    let mut stage = Stage::new();
    let (mut writer, _stream) = stage.stream();
    let _ = writer.write(&[0.5_f32; 4_800]);
    stage.render(480);
    let closing = stage.session.begin_shutdown(Shutdown::Discard);
    let Stage { session, call, control } = &mut stage;
    let _ = control.step(ms(0));
    // No block has come for so long that control settles by itself, and now one is there.
    call.lease.with(call.generation, |_| {
        for now in [300, 549] {
            let _ = control.step(ms(now));
            assert!(session.account().segments.is_empty(), "{now}");
        }
    });
    let _ = control.step(ms(550));
    let report = closing.poll().expect("nobody is inside");
    assert_eq!(report.segments[0].played, 480);
}

/// What a shutdown waits for at most is known to those that ask for another.
#[test]
fn a_drain_has_its_deadline() {
    let stage = Stage::new();
    assert_eq!(stage.session.core.deadline(), Duration::ZERO);
    let _closing = stage.session.begin_shutdown(Shutdown::Drain(ms(50)));
    let _later = stage.session.begin_shutdown(Shutdown::Drain(ms(90)));
    assert_eq!(stage.session.core.deadline(), ms(50));
}

/// Where the application calls, nobody else can say when: it may do so seldom.
#[test]
fn a_host_that_does_not_call_is_not_lost() {
    let mut stage = Stage::new();
    let events = stage.session.events();
    for now in [0, 10, 20] {
        let _ = stage.control.step(Duration::from_secs(now));
    }
    assert!(!stage.session.is_closed() && events.try_recv().is_none());
}
