//! The files of the repository, in memory.

use std::collections::BTreeMap;
use std::path::Path;

use super::rust::Source;
use crate::failure::{Failure, Result};

/// The text of every file, by its path from the root with `/` on every system. A file that is no text has an empty one.
#[derive(Debug, Default)]
pub(super) struct Tree {
    files: BTreeMap<String, String>,
}

/// Folders with a dot that belong to the repository; others are an editor's or git's own.
const DOT_FOLDERS: &[&str] = &[".cargo", ".ci", ".github"];

impl Tree {
    /// Reads what is in the folder, without what git, cargo and editors keep there.
    pub(super) fn read(root: &Path) -> Result<Self> {
        let mut tree = Self::default();
        tree.add(root, "")?;
        Ok(tree)
    }

    #[cfg(test)]
    pub(super) fn of(files: &[(&str, &str)]) -> Self {
        let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
        Self { files: files.iter().map(owned).collect() }
    }

    fn add(&mut self, folder: &Path, prefix: &str) -> Result<()> {
        let unreadable = |error| Failure::at(folder, "read", error);
        for entry in std::fs::read_dir(folder).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            let (path, place) = (entry.path(), format!("{prefix}{name}"));
            let kind = entry.file_type().map_err(unreadable)?;
            if kind.is_dir() && is_ours(&path, &name) {
                self.add(&path, &format!("{place}/"))?;
            } else if kind.is_file() {
                let bytes = std::fs::read(&path).map_err(|error| Failure::at(&path, "read", error))?;
                self.files.insert(place, String::from_utf8(bytes).unwrap_or_default());
            }
        }
        Ok(())
    }

    /// All files with their texts, in order.
    pub(super) fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().map(|(path, text)| (path.as_str(), text.as_str()))
    }

    /// The files whose names end so.
    pub(super) fn ending(&self, end: &str) -> impl Iterator<Item = (&str, &str)> {
        self.files().filter(move |(path, _)| path.ends_with(end))
    }

    /// The Rust files.
    pub(super) fn rust(&self) -> impl Iterator<Item = Source<'_>> {
        self.ending(".rs").map(|(path, text)| Source::read(self, path, text))
    }

    /// The text of one file.
    pub(super) fn text(&self, path: &str) -> Option<&str> {
        self.files.get(path).map(String::as_str)
    }

    /// Whether there is such a file.
    pub(super) fn has(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    /// Whether there is a folder with a file in it.
    pub(super) fn has_folder(&self, path: &str) -> bool {
        let prefix = format!("{path}/");
        self.files.range(prefix.clone()..).next().is_some_and(|(file, _)| file.starts_with(&prefix))
    }

    /// The names of the folders in a folder, in order.
    pub(super) fn folders(&self, path: &str) -> Vec<&str> {
        let prefix = format!("{path}/");
        let inside = self.files.keys().filter_map(|file| file.strip_prefix(&prefix));
        let mut names: Vec<&str> = inside.filter_map(|file| Some(file.split_once('/')?.0)).collect();
        names.dedup();
        names
    }
}

fn is_ours(path: &Path, name: &str) -> bool {
    let hidden = name.starts_with('.') && !DOT_FOLDERS.contains(&name);
    // Cargo tags its target folders, wherever they are.
    !hidden && name != "target" && name != "dist" && !path.join("CACHEDIR.TAG").exists()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_git_cargo_and_editors_keep_is_not_the_repositorys() {
        let root = tempfile::tempdir().expect("a temporary folder can be made");
        let folders = [".ci", ".git", ".idea", "elsewhere", "docs", "target/debug"];
        for folder in folders {
            std::fs::create_dir_all(root.path().join(folder)).expect("a folder can be made");
            std::fs::write(root.path().join(folder).join("file"), "text").expect("a file can be written");
        }
        std::fs::write(root.path().join("elsewhere/CACHEDIR.TAG"), "").expect("a file can be written");
        let tree = Tree::read(root.path()).expect("it can be read");
        assert_eq!(tree.files().map(|(path, _)| path).collect::<Vec<_>>(), [".ci/file", "docs/file"]);
    }

    #[test]
    fn folders_are_those_that_have_files() {
        let tree = Tree::of(&[
            ("plugins/a/x", ""),
            ("plugins/a/y/z", ""),
            ("plugins/b/x", ""),
            ("plugins/README.md", ""),
        ]);
        assert_eq!(tree.folders("plugins"), ["a", "b"]);
        assert!(tree.has_folder("plugins/a/y") && !tree.has_folder("plugins/a/x"));
    }
}
