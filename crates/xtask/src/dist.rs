//! Collects what users get: `dist/imgshare-VERSION-TARGET/`, and the same as one archive.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::build::{Built, Profile, READABLE, RUNNABLE, build, make_folder, place};
use crate::digest;
use crate::failure::{Failure, Result};
use crate::run::{run, stdout};
use crate::workspace::Workspace;

/// Documents that go along, from the root.
const DOCUMENTS: &[&str] = &["README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"];

/// The chore: builds, collects, lists.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    crate::no_arguments("dist", arguments)?;
    let workspace = Workspace::find()?;
    let built = build(&workspace, Profile::Release)?;
    let name = format!("imgshare-{}-{}", workspace.version, target()?);
    let dist = workspace.root.join("dist");
    let mut files = collect(&workspace.root, &built, &dist.join(&name))?;
    files.extend(pack(&dist, &name)?);
    list(&dist, &files)
}

/// The kind of machine that this compiler builds for.
fn target() -> Result<String> {
    let printed =
        stdout(Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("-vV"))?;
    let host = printed.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).ok_or_else(|| Failure::new("rustc -vV does not say its host; update rustc"))
}

fn collect(root: &Path, built: &Built, folder: &Path) -> Result<Vec<PathBuf>> {
    empty(folder)?;
    let mut files = vec![place(&built.program, folder, RUNNABLE)?];
    files.extend(place_all(&built.plugins, &folder.join("providers"))?);
    files.extend(place_all(&files_in(&root.join("config"))?, &folder.join("config"))?);
    for document in DOCUMENTS {
        files.push(place(&root.join(document), folder, READABLE)?);
    }
    Ok(files)
}

/// Nothing of an earlier build may be among what is collected.
fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(|error| Failure::at(folder, "empty", error))?;
    }
    make_folder(folder)
}

fn place_all(files: &[PathBuf], folder: &Path) -> Result<Vec<PathBuf>> {
    make_folder(folder)?;
    files.iter().map(|file| place(file, folder, READABLE)).collect()
}

fn files_in(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<std::io::Result<Vec<_>>>);
    let entries = entries.map_err(|error| Failure::at(folder, "read", error))?;
    let mut files: Vec<PathBuf> =
        entries.iter().map(std::fs::DirEntry::path).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files)
}

/// The archive, where there is a `tar`.
fn pack(dist: &Path, name: &str) -> Result<Option<PathBuf>> {
    if Command::new("tar").arg("--version").output().is_err() {
        eprintln!("there is no tar here, so no archive is made");
        return Ok(None);
    }
    let archive = format!("{name}.tar.gz");
    run(Command::new("tar").current_dir(dist).args(["-czf", &archive, name]))?;
    Ok(Some(dist.join(archive)))
}

fn list(dist: &Path, files: &[PathBuf]) -> Result<()> {
    for file in files {
        let facts = digest::facts(file)?;
        let shown = file.strip_prefix(dist).unwrap_or(file);
        println!("{}  {:>10}  {}", facts.sha256, facts.bytes, shown.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(path: &Path) -> PathBuf {
        let folder = path.parent().expect("it is in a folder");
        std::fs::create_dir_all(folder).expect("a folder can be made");
        std::fs::write(path, "text").expect("a file can be written");
        path.to_owned()
    }

    #[test]
    fn what_users_get_is_complete_and_nothing_older_is_among_it() {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let at = |path: &str| root.path().join(path);
        for document in DOCUMENTS {
            write(&at(document));
        }
        write(&at("config/full.toml"));
        write(&at("dist/it/providers/libolder.so"));
        let built =
            Built { program: write(&at("t/imgshare")), plugins: vec![write(&at("t/providers/libacme.so"))] };
        let files = collect(root.path(), &built, &at("dist/it")).expect("all of it is there");
        let shown =
            files.iter().map(|file| file.strip_prefix(at("dist/it")).expect("it is inside").to_owned());
        let mut expected = vec!["imgshare", "providers/libacme.so", "config/full.toml"];
        expected.extend(DOCUMENTS);
        assert_eq!(shown.collect::<Vec<_>>(), expected.iter().map(PathBuf::from).collect::<Vec<_>>());
        assert!(!at("dist/it/providers/libolder.so").exists());
    }
}
