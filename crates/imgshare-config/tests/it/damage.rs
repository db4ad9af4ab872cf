//! Files with any one slip in them: nothing panics, nothing secret is shown.

use std::ops::Range;

use crate::support::{problems_with, providers};

const SECRET: &str = "hunter2";

/// Credentials in a table of their own, and everything else that a file has.
const TABLES: &str = r#"[clouds.prod]
provider = "acme"
regions = ["north", "süd"]
[clouds.prod.credentials]
access_key = "hunter2"
profile = 'ci'
[accounts.data-team]
acme = "1001"
[groups]
all-of-us = ["data-team"]
[[share]]
name = "golden"
cloud = "prod"
images = { name = "golden-*", newer_than = "3d" }
with = ["@all-of-us", "7007"]
"#;

/// The same in one line.
const ONE_LINE: &str = "clouds.prod = { provider = 'acme', regions = ['süd'], credentials = { access_key = 'hunter2', x = 1 } }\n";

/// All texts that come from this one by a slip of this kind.
fn slips(text: &str, slip: impl Fn(Range<usize>) -> String) -> Vec<String> {
    text.char_indices().map(|(at, c)| slip(at..at + c.len_utf8())).collect()
}

#[track_caller]
fn check(texts: Vec<String>) {
    let providers = providers();
    for text in texts {
        let problems = problems_with(&text, &providers);
        assert!(!problems.contains(SECRET), "from\n{text}\ncame\n{problems}");
    }
}

#[test]
fn a_file_that_ends_too_early_shows_no_secret() {
    for text in [TABLES, ONE_LINE] {
        check(slips(text, |at| text[..at.start].to_owned()));
    }
}

#[test]
fn a_file_that_lacks_a_character_shows_no_secret() {
    for text in [TABLES, ONE_LINE] {
        check(slips(text, |at| format!("{}{}", &text[..at.start], &text[at.end..])));
    }
}

#[test]
fn a_file_with_a_character_too_many_shows_no_secret() {
    for text in [TABLES, ONE_LINE] {
        for extra in ["\"", "'", "[", "}", "=", "\n", "天"] {
            check(slips(text, |at| format!("{}{extra}{}", &text[..at.start], &text[at.start..])));
        }
    }
}
