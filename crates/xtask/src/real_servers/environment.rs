//! Python environments: one for each list of requirements, in the target folder, kept until the list changes.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::folder::Folder;
use crate::digest;
use crate::failure::{Failure, Result};
use crate::run::{run, stdout};

/// The least that the pinned packages take.
const VERSION_MIN: (u32, u32) = (3, 11);

/// Says its version, and fails when it cannot make an environment: Debian has that in a package of its own.
const PROBE: &str = "import sys, venv, ensurepip; print('%d.%d' % sys.version_info[:2])";

const REMEDY: &str =
    "install Python 3.11 or later with its module venv (Debian and Ubuntu: apt install python3-venv)";

/// Written last: an environment without it is half-made.
const COMPLETE: &str = "complete";

/// An interpreter that can be used.
#[derive(Debug)]
pub(super) struct Python {
    pub(super) program: PathBuf,
    version: (u32, u32),
}

impl Python {
    /// `python3`, or what the variable PYTHON says.
    pub(super) fn of_the_system() -> Result<Self> {
        let program = PathBuf::from(std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into()));
        let printed = stdout(Command::new(&program).args(["-c", PROBE]))
            .map_err(|_| Failure::new(format!("{} cannot make environments; {REMEDY}", program.display())))?;
        let version = version(&printed).filter(|version| *version >= VERSION_MIN);
        let version = version.ok_or_else(|| {
            Failure::new(format!("{} is {}, which is too old; {REMEDY}", program.display(), printed.trim()))
        })?;
        Ok(Self { program, version })
    }

    #[cfg(test)]
    pub(super) fn unchecked(program: &str) -> Self {
        Self { program: program.into(), version: VERSION_MIN }
    }
}

fn version(printed: &str) -> Option<(u32, u32)> {
    let (major, minor) = printed.trim().split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The interpreter of the environment that has what the folder requires. The first time, everything is installed.
pub(super) fn install(system: &Python, folder: &Folder, target: &Path) -> Result<Python> {
    let place = place(system, folder, target)?;
    let python = Python { program: place.join("bin").join("python"), version: system.version };
    if place.join(COMPLETE).exists() {
        return Ok(python);
    }
    eprintln!("installing what {} requires (the first time only)", folder.serve.display());
    run(Command::new(&system.program).args(["-m", "venv", "--clear"]).arg(&place))?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--requirement"];
    run(Command::new(&python.program).args(pip).arg(&folder.requirements))?;
    let complete = place.join(COMPLETE);
    std::fs::write(&complete, "").map_err(|error| Failure::at(&complete, "write", error))?;
    Ok(python)
}

/// Another list or another Python is another environment.
fn place(system: &Python, folder: &Folder, target: &Path) -> Result<PathBuf> {
    let requirements = digest::facts(&folder.requirements)?.sha256;
    let (major, minor) = system.version;
    let name = format!("{}-{major}.{minor}-{}", folder.plugin, &requirements[..12]);
    Ok(target.join("real-servers").join(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_as_numbers() {
        assert_eq!(version("3.11\n"), Some((3, 11)));
        assert!(version("3.9\n").expect("a version") < VERSION_MIN);
        assert!(version("3.14\n").expect("a version") > VERSION_MIN);
        assert_eq!(version("Python 3"), None);
    }

    #[test]
    fn an_environment_is_used_again_until_the_list_or_python_changes() {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let requirements = root.path().join("requirements.txt");
        let folder = Folder { plugin: "acme".into(), serve: "serve.py".into(), requirements };
        let write = |text: &str| std::fs::write(&folder.requirements, text).expect("it can be written");
        let place = |minor| {
            let system = Python { program: "python3".into(), version: (3, minor) };
            place(&system, &folder, Path::new("/target")).expect("the list can be read")
        };
        write("flask==3.1.3");
        let first = place(11);
        assert!(first.starts_with("/target/real-servers") && first == place(11));
        assert_ne!(place(12), first);
        write("flask==3.1.4");
        assert_ne!(place(11), first);
    }
}
