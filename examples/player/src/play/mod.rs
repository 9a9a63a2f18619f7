//! `codetta play`: one thread feeds, this one shows, and the session answers what was heard.

mod controls;
mod deck;
mod feeder;
mod follow;
mod loss;
mod show;

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::cli;
use crate::decode::{Input, Spec};
use crate::exit::{Exit, complain};
use crate::interrupt::Interrupts;
use crate::output;
use crate::playlist::{Playlist, expand};
use crate::ui::{Json, Plain, Track, Tui, Ui, View};
use controls::{Controls, News, Order};
use feeder::Feeder;
use show::Show;

/// Plays the inputs, and answers how it went.
pub fn run(args: &cli::Play) -> Exit {
    if let Some(problem) = misuse(args) {
        complain(problem);
        return Exit::Usage;
    }
    let Ok(mut interrupts) = Interrupts::new() else {
        complain("cannot watch for signals");
        return Exit::Usage;
    };
    let Playlist { inputs, problems } = expand(&args.inputs, &args.stdin());
    problems.iter().for_each(complain);
    let names: Vec<Track> = inputs.iter().map(|input| Track { name: input.name(), spec: None }).collect();
    let controls = Arc::new(Controls::default());
    let (order, news) = match feed(inputs, &controls, args.drain_timeout) {
        Ok(ends) => ends,
        Err(e) => {
            complain(format_args!("cannot start a thread: {e}"));
            return Exit::DeviceLost;
        }
    };
    let spec = match first(&news, &mut interrupts) {
        Ok(spec) => spec,
        Err(exit) => return exit,
    };
    let (session, notice) = match output::start(&args.output, output::engine_rate(spec.rate)) {
        Ok((session, notice)) => (Arc::new(session), notice),
        Err(e) => {
            complain(e);
            return Exit::DeviceLost;
        }
    };
    let mut ui = ui(args);
    if let Some(notice) = &notice {
        ui.tell(notice);
    }
    let view = View { tracks: names, notice, ..View::default() };
    let already_failed = problems.len();
    let mut show = Show::new(session, order, news, controls, view, args.drain_timeout);
    show.run(&mut *ui, &mut interrupts, already_failed)
}

/// What clap cannot see.
fn misuse(args: &cli::Play) -> Option<&'static str> {
    let stdin = args.inputs.iter().filter(|path| path.as_os_str() == "-").count();
    match stdin {
        0 if args.raw => Some("--raw says what standard input is: give - as an input"),
        0 | 1 => None,
        _ => Some("standard input (-) can be played once"),
    }
}

/// Starts the feeding thread.
///
/// Nobody joins it: it may be stuck in a read of standard input for as long as that stays open.
fn feed(
    inputs: Vec<Input>,
    controls: &Arc<Controls>,
    drain_timeout: Duration,
) -> io::Result<(Sender<Order>, Receiver<News>)> {
    let (order, orders) = channel();
    let (tell, news) = channel();
    let feeder = Feeder::new(inputs, orders, tell, Arc::clone(controls), drain_timeout);
    thread::Builder::new().name("codetta-feed".into()).spawn(|| feeder.run())?;
    Ok((order, news))
}

/// Waits for the first input that can be played.
fn first(news: &Receiver<News>, interrupts: &mut Interrupts) -> Result<Spec, Exit> {
    loop {
        if interrupts.take() > 0 {
            return Err(Exit::Interrupted);
        }
        match news.recv_timeout(Duration::from_millis(30)) {
            Ok(News::First(spec)) => return Ok(spec),
            Ok(News::Problem(problem)) => complain(problem),
            Ok(News::Done(_)) | Err(RecvTimeoutError::Disconnected) => {
                complain("nothing to play");
                return Err(Exit::NothingPlayable);
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn ui(args: &cli::Play) -> Box<dyn Ui> {
    if args.json {
        return Box::<Json>::default();
    }
    if !args.plain && io::stdout().is_terminal() {
        match Tui::new() {
            Ok(tui) => return Box::new(tui),
            Err(e) => complain(format_args!("this terminal takes plain lines only: {e}")),
        }
    }
    Box::<Plain>::default()
}
