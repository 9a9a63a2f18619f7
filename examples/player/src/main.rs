//! `codetta`: plays real files through the engine, and says what was heard.
#![forbid(unsafe_code)]

mod beside;
mod cli;
mod decode;
mod demo;
mod devices;
mod duck;
mod exit;
mod interrupt;
mod lines;
mod output;
mod overwrite;
mod play;
mod playlist;
mod render;
mod ui;

use std::io::{self, Write};
use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use exit::Exit;
use lines::Lines;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // Help and version are answers; clap's own code for a mistake is 2, which here means something else.
            if e.use_stderr() {
                // Nowhere to say it is no reason to panic.
                let _ = e.print();
                return Exit::Usage.into();
            }
            Lines::new().written(e.print().and_then(|()| io::stdout().flush()));
            return told(Exit::Ok).into();
        }
    };
    told(match cli.command {
        Command::Play(args) => play::run(&args),
        Command::Render(args) => render::run(&args),
        Command::Duck(args) => duck::run(&args),
        Command::Devices(args) => devices::run(&args),
        Command::Demo(args) => demo::run(&args),
    })
    .into()
}

/// What is answered where standard output failed: nobody can rely on what was written there.
fn told(exit: Exit) -> Exit {
    if Lines::failed() { Exit::Usage } else { exit }
}
