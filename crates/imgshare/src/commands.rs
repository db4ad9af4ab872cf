//! One file for each command: its arguments, its help, one function.

mod apply;
mod check;
mod completions;
mod demo;
mod drift;
mod images;
mod man;
mod pick;
mod plan;
mod providers;
mod schema;
mod simulator;
mod who;

use clap::Subcommand;

use crate::args::Arguments;
use crate::failure::Failure;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Plan(plan::Plan),
    Apply(apply::Apply),
    Drift(drift::Drift),
    Images(images::Images),
    Who(who::Who),
    Check(check::Check),
    Providers(providers::Providers),
    Demo(demo::Demo),
    Simulator(simulator::Simulator),
    Schema(schema::Schema),
    Completions(completions::Completions),
    Man(man::Man),
}

/// Runs the command and gives the exit code.
pub(crate) async fn run(arguments: Arguments) -> Result<u8, Failure> {
    let verbosity = arguments.verbosity();
    match arguments.command {
        Command::Plan(plan) => plan.run().await,
        Command::Apply(apply) => apply.run().await,
        Command::Drift(drift) => drift.run().await,
        Command::Images(images) => images.run().await,
        Command::Who(who) => who.run().await,
        Command::Check(check) => check.run().await,
        Command::Providers(providers) => providers.run(verbosity),
        Command::Demo(demo) => demo.run().await,
        Command::Simulator(simulator) => simulator.run().await,
        Command::Schema(schema) => schema.run(),
        Command::Completions(completions) => completions.run(),
        Command::Man(man) => man.run(),
    }
}
