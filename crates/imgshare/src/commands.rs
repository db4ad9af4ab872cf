//! One file for each command: its arguments, its help, one function.

mod apply;
mod pick;
mod plan;

use clap::Subcommand;

use crate::args::Arguments;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Plan(plan::Plan),
    Apply(apply::Apply),
}

/// Runs the command and gives the exit code.
pub(crate) async fn run(arguments: Arguments) -> Result<u8, Failure> {
    match arguments.command {
        Command::Plan(plan) => plan.run().await,
        Command::Apply(apply) => apply.run().await,
    }
}
