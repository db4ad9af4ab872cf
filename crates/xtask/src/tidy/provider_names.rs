//! Nothing outside a provider's folder knows its name: whoever adds one edits no second place.

use super::Finding;
use super::rust::lines;
use super::tree::Tree;

/// The simulated clouds are named like the real ones.
const SIMULATOR: &str = "crates/imgshare-cloudsim/";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let providers = tree.folders("plugins");
    let sources = tree.rust().filter(|source| is_checked(source.path) && !source.is_test);
    let code = sources.flat_map(|source| names_in(&providers, source.path, &source.text));
    let others = tree
        .files()
        .filter(|(path, _)| is_checked(path) && !path.ends_with(".rs") && !path.contains("/tests/"));
    code.chain(others.flat_map(|(path, text)| names_in(&providers, path, text))).collect()
}

fn is_checked(path: &str) -> bool {
    path.starts_with("crates/") && !path.starts_with(SIMULATOR)
}

fn names_in(providers: &[&str], path: &str, text: &str) -> Vec<Finding> {
    let named = lines(text).flat_map(|(line, text)| {
        let found = providers.iter().filter(move |name| has_word(text, name));
        found.map(move |name| finding(path, line, name))
    });
    named.collect()
}

fn finding(path: &str, line: usize, name: &str) -> Finding {
    let sentence =
        format!("it names the provider {name}; let plugins/{name} say as data what is special about it");
    Finding::new(format!("{path}:{line}"), sentence)
}

/// Whether the word is there in any case, also as a part of `snake_case` or `CamelCase`.
fn has_word(text: &str, word: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    lower.match_indices(word).any(|(at, _)| {
        let (before, inside, after) = (&text[..at], &text[at..at + word.len()], &text[at + word.len()..]);
        let begins =
            !before.ends_with(|c: char| c.is_ascii_alphabetic()) || inside.starts_with(char::is_uppercase);
        begins && !after.starts_with(|c: char| c.is_ascii_lowercase())
    })
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::{check, has_word};

    #[test]
    fn a_provider_that_is_named_in_a_crate_is_found() {
        let files = [
            ("plugins/acme/Cargo.toml", ""),
            ("crates/imgshare-plan/src/lib.rs", "fn a() {\n    // acme counts differently\n}\n"),
            ("crates/imgshare-plan/src/default.toml", "provider = \"acme\""),
            ("crates/imgshare-plan/tests/it.rs", "// acme"),
            ("crates/imgshare-cloudsim/src/lib.rs", "mod acme;"),
        ];
        let because = "it names the provider acme; let plugins/acme say as data what is special about it";
        let places = ["crates/imgshare-plan/src/lib.rs:2", "crates/imgshare-plan/src/default.toml:1"];
        assert_eq!(said(check, &files), places.map(|place| format!("{place}: {because}")));
    }

    #[test]
    fn a_word_is_found_in_every_spelling_and_not_within_another() {
        let found = ["acme", "\"ACME\"", "acme_prod", "AcmeCloud", "TheAcme", "is_acme9"];
        let other = ["acmes", "pacmen", "placement"];
        assert!(found.iter().all(|text| has_word(text, "acme")));
        assert!(!other.iter().any(|text| has_word(text, "acme")));
    }
}
