//! A file has one topic. One that is very long has more.

use super::Finding;
use super::tree::Tree;

/// Lines of code in a file, without blanks, comments and tests.
const LINES_MAX: usize = 500;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let long = tree.rust().filter(|source| !source.is_test).filter_map(|source| {
        let count = source.code.lines().filter(|line| !line.trim().is_empty()).count();
        let sentence = format!("it has {count} lines of code, more than {LINES_MAX}; split it by topic");
        (count > LINES_MAX).then(|| Finding::new(source.path, sentence))
    });
    long.collect()
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::{LINES_MAX, check};

    #[test]
    fn a_file_that_is_too_long_is_found() {
        let longest = "a();\n// why\n\n".repeat(LINES_MAX);
        let longer = format!("{longest}b();\n");
        let files = [("a.rs", longest.as_str()), ("b.rs", &longer), ("tests/b.rs", &longer)];
        assert_eq!(said(check, &files), ["b.rs: it has 501 lines of code, more than 500; split it by topic"]);
    }
}
