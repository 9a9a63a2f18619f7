//! Mixed as fast as it goes, into a WAV file: the same bytes each time.

use std::fmt::Display;
use std::path::Path;

use codetta::Report;

use super::material::Material;
use super::picture::Picture;
use super::shown;
use super::work::Work;
use super::{MUSIC, SPEECH};
use crate::cli::{self, WavArg};
use crate::exit::{Exit, complain};
use crate::interrupt::Interrupts;
use crate::lines::Lines;
use crate::output;
use crate::playlist::Problem;
use crate::render::Target;
use crate::ui::{Track, Ui, View};

/// Renders it.
pub fn run(
    args: &cli::Duck,
    target: &Path,
    picture: Option<Picture>,
    interrupts: &mut Interrupts,
    mut ui: Box<dyn Ui>,
) -> Exit {
    let (exit, report) = match render(args, target, picture, interrupts, &mut *ui) {
        Ok((exit, report)) => (exit, Some(report)),
        Err(exit) => (exit, None),
    };
    // Plain lines say what was heard, and nobody listens here.
    if args.json {
        ui.closed(report.as_ref(), exit);
    }
    exit
}

fn render(
    args: &cli::Duck,
    target: &Path,
    picture: Option<Picture>,
    interrupts: &mut Interrupts,
    ui: &mut dyn Ui,
) -> Result<(Exit, Report), Exit> {
    let materials = materials(args, ui)?;
    let specs = [&materials[SPEECH], &materials[MUSIC]].map(Material::spec);
    let rate = output::engine_rate(specs[MUSIC].rate);
    let channels = specs[SPEECH].channels.max(specs[MUSIC].channels);
    let name = target.display();
    let refuse = |why: &dyn Display| {
        complain(format_args!("{name}: {why}"));
        Exit::Usage
    };
    let mut file = Target::create(target, rate, channels, WavArg::S16).map_err(|e| refuse(&e))?;
    let mut work = Work::start(args, rate, channels, materials).map_err(|problem| failed(ui, &problem))?;
    let tracks = super::inputs(args).into_iter().zip(specs);
    let tracks = tracks.map(|(input, spec)| Track { name: input.name(), spec: Some(spec) }).collect();
    let view = View { tracks, ..View::default() };
    let show = |work: &Work, ui: &mut dyn Ui| {
        while let Some(event) = work.event() {
            if args.json {
                ui.event(&event, &view);
            }
        }
    };
    if args.json {
        ui.opened(&work.device(), &view);
    }
    while let Some(block) = work.render() {
        file.write(block).map_err(|e| refuse(&e))?;
        if interrupts.take() > 0 {
            complain(format_args!("interrupted: {name} is not written"));
            return Err(Exit::Interrupted);
        }
        show(&work, ui);
    }
    let report = work.close().ok_or_else(|| refuse(&"the engine has not come to an end"))?;
    show(&work, ui);
    file.finish().map_err(|e| refuse(&e))?;
    let problems = work.problems();
    problems.iter().for_each(|problem| ui.input_failed(problem));
    if !args.json {
        let (frames, seconds) = (work.frames(), work.frames() as f64 / f64::from(rate));
        Lines::new().line(format_args!("{name}: {frames} frames, {seconds:.3} s at {rate} Hz"));
    }
    let is_drawn = shown::tell(ui, &work.seen(), picture, args);
    let exit = match (is_drawn, problems.is_empty()) {
        (false, _) => Exit::Usage,
        (true, false) => Exit::SomeFailed,
        (true, true) => Exit::Ok,
    };
    Ok((exit, report))
}

/// Opens both files; who has two mistakes is told of both.
fn materials(args: &cli::Duck, ui: &mut dyn Ui) -> Result<[Material; 2], Exit> {
    match super::open(args) {
        Ok(materials) => Ok(materials),
        Err(problems) => {
            problems.iter().for_each(|problem| ui.input_failed(problem));
            complain("nothing to mix");
            Err(Exit::NothingPlayable)
        }
    }
}

fn failed(ui: &mut dyn Ui, problem: &Problem) -> Exit {
    ui.input_failed(problem);
    Exit::NothingPlayable
}
