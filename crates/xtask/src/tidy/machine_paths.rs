//! No file names a folder that is only there on somebody's machine.

use super::Finding;
use super::rust::lines;
use super::tree::Tree;

const HOMES: &[&str] = &["/home/", "/Users/", "/root/", "\\Users\\"];

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    // This file has to name them.
    let texts = tree.files().filter(|(path, _)| *path != file!());
    let findings = texts.flat_map(|(path, text)| {
        let found =
            lines(text).filter_map(|(line, text)| Some((line, HOMES.iter().find(|home| names(text, home))?)));
        found.map(move |(line, home)| {
            let sentence =
                format!("it names a path below {home} of one machine; make it relative, or invent one");
            Finding::new(format!("{path}:{line}"), sentence)
        })
    });
    findings.collect()
}

/// Whether an absolute path begins so: in a web address or below another folder it is something else.
fn names(text: &str, home: &str) -> bool {
    let is_part = |c: char| c.is_alphanumeric() || "_-.~}$".contains(c);
    text.match_indices(home).any(|(at, _)| !text[..at].ends_with(is_part))
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::check;

    #[test]
    fn a_path_of_one_machine_is_found() {
        let files = [
            ("README.md", "see https://example.com/home/x and `$HOME/home/y`\n"),
            ("justfile", "a:\n    cp /home/somebody/x .\n"),
        ];
        let found =
            "justfile:2: it names a path below /home/ of one machine; make it relative, or invent one";
        assert_eq!(said(check, &files), [found]);
    }
}
