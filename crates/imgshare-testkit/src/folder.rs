//! Plugin folders that are gone with the test.

use std::path::{Path, PathBuf};

use imgshare_host::{LIBRARY_SUFFIX, Shelf};
use tempfile::TempDir;

/// A plugin folder with copies of built libraries, writable by nobody else.
pub struct PluginFolder {
    folder: TempDir,
}

impl PluginFolder {
    /// A folder with nothing in it.
    ///
    /// # Panics
    ///
    /// When no temporary folder can be made.
    pub fn empty() -> Self {
        // `tempfile` makes folders that only their owner may enter.
        Self { folder: tempfile::tempdir().expect("a temporary folder can be made") }
    }

    /// A folder with the libraries of these packages.
    ///
    /// # Panics
    ///
    /// When one cannot be built or copied.
    pub fn with(packages: &[&str]) -> Self {
        let folder = Self::empty();
        for package in packages {
            let bytes = std::fs::read(crate::library(package)).expect("a library that was built can be read");
            folder.put(package, &bytes);
        }
        folder
    }

    /// Puts a file there that is named like the library of this provider.
    ///
    /// # Panics
    ///
    /// When it cannot be written.
    pub fn put(&self, provider: &str, bytes: &[u8]) -> PathBuf {
        let path = self.file(provider);
        std::fs::write(&path, bytes).expect("a temporary folder can be written to");
        readable_by_all_and_writable_by_the_owner(&path);
        path
    }

    /// Where the library of this provider is, or would be.
    pub fn file(&self, provider: &str) -> PathBuf {
        self.path().join(format!("{}{provider}{LIBRARY_SUFFIX}", std::env::consts::DLL_PREFIX))
    }

    /// The folder.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The folder, as the host looks through it.
    pub fn shelf(&self) -> Shelf {
        Shelf::open(&[self.path().to_owned()])
    }
}

#[cfg(unix)]
fn readable_by_all_and_writable_by_the_owner(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = std::fs::Permissions::from_mode(0o644);
    std::fs::set_permissions(path, mode).expect("the mode of an own file can be set");
}

#[cfg(not(unix))]
fn readable_by_all_and_writable_by_the_owner(_path: &Path) {}
