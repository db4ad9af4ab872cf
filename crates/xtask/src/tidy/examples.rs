//! Example configs are TOML. That they are also configs, the tests of the config's own crate show.

use toml::Table;

use super::Finding;
use super::tree::Tree;

pub(super) fn check(tree: &Tree) -> Vec<Finding> {
    let examples =
        tree.ending(".toml").filter(|(path, _)| path.starts_with("config/") || is_of_a_plugin(path));
    let findings = examples.filter_map(|(path, text)| {
        let error = text.parse::<Table>().err()?;
        let line = error.span().map_or(1, |span| super::rust::line_of(text, span.start));
        Some(Finding::new(
            format!("{path}:{line}"),
            format!("it is no TOML: {}; mend it", error.message().trim()),
        ))
    });
    findings.collect()
}

fn is_of_a_plugin(path: &str) -> bool {
    path.starts_with("plugins/") && path.ends_with("/example.toml")
}

#[cfg(test)]
mod tests {
    use super::super::said;
    use super::check;

    #[test]
    fn an_example_that_is_no_toml_is_found() {
        let files = [
            ("config/minimal.toml", "a = 1\na = 2\n"),
            ("plugins/acme/example.toml", "[clouds.prod]\n"),
            ("plugins/acme/tests/broken.toml", "="),
        ];
        assert_eq!(said(check, &files), ["config/minimal.toml:2: it is no TOML: duplicate key; mend it"]);
    }
}
