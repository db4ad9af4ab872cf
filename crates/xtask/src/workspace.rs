//! What cargo knows of this workspace.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::failure::{Failure, Result};
use crate::run::{cargo, stdout};

/// The program's package and its executable.
pub(crate) const PROGRAM: &str = "imgshare";

/// The folder of the root manifest.
pub(crate) fn root() -> PathBuf {
    // Cargo sets it for `cargo xtask` and for tests; what was compiled in may be of a checkout that has moved since.
    let here = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| env!("CARGO_MANIFEST_DIR").into(), PathBuf::from);
    here.ancestors().nth(2).expect("this crate is two folders below the root").to_owned()
}

/// The packages that chores care about, and where cargo builds.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Workspace {
    pub(crate) root: PathBuf,
    pub(crate) target: PathBuf,
    /// The program's version.
    pub(crate) version: String,
    /// The names of all packages under `plugins/` that make a dynamic library, in order.
    pub(crate) plugins: Vec<String>,
}

impl Workspace {
    /// Asks cargo.
    pub(crate) fn find() -> Result<Self> {
        let printed = stdout(&mut cargo(&["metadata", "--no-deps", "--format-version", "1"]))?;
        let metadata = serde_json::from_str(&printed).map_err(|error| {
            Failure::new(format!("cannot understand cargo metadata: {error}; update cargo"))
        })?;
        Self::read(&metadata).ok_or_else(|| Failure::new("cargo metadata does not know the package imgshare"))
    }

    fn read(metadata: &Value) -> Option<Self> {
        let root = PathBuf::from(metadata["workspace_root"].as_str()?);
        let packages = metadata["packages"].as_array()?;
        let program = packages.iter().find(|package| package["name"] == PROGRAM)?;
        let plugins = packages.iter().filter(|package| is_plugin(&root, package));
        let mut plugins: Vec<String> =
            plugins.filter_map(|package| package["name"].as_str()).map(str::to_owned).collect();
        plugins.sort();
        Some(Self {
            target: metadata["target_directory"].as_str()?.into(),
            version: program["version"].as_str()?.to_owned(),
            root,
            plugins,
        })
    }
}

/// Whether cargo's word on a package or an artifact puts it under `plugins/`.
pub(crate) fn is_under_plugins(root: &Path, it: &Value) -> bool {
    it["manifest_path"].as_str().is_some_and(|path| Path::new(path).starts_with(root.join("plugins")))
}

fn is_plugin(root: &Path, package: &Value) -> bool {
    let targets = package["targets"].as_array().map(Vec::as_slice).unwrap_or_default();
    is_under_plugins(root, package) && targets.iter().any(makes_a_library)
}

/// Whether a target is built as a dynamic library for other languages: what a plugin is.
pub(crate) fn makes_a_library(target: &Value) -> bool {
    target["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "cdylib"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn package(name: &str, folder: &str, kind: &str) -> Value {
        json!({
            "name": name,
            "version": "1.2.3",
            "manifest_path": format!("/repo/{folder}/Cargo.toml"),
            "targets": [{ "kind": [kind] }],
        })
    }

    #[test]
    fn plugins_are_the_dynamic_libraries_under_plugins() {
        let metadata = json!({
            "workspace_root": "/repo",
            "target_directory": "/elsewhere/target",
            "packages": [
                package("imgshare", "crates/imgshare", "bin"),
                package("zeta", "plugins/zeta", "cdylib"),
                package("acme", "plugins/acme", "cdylib"),
                package("notes", "plugins/notes", "lib"),
                package("puppet", "crates/host/tests/fixtures/puppet", "cdylib"),
            ],
        });
        let workspace = Workspace::read(&metadata).expect("the program is among the packages");
        assert_eq!(workspace.plugins, ["acme", "zeta"]);
        assert_eq!(workspace.version, "1.2.3");
        assert_eq!(workspace.target, Path::new("/elsewhere/target"));
    }
}
