//! Documents that every change has to think of.

use super::Finding;
use super::packages::{Package, Role, packages};
use super::tree::Tree;

const ARCHITECTURE: &str = "docs/architecture.md";

/// What has to be there, and what is written into it.
const FILES: &[(&str, &str)] = &[
    ("README.md", "what this is and how to begin"),
    ("CHANGELOG.md", "what changed for users"),
    ("LICENSE-MIT", "the licence's text"),
    ("LICENSE-APACHE", "the licence's text"),
    (ARCHITECTURE, "which crates there are, and why"),
    ("docs/glossary.md", "one word per thing"),
];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let missing = FILES.iter().filter(|(path, _)| tree.text(path).is_none_or(|text| text.trim().is_empty()));
    let mut findings: Vec<Finding> = missing
        .map(|(path, what)| Finding::new(*path, format!("it is missing or empty; write {what}")))
        .collect();
    let packages = packages(tree);
    let crates = packages.iter().filter(|package| package.role() == Role::Crate);
    findings.extend(crates.filter(|package| !is_described(tree, package)).map(undescribed));
    findings
}

fn is_described(tree: &Tree, package: &Package) -> bool {
    tree.text(ARCHITECTURE).is_some_and(|text| text.contains(&format!("`{}`", package.name)))
}

fn undescribed(package: &Package) -> Finding {
    Finding::new(ARCHITECTURE, format!("it does not describe `{}`; say what the crate is for", package.name))
}

#[cfg(test)]
mod tests {
    use super::super::packages::ROOT;
    use super::super::said;
    use super::{FILES, check};

    #[test]
    fn a_crate_without_its_sentence_is_found() {
        let mut files: Vec<_> = FILES.iter().map(|(path, _)| (*path, "about `plan`")).collect();
        files.extend([
            ROOT,
            ("crates/plan/Cargo.toml", "[package]\nname = 'plan'"),
            ("crates/util/Cargo.toml", "[package]\nname = 'util'"),
            ("plugins/acme/Cargo.toml", "[package]\nname = 'acme'"),
        ]);
        assert_eq!(
            said(check, &files),
            ["docs/architecture.md: it does not describe `util`; say what the crate is for"]
        );
    }

    #[test]
    fn a_document_that_is_not_there_is_found() {
        for (missing, _) in FILES {
            let files: Vec<_> =
                FILES.iter().map(|(path, _)| (*path, if path == missing { " \n" } else { "x" })).collect();
            let found = said(check, &files);
            assert!(
                found.len() == 1 && found[0].starts_with(&format!("{missing}: it is missing or empty; "))
            );
        }
    }
}
