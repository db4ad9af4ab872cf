//! Builds the program and puts the plugins where it looks for them: into the folder `providers` beside it.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::run::{cargo, stdout};
use crate::workspace::{self, PROGRAM, Workspace};

/// How to build.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Dev,
    /// What users get.
    Release,
}

impl Profile {
    fn name(self) -> &'static str {
        match self {
            Self::Dev => "dev",
            Self::Release => "release",
        }
    }
}

/// What a build made.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Built {
    /// The program.
    pub(crate) program: PathBuf,
    /// The libraries of the plugins, in the folder where the program looks.
    pub(crate) plugins: Vec<PathBuf>,
}

impl Built {
    /// The folder of the plugins.
    pub(crate) fn providers(&self) -> PathBuf {
        self.program.with_file_name("providers")
    }
}

/// The chore: builds and says where everything is.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    let profile = match arguments {
        [] => Profile::Dev,
        [flag] if flag == "--release" => Profile::Release,
        _ => return Err(Failure::new("build takes --release or nothing")),
    };
    let built = build(&Workspace::find()?, profile)?;
    println!("program  {}", built.program.display());
    println!("plugins  {}", built.providers().display());
    Ok(())
}

/// Builds the program and every plugin, and fills the folder of the plugins.
pub(crate) fn build(workspace: &Workspace, profile: Profile) -> Result<Built> {
    let packages: Vec<&str> =
        [PROGRAM].into_iter().chain(workspace.plugins.iter().map(String::as_str)).collect();
    eprintln!("building {} (the first time, everything they need is compiled too)", packages.join(", "));
    let mut command = cargo(&["build", "--profile", profile.name()]);
    command.arg("--message-format=json-render-diagnostics");
    command.args(packages.iter().flat_map(|package| ["--package", package]));
    let messages = stdout(&mut command)?;
    let mut built = artifacts(&workspace.root, &messages)?;
    built.plugins = shelve(&built)?;
    Ok(built)
}

/// Reads cargo's messages, one JSON object per line.
fn artifacts(root: &Path, messages: &str) -> Result<Built> {
    let messages: Vec<Value> = messages.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    let program = messages.iter().find_map(executable);
    Ok(Built {
        program: program.ok_or_else(|| Failure::new("cargo has built no program imgshare"))?,
        plugins: messages.iter().filter_map(|message| library(root, message)).collect(),
    })
}

fn executable(message: &Value) -> Option<PathBuf> {
    let is_program = message["target"]["name"] == PROGRAM;
    message["executable"].as_str().filter(|_| is_program).map(PathBuf::from)
}

fn library(root: &Path, message: &Value) -> Option<PathBuf> {
    let is_plugin =
        workspace::is_under_plugins(root, message) && workspace::makes_a_library(&message["target"]);
    let files = message["filenames"].as_array().filter(|_| is_plugin)?;
    let mut files = files.iter().filter_map(Value::as_str);
    files.find(|file| file.ends_with(std::env::consts::DLL_SUFFIX)).map(PathBuf::from)
}

fn shelve(built: &Built) -> Result<Vec<PathBuf>> {
    let folder = built.providers();
    make_folder(&folder)?;
    built.plugins.iter().map(|library| place(library, &folder, READABLE)).collect()
}

/// Modes that the host accepts: nobody but the owner may write.
#[cfg_attr(not(unix), expect(dead_code, reason = "other systems have no modes"))]
#[derive(Clone, Copy)]
pub(crate) struct Mode(u32);

/// For files that are read.
pub(crate) const READABLE: Mode = Mode(0o644);
/// For programs and folders.
pub(crate) const RUNNABLE: Mode = Mode(0o755);

/// Makes a folder that only its owner may write to.
pub(crate) fn make_folder(folder: &Path) -> Result<()> {
    std::fs::create_dir_all(folder).map_err(|error| Failure::at(folder, "make", error))?;
    set_mode(folder, RUNNABLE)
}

/// Copies a file into a folder. Whoever looks there meanwhile sees the old one or the new one, never half of it.
pub(crate) fn place(file: &Path, folder: &Path, mode: Mode) -> Result<PathBuf> {
    let name = file.file_name().ok_or_else(|| Failure::at(file, "copy", "it has no name"))?;
    let placed = folder.join(name);
    let mut half = name.to_owned();
    half.push(".tmp");
    let half = folder.join(half);
    std::fs::copy(file, &half).map_err(|error| Failure::at(file, "copy", error))?;
    set_mode(&half, mode)?;
    std::fs::rename(&half, &placed).map_err(|error| Failure::at(&placed, "write", error))?;
    Ok(placed)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: Mode) -> Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let permissions = std::fs::Permissions::from_mode(mode.0);
    std::fs::set_permissions(path, permissions).map_err(|error| Failure::at(path, "set the mode of", error))
}

#[cfg(not(unix))]
fn set_mode(_path: &Path, _mode: Mode) -> Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::env::consts::DLL_SUFFIX;

    use super::*;

    #[test]
    fn the_program_and_the_libraries_of_plugins_are_picked_from_what_cargo_built() {
        let messages = format!(
            r#"
            {{"target":{{"name":"serde","kind":["lib"]}},"filenames":["/t/libserde.rlib"],"executable":null}}
            {{"target":{{"name":"acme","kind":["cdylib","rlib"]}},"manifest_path":"/repo/plugins/acme/Cargo.toml",
              "filenames":["/t/libacme.rlib","/t/libacme{DLL_SUFFIX}"],"executable":null}}
            {{"target":{{"name":"puppet","kind":["cdylib"]}},"manifest_path":"/repo/crates/puppet/Cargo.toml",
              "filenames":["/t/libpuppet{DLL_SUFFIX}"],"executable":null}}
            {{"target":{{"name":"imgshare","kind":["bin"]}},"filenames":["/t/imgshare"],"executable":"/t/imgshare"}}
            "#
        );
        let lines = messages.replace(",\n", ",");
        let built = artifacts(Path::new("/repo"), &lines).expect("the program was built");
        assert_eq!(built.program, Path::new("/t/imgshare"));
        assert_eq!(built.plugins, [PathBuf::from(format!("/t/libacme{DLL_SUFFIX}"))]);
        assert_eq!(built.providers(), Path::new("/t/providers"));
    }

    #[cfg(unix)]
    #[test]
    fn nobody_else_may_write_to_the_folder_of_the_plugins_or_to_a_plugin() {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
        let target = tempfile::tempdir().expect("a temporary folder can be made");
        let library = target.path().join("libacme.so");
        std::fs::write(&library, "new").expect("it can be written to");
        std::fs::set_permissions(&library, std::fs::Permissions::from_mode(0o777)).expect("it is ours");
        let folder = target.path().join("providers");
        make_folder(&folder).expect("it can be made");
        std::fs::write(folder.join("libacme.so"), "old").expect("it can be written to");
        let placed = place(&library, &folder, READABLE).expect("it can be copied");
        assert_eq!((mode(&folder), mode(&placed)), (0o755, 0o644));
        assert_eq!(std::fs::read_to_string(&placed).expect("it can be read"), "new");
        assert_eq!(
            std::fs::read_dir(&folder).expect("it can be listed").count(),
            1,
            "nothing is left beside it"
        );
    }
}
