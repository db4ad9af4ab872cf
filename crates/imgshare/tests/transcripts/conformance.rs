//! `imgshare providers test`

use imgshare_testkit::PluginFolder;
use snapbox::{assert_data_eq, str};

use crate::stage::{Run, Stage};
#[cfg(unix)]
use crate::workshop::Workshop;

fn test(provider: &str, words: &str) -> Run {
    let folder = PluginFolder::with(&[provider]);
    let file = folder.file(provider);
    let mut run = Stage::new().run(&format!("providers test {}{words}", file.display()));
    run.hide(&file.display().to_string(), "[FILE]");
    run
}

#[test]
fn a_good_library_keeps_every_promise() {
    assert_data_eq!(
        test("smallest", "").transcript(),
        str![[r#"
$ imgshare providers test [FILE]
ok       name and version are those of the passport
ok       it says what its cloud is called
...
skipped  pages hold no more than their limit
           limits.images_per_page says that pages have no limit
...
ok       what was changed is read back
...

Conformance: [..] kept, [..] skipped
--- exit 0

"#]]
    );
}

#[cfg(unix)]
#[test]
fn of_a_promise_that_is_broken_it_says_what_to_do() {
    let mut workshop = Workshop::new();
    workshop.run("imgshare providers new careless\ncd careless");
    workshop.borrow_what_is_built();
    let first =
        "let first = |all: std::collections::BTreeSet<AccountId>| all.into_iter().take(10).collect();";
    let careless = format!("{first}\n        Ok(Shares {{ accounts: first(accounts), ..Shares::none() }})");
    workshop.edit("src/lib.rs", "Ok(Shares { accounts, ..Shares::none() })", &careless);
    workshop.run("cargo build\nimgshare providers test target/debug/libcareless.so || echo exit $?");
    assert_data_eq!(
        &workshop.printed,
        str![[r#"
ok       name and version are those of the passport
...
failed   batches around the limit lose no account
           of an image after adding 11 accounts, ReadShares says 10 of 11
           accounts and 0 others; read all pages, and leave the owner out
...

Conformance: [..] kept, [..] failed, [..] skipped
exit 1

"#]]
    );
}

#[test]
fn a_library_that_is_refused_is_not_tested() {
    let stage = Stage::new();
    stage.file("libbroken.so", b"this is no library");
    assert_data_eq!(
        stage.run("providers test libbroken.so").transcript(),
        str![[r#"
$ imgshare providers test libbroken.so
--- stderr
error: the library is refused: it is no ELF library; put only plugin files into
       the folder
  file:     libbroken.so
--- exit 1

"#]]
    );
    assert_data_eq!(
        stage.run("providers test libmissing.so --format json").transcript(),
        str![[r#"
$ imgshare providers test libmissing.so --format json
--- stderr
error: the library is refused: there is no such file; put the plugin there or
       mend the path
  file:     libmissing.so
--- exit 1

"#]]
    );
}

#[test]
fn outcomes_as_json() {
    let document = test("smallest", " --format json").json();
    assert_eq!((&document["format"], &document["ok"]), (&1.into(), &true.into()));
    let promises = document["promises"].as_array().expect("a list");
    assert_eq!(promises[0]["name"], "name_and_version_are_those_of_the_passport");
    assert_eq!((&promises[0]["state"], &promises[0]["reason"]), (&"kept".into(), &().into()));
    let counted: u64 =
        ["kept", "failed", "skipped"].iter().filter_map(|state| document["counts"][state].as_u64()).sum();
    assert_eq!(counted, promises.len() as u64);
}

#[test]
fn the_words_of_a_listing_do_not_fit_a_test() {
    let run = Stage::new().run("providers --plugins somewhere test libacme.so");
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("cannot be used with '--plugins <DIR>'"), "{}", run.stderr);
}
