//! The rules of the repository.
//!
//! Each rule is a function from the files to what it finds. `cargo test` runs them all, so that nobody has to remember;
//! beside each rule stand tests that break it.

mod dependencies;
mod documents;
mod examples;
mod exceptions;
mod leftovers;
mod links;
mod machine_paths;
mod manifests;
mod markdown;
mod packages;
mod plugin_folders;
mod printing;
mod provider_names;
mod rust;
mod sizes;
mod tasks;
mod tree;

use std::fmt;

use crate::failure::{Failure, Result};
use tree::Tree;

/// Something that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Finding {
    /// The file, with a line where there is one.
    place: String,
    /// What is wrong and what to do.
    sentence: String,
}

impl Finding {
    fn new(place: impl Into<String>, sentence: impl Into<String>) -> Self {
        Self { place: place.into(), sentence: sentence.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.sentence)
    }
}

type Rule = fn(&Tree) -> Vec<Finding>;

const RULES: &[(&str, Rule)] = &[
    ("crates know only whom they may know", dependencies::of_our_crates),
    ("what belongs to one crate stays in it", dependencies::of_other_crates),
    ("the boundary is pinned", dependencies::of_the_boundary),
    ("only the program prints", printing::check),
    ("no provider is named outside its folder", provider_names::check),
    ("every plugin folder is complete", plugin_folders::check),
    ("links lead somewhere", links::lead_somewhere),
    ("every page can be found", links::reach_every_page),
    ("pages named elsewhere exist", links::of_comments),
    ("example configs are TOML", examples::check),
    ("every manifest is complete", manifests::check),
    ("every exception has its reason", exceptions::check),
    ("files have one topic", sizes::check),
    ("nothing half-done is left", leftovers::check),
    ("no path of one machine", machine_paths::check),
    ("every crate and change has its place in the documents", documents::check),
    ("a task is one line", tasks::check),
];

/// The chore.
pub(crate) fn chore(arguments: &[String]) -> Result<()> {
    crate::no_arguments("tidy", arguments)?;
    check()
}

/// Checks all rules and prints what is found.
pub(crate) fn check() -> Result<()> {
    let tree = Tree::read(&crate::workspace::root())?;
    let found: Vec<Finding> = RULES.iter().flat_map(|(_, rule)| rule(&tree)).collect();
    for finding in &found {
        println!("{finding}");
    }
    match found.len() {
        0 => Ok(()),
        count => {
            Err(Failure::new(format!("{count} findings against the {} rules of the repository", RULES.len())))
        }
    }
}

/// What a rule says about a tree of these files.
#[cfg(test)]
fn said(rule: Rule, files: &[(&str, &str)]) -> Vec<String> {
    rule(&Tree::of(files)).iter().map(Finding::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_repository_keeps_its_rules() {
        let tree = Tree::read(&crate::workspace::root()).expect("the repository can be read");
        let broken = RULES.iter().filter_map(|(name, rule)| {
            let found: String = rule(&tree).iter().map(|finding| format!("  {finding}\n")).collect();
            (!found.is_empty()).then(|| format!("{name}:\n{found}"))
        });
        let broken: String = broken.collect();
        assert!(broken.is_empty(), "rules that are broken:\n{broken}");
    }

    #[test]
    fn an_empty_repository_is_not_praised() {
        let findings = RULES.iter().flat_map(|(_, rule)| rule(&Tree::of(&[]))).count();
        assert!(findings > 0, "some rule must miss its files");
    }
}
