//! `codetta play`: one thread feeds, this one shows, and the session answers what was heard.

pub mod controls;
mod deck;
mod feeder;
mod follow;
mod loss;
pub mod show;

use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread;
use std::time::Duration;

use crate::cli::{self, OutputArg};
use crate::decode::{Input, Spec};
use crate::exit::{Exit, complain};
use crate::interrupt::Interrupts;
use crate::playlist::{Playlist, expand};
use crate::ui::{Json, Plain, Track, Tui, Ui, View};
use crate::{output, overwrite};
use controls::{Controls, News, Order};
use feeder::Feeder;
use show::Show;

/// Plays the inputs, and answers how it went.
pub fn run(args: &cli::Play) -> Exit {
    let mut ui = lines(args);
    match prepare(args, &mut *ui) {
        Ok(Ready { mut show, mut interrupts, failed, notice }) => {
            let mut ui = terminal(args).unwrap_or(ui);
            if let Some(notice) = notice {
                ui.tell(&notice);
            }
            show.run(&mut *ui, &mut interrupts, failed)
        }
        Err(exit) => {
            ui.closed(None, exit);
            exit
        }
    }
}

/// A session with something to play.
struct Ready {
    show: Show,
    interrupts: Interrupts,
    /// Arguments that named nothing to play.
    failed: usize,
    notice: Option<String>,
}

/// Everything that comes before the first frame.
fn prepare(args: &cli::Play, ui: &mut dyn Ui) -> Result<Ready, Exit> {
    let refuse = |why: &dyn std::fmt::Display, exit| {
        complain(why);
        exit
    };
    if let Some(problem) = misuse(args) {
        return Err(refuse(&problem, Exit::Usage));
    }
    let mut interrupts =
        Interrupts::new().map_err(|e| refuse(&format_args!("cannot watch for signals: {e}"), Exit::Usage))?;
    let Playlist { inputs, problems } = expand(&args.inputs, &args.stdin());
    problems.iter().for_each(|problem| ui.input_failed(problem));
    if let OutputArg::File(path) = &args.output
        && let Some(problem) = overwrite::refusal(&inputs, path)
    {
        return Err(refuse(&problem, Exit::Usage));
    }
    let tracks: Vec<Track> = inputs.iter().map(|input| Track { name: input.name(), spec: None }).collect();
    let controls = Arc::new(Controls::default());
    let (order, news) = feed(inputs, &controls, args.drain_timeout)
        .map_err(|e| refuse(&format_args!("cannot start a thread: {e}"), Exit::DeviceLost))?;
    let spec = first(&news, &mut interrupts, ui)?;
    let (session, notice) = output::start(&args.output, output::engine_rate(spec.rate))
        .map_err(|e| refuse(&e, output::refused(&e)))?;
    let view = View { tracks, notice: notice.clone(), ..View::default() };
    let show = Show::new(Arc::new(session), order, news, controls, view, args.drain_timeout);
    Ok(Ready { show, interrupts, failed: problems.len(), notice })
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
pub fn first(news: &Receiver<News>, interrupts: &mut Interrupts, ui: &mut dyn Ui) -> Result<Spec, Exit> {
    loop {
        if interrupts.take() > 0 {
            return Err(Exit::Interrupted);
        }
        match news.recv_timeout(Duration::from_millis(30)) {
            Ok(News::First(spec)) => return Ok(spec),
            Ok(News::Problem(problem)) => ui.input_failed(&problem),
            Ok(News::Done(_)) | Err(RecvTimeoutError::Disconnected) => {
                complain("nothing to play");
                return Err(Exit::NothingPlayable);
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

/// What shows anything before there is a session, and all of it where there is no terminal.
fn lines(args: &cli::Play) -> Box<dyn Ui> {
    if args.json { Box::<Json>::default() } else { Box::<Plain>::default() }
}

fn terminal(args: &cli::Play) -> Option<Box<dyn Ui>> {
    if args.json || args.plain || !io::stdout().is_terminal() {
        return None;
    }
    match Tui::new() {
        Ok(tui) => Some(Box::new(tui)),
        Err(e) => {
            complain(format_args!("this terminal takes plain lines only: {e}"));
            None
        }
    }
}
