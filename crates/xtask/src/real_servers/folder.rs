//! The folders with real servers.

use std::path::{Path, PathBuf};

use crate::failure::{Failure, Result};

/// Where a plugin keeps the servers that its tests need.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Folder {
    /// The plugin's name.
    pub(super) plugin: String,
    /// `requirements.txt`: what Python needs.
    pub(super) requirements: PathBuf,
    /// `serve.py`: starts the servers.
    pub(super) serve: PathBuf,
}

/// All of them, in the order of the plugins.
pub(super) fn all(root: &Path) -> Result<Vec<Folder>> {
    let plugins = root.join("plugins");
    let unreadable = |error| Failure::at(&plugins, "read", error);
    let mut found = Vec::new();
    for entry in std::fs::read_dir(&plugins).map_err(unreadable)? {
        found.extend(Folder::of(&entry.map_err(unreadable)?.path()));
    }
    found.sort_by(|one, other| one.plugin.cmp(&other.plugin));
    if found.is_empty() {
        return Err(Failure::new("no plugin has a folder real-servers; there is nothing to test against"));
    }
    Ok(found)
}

impl Folder {
    fn of(plugin: &Path) -> Option<Self> {
        let folder = plugin.join("real-servers");
        folder.is_dir().then_some(Self {
            plugin: plugin.file_name()?.to_string_lossy().into_owned(),
            requirements: folder.join("requirements.txt"),
            serve: folder.join("serve.py"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_plugin_with_such_a_folder_is_found_without_being_listed() {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        for folder in ["zeta/real-servers", "acme/real-servers", "plain/src"] {
            let folder = root.path().join("plugins").join(folder);
            std::fs::create_dir_all(folder).expect("a folder can be made");
        }
        let found = all(root.path()).expect("the folder can be read");
        assert_eq!(found.iter().map(|folder| folder.plugin.as_str()).collect::<Vec<_>>(), ["acme", "zeta"]);
        assert_eq!(found[0].serve, root.path().join("plugins/acme/real-servers/serve.py"));
    }

    #[test]
    fn a_repository_without_any_does_not_pass_for_tested() {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        std::fs::create_dir_all(root.path().join("plugins/plain")).expect("a folder can be made");
        assert!(all(root.path()).is_err());
    }
}
