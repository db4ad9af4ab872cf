//! Whoever adds a provider edits nothing outside of its folder.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs::File;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::checkout::root;
use crate::workshop::Workshop;

/// What is no part of the repository, and what cargo keeps by itself.
const LEFT_OUT: [&str; 4] = [".git", "target", "dist", "Cargo.lock"];

/// All files of a checkout with what is in them.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    gather(folder, folder, &mut files);
    files
}

fn gather(root: &Path, folder: &Path, files: &mut BTreeMap<PathBuf, Vec<u8>>) {
    for entry in std::fs::read_dir(folder).expect("the checkout can be read") {
        let path = entry.expect("the checkout can be read").path();
        if LEFT_OUT.iter().any(|name| path.file_name() == Some(OsStr::new(name))) {
            continue;
        }
        if path.is_dir() {
            gather(root, &path, files);
        } else {
            let name = path.strip_prefix(root).expect("it was found there").to_owned();
            files.insert(name, std::fs::read(&path).expect("the checkout can be read"));
        }
    }
}

/// A copy of the checkout as it is now.
fn copy(files: &BTreeMap<PathBuf, Vec<u8>>, to: &Path) {
    for (name, bytes) in files {
        let path = to.join(name);
        std::fs::create_dir_all(path.parent().expect("it is in a folder")).expect("folders can be made");
        std::fs::write(&path, bytes).expect("files can be written");
        // Cargo goes by it, and need not build again what it has built of the same text.
        let time =
            root().join(name).metadata().and_then(|metadata| metadata.modified()).expect("it is known");
        File::options()
            .write(true)
            .open(&path)
            .and_then(|file| file.set_modified(time))
            .expect("it can be set");
    }
    std::fs::copy(root().join("Cargo.lock"), to.join("Cargo.lock")).expect("files can be copied");
}

/// The names of all packages of the workspace.
fn packages(workshop: &mut Workshop) -> BTreeSet<String> {
    workshop.run("cargo metadata --no-deps --format-version 1");
    let metadata: Value = serde_json::from_str(&workshop.printed).expect("cargo prints JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    packages.iter().filter_map(|package| package["name"].as_str()).map(str::to_owned).collect()
}

/// What breaks a rule of the repository, or that nothing does.
fn tidy(workshop: &mut Workshop) -> String {
    workshop.run("cargo xtask tidy && echo all rules are kept || true");
    assert!(!workshop.printed.is_empty(), "the rules could not be checked");
    workshop.printed.clone()
}

#[test]
fn a_new_provider_is_one_new_folder() {
    let mut workshop = Workshop::new();
    let before = files(root());
    copy(&before, &workshop.path("imgshare"));
    workshop.run("cd imgshare");
    workshop.borrow_target(Path::new(""));
    let packages_before = packages(&mut workshop);
    let findings_before = tidy(&mut workshop);

    workshop.run("imgshare providers new nimbus");

    let mut after = files(&workshop.path(""));
    after.retain(|path, _| !path.starts_with("plugins/nimbus"));
    assert!(after == before, "a file outside of plugins/nimbus was changed");
    assert_eq!(&packages(&mut workshop) - &packages_before, ["nimbus".to_owned()].into());
    assert_eq!(tidy(&mut workshop), findings_before, "the new folder breaks rules of the repository");
    workshop.run("cargo build -p nimbus\nimgshare providers test target/debug/libnimbus.so");
    workshop.run("mkdir -m 755 ~/plugins\ncp target/debug/libnimbus.so ~/plugins/\nimgshare providers --plugins ~/plugins");
    assert!(workshop.printed.starts_with("nimbus "), "{}", workshop.printed);
}

#[test]
fn a_name_that_a_package_of_the_workspace_has_is_refused() {
    let refused = |name: &str, why: &str| {
        let mut workshop = Workshop::new();
        workshop.run(&format!("cd '{}'\n! imgshare providers new {name} 2>&1", root().display()));
        assert!(workshop.printed.contains(why), "{}", workshop.printed);
    };
    refused("xtask", "has a package xtask already");
    refused("puppet", "has a package puppet already");
    refused("tencent", "already; nothing was written");
}

#[test]
fn within_the_workspace_there_is_one_place_for_providers() {
    let mut workshop = Workshop::new();
    workshop.run(&format!("! imgshare providers new nimbus --path '{}/crates' 2>&1", root().display()));
    assert!(workshop.printed.contains("leave --path out"), "{}", workshop.printed);
}
