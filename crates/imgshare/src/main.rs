//! Share machine images across clouds, from one TOML file.

mod args;
mod commands;
mod duration;
mod failure;
mod lock;
mod log;
mod out;
mod progress;
mod record;
mod saved;
mod session;
mod signals;
mod state;
mod text;
mod view;

use std::process::ExitCode;

use clap::Parser as _;

use crate::args::Arguments;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return misused(&error),
    };
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

/// clap ends with 2 when it does not understand its arguments; here 2 says that something differs.
fn misused(error: &clap::Error) -> ExitCode {
    // Where nobody listens there is nobody to tell.
    let _ = error.print();
    ExitCode::from(u8::from(error.use_stderr()))
}
