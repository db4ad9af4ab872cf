//! What is wrong with the config, as people see it.

use snapbox::{assert_data_eq, str};

use crate::stage::{CONFIG, Stage};

fn plan_with(config: &str) -> String {
    let stage = Stage::new();
    stage.config(config);
    let run = stage.run("plan");
    assert_eq!(stage.calls(), 0, "nothing is asked with a wrong config");
    run.transcript()
}

#[test]
fn a_misspelt_key_is_pointed_at() {
    assert_data_eq!(
        plan_with(&CONFIG.replace("images =", "imags =")),
        str![[r#"
$ imgshare plan
--- stderr
error: unknown key `imags`
  --> imgshare.toml:19:1
   |
19 | imags = { name = "golden-*" }
   | ^^^^^
   |
   = help: did you mean `images`?

1 problem in the config; no cloud was asked
--- exit 1

"#]]
    );
}

#[test]
fn a_missing_plugin_is_named_with_the_file_to_put_there() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run("plan --plugins nowhere").transcript(),
        str![[r#"
$ imgshare plan --plugins nowhere
--- stderr
error: provider `tencent` cannot be used
 --> imgshare.toml:2:12
  |
2 | provider = "tencent"
  |            ^^^^^^^^^ no plugin for provider tencent in nowhere; put libtencent.so there, or name its folder with --plugins

1 problem in the config; no cloud was asked
--- exit 1

"#]]
    );
}

#[test]
fn a_missing_region_is_pointed_at() {
    assert_data_eq!(
        plan_with(&CONFIG.replace("regions = [\"ap-nanjing\"]\n", "")),
        str![[r#"
$ imgshare plan
--- stderr
error: `regions` is missing
 --> imgshare.toml:1:1
  |
1 | [clouds.prod]
  | ^^^^^^^^^^^^^ [clouds.prod] needs it

1 problem in the config; no cloud was asked
--- exit 1

"#]]
    );
}

#[test]
fn a_malformed_account_is_pointed_at() {
    assert_data_eq!(
        plan_with(&CONFIG.replace("\"partner-x\"]", "\"1000-abc\"]")),
        str![[r#"
$ imgshare plan
--- stderr
error: unknown account `1000-abc`
  --> imgshare.toml:20:22
   |
20 | with = ["data-team", "1000-abc"]
   |                      ^^^^^^^^^^ neither a name in [accounts] nor clearly an account id
   |
   = help: an account id of `tencent` is the main account's id (UIN), digits only, such as `100012345678`

1 problem in the config; no cloud was asked
--- exit 1

"#]]
    );
}

#[test]
fn a_secret_in_the_file_is_refused_and_not_repeated() {
    let text = plan_with(&CONFIG.replace("env:PROD_KEY", "FakeLiteralSecret"));
    assert!(!text.contains("FakeLiteralSecret"), "{text}");
    assert_data_eq!(
        text,
        str![[r#"
$ imgshare plan
--- stderr
error: `secret_key` must not be written into the file
 --> imgshare.toml:8:14
  |
8 | secret_key = *******************
  |              ^^^^^^^^^^^^^^^^^^^ a secret in a file ends in a repository, a backup, a log
  |
  = help: say where it is: `secret_key = "env:TENCENTCLOUD_SECRET_KEY"`, or `file:PATH`, or `command:PROGRAM ARG...`

1 problem in the config; no cloud was asked
--- exit 1

"#]]
    );
}

#[test]
fn text_that_is_no_toml_is_pointed_at() {
    assert_data_eq!(
        plan_with("[clouds.prod\n"),
        str![[r#"
$ imgshare plan
--- stderr
error: unclosed table, expected `]`
 --> imgshare.toml:1:13
  |
1 | [clouds.prod
  |             ^

1 problem in the config; no cloud was asked
--- exit 1

"#]]
    );
}

#[test]
fn a_config_that_cannot_be_read_is_named() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run("plan -c nothing.toml").transcript(),
        str![[r#"
$ imgshare plan -c nothing.toml
--- stderr
error: there is no config nothing.toml
  hint:     name the config with -c FILE, or try `imgshare demo`
--- exit 1

"#]]
    );
    assert_data_eq!(
        stage.run("plan -c .").transcript(),
        str![[r#"
$ imgshare plan -c .
--- stderr
error: the config . is a folder
  hint:     name the file in it with -c FILE
--- exit 1

"#]]
    );
    stage.file("latin1.toml", b"# caf\xe9\n");
    assert_data_eq!(
        stage.run("plan -c latin1.toml").transcript(),
        str![[r#"
$ imgshare plan -c latin1.toml
--- stderr
error: the config latin1.toml is not UTF-8 text
  hint:     save the file as UTF-8
--- exit 1

"#]]
    );
}

#[test]
fn a_word_that_names_nothing_is_no_empty_run() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run("plan --cloud prdo").transcript(),
        str![[r#"
$ imgshare plan --cloud prdo
--- stderr
error: --cloud names no cloud of the config: prdo
  hint:     did you mean prod?
--- exit 1

"#]]
    );
    assert_data_eq!(
        stage.run("plan --only silver").transcript(),
        str![[r#"
$ imgshare plan --only silver
--- stderr
error: --only names no rule of the config: silver
  hint:     the config has: golden
--- exit 1

"#]]
    );
    assert_data_eq!(
        stage.run("drift --region ap-mars").transcript(),
        str![[r#"
$ imgshare drift --region ap-mars
--- stderr
error: --region names no region of the config: ap-mars
  hint:     the config has: ap-nanjing
--- exit 1

"#]]
    );
}
