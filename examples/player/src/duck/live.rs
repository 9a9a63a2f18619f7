//! Mixed while it is heard: one thread feeds both streams, and the player's own shows what is heard of them.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use codetta::Session;

use super::MUSIC;
use super::material::Material;
use super::mix::{Mix, Pumped};
use super::picture::Picture;
use super::plan::Plan;
use super::shown::Shown;
use super::trace::{Peaks, Trace};
use super::wiring::wire;
use crate::cli;
use crate::exit::{Exit, complain};
use crate::interrupt::Interrupts;
use crate::output;
use crate::play::controls::{Controls, News, Order, Tally};
use crate::play::first;
use crate::play::show::Show;
use crate::playlist::Problem;
use crate::ui::{Track, Ui, View};

/// How long what is queued may go on playing at the end, as `play` has it unless told.
const DRAIN: Duration = Duration::from_secs(10);
/// A fraction of what the streams and the taps hold.
const TICK: Duration = Duration::from_millis(20);
/// From the order to begin to the first frame, as a part of a second: both streams know by then, and the graph has faded
/// in.
const START: u32 = 5;

/// Plays it.
pub fn run(
    args: &cli::Duck,
    picture: Option<Picture>,
    interrupts: &mut Interrupts,
    mut ui: Box<dyn Ui>,
) -> Exit {
    let refuse = |mut ui: Box<dyn Ui>, exit| {
        ui.closed(None, exit);
        exit
    };
    let ((order, orders), (tell, news)) = (channel(), channel());
    let ((over, is_over), (give, seen)) = (channel(), channel());
    let tracks = super::inputs(args).iter().map(|input| Track { name: input.name(), spec: None }).collect();
    let feeder = Feeder { args: args.clone(), orders, news: tell };
    let feed = move || feeder.run(&is_over, &give);
    // Nobody joins it: it may be stuck in a read for as long as that takes.
    if let Err(e) = thread::Builder::new().name("codetta-feed".into()).spawn(feed) {
        complain(format_args!("cannot start a thread: {e}"));
        return refuse(ui, Exit::DeviceLost);
    }
    let spec = match first(&news, interrupts, &mut *ui) {
        Ok(spec) => spec,
        Err(exit) => return refuse(ui, exit),
    };
    let (session, notice) = match output::start(&args.output, output::engine_rate(spec.rate)) {
        Ok(started) => started,
        Err(e) => {
            complain(&e);
            return refuse(ui, output::refused(&e));
        }
    };
    if let Some(notice) = notice {
        ui.tell(&notice);
    }
    let view = View { tracks, ..View::default() };
    let mut show = Show::new(Arc::new(session), order, news, Arc::new(Controls::default()), view, DRAIN);
    let mut shown = Shown { ui, args, picture, over, seen, exit: None };
    let exit = show.run(&mut shown, interrupts, 0);
    shown.exit.unwrap_or(exit)
}

/// The thread that decodes, writes, and looks at what passes.
struct Feeder {
    args: cli::Duck,
    orders: Receiver<Order>,
    news: Sender<News>,
}

impl Feeder {
    /// Feeds everything, tells how it went, and goes on looking until nothing more can be heard.
    fn run(self, is_over: &Receiver<()>, seen: &Sender<Peaks>) {
        let mut tally = Tally::default();
        let mixing = self.begin(&mut tally);
        let mixing = mixing.map(|(mut mix, mut trace)| {
            self.feed(&mut mix, &mut trace, &mut tally);
            (mix, trace)
        });
        let _ = self.news.send(News::Done(tally));
        if let Some((mix, mut trace)) = mixing {
            while is_over.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                trace.gather();
            }
            let _ = seen.send(trace.finish());
            drop(mix);
        }
    }

    /// Opens both files, waits for the session, and wires it.
    fn begin(&self, tally: &mut Tally) -> Option<(Mix, Trace)> {
        let materials = super::open(&self.args)
            .map_err(|problems| problems.into_iter().for_each(|problem| self.problem(problem, tally)))
            .ok()?;
        let _ = self.news.send(News::First(materials[MUSIC].spec()));
        let Ok(Order::Start(session)) = self.orders.recv() else { return None };
        for (index, material) in materials.iter().enumerate() {
            let _ = self.news.send(News::File { index, spec: material.spec() });
        }
        self.start(&session, materials).map_err(|problem| self.problem(problem, tally)).ok()
    }

    fn start(&self, session: &Session, materials: [Material; 2]) -> Result<(Mix, Trace), Problem> {
        let (ends, seen) = wire(session, &self.args)?;
        let mut mix = Mix::new(session, ends, materials, Plan::new(&self.args))?;
        let rate = session.sample_rate();
        let from = session.frame() + u64::from(rate / START);
        mix.begin(from);
        Ok((mix, Trace::new(seen, from, rate)))
    }

    /// Keeps both streams full until all of it has been heard, or is to be heard no more.
    fn feed(&self, mix: &mut Mix, trace: &mut Trace, tally: &mut Tally) {
        let mut told = [false; 2];
        let mut waited = Duration::ZERO;
        loop {
            let pumped = mix.pump();
            trace.gather();
            tally.played = mix.voices().iter().filter(|voice| voice.seconds() > 0.0).count();
            for (voice, told) in mix.voices().into_iter().zip(&mut told) {
                if let Some(problem) = voice.material().problem().filter(|_| !*told) {
                    self.problem(problem.clone(), tally);
                    *told = true;
                }
            }
            match pumped {
                Pumped::Closed => return,
                Pumped::Done if mix.is_settled() => return,
                Pumped::Done => waited += TICK,
                Pumped::Waiting => {}
            }
            if waited >= DRAIN {
                tally.overdue = true;
                return;
            }
            match self.orders.recv_timeout(TICK) {
                Err(RecvTimeoutError::Timeout) => {}
                Ok(_) | Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    fn problem(&self, problem: Problem, tally: &mut Tally) {
        tally.failed += 1;
        let _ = self.news.send(News::Problem(problem));
    }
}
