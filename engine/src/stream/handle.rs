//! The control handle of a stream.

use super::{
    Close, Closed, Command, Drain, Drained, Half, Interrupt, StreamId, StreamStats,
    commands::{Commands, Op},
    counters::count,
    drain::Drains,
    lifecycle::Raised,
    shared::frames,
    writer::closing,
};
use crate::{graph::When, sync::Ordering};
use std::{sync::Arc, time::Duration};

/// Steers a stream from any thread, while its [`Writer`](crate::Writer) pushes.
///
/// Clones steer the same stream. Dropping them changes nothing.
#[derive(Debug, Clone)]
pub struct Stream {
    half: Arc<Half>,
    commands: Commands,
    drains: Drains,
}

/// How far a stream has come, in its own frames since it began.
///
/// `played <= consumed <= pushed`; each only grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Position {
    /// Accepted.
    pub pushed: u64,
    /// Given to the device.
    pub consumed: u64,
    /// Heard: past the device's latency.
    pub played: u64,
}

impl From<(u64, u64, u64)> for Position {
    fn from((pushed, consumed, played): (u64, u64, u64)) -> Self {
        Self { pushed, consumed, played }
    }
}

impl Stream {
    pub(crate) fn new(half: Arc<Half>, commands: Commands, drains: Drains) -> Self {
        Self { half, commands, drains }
    }

    /// The stream's number in its session.
    pub fn id(&self) -> StreamId {
        self.half.shared.id
    }

    /// Discards everything begun until now, with a fade. What the producer still writes to the open segment is counted
    /// and not heard, until it flushes, clears or begins. A segment whose first frame is still to be written is not
    /// affected: see [`Writer::interruptions`](crate::Writer::interruptions).
    ///
    /// **Thread**: any. Does not block or allocate.
    pub fn interrupt(&self) -> Interrupt {
        let shared = &self.half.shared;
        if shared.ended.load(Ordering::Acquire) {
            count(&shared.late.clears, 1);
            return Interrupt::Closed;
        }
        match shared.lifecycle.0.interrupt() {
            Raised::Now => {
                shared.interruptions.fetch_add(1, Ordering::Release);
                Interrupt::Interrupted
            }
            Raised::Nothing => Interrupt::Nothing,
            Raised::Closed => {
                count(&shared.late.clears, 1);
                Interrupt::Closed
            }
        }
    }

    /// Fades out and stands still, from the next block on. What is queued stays queued.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn pause(&self) -> Command {
        self.send(Op::Pause)
    }

    /// Goes on at the very next frame, with a fade in.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn resume(&self) -> Command {
        self.send(Op::Resume)
    }

    /// Holds back what has not begun to sound until a frame or time of the session's clock
    /// ([`Session::frame`](crate::Session::frame)): its first frame is heard at exactly that one. What is queued must be there
    /// by then, or starts late; what sounds already is not affected.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn start_at(&self, when: impl Into<When>) -> Command {
        self.send(Op::StartAt(when.into().frame(self.half.shared.engine_rate)))
    }

    /// Turns to `db` decibels (0 is as written, −∞ is silence, at most +24), linearly in amplitude over `ramp`.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn set_gain(&self, db: f32, ramp: Duration) -> Command {
        if db.is_nan() || db > 24.0 {
            return Command::Invalid;
        }
        self.send(Op::Gain { amplitude: 10_f32.powf(db / 20.0), frames: self.frames(ramp) })
    }

    /// Moves to `pan` (−1 left, 0 both as written, 1 right) over `ramp`: the far side follows a quarter cosine.
    ///
    /// **Thread**: any. Waits for no audio thread.
    pub fn set_pan(&self, pan: f32, ramp: Duration) -> Command {
        if !(-1.0..=1.0).contains(&pan) {
            return Command::Invalid;
        }
        let far = if pan.abs() == 1.0 { 0.0 } else { (pan.abs() * std::f32::consts::FRAC_PI_2).cos() };
        let sides = if pan < 0.0 { [1.0, far] } else { [far, 1.0] };
        self.send(Op::Pan { sides, frames: self.frames(ramp) })
    }

    /// Ends the stream: nothing more is accepted, from this instant. See [`Writer::close`](crate::Writer::close).
    ///
    /// **Thread**: any. Does not block or allocate.
    pub fn close(&self, close: Close) -> Closed {
        let shared = &self.half.shared;
        if shared.close(closing(close)) {
            return Closed::Now;
        }
        count(&shared.late.closes, 1);
        Closed::Already
    }

    /// Waits until everything accepted before this call has been answered or heard, or `timeout` has passed. See
    /// [`Session::drain`](crate::Session::drain) for the rules.
    ///
    /// **Thread**: any; blocks, at most for `timeout` and one second.
    pub fn drain(&self, timeout: Duration) -> Drained {
        self.drain_ticket(timeout).settle(timeout)
    }

    /// As [`drain`](Stream::drain), to be polled or awaited.
    ///
    /// **Thread**: any.
    pub fn drain_ticket(&self, timeout: Duration) -> Drain {
        self.drains.of_stream(&self.half.shared, timeout)
    }

    /// How far it has come.
    ///
    /// **Thread**: any. Does not block.
    pub fn position(&self) -> Position {
        self.half.shared.position().into()
    }

    /// Whether it accepts nothing more.
    ///
    /// **Thread**: any. Does not block.
    pub fn is_closed(&self) -> bool {
        self.half.shared.lifecycle.0.read().is_closing()
    }

    /// How it is doing.
    ///
    /// **Thread**: any. Does not block.
    pub fn stats(&self) -> StreamStats {
        let shared = &self.half.shared;
        let published = &shared.published.0;
        // Relaxed: statistics; each is true of some recent moment.
        let taken = published.taken.load(Ordering::Relaxed);
        StreamStats {
            underruns: published.underruns.load(Ordering::Relaxed),
            underrun_frames: shared.to_source(published.underrun_frames.load(Ordering::Relaxed)),
            buffered: shared.to_source(shared.written.load(Ordering::Relaxed).saturating_sub(taken)),
            segments: shared.begun.count(),
            settled: shared.settled.load(Ordering::Relaxed),
            repaired: shared.repaired.load(Ordering::Relaxed),
        }
    }

    fn frames(&self, duration: Duration) -> u32 {
        u32::try_from(frames(duration, self.half.shared.engine_rate)).unwrap_or(u32::MAX)
    }

    fn send(&self, op: Op) -> Command {
        if self.half.shared.ended.load(Ordering::Acquire) {
            count(&self.half.shared.late.commands, 1);
            return Command::Closed;
        }
        if self.commands.send(self.half.shared.id, op) { Command::Accepted } else { Command::Full }
    }
}
