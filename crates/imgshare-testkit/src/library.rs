//! Builds libraries with cargo, as the running test was built.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::{LazyLock, Mutex, PoisonError};

use serde_json::Value;

/// The built `cdylib` of a package: one of this workspace, or the package whose test asks. In the profile and the target
/// folder of the running test; built once per process.
///
/// # Panics
///
/// When cargo cannot build it, with what cargo printed.
pub fn library(package: &str) -> PathBuf {
    library_with_flags(package, &[])
}

/// The same, with flags for `rustc` that hold for this package only. Use it for packages that nobody builds without
/// them: both would end in the same file.
///
/// # Panics
///
/// When cargo cannot build it, with what cargo printed.
pub fn library_with_flags(package: &str, flags: &[&str]) -> PathBuf {
    static BUILT: LazyLock<Mutex<HashMap<String, PathBuf>>> = LazyLock::new(Mutex::default);
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    built.entry(package.to_owned()).or_insert_with(|| build(package, flags)).clone()
}

fn build(package: &str, flags: &[&str]) -> PathBuf {
    let output = cargo(package, flags).output().expect("cargo can be started, since it started this test");
    assert!(output.status.success(), "cargo cannot build {package}:\n{}", printed(&output));
    let messages = String::from_utf8_lossy(&output.stdout);
    // Dependencies come first, so the last one is the package's own.
    let library = messages.lines().filter_map(cdylib_of).next_back();
    library.unwrap_or_else(|| panic!("{package} has no library of crate-type cdylib"))
}

fn cargo(package: &str, flags: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(["rustc", "--quiet", "--lib", "--message-format=json", "--package", package]);
    if let Some((target, profile)) = target_and_profile() {
        command.arg("--target-dir").arg(target).args(["--profile", &profile]);
    }
    command.arg("--").args(flags).stdin(Stdio::null());
    command
}

/// Where the running test is: `TARGET/PROFILE/deps/test-0123`. `None`: somewhere else, then cargo's own choice is taken.
fn target_and_profile() -> Option<(PathBuf, String)> {
    let test = std::env::current_exe().ok()?;
    let target = test.ancestors().find(|folder| folder.join("CACHEDIR.TAG").is_file())?;
    let folder = test.parent()?.parent()?.file_name()?.to_str()?;
    let profile = if folder == "debug" { "dev" } else { folder };
    Some((target.to_owned(), profile.to_owned()))
}

fn cdylib_of(message: &str) -> Option<PathBuf> {
    let message: Value = serde_json::from_str(message).ok()?;
    let is_cdylib = message["target"]["kind"].as_array()?.iter().any(|kind| kind == "cdylib");
    let files = message["filenames"].as_array().filter(|_| is_cdylib)?;
    let ends_as_library = |file: &&str| file.ends_with(imgshare_host::LIBRARY_SUFFIX);
    files.iter().filter_map(Value::as_str).find(ends_as_library).map(|file| Path::new(file).to_owned())
}

fn printed(output: &Output) -> String {
    let messages = String::from_utf8_lossy(&output.stdout);
    let rendered = messages.lines().filter_map(|line| {
        let message: Value = serde_json::from_str(line).ok()?;
        message["message"]["rendered"].as_str().map(str::to_owned)
    });
    rendered.chain([String::from_utf8_lossy(&output.stderr).into_owned()]).collect()
}
