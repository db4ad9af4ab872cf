//! One file for each command: its arguments, its help, one function.

mod apply;
mod demo;
mod pick;
mod plan;
mod simulator;

use clap::Subcommand;

use crate::args::Arguments;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Plan(plan::Plan),
    Apply(apply::Apply),
    Demo(demo::Demo),
    Simulator(simulator::Simulator),
}

/// Runs the command and gives the exit code.
pub(crate) async fn run(arguments: Arguments) -> Result<u8, Failure> {
    match arguments.command {
        Command::Plan(plan) => plan.run().await,
        Command::Apply(apply) => apply.run().await,
        Command::Demo(demo) => demo.run().await,
        Command::Simulator(simulator) => simulator.run().await,
    }
}
