//! The loop of the listener's thread: signals, keys, news, events, and the end.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, TryRecvError};
use std::time::{Duration, Instant};

use codetta::{Closing, Drain, Drained, End, Event, Report, Session, Shutdown};

use super::controls::{Controls, News, Order, Tally};
use super::follow::Follow;
use super::loss::Losses;
use crate::exit::Exit;
use crate::interrupt::Interrupts;
use crate::ui::{Key, Ui, View};

/// One drawing.
const TICK: Duration = Duration::from_millis(33);
/// Longer than the feeding thread looks away, unless it waits for standard input.
const NOTICE: Duration = Duration::from_millis(100);
/// For what has been drained already.
const MOMENT: Duration = Duration::from_secs(1);

/// How far the end has come.
enum Phase {
    Playing,
    /// No more is to be fed; the feeding thread is given a moment to notice, so that it writes nothing too late.
    Stopping(Instant, Shutdown),
    /// All was fed and settled; the session confirms it.
    Draining(Drain),
    Closing(Closing),
}

/// Why it ends, where it is not the end of the last input.
#[derive(Debug, Default)]
struct Ending {
    interrupts: usize,
    quit: bool,
    device_lost: bool,
    fed: bool,
    tally: Tally,
}

/// Everything that this thread holds.
pub struct Show {
    session: Arc<Session>,
    order: Sender<Order>,
    news: Receiver<News>,
    controls: Arc<Controls>,
    view: View,
    drain_timeout: Duration,
    follow: Follow,
    phase: Phase,
    ending: Ending,
    losses: Losses,
}

impl Show {
    pub fn new(
        session: Arc<Session>,
        order: Sender<Order>,
        news: Receiver<News>,
        controls: Arc<Controls>,
        view: View,
        drain_timeout: Duration,
    ) -> Self {
        let losses = Losses::new(session.device().kind);
        let (follow, phase, ending) = (Follow::default(), Phase::Playing, Ending::default());
        Self { session, order, news, controls, view, drain_timeout, follow, phase, ending, losses }
    }

    /// Plays to the end. `problems` inputs had failed before.
    pub fn run(&mut self, ui: &mut dyn Ui, interrupts: &mut Interrupts, problems: usize) -> Exit {
        let events = self.session.events();
        let device = self.session.device();
        self.view.device.clone_from(&device.name);
        ui.opened(&device, &self.view);
        let _ = self.order.send(Order::Start(Arc::clone(&self.session)));
        let mut drawn = Instant::now();
        let report = loop {
            for _ in 0..interrupts.take() {
                self.interrupt();
            }
            while let Some(key) = ui.key() {
                self.key(key);
            }
            self.hear_news(ui);
            if let Some(event) = events.recv_timeout(TICK.saturating_sub(drawn.elapsed())) {
                // What the feeding thread said before it caused this event is known first.
                self.hear_news(ui);
                self.event(&event, ui);
            }
            if drawn.elapsed() >= TICK {
                drawn = Instant::now();
                self.look();
                ui.draw(&self.view);
            }
            if let Some(report) = self.step() {
                break report;
            }
        };
        while let Some(event) = events.try_recv() {
            self.event(&event, ui);
        }
        if let Some(line) = self.losses.for_good() {
            ui.tell(&line);
            self.ending.device_lost = true;
        }
        let exit = self.exit(&report, problems);
        ui.closed(Some(&report), exit);
        exit
    }

    fn hear_news(&mut self, ui: &mut dyn Ui) {
        loop {
            let news = match self.news.try_recv() {
                Ok(news) => news,
                Err(TryRecvError::Empty) => return,
                // Ended without a word, by a panic: the end all the same.
                Err(TryRecvError::Disconnected) if !self.ending.fed => News::Done(Tally::default()),
                Err(TryRecvError::Disconnected) => return,
            };
            self.follow.news(&news, &mut self.view);
            match news {
                News::Problem(problem) => {
                    ui.input_failed(&problem);
                    self.view.notice = Some(problem.to_string());
                }
                News::Done(tally) => {
                    self.ending.tally = tally;
                    self.ending.fed = true;
                    if matches!(self.phase, Phase::Playing) {
                        let timeout = if tally.overdue { Duration::ZERO } else { self.drain_timeout };
                        self.phase = Phase::Draining(self.session.drain_ticket(timeout));
                    }
                }
                _ => {}
            }
        }
    }

    fn event(&mut self, event: &Event, ui: &mut dyn Ui) {
        self.follow.event(event, &mut self.view);
        ui.event(event, &self.view);
        match event {
            Event::DeviceChanged { from, to, .. } => {
                if let Some(device) = to {
                    self.view.device.clone_from(&device.name);
                }
                if let Some(line) = self.losses.changed(from, to.as_ref()) {
                    ui.tell(&line);
                    self.view.notice = Some(line);
                }
            }
            // Without a device it is over by itself, and the feeding thread may be waiting for its input.
            Event::Closed(_) if matches!(self.phase, Phase::Playing) => self.stop(Shutdown::Discard),
            _ => {}
        }
    }

    fn look(&mut self) {
        self.follow.read(&mut self.view);
        self.view.peaks = self.session.levels().peak;
        self.view.paused = self.controls.paused();
        self.view.decibels = self.controls.decibels();
        self.view.draining = !matches!(self.phase, Phase::Playing);
    }

    /// Goes through the phases of the end.
    fn step(&mut self) -> Option<Report> {
        match &self.phase {
            Phase::Playing => None,
            Phase::Stopping(since, shutdown) => {
                if self.ending.fed || since.elapsed() >= NOTICE {
                    let shutdown = *shutdown;
                    if let Shutdown::Drain(timeout) = shutdown {
                        // Asked for its event: the listener is told when it is drained.
                        drop(self.session.drain_ticket(timeout));
                    }
                    self.close(shutdown);
                }
                None
            }
            Phase::Draining(drain) => {
                let drained = drain.poll()?;
                self.close(match drained {
                    Drained::Drained => Shutdown::Drain(MOMENT),
                    Drained::DeadlineExceeded { .. } => Shutdown::Drain(Duration::ZERO),
                    _ => Shutdown::Discard,
                });
                None
            }
            Phase::Closing(closing) => closing.poll(),
        }
    }

    fn stop(&mut self, shutdown: Shutdown) {
        let _ = self.order.send(Order::Stop);
        match self.phase {
            Phase::Playing => self.phase = Phase::Stopping(Instant::now(), shutdown),
            _ => self.close(shutdown),
        }
    }

    fn close(&mut self, shutdown: Shutdown) {
        self.phase = Phase::Closing(self.session.begin_shutdown(shutdown));
    }

    /// The first time, what is queued plays out; unless the listener had paused, and wants to hear nothing.
    fn interrupt(&mut self) {
        self.ending.interrupts += 1;
        let discard = self.ending.interrupts > 1 || self.controls.paused();
        self.stop(if discard { Shutdown::Discard } else { Shutdown::Drain(self.drain_timeout) });
    }

    fn key(&mut self, key: Key) {
        let stream = self.follow.stream.as_ref();
        match key {
            Key::Interrupt => self.interrupt(),
            Key::Quit => {
                self.ending.quit = true;
                self.stop(Shutdown::Discard);
            }
            Key::Pause => self.controls.toggle_pause(stream),
            Key::Volume(step) => self.controls.turn(step, stream),
            Key::Next => self.go(self.view.index + 1, 0),
            Key::Seek(seconds) => self.seek(seconds),
        }
    }

    fn seek(&mut self, seconds: i64) {
        let Some(spec) = self.view.track().and_then(|track| track.spec) else { return };
        if !spec.seekable {
            self.view.notice = Some("standard input cannot be sought".into());
            return;
        }
        let step = seconds.unsigned_abs() * u64::from(spec.rate);
        let frame = if seconds < 0 { self.view.frame.saturating_sub(step) } else { self.view.frame + step };
        // Seen at once, so that the next press counts from there.
        match spec.frames.is_some_and(|frames| frame >= frames) {
            true => self.go(self.view.index + 1, 0),
            false => self.go(self.view.index, frame),
        }
    }

    fn go(&mut self, index: usize, frame: u64) {
        if matches!(self.phase, Phase::Playing) && index <= self.view.tracks.len() {
            self.view.frame = frame;
            self.view.notice = None;
            let _ = self.order.send(Order::Go { index, frame });
        }
    }

    fn exit(&self, report: &Report, problems: usize) -> Exit {
        let ended = |end| report.segments.iter().any(|outcome| outcome.end == end);
        let Ending { interrupts, quit, device_lost, tally, .. } = &self.ending;
        if *interrupts > 0 {
            Exit::Interrupted
        } else if *device_lost {
            Exit::DeviceLost
        } else if *quit {
            Exit::Ok
        } else if tally.played == 0 {
            Exit::NothingPlayable
        } else if tally.overdue || ended(End::DeadlineExceeded) {
            Exit::DrainDeadline
        } else if tally.failed + problems > 0 {
            Exit::SomeFailed
        } else {
            Exit::Ok
        }
    }
}
