//! Tests against servers that nobody here wrote: what stands in `plugins/*/real-servers/`.
//!
//! Such a folder has `requirements.txt`, every version pinned, and `serve.py FOLDER`, which serves on loopback, prints
//! `{"env": {NAME: VALUE}}` as one line when everything answers, and ends all that it started when its stdin is closed.
//! The test targets called `real_servers` get these variables of all folders, and where the program and the plugins
//! are.

mod environment;
mod folder;
mod server;
mod suites;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Instant;

use tempfile::TempDir;

use crate::build::{Built, Profile, build};
use crate::failure::{Failure, Result};
use crate::run::{cargo, run};
use crate::workspace::Workspace;
use environment::Python;
use folder::Folder;
use server::Server;
use suites::Suites;

/// Builds, installs and starts everything, and runs the tests. The arguments are for `cargo test`.
pub(crate) fn test(arguments: &[String]) -> Result<()> {
    let workspace = Workspace::find()?;
    let suites = Suites::find()?;
    let folders = folder::all(&workspace.root)?;
    let system = Python::of_the_system()?;
    let installed = folders.iter().map(|folder| environment::install(&system, folder, &workspace.target));
    let pythons = installed.collect::<Result<Vec<_>>>()?;
    let built = build(&workspace, Profile::Dev)?;
    let work = work_folder(&workspace.target)?;
    let begun = Instant::now();
    let outcome = run_beside_servers(&folders, &pythons, work.path(), |variables| {
        run(cargo(&["test"]).args(suites.arguments()).args(arguments).envs(variables).envs(places(&built)))
    });
    let (packages, seconds) = (suites.packages().join(", "), begun.elapsed().as_secs());
    if outcome.is_ok() {
        println!("real servers: the tests of {packages} passed, {seconds} s");
    } else {
        let kept = work.keep();
        println!("real servers: FAILED after {seconds} s; what the servers said is in {}", kept.display());
    }
    outcome
}

/// The servers' own folders are made in it. It stays when something fails.
fn work_folder(target: &Path) -> Result<TempDir> {
    let parent = target.join("real-servers");
    tempfile::Builder::new()
        .prefix("run-")
        .tempdir_in(&parent)
        .map_err(|error| Failure::at(&parent, "make a folder in", error))
}

/// The servers start side by side; the tests begin when all answer. However it goes, the servers end with it.
fn run_beside_servers(
    folders: &[Folder],
    pythons: &[Python],
    work: &Path,
    tests: impl FnOnce(BTreeMap<String, String>) -> Result<()>,
) -> Result<()> {
    let starting = folders.iter().zip(pythons).map(|(folder, python)| Server::start(python, folder, work));
    let servers = starting.collect::<Result<Vec<_>>>()?;
    let mut variables = BTreeMap::new();
    for server in &servers {
        variables.extend(server.variables()?);
    }
    tests(variables)
}

/// Where the program and the plugins are that the tests run.
fn places(built: &Built) -> [(&'static str, PathBuf); 2] {
    [("IMGSHARE_PROGRAM", built.program.clone()), ("IMGSHARE_PLUGINS", built.providers())]
}
