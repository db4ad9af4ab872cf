//! Every manifest says what the package is for and takes licence, version of Rust and lints from the workspace.

use toml::Value;

use super::Finding;
use super::packages::{Package, packages};
use super::tree::Tree;

/// Keys of `[package]` that come from the workspace.
const SHARED: &[&str] = &["edition", "license", "publish", "repository", "rust-version"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    packages(tree)
        .iter()
        .flat_map(|package| missing(package).into_iter().map(|what| finding(package, &what)))
        .collect()
}

fn finding(package: &Package, what: &str) -> Finding {
    Finding::new(package.path(), format!("it lacks {what}; add it"))
}

fn missing(package: &Package) -> Vec<String> {
    let table = package.manifest.get("package");
    let mut missing = Vec::new();
    let described =
        table.and_then(|table| table.get("description")?.as_str()).is_some_and(|text| !text.is_empty());
    if !described {
        missing.push("a description".to_owned());
    }
    let own = SHARED.iter().filter(|key| !from_workspace(table.and_then(|table| table.get(**key))));
    missing.extend(own.map(|key| format!("{key}.workspace = true")));
    if !from_workspace(package.manifest.get("lints")) {
        missing.push("lints.workspace = true".to_owned());
    }
    missing
}

fn from_workspace(value: Option<&Value>) -> bool {
    value.and_then(|value| value.get("workspace")?.as_bool()).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::super::packages::ROOT;
    use super::super::said;
    use super::check;

    #[test]
    fn what_a_manifest_lacks_is_found() {
        let shared = "edition.workspace = true\npublish.workspace = true\nrepository.workspace = true\n\
                      rust-version.workspace = true\n";
        let complete = format!(
            "[package]\nname = 'a'\ndescription = 'A'\nlicense.workspace = true\n{shared}[lints]\nworkspace = true"
        );
        let bare = format!("[package]\nname = 'b'\nlicense = 'MIT'\n{shared}");
        let files = [ROOT, ("crates/a/Cargo.toml", &complete), ("crates/b/Cargo.toml", &bare)];
        let lacks = ["a description", "license.workspace = true", "lints.workspace = true"];
        assert_eq!(
            said(check, &files),
            lacks.map(|what| format!("crates/b/Cargo.toml: it lacks {what}; add it"))
        );
    }
}
