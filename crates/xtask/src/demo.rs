//! Builds everything and runs the demonstration: the one command for somebody who has just cloned the project.

use std::process::Command;

use crate::build::{Profile, build};
use crate::failure::Result;
use crate::run;
use crate::workspace::Workspace;

/// The chore. The arguments are for `imgshare demo`.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    let built = build(&Workspace::find()?, Profile::Dev)?;
    eprintln!("running {} demo", built.program.display());
    run::run(Command::new(&built.program).arg("demo").args(arguments))
}
