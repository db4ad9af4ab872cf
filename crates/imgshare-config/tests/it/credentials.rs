//! `[clouds.X.credentials]`.

use imgshare_protocol::CredentialSource;
use snapbox::str;

use crate::support::{check, cloud, desired};

fn credentials(lines: &str) -> String {
    cloud(&format!("regions = ['north']\n[clouds.prod.credentials]\n{lines}"))
}

#[test]
fn a_value_says_where_it_is() {
    let text = credentials(
        "access_id = 'env:ID'\naccess_key = \"command:pass show 'my cloud/key'\"\nprofile = 'file:/run/profile'",
    );
    let sources = &desired(&text).clouds["prod"].credentials;
    assert!(sources["access_id"] == CredentialSource::Env("ID".into()));
    assert!(sources["profile"] == CredentialSource::File("/run/profile".into()));
    let words = ["pass", "show", "my cloud/key"].map(String::from).to_vec();
    assert!(sources["access_key"] == CredentialSource::Command(words));
}

#[test]
fn a_literal_is_welcome_where_nothing_is_secret() {
    let sources = &desired(&credentials("profile = 'ci'")).clouds["prod"].credentials;
    assert!(sources["profile"] == CredentialSource::Plain("ci".into()));
}

#[test]
fn a_literal_secret_is_refused_and_not_shown() {
    check(
        &credentials("access_key = 'hunter2'"),
        str![[r#"
error: `access_key` must not be written into the file
 --> imgshare.toml:5:14
  |
5 | access_key = *********
  |              ^^^^^^^^^ a secret in a file ends in a repository, a backup, a log
  |
  = help: say where it is: `access_key = "env:ACME_ACCESS_KEY"`, or `file:PATH`, or `command:PROGRAM ARG...`
"#]],
    );
}

#[test]
fn a_secret_of_the_wrong_type_is_not_shown() {
    check(
        &credentials("access_key = 123456789"),
        str![[r#"
error: `access_key` must be a string that says where the value is, such as `env:NAME`
 --> imgshare.toml:5:14
  |
5 | access_key = *********
  |              ^^^^^^^^^ found an integer
"#]],
    );
    check(
        &credentials("access_key = ['hunter2']"),
        str![[r#"
error: `access_key` must be a string that says where the value is, such as `env:NAME`
 --> imgshare.toml:5:14
  |
5 | access_key = [*********]
  |              ^^^^^^^^^^^ found an array
"#]],
    );
}

#[test]
fn an_unknown_field_is_refused_and_its_value_not_shown() {
    check(
        &credentials("acces_key = 'hunter2'\npasswort = 'hunter2'"),
        str![[r#"
error: unknown field `acces_key`
 --> imgshare.toml:5:1
  |
5 | acces_key = *********
  | ^^^^^^^^^
  |
  = help: did you mean `access_key`?

error: unknown field `passwort`
 --> imgshare.toml:6:1
  |
6 | passwort = *********
  | ^^^^^^^^
  |
  = help: known fields: `access_id`, `access_key`, `profile`
"#]],
    );
}

#[test]
fn a_source_needs_its_name() {
    check(
        &credentials("access_id = 'env:'\naccess_key = 'file: '\nprofile = 'command:'"),
        str![[r#"
error: `access_id`: `env:` must be followed by the name of an environment variable
 --> imgshare.toml:5:13
  |
5 | access_id = 'env:'
  |             ^^^^^^

error: `access_key`: `file:` must be followed by a path
 --> imgshare.toml:6:14
  |
6 | access_key = 'file: '
  |              ^^^^^^^^

error: `profile`: `command:` must be followed by a program and its arguments
 --> imgshare.toml:7:11
  |
7 | profile = 'command:'
  |           ^^^^^^^^^^
"#]],
    );
}

#[test]
fn a_variable_has_no_spaces_in_its_name() {
    check(
        &credentials("access_id = 'env: ID'"),
        str![[r#"
error: `access_id`: `env:` must be followed by the name of an environment variable
 --> imgshare.toml:5:13
  |
5 | access_id = 'env: ID'
  |             ^^^^^^^^^
"#]],
    );
}

#[test]
fn a_command_closes_its_quotes() {
    check(
        &credentials("access_key = \"command:pass show 'key\""),
        str![[r#"
error: `access_key`: `command:` has a quote or a backslash that does not end
 --> imgshare.toml:5:14
  |
5 | access_key = "command:pass show 'key"
  |              ^^^^^^^^^^^^^^^^^^^^^^^^
"#]],
    );
}

#[test]
fn credentials_are_a_table() {
    check(
        &cloud("regions = ['north']\ncredentials = 'hunter2'"),
        str![[r#"
error: `credentials` must be a table
 --> imgshare.toml:4:15
  |
4 | credentials = *********
  |               ^^^^^^^^^ found a string
"#]],
    );
}
