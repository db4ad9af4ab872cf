//! `[clouds.X]`.

use snapbox::str;

use crate::support::{check, check_with, cloud, desired, providers};

#[test]
fn a_file_without_clouds_is_refused() {
    check(
        "",
        str![[r#"
error: `clouds` is missing
 --> imgshare.toml:1:1
  |
1 |
  | ^ the file needs it
"#]],
    );
    check(
        "[clouds]\n",
        str![[r#"
error: the file names no cloud
 --> imgshare.toml:1:1
  |
1 | [clouds]
  | ^^^^^^^^
  |
  = help: add a table `[clouds.NAME]`
"#]],
    );
}

#[test]
fn a_cloud_needs_a_provider_and_regions() {
    check(
        "[clouds.prod]\n",
        str![[r#"
error: `provider` is missing
 --> imgshare.toml:1:1
  |
1 | [clouds.prod]
  | ^^^^^^^^^^^^^ [clouds.prod] needs it

error: `regions` is missing
 --> imgshare.toml:1:1
  |
1 | [clouds.prod]
  | ^^^^^^^^^^^^^ [clouds.prod] needs it
"#]],
    );
}

#[test]
fn a_region_is_named_once_and_there_is_one() {
    check(
        &cloud("regions = ['north', 'south', 'north']"),
        str![[r#"
error: region `north` is named twice
 --> imgshare.toml:3:30
  |
3 | regions = ['north', 'south', 'north']
  |                              ^^^^^^^
  |
 ::: imgshare.toml:3:12
  |
3 | regions = ['north', 'south', 'north']
  |            ------- first named here
"#]],
    );
    check(
        &cloud("regions = []"),
        str![[r#"
error: `regions` is empty
 --> imgshare.toml:3:11
  |
3 | regions = []
  |           ^^
  |
  = help: name at least one region
"#]],
    );
    check(
        &cloud("regions = ['']"),
        str![[r#"
error: `regions` must not hold an empty string
 --> imgshare.toml:3:12
  |
3 | regions = ['']
  |            ^^
"#]],
    );
}

#[test]
fn a_region_alone_wants_brackets() {
    check(
        &cloud("regions = 'north'"),
        str![[r#"
error: `regions` must be an array of strings
 --> imgshare.toml:3:11
  |
3 | regions = 'north'
  |           ^^^^^^^ found a string
  |
  = help: write it in brackets: `["..."]`
"#]],
    );
}

#[test]
fn a_provider_that_is_not_there_is_named() {
    check(
        "[clouds.prod]\nprovider = 'amce'\nregions = ['north']\n",
        str![[r#"
error: there is no provider `amce`
 --> imgshare.toml:2:12
  |
2 | provider = 'amce'
  |            ^^^^^^
  |
  = help: did you mean `acme`?
"#]],
    );
}

#[test]
fn a_provider_that_cannot_be_used_is_a_problem_and_all_else_is_still_checked() {
    let mut providers = providers();
    providers
        .insert("acme".into(), Err("its library was built for boundary version 2; update imgshare".into()));
    check_with(
        r#"[clouds.prod]
provider = "acme"
regions = []
[clouds.prod.credentials]
whatever = "it-takes"
[clouds.prod.settings]
whatever = true
[accounts.data-team]
acme = "not checked"
[[share]]
name = "r"
cloud = "prod"
images = { family = "x" }
with = ["data-team", "not checked either", "@x"]
"#,
        &providers,
        str![[r#"
error: provider `acme` cannot be used
 --> imgshare.toml:2:12
  |
2 | provider = "acme"
  |            ^^^^^^ its library was built for boundary version 2; update imgshare

error: `regions` is empty
 --> imgshare.toml:3:11
  |
3 | regions = []
  |           ^^
  |
  = help: name at least one region

error: unknown group `x`
  --> imgshare.toml:14:44
   |
14 | with = ["data-team", "not checked either", "@x"]
   |                                            ^^^^
   |
   = help: there are no groups in this file
"#]],
    );
}

#[test]
fn a_provider_that_describes_its_accounts_wrongly_is_reported() {
    let mut providers = providers();
    let acme = providers.get_mut("acme").unwrap().as_mut().unwrap();
    acme.account_id.pattern = "[0-9".into();
    check_with(
        &cloud("regions = ['north']"),
        &providers,
        str![[r#"
error: provider `acme` describes its account ids wrongly
 --> imgshare.toml:2:12
  |
2 | provider = 'acme'
  |            ^^^^^^ unclosed character class
  |
  = help: report it to the plugin's author
"#]],
    );
}

#[test]
fn a_cloud_does_not_bear_the_name_of_another_provider() {
    check(
        "[clouds.other]\nprovider = 'acme'\nregions = ['north']\n",
        str![[r#"
error: cloud `other` has the name of a provider that it is not of
 --> imgshare.toml:1:9
  |
1 | [clouds.other]
  |         ^^^^^
  |
  = help: choose another name for the cloud
"#]],
    );
}

#[test]
fn a_cloud_may_bear_the_name_of_its_own_provider() {
    let desired = desired("[clouds.acme]\nprovider = 'acme'\nregions = ['north']\n");
    assert_eq!(desired.clouds["acme"].provider.as_str(), "acme");
}

#[test]
fn an_endpoint_is_scheme_host_and_port() {
    for (endpoint, expected) in [
        ("https://proxy.example", "https://proxy.example"),
        ("https://proxy.example:443/", "https://proxy.example"),
        ("HTTPS://Proxy.Example:8443", "https://proxy.example:8443"),
        ("http://127.0.0.1:7070", "http://127.0.0.1:7070"),
        ("http://localhost:7070", "http://localhost:7070"),
        ("http://[::1]:7070", "http://[::1]:7070"),
    ] {
        let text = cloud(&format!("regions = ['north']\nendpoint = '{endpoint}'"));
        assert_eq!(desired(&text).clouds["prod"].endpoint.as_deref(), Some(expected), "{endpoint}");
    }
}

#[test]
fn an_endpoint_is_nothing_else() {
    check(
        &cloud("regions = ['north']\nendpoint = 'proxy.example'"),
        str![[r#"
error: `endpoint` must begin with `https://` or `http://`
 --> imgshare.toml:4:12
  |
4 | endpoint = 'proxy.example'
  |            ^^^^^^^^^^^^^^^
  |
  = help: write scheme, host and port only: `https://HOST:PORT`
"#]],
    );
    check(
        &cloud("regions = ['north']\nendpoint = 'http:127.0.0.1'"),
        str![[r#"
error: `endpoint` must begin with `https://` or `http://`
 --> imgshare.toml:4:12
  |
4 | endpoint = 'http:127.0.0.1'
  |            ^^^^^^^^^^^^^^^^
  |
  = help: write scheme, host and port only: `https://HOST:PORT`
"#]],
    );
    check(
        &cloud("regions = ['north']\nendpoint = 'https://proxy.example/path'"),
        str![[r#"
error: `endpoint` must not hold a path, a query or a fragment
 --> imgshare.toml:4:12
  |
4 | endpoint = 'https://proxy.example/path'
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write scheme, host and port only: `https://HOST:PORT`
"#]],
    );
    check(
        &cloud("regions = ['north']\nendpoint = 'https://proxy.example?a=b'"),
        str![[r#"
error: `endpoint` must not hold a path, a query or a fragment
 --> imgshare.toml:4:12
  |
4 | endpoint = 'https://proxy.example?a=b'
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write scheme, host and port only: `https://HOST:PORT`
"#]],
    );
    check(
        &cloud("regions = ['north']\nendpoint = 'https://'"),
        str![[r#"
error: `endpoint` is not an address
 --> imgshare.toml:4:12
  |
4 | endpoint = 'https://'
  |            ^^^^^^^^^^
  |
  = help: write scheme, host and port only: `https://HOST:PORT`
"#]],
    );
}

#[test]
fn a_password_in_an_endpoint_is_refused_and_not_shown() {
    check(
        &cloud("regions = ['north']\nendpoint = 'https://me:hunter2@proxy.example'"),
        str![[r#"
error: `endpoint` must not hold a user name or a password
 --> imgshare.toml:4:12
  |
4 | endpoint = **********************************
  |            ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = help: write scheme, host and port only: `https://HOST:PORT`
"#]],
    );
}

#[test]
fn plain_http_to_another_machine_must_be_allowed_on_purpose() {
    check(
        &cloud("regions = ['north']\nendpoint = 'http://proxy.example'"),
        str![[r#"
error: `endpoint` is plain http to another machine
 --> imgshare.toml:4:12
  |
4 | endpoint = 'http://proxy.example'
  |            ^^^^^^^^^^^^^^^^^^^^^^ anybody on the way can read and change what is sent
  |
  = help: use `https://`, or set `allow_plain_http = true` if the way is safe
"#]],
    );
    let allowed = cloud("regions = ['north']\nendpoint = 'http://proxy.example'\nallow_plain_http = true");
    assert!(desired(&allowed).clouds["prod"].allow_plain_http);
}

#[test]
fn a_flag_is_true_or_false() {
    check(
        &cloud("regions = ['north']\nendpoint = 'http://proxy.example'\nallow_plain_http = 'yes'"),
        str![[r#"
error: `allow_plain_http` must be `true` or `false`
 --> imgshare.toml:5:20
  |
5 | allow_plain_http = 'yes'
  |                    ^^^^^ found a string
"#]],
    );
}
