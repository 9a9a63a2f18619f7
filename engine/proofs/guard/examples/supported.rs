//! Says whether the checker that is built in can watch on this machine, and ends with 1 if it cannot.

use std::process::ExitCode;

fn main() -> ExitCode {
    match rtguard::supported() {
        Ok(()) => ExitCode::SUCCESS,
        Err(missing) => {
            eprintln!("{missing}");
            ExitCode::FAILURE
        }
    }
}
