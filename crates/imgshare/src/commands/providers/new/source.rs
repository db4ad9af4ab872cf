//! Where the new crate gets imgshare's own crates from.

use std::path::{Path, PathBuf};

use toml::Value;

use crate::failure::Failure;

/// The repository that the template's manifest names. The crates are in no registry.
const REPOSITORY: &str = env!("CARGO_PKG_REPOSITORY");

/// What is taken from there.
const CRATES: [&str; 2] = ["imgshare-sdk", "imgshare-testkit"];

/// Where imgshare's crates come from.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Source {
    /// The workspace that the new crate is a member of.
    Workspace,
    /// A git repository.
    Git(String),
    /// A checkout.
    Checkout(PathBuf),
}

impl Source {
    /// Reads `--sdk`: an address is a repository, all else a folder.
    pub(super) fn parse(sdk: Option<&str>) -> Result<Self, Failure> {
        match sdk {
            None => Ok(Self::Git(REPOSITORY.to_owned())),
            Some(url) if url.contains("://") || url.starts_with("git@") => Ok(Self::Git(url.to_owned())),
            Some(folder) => checkout(Path::new(folder)),
        }
    }

    /// The manifest with its dependencies from here.
    pub(super) fn in_manifest(&self, manifest: &str) -> String {
        let theirs = format!("{{ git = {} }}", quoted(REPOSITORY));
        CRATES.iter().fold(manifest.to_owned(), |text, name| {
            text.replace(&format!("{name} = {theirs}"), &format!("{name}{}", self.of(name)))
        })
    }

    fn of(&self, name: &str) -> String {
        match self {
            Self::Workspace => ".workspace = true".to_owned(),
            Self::Git(url) => format!(" = {{ git = {} }}", quoted(url)),
            Self::Checkout(root) => {
                let folder = root.join("crates").join(name);
                format!(" = {{ path = {} }}", quoted(&folder.to_string_lossy()))
            }
        }
    }
}

fn checkout(folder: &Path) -> Result<Source, Failure> {
    let root = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    if root.join("crates/imgshare-sdk/Cargo.toml").is_file() {
        return Ok(Source::Checkout(root));
    }
    Err(Failure::new(format!("there is no checkout of imgshare in {}", folder.display()))
        .hint("name its root, or the address of a git repository, with --sdk"))
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
