//! Every exception from a lint says why it is one.

use super::Finding;
use super::rust::{Source, line_of, lines};
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let in_code = tree.rust().flat_map(|source| without_reason(&source));
    let in_settings = ["Cargo.toml", "clippy.toml"].into_iter().flat_map(|path| uncommented(tree, path));
    in_code.chain(in_settings).collect()
}

fn without_reason(source: &Source<'_>) -> Vec<Finding> {
    let code = &source.code_and_tests;
    let attributes = ["allow(", "expect("].into_iter().flat_map(|word| attributes(code, word));
    let bare = attributes.filter(|(_, inside)| !inside.contains("reason"));
    bare.map(|(at, _)| {
        let place = format!("{}:{}", source.path, line_of(code, at));
        Finding::new(
            place,
            "an exception from a lint without its reason; add reason = \"...\" or mend the code",
        )
    })
    .collect()
}

/// Where a word begins a lint attribute, and what is between its parentheses.
fn attributes<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let found = code.match_indices(word).filter(|(at, _)| is_attribute(&code[..*at]));
    found.map(|(at, _)| (at, inside(&code[at + word.len()..])))
}

/// `#[allow(`, `#![allow(`, or behind the condition of a `cfg_attr`.
fn is_attribute(before: &str) -> bool {
    let before = before.trim_end();
    let behind_condition =
        before.rfind("cfg_attr(").is_some_and(|at| before.ends_with(',') && !before[at..].contains(']'));
    before.ends_with("#[") || before.ends_with("#![") || behind_condition
}

fn inside(code: &str) -> &str {
    &code[..code.find(")]").unwrap_or(code.len())]
}

/// A setting that allows something has a comment above it.
fn uncommented(tree: &Tree, path: &str) -> Vec<Finding> {
    let text = tree.text(path).unwrap_or_default();
    let before = [""].into_iter().chain(text.lines());
    let bare = lines(text).zip(before).filter(|((_, line), before)| {
        let allows = line.contains("\"allow\"") || (path == "clippy.toml" && line.contains(" = "));
        allows && !before.starts_with('#')
    });
    bare.map(|((line, _), _)| {
        Finding::new(
            format!("{path}:{line}"),
            "a lint setting without its reason; say why in a comment above it",
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::check;

    #[test]
    fn an_exception_without_its_reason_is_found() {
        let text = "\
            #![allow(missing_docs)]\n\
            #[expect(dead_code, reason = \"kept for the older host\")]\n\
            #[expect(\n    unsafe_code,\n    clippy::all,\n)]\n\
            #[cfg_attr(not(unix), expect(dead_code))]\n\
            fn a() { b.expect(\"x\"); }\n";
        let because = "an exception from a lint without its reason; add reason = \"...\" or mend the code";
        let found = [1, 3, 7].map(|line| format!("src/lib.rs:{line}: {because}"));
        assert_eq!(said(check, &[("src/lib.rs", text)]), found);
    }

    #[test]
    fn a_setting_without_its_reason_is_found() {
        let files = [
            ("Cargo.toml", "# It is noise.\na = \"allow\"\nb = { level = \"allow\" }\n"),
            ("clippy.toml", "too-many-lines-threshold = 9\n"),
        ];
        let because = "a lint setting without its reason; say why in a comment above it";
        assert_eq!(
            said(check, &files),
            [format!("Cargo.toml:3: {because}"), format!("clippy.toml:1: {because}")]
        );
    }
}
