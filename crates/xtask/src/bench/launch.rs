//! One process, measured.
//!
//! A child's peak memory as the system counts it begins with that of the process that started it. So a process of its
//! own, which has done nothing else yet and is small, starts the one that is measured: this program again.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use wait4::Wait4 as _;

use crate::failure::{Failure, Result};
use crate::run;

/// The first argument of the process that starts and measures another.
pub(super) const LAUNCH: &str = "--launch";

/// What a process took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Usage {
    /// From its start to its end.
    pub(super) wall: Duration,
    /// In its own code and in the system for it.
    pub(super) cpu: Duration,
    /// The most memory that it had at a time, in bytes.
    pub(super) peak_bytes: u64,
    /// Its exit code; `None`: a signal ended it.
    pub(super) exit: Option<i32>,
}

/// A program with its arguments, environment, and the folder for what it prints.
#[derive(Clone, Debug)]
pub(super) struct Task {
    program: PathBuf,
    arguments: Vec<OsString>,
    environment: Vec<(String, String)>,
    folder: PathBuf,
}

impl Task {
    /// A program that will be run in this folder, which has to be there.
    pub(super) fn new(program: &Path, folder: &Path) -> Self {
        let (program, folder) = (program.to_owned(), folder.to_owned());
        Self { program, arguments: Vec::new(), environment: Vec::new(), folder }
    }

    pub(super) fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    pub(super) fn args<'a>(self, arguments: impl IntoIterator<Item = &'a str>) -> Self {
        arguments.into_iter().fold(self, Self::arg)
    }

    pub(super) fn env(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Runs it to its end.
    pub(super) fn measure(&self) -> Result<Usage> {
        let this = std::env::current_exe()
            .map_err(|error| Failure::new(format!("cannot find this program: {error}")))?;
        let mut launcher = Command::new(this);
        launcher.arg("bench").arg(LAUNCH).arg(&self.folder).arg(&self.program).args(&self.arguments);
        let told = run::stdout(launcher.envs(self.environment.iter().cloned()))?;
        serde_json::from_str(&told)
            .map_err(|error| Failure::new(format!("cannot understand what was measured: {error}")))
    }

    /// The same, for a program that has to succeed.
    pub(super) fn measure_success(&self) -> Result<Usage> {
        let usage = self.measure()?;
        if usage.exit == Some(0) { Ok(usage) } else { Err(self.failed(usage.exit)) }
    }

    /// What the last run printed.
    pub(super) fn printed(&self) -> Result<String> {
        let path = self.folder.join(STDOUT);
        std::fs::read_to_string(&path).map_err(|error| Failure::at(&path, "read", error))
    }

    /// What to say of a run that ended otherwise than it should.
    pub(super) fn failed(&self, exit: Option<i32>) -> Failure {
        let arguments: Vec<_> = self.arguments.iter().map(|word| word.to_string_lossy()).collect();
        let said = std::fs::read_to_string(self.folder.join(STDERR)).unwrap_or_default();
        let exit = exit.map_or_else(|| "a signal".to_owned(), |code| format!("exit code {code}"));
        Failure::new(format!(
            "{} {} ended with {exit} and said:\n{}",
            self.program.display(),
            arguments.join(" "),
            said.trim_end()
        ))
    }
}

const STDOUT: &str = "stdout";
const STDERR: &str = "stderr";

/// The other side of [`Task::measure`].
pub(super) fn launched(arguments: &[String]) -> Result<()> {
    let [folder, program, arguments @ ..] = arguments else {
        return Err(Failure::new(format!("{LAUNCH} takes a folder and a program; it is for bench itself")));
    };
    let usage = launch(Path::new(folder), Path::new(program), arguments)?;
    let told = serde_json::to_string(&usage).expect("numbers have a JSON form");
    println!("{told}");
    Ok(())
}

fn launch(folder: &Path, program: &Path, arguments: &[String]) -> Result<Usage> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(folder).stdin(Stdio::null());
    command.stdout(file(folder, STDOUT)?).stderr(file(folder, STDERR)?);
    let begun = Instant::now();
    let child = command.spawn().map_err(|error| Failure::at(program, "start", error))?;
    let ended = child.wait4().map_err(|error| Failure::at(program, "wait for", error))?;
    let wall = begun.elapsed();
    let cpu = ended.rusage.utime + ended.rusage.stime;
    Ok(Usage { wall, cpu, peak_bytes: ended.rusage.maxrss, exit: ended.status.code() })
}

fn file(folder: &Path, name: &str) -> Result<File> {
    let path = folder.join(name);
    File::create(&path).map_err(|error| Failure::at(&path, "write", error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_process_took_and_printed_is_known() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let this_test = std::env::current_exe().expect("a test knows itself");
        let run = |word: &str| launch(folder.path(), &this_test, &[word.to_owned()]).expect("it can be run");
        let listed = run("--list");
        assert_eq!(listed.exit, Some(0));
        assert!(listed.wall > Duration::ZERO);
        assert!(!cfg!(unix) || listed.peak_bytes > 100_000, "{listed:?}");
        let printed = Task::new(&this_test, folder.path()).printed().expect("it has printed");
        assert!(printed.contains("what_a_process_took_and_printed_is_known: test"), "{printed}");
        assert_ne!(run("--no-such-flag").exit, Some(0));
    }

    #[test]
    fn a_process_that_fails_is_told_with_its_own_words() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::write(folder.path().join(STDERR), "error: no such cloud\n").expect("it can be written");
        let task = Task::new(Path::new("imgshare"), folder.path()).args(["plan", "-v"]);
        let Failure::Sentence(sentence) = task.failed(Some(1)) else { panic!("it has a sentence") };
        assert_eq!(sentence, "imgshare plan -v ended with exit code 1 and said:\nerror: no such cloud");
    }
}
