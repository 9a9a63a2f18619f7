//! `codetta render`: files into one WAV file, through the engine's offline output.

mod mixer;
mod target;

use std::path::Path;

use crate::cli;
use crate::decode::{Input, PcmSource, open};
use crate::exit::{Exit, complain};
use crate::interrupt::Interrupts;
use crate::lines::Lines;
use crate::overwrite;
use crate::playlist::expand;
use mixer::Mixer;
pub use target::Target;

/// Frames a second that the engine mixes at, in Hz.
const RATES: std::ops::RangeInclusive<u32> = 8_000..=192_000;

/// Renders the inputs, one after the other, each with exactly its frames.
pub fn run(args: &cli::Render) -> Exit {
    let list = expand(&args.inputs, &Input::Stdin);
    list.problems.iter().for_each(complain);
    if let Some(problem) = misuse(&list.inputs, &args.output) {
        complain(problem);
        return Exit::Usage;
    }
    let Ok(mut interrupts) = Interrupts::new() else {
        complain("cannot watch for signals");
        return Exit::Usage;
    };
    let (mut failed, mut rendered) = (list.problems.len(), 0);
    let mut mixer: Option<Mixer> = None;
    for (index, input) in list.inputs.iter().enumerate() {
        let mut source = match open(input) {
            Ok(source) => source,
            Err(e) => {
                complain(format_args!("{}: {e}", input.name()));
                failed += 1;
                continue;
            }
        };
        let mixer = match &mut mixer {
            Some(mixer) => mixer,
            // No other input's rate is the output's if this one's cannot be: it only fails itself.
            None if args.rate.is_none() && !RATES.contains(&source.spec().rate) => {
                let rate = source.spec().rate;
                complain(format_args!("{}: {rate} Hz is outside of 8000 to 192000 Hz", input.name()));
                failed += 1;
                continue;
            }
            None => match start(args, &list.inputs[index..], &*source) {
                Ok(started) => mixer.insert(started),
                Err(problem) => {
                    complain(problem);
                    return Exit::Usage;
                }
            },
        };
        let frames = match mixer.add(index as u64, &mut *source, &mut interrupts) {
            Ok(frames) => frames,
            Err(mixer::Stop::Interrupted) => {
                complain(format_args!("interrupted; {} was not written", args.output.display()));
                return Exit::Interrupted;
            }
            Err(mixer::Stop::Failed(problem)) => {
                complain(problem);
                return Exit::Usage;
            }
        };
        if let Some(problem) = frames.problem.or_else(|| source.damage()) {
            complain(format_args!("{}: {problem}", input.name()));
            failed += 1;
        }
        rendered += usize::from(frames.count > 0);
    }
    let Some(mixer) = mixer.filter(|_| rendered > 0) else {
        complain("nothing to render");
        return Exit::NothingPlayable;
    };
    match mixer.finish() {
        Err(problem) => {
            complain(problem);
            Exit::Usage
        }
        Ok(done) => {
            let files = if rendered == 1 { "file" } else { "files" };
            Lines::new().line(format_args!("{}: {rendered} {files}, {done}", args.output.display()));
            if failed > 0 { Exit::SomeFailed } else { Exit::Ok }
        }
    }
}

fn start(args: &cli::Render, inputs: &[Input], first: &dyn PcmSource) -> Result<Mixer, String> {
    let spec = first.spec();
    let rate = args.rate.unwrap_or(spec.rate);
    let channels = args.channels.map_or_else(|| widest(inputs, spec.channels), usize::from);
    Mixer::create(&args.output, rate, channels, args.format)
}

/// The channels of the widest input, without playing any. Standard input can be looked at only once, and is taken as it
/// is if it comes first, for mono otherwise.
fn widest(inputs: &[Input], first: usize) -> usize {
    let rest = inputs.iter().skip(1).filter(|input| matches!(input, Input::File(_)));
    let channels = rest.filter_map(|input| open(input).ok()).map(|source| source.spec().channels);
    std::iter::once(first).chain(channels).find(|n| *n > 1).unwrap_or(first)
}

fn misuse(inputs: &[Input], output: &Path) -> Option<String> {
    if inputs.iter().filter(|input| **input == Input::Stdin).count() > 1 {
        return Some("standard input (-) can be rendered once".into());
    }
    if output == Path::new("-") {
        return Some("a WAV cannot be written to standard output (-): its header is completed last".into());
    }
    overwrite::refusal(inputs, output)
}
