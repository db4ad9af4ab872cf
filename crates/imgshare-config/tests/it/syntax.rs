//! Text that is not TOML.

use snapbox::str;

use crate::support::check;

#[test]
fn all_places_that_are_not_toml_are_reported_at_once() {
    check(
        "[groups]\na = \nb = 1\nb = 2\n",
        str![[r#"
error: string values must be quoted, expected literal string
 --> imgshare.toml:2:5
  |
2 | a = 
  |     ^

error: duplicate key
 --> imgshare.toml:4:1
  |
4 | b = 2
  | ^
"#]],
    );
}

#[test]
fn a_syntax_error_does_not_show_a_credential() {
    check(
        "[clouds.prod.credentials]\naccess_key = 'hunter2\n",
        str![[r#"
error: invalid literal string, expected `'`
 --> imgshare.toml:2:22
  |
2 | access_key = ********
  |                      ^
"#]],
    );
}

#[test]
fn a_syntax_error_in_one_line_does_not_show_a_credential() {
    check(
        "[clouds.prod]\ncredentials = { access_key = 'hunter2', access_key = 'hunter3' }\n",
        str![[r#"
error: duplicate key
 --> imgshare.toml:2:41
  |
2 | credentials = **************************************************
  |                                         ^^^^^^^^^^
"#]],
    );
}

#[test]
fn an_unclosed_text_at_the_end_has_a_place() {
    check(
        "[clouds.prod]\nregions = ['north",
        str![[r#"
error: unclosed array, expected `]`
 --> imgshare.toml:2:18
  |
2 | regions = ['north
  |                  ^

error: invalid literal string, expected `'`
 --> imgshare.toml:2:18
  |
2 | regions = ['north
  |                  ^
"#]],
    );
}
