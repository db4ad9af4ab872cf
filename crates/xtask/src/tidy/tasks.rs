//! A recipe is one line: what has logic is a chore with tests.

use super::Finding;
use super::rust::lines;
use super::tree::Tree;

const FILE: &str = "justfile";

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let Some(text) = tree.text(FILE) else {
        return vec![Finding::new(FILE, "it is missing; write a recipe for every task")];
    };
    let is_body = |line: &str| line.starts_with(char::is_whitespace) && !line.trim().is_empty();
    let before = [""].into_iter().chain(text.lines());
    let more = lines(text).zip(before).filter(|((_, line), before)| is_body(line) && is_body(before));
    let sentence = "a recipe has more than one line; make it a chore of crates/xtask and call that";
    more.map(|((line, _), _)| Finding::new(format!("{FILE}:{line}"), sentence)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::check;

    #[test]
    fn a_recipe_of_two_lines_is_found() {
        let text =
            "# Run it\n[group('demo')]\ndemo *args:\n    cargo xtask demo {{args}}\n\nci:\n    a\n    b\n";
        let found =
            "justfile:8: a recipe has more than one line; make it a chore of crates/xtask and call that";
        assert_eq!(said(check, &[("justfile", text)]), [found]);
        assert_eq!(said(check, &[]), ["justfile: it is missing; write a recipe for every task"]);
    }
}
