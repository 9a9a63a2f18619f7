//! `codetta duck`: speech over music, which a [`Ducker`](codetta::nodes::Ducker) turns down while somebody speaks.

mod live;
mod material;
mod mix;
mod offline;
mod picture;
mod plan;
mod shown;
mod trace;
mod voice;
mod wiring;
mod work;

use std::path::Path;

use crate::cli::{self, OutputArg};
use crate::decode::Input;
use crate::exit::{Exit, complain};
use crate::interrupt::Interrupts;
use crate::overwrite;
use crate::playlist::Problem;
use crate::ui::{Json, Plain, Ui};
use material::Material;
use picture::Picture;

/// The places of the two files among the inputs: the tags of their segments.
const SPEECH: usize = 0;
const MUSIC: usize = 1;

/// Mixes, and answers how it went.
pub fn run(args: &cli::Duck) -> Exit {
    let mut ui: Box<dyn Ui> = if args.json { Box::<Json>::default() } else { Box::<Plain>::default() };
    let refused = match prepare(args) {
        Ok((mut interrupts, picture)) => match &args.render {
            Some(target) => return offline::run(args, target, picture, &mut interrupts, ui),
            None => return live::run(args, picture, &mut interrupts, ui),
        },
        Err(problem) => {
            complain(problem);
            Exit::Usage
        }
    };
    ui.closed(None, refused);
    refused
}

/// Looks after everything that can be known before the first frame.
fn prepare(args: &cli::Duck) -> Result<(Interrupts, Option<Picture>), String> {
    if let Some(problem) = misuse(args) {
        return Err(problem);
    }
    let interrupts = Interrupts::new().map_err(|e| format!("cannot watch for signals: {e}"))?;
    let picture = args.svg.as_deref().map(Picture::create).transpose()?;
    Ok((interrupts, picture))
}

/// The inputs, by the tags of their segments.
fn inputs(args: &cli::Duck) -> [Input; 2] {
    [Input::File(args.speech.clone()), Input::File(args.over.clone())]
}

/// Opens both files; what is wrong with either is told, and not only the first.
fn open(args: &cli::Duck) -> Result<[Material; 2], Vec<Problem>> {
    let [speech, music] = inputs(args);
    match [Material::open(&speech, false), Material::open(&music, true)] {
        [Ok(speech), Ok(music)] => Ok([speech, music]),
        opened => Err(opened.into_iter().filter_map(Result::err).collect()),
    }
}

/// What clap cannot see.
fn misuse(args: &cli::Duck) -> Option<String> {
    let is_stream = |path: &Path| path == Path::new("-");
    if is_stream(&args.speech) || is_stream(&args.over) {
        return Some("speech and music are read from files, not from standard input (-)".into());
    }
    if args.svg.iter().chain(&args.render).any(|path| is_stream(path)) {
        return Some("sound and picture are written to files, not to standard output (-)".into());
    }
    if let Some(output) = args.render.as_deref().and_then(Path::to_str)
        && (matches!(output, "auto" | "default" | "virtual") || output.starts_with("file:"))
    {
        return Some(format!("-o takes a WAV file to render; to play, give --output {output}"));
    }
    let sound = match &args.output {
        OutputArg::File(path) => Some(path),
        _ => args.render.as_ref(),
    };
    let inputs = inputs(args);
    let overwritten =
        sound.iter().copied().chain(&args.svg).find_map(|path| overwrite::refusal(&inputs, path));
    overwritten.or_else(|| {
        let (sound, picture) = (Input::File(sound?.clone()), args.svg.as_ref()?);
        let why = format!("{}: cannot be both sound and picture", picture.display());
        overwrite::refusal(&[sound], picture).map(|_| why)
    })
}
