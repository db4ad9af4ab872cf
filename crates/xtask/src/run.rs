//! Other programs.

use std::process::{Command, Output, Stdio};

use crate::failure::{Failure, Result};
use crate::workspace;

/// The cargo that runs this chore, in the workspace's folder.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments).current_dir(workspace::root());
    command
}

/// Runs it with the terminal of the chore. When it fails, it has said why.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().map_err(|error| cannot_start(command, &error))?;
    // Ended by a signal: nothing to say either, the person who sent it knows.
    let code = status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1);
    if status.success() { Ok(()) } else { Err(Failure::Exit(code)) }
}

/// Runs it and returns what it prints on stdout; stderr goes to the terminal.
pub(crate) fn stdout(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().map_err(|error| cannot_start(command, &error))?;
    text(command, output)
}

fn text(command: &Command, output: Output) -> Result<String> {
    if !output.status.success() {
        return Err(Failure::Exit(1));
    }
    String::from_utf8(output.stdout)
        .map_err(|_| Failure::new(format!("{} prints something that is no text", name(command))))
}

fn cannot_start(command: &Command, error: &std::io::Error) -> Failure {
    Failure::new(format!("cannot start {}: {error}; install it or mend PATH", name(command)))
}

fn name(command: &Command) -> String {
    command.get_program().to_string_lossy().into_owned()
}
