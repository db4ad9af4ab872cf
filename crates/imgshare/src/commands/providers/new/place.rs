//! Where a new provider goes, and what is around it.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use toml::{Table, Value};

use super::name::Name;
use crate::failure::Failure;
use crate::text::block::Block;

/// The folder that will be made.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// The same as people would write it from where they are.
    pub(super) shown: PathBuf,
    pub(super) around: Around,
}

/// The workspace that cargo would find around a folder.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Around {
    /// imgshare's own: what is in its `plugins` is a member.
    Imgshare,
    /// Somebody else's, of which it is no member.
    OtherWorkspace,
    /// None, or one that takes it as a member.
    Nothing,
}

struct Workspace {
    root: PathBuf,
    manifest: Table,
}

impl Place {
    /// In this folder; without one, in `plugins` of imgshare's workspace when people are in it.
    pub(super) fn find(parent: Option<&Path>, name: &Name) -> Result<Self, Failure> {
        let here = absolute(parent.unwrap_or(Path::new(".")))?;
        let workspace = Workspace::around(&here);
        let Some(workspace) = workspace.as_ref().filter(|workspace| workspace.is_imgshare()) else {
            let folder = here.join(name.as_str());
            let shown = parent.unwrap_or(Path::new("")).join(name.as_str());
            let is_foreign = workspace.is_some_and(|workspace| !workspace.takes(&folder));
            let around = if is_foreign { Around::OtherWorkspace } else { Around::Nothing };
            return Self { folder, shown, around }.if_free();
        };
        Self::in_imgshare(workspace, parent.is_some().then_some(here.as_path()), name)
    }

    fn in_imgshare(workspace: &Workspace, parent: Option<&Path>, name: &Name) -> Result<Self, Failure> {
        let plugins = workspace.root.join("plugins");
        if let Some(parent) = parent.filter(|parent| *parent != plugins) {
            let what = "in imgshare's workspace providers are in its folder plugins only";
            return Err(refused(what, parent, "leave --path out, or name a folder outside of the workspace"));
        }
        let folder = plugins.join(name.as_str());
        let place = Self { shown: folder.clone(), folder, around: Around::Imgshare }.if_free()?;
        if workspace.packages().contains(name.as_str()) {
            let what = format!("the workspace has a package {name} already");
            return Err(refused(&what, &workspace.root, "choose another name"));
        }
        Ok(place)
    }

    fn if_free(self) -> Result<Self, Failure> {
        if self.folder.symlink_metadata().is_err() {
            return Ok(self);
        }
        let what = "there is something in its place already; nothing was written";
        Err(refused(what, &self.folder, "choose another name, or another folder with --path DIR"))
    }
}

fn refused(what: &str, folder: &Path, hint: &str) -> Failure {
    Failure::Block(Block::new(what).line("folder", folder.display().to_string()).hint(hint))
}

fn absolute(folder: &Path) -> Result<PathBuf, Failure> {
    // The folder itself may be made only now.
    let real = folder.canonicalize().or_else(|_| std::path::absolute(folder));
    real.map_err(|error| {
        Failure::new(format!("cannot find {}: {error}", folder.display())).hint("mend --path")
    })
}

impl Workspace {
    fn around(folder: &Path) -> Option<Self> {
        folder.ancestors().find_map(|root| {
            let manifest: Table = std::fs::read_to_string(root.join("Cargo.toml")).ok()?.parse().ok()?;
            manifest.contains_key("workspace").then(|| Self { root: root.to_owned(), manifest })
        })
    }

    fn is_imgshare(&self) -> bool {
        self.root.join("crates/imgshare-sdk/Cargo.toml").is_file()
            && self.members().any(|member| member == "plugins/*")
    }

    /// Whether a folder is a member, if it has a manifest.
    fn takes(&self, folder: &Path) -> bool {
        self.members().any(|member| match member.strip_suffix('*') {
            Some(parent) => folder.parent() == Some(&self.root.join(parent)),
            None => folder == self.root.join(member),
        })
    }

    fn members(&self) -> impl Iterator<Item = &str> {
        let members = self.manifest["workspace"].get("members").and_then(Value::as_array);
        members.into_iter().flatten().filter_map(Value::as_str)
    }

    /// The names of its packages.
    fn packages(&self) -> BTreeSet<String> {
        self.members()
            .flat_map(|member| folders(&self.root, member))
            .filter_map(|folder| package(&folder))
            .collect()
    }
}

/// The folders that a member's path means: its last part may be `*`.
fn folders(root: &Path, member: &str) -> Vec<PathBuf> {
    let Some(parent) = member.strip_suffix("/*") else { return vec![root.join(member)] };
    let entries = std::fs::read_dir(root.join(parent)).into_iter().flatten();
    entries.filter_map(|entry| Some(entry.ok()?.path())).collect()
}

fn package(folder: &Path) -> Option<String> {
    let manifest: Table = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?.parse().ok()?;
    Some(manifest.get("package")?.get("name")?.as_str()?.to_owned())
}
