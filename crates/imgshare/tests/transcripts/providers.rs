//! `imgshare providers`

use imgshare_testkit::PluginFolder;
use snapbox::{assert_data_eq, str};

use crate::stage::{Run, Stage};

fn with_a_broken_file_beside(words: &str) -> Run {
    let folder = PluginFolder::with(&["tencent"]);
    folder.put("broken", b"this is no library");
    let path = folder.path().canonicalize().expect("it is there");
    let mut run = Stage::new().run(&format!("{words} --plugins {}", path.display()));
    run.hide(&path.display().to_string(), "[PLUGINS]");
    run
}

#[test]
fn a_broken_file_does_not_stop_the_others() {
    assert_data_eq!(
        with_a_broken_file_beside("providers").transcript(),
        str![[r#"
$ imgshare providers --plugins [PLUGINS]
tencent [VERSION]  Tencent Cloud CVM
  file         [PLUGINS]/libtencent.so
  built with   imgshare-sdk [VERSION], rustc [VERSION]
...

refused  [PLUGINS]/libbroken.so
  it is no ELF library; put only plugin files into the folder
--- exit 0

"#]]
    );
}

#[test]
fn providers_say_what_they_can_do_and_want_to_know_within_80_columns() {
    let run = with_a_broken_file_beside("providers");
    for key in ["can", "copies", "selects by", "limits", "calls", "accounts", "credentials", "settings"] {
        assert!(run.stdout.contains(&format!("\n  {key:<12} ")), "{key}:\n{}", run.stdout);
    }
    assert!(
        run.stdout.contains("secret_key: the API key itself (TENCENTCLOUD_SECRET_KEY)"),
        "{}",
        run.stdout
    );
    // A path may be longer than a line; nothing else is.
    let mut lines = run.stdout.lines().filter(|line| !line.contains('/') || line.contains("/s per"));
    assert!(lines.all(|line| line.chars().count() <= 80), "{}", run.stdout);
}

#[test]
fn a_provider_that_cannot_copy_and_knows_no_figures_says_so() {
    let folder = PluginFolder::with(&["ucloud"]);
    let run = Stage::new().run(&format!("providers --plugins {}", folder.path().display()));
    assert!(run.stdout.contains("\n  cannot copy  the cloud's call for copies"), "{}", run.stdout);
    assert!(run.stdout.contains("DescribeImage at a pace that is found per owner"), "{}", run.stdout);
    assert!(!run.stdout.contains(" 0/s"), "{}", run.stdout);
}

#[test]
fn without_any_plugin_it_says_where_to_put_one() {
    let run = Stage::new().run("providers --plugins nowhere");
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare providers --plugins nowhere
there is no plugin in nowhere
put plugin files there, or name their folder with --plugins DIR
--- exit 1

"#]]
    );
}

#[test]
fn providers_as_json() {
    let document = with_a_broken_file_beside("providers --format json").json();
    assert_eq!(document["format"], 1);
    let tencent = &document["providers"][0];
    assert_eq!((&tencent["name"], &tencent["boundary"]), (&"tencent".into(), &1.into()));
    assert_eq!(tencent["limits"]["accounts_per_image"], 500);
    assert_eq!(tencent["credentials"][0]["environment"][0], "TENCENTCLOUD_SECRET_ID");
    assert_eq!(tencent["sha256"].as_str().map(str::len), Some(64));
    let refused = &document["refused"][0];
    assert_eq!((&refused["name"], &refused["kind"]), (&"broken".into(), &"not_a_library".into()));
}
