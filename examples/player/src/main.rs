//! `codetta`: plays real files through the engine, and says what was heard.
#![forbid(unsafe_code)]

mod cli;
mod decode;
mod demo;
mod devices;
mod exit;
mod interrupt;
mod lines;
mod output;
mod play;
mod playlist;
mod render;
mod ui;

use std::process::ExitCode;

use clap::Parser;

use cli::{Cli, Command};
use exit::Exit;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            // Nowhere to say it is no reason to panic.
            let _ = e.print();
            // Help and version are answers; clap's own code for a mistake is 2, which here means something else.
            return if e.use_stderr() { Exit::Usage } else { Exit::Ok }.into();
        }
    };
    match cli.command {
        Command::Play(args) => play::run(&args),
        Command::Render(args) => render::run(&args),
        Command::Devices(args) => devices::run(&args),
        Command::Demo(args) => demo::run(&args),
    }
    .into()
}
