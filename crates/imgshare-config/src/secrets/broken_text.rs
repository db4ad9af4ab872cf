//! Secrets in a text that is not TOML.

use super::{OPEN_TABLES, has_password, sounds_secret};
use crate::source::Span;

/// Keys of a cloud that hold no credentials.
const HARMLESS_KEYS: &[&str] = &["provider", "regions", "endpoint", "allow_plain_http"];

/// The parts of a text that is not TOML which may be secrets: without structure to go by, everything that is not known
/// to be harmless.
pub(crate) fn in_broken_text(text: &str) -> Vec<Span> {
    let mut secrets = Vec::new();
    let mut start = 0;
    let mut in_open_table = false;
    let mut harmless = false;
    for line in text.split_inclusive('\n') {
        if let Some((key, value)) = line.split_once('=') {
            harmless = is_harmless_line(key, value, in_open_table);
        } else if is_header(line) {
            in_open_table = opens(line);
            harmless = true;
        }
        if !harmless {
            secrets.push(start + shown_length(line)..start + line.len());
        }
        // What follows a header that is no open table's may be anything.
        harmless = harmless && (in_open_table || line.contains('='));
        start += line.len();
    }
    secrets
}

/// How many bytes of a line that holds a secret can be shown: its key, unless that may be a piece of a secret of several
/// lines. Such pieces often end in `=`.
fn shown_length(line: &str) -> usize {
    let Some((key, value)) = line.split_once('=') else { return 0 };
    let is_key = key.trim().chars().all(|c| c.is_ascii_alphanumeric() || "_-.".contains(c));
    let is_value = value.trim().len() > 1 && !value.starts_with('=');
    if is_key && is_value { line.len() - value.trim_start().len() } else { 0 }
}

fn is_header(line: &str) -> bool {
    line.trim_start().starts_with('[')
}

/// Whether this is the header of a table that holds no credentials.
fn opens(header: &str) -> bool {
    let name = header.trim_start().trim_start_matches('[');
    OPEN_TABLES.iter().any(|table| name.starts_with(table))
}

fn is_harmless_line(key: &str, value: &str, in_open_table: bool) -> bool {
    let known = in_open_table || HARMLESS_KEYS.contains(&key.trim());
    // A second `=` may belong to a table in one line that holds anything.
    known && !sounds_secret(key) && !has_password(value) && (in_open_table || !value.contains('='))
}

#[cfg(test)]
mod tests {
    use super::in_broken_text;

    #[track_caller]
    fn check(text: &str, hidden: &[&str]) {
        let found: Vec<_> = in_broken_text(text).into_iter().map(|span| text[span].trim()).collect();
        assert_eq!(found, hidden);
    }

    #[test]
    fn a_broken_text_hides_values_in_credentials() {
        check("[clouds.a.credentials]\nid = 'x\n[groups]\na = 'y\n", &["'x"]);
    }

    #[test]
    fn a_broken_text_hides_values_whose_key_is_not_known_to_be_harmless() {
        check("[clouds.a]\nsecret = xx\nak = yy\nregions = [\n'z'\n", &["xx", "yy"]);
    }

    #[test]
    fn a_broken_text_hides_tables_in_one_line() {
        check("clouds.a = { credentials = { id = 'x }\n", &["{ credentials = { id = 'x }"]);
        check("regions = 'a, credentials = { id = 'x }\n", &["'a, credentials = { id = 'x }"]);
    }

    #[test]
    fn a_broken_text_hides_the_lines_of_a_text_of_several_lines() {
        check("[clouds.a.credentials]\nid = '''x\ny==\nz\n", &["'''x", "y==", "z"]);
    }

    #[test]
    fn a_broken_text_hides_an_address_with_a_password() {
        check("endpoint = http://me:pw@host\n", &["http://me:pw@host"]);
    }

    #[test]
    fn a_broken_text_shows_rules() {
        check("[[share]]\nname = 'x\nimages = { name = 'y' }\n", &[]);
    }
}
