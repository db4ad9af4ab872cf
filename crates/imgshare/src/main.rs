//! Share machine images across clouds, from one TOML file.

mod args;
mod commands;
mod failure;
mod log;
mod out;
mod progress;
mod saved;
mod session;
mod signals;
mod text;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Arguments;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    out::colour(arguments.colour());
    log::start(arguments.verbosity());
    // One thread: plugins and planning take microseconds, and everything else is waiting for clouds.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(commands::run(arguments)),
        Err(error) => Err(failure::Failure::new(format!("cannot start: {error}"))),
    };
    match ended {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            out::talk(&failure.render());
            ExitCode::from(1)
        }
    }
}
