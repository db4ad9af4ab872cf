//! `imgshare providers new`

use snapbox::{assert_data_eq, str};

use crate::checkout::{TEMPLATE, text};
use crate::stage::Stage;

/// Lines that an author has to read at most, in all files together.
const LINES_MAX: usize = 120;

/// The files of a provider's folder, with the templates of those that are the same everywhere.
const FILES: [(&str, &str); 5] = [
    ("src/lib.rs", "lib.rs"),
    ("example.toml", "example.toml"),
    ("tests/conformance.rs", "conformance.rs"),
    ("README.md", "README.md"),
    ("CHANGELOG.md", "CHANGELOG.md"),
];

fn manifest(stage: &Stage, folder: &str) -> toml::Table {
    stage.read(&format!("{folder}/Cargo.toml")).parse().expect("the manifest is TOML")
}

#[test]
fn it_says_what_it_has_written_and_what_to_do_next() {
    assert_data_eq!(
        Stage::new().run("providers new nimbus").transcript(),
        str![[r#"
$ imgshare providers new nimbus
[HOME]/nimbus
  src/lib.rs            the provider
  Cargo.toml            the package
  example.toml          a config
  tests/conformance.rs  what every provider promises
  README.md             what this cloud calls things
  CHANGELOG.md          what changed for users

102 lines to read. Then:
  cd nimbus
  cargo build
  imgshare providers test target/debug/libnimbus.so
--- exit 0

"#]]
    );
}

#[test]
fn a_new_provider_is_at_most_120_lines_to_read() {
    let stage = Stage::new();
    let run = stage.run("providers new nimbus");
    let files = FILES.map(|(file, _)| file).into_iter().chain(["Cargo.toml"]);
    let lines: usize = files.map(|file| stage.read(&format!("nimbus/{file}")).lines().count()).sum();
    assert!(lines <= LINES_MAX, "{lines} lines");
    assert!(run.stdout.contains(&format!("{lines} lines to read")), "{}", run.stdout);
    // Within the workspace only the manifest is another one.
    let member = text(&format!("{TEMPLATE}/member.toml")).lines().count();
    let others = lines - stage.read("nimbus/Cargo.toml").lines().count();
    assert!(others + member <= LINES_MAX, "{} lines", others + member);
}

#[test]
fn template_guide_and_fixture_are_one_provider() {
    let provider = text(&format!("{TEMPLATE}/lib.rs"));
    assert_eq!(provider, text("crates/imgshare-host/tests/fixtures/smallest/src/lib.rs"));
    let guide = text("docs/writing-a-provider.md");
    for file in ["lib.rs", "manifest.toml", "example.toml", "conformance.rs"] {
        let shown = format!("\n{}```\n", text(&format!("{TEMPLATE}/{file}")));
        assert!(guide.contains(&shown), "change {TEMPLATE}/{file} and docs/writing-a-provider.md together");
    }
    let stage = Stage::new();
    let run = stage.run("providers new acme");
    let lines = run.stdout.lines().find_map(|line| line.split_once(" lines to read")).expect("it counts").0;
    assert!(
        guide.contains(&format!("`new` writes {lines} lines")),
        "the guide counts other than {lines} lines"
    );
    for (file, template) in FILES {
        assert_eq!(stage.read(&format!("acme/{file}")), text(&format!("{TEMPLATE}/{template}")), "{file}");
    }
    assert_eq!(stage.read("acme/Cargo.toml"), text(&format!("{TEMPLATE}/manifest.toml")));
}

#[test]
fn the_name_is_the_same_word_everywhere() {
    let stage = Stage::new();
    stage.run("providers new nimbus-9");
    for (file, _) in FILES {
        assert!(!stage.read(&format!("nimbus-9/{file}")).to_lowercase().contains("acme"), "{file}");
    }
    assert_eq!(manifest(&stage, "nimbus-9")["package"]["name"].as_str(), Some("nimbus-9"));
    assert!(stage.read("nimbus-9/src/lib.rs").contains("export_provider!(Nimbus9);"));
    assert!(stage.read("nimbus-9/README.md").starts_with("# nimbus-9\n"));
    assert!(stage.read("nimbus-9/example.toml").contains("provider = \"nimbus-9\""));
}

#[test]
fn a_name_that_is_no_word_is_refused() {
    let stage = Stage::new();
    let before = stage.files();
    assert_data_eq!(
        stage.run("providers new ../Nimbus").transcript(),
        str![[r#"
$ imgshare providers new ../Nimbus
--- stderr
error: a provider cannot be called "../Nimbus"
  hint:     begin with a-z, go on with a-z, 0-9 and single dashes: acme,
            acme-cloud
--- exit 1

"#]]
    );
    assert_eq!(stage.files(), before);
}

#[test]
fn a_name_that_its_code_needs_for_something_else_is_refused() {
    assert_data_eq!(
        Stage::new().run("providers new image").transcript(),
        str![[r#"
$ imgshare providers new image
--- stderr
error: a provider cannot be called image: something that its code needs is
       called so
  hint:     call it image-cloud
--- exit 1

"#]]
    );
}

#[test]
fn a_folder_that_is_there_is_left_alone() {
    let stage = Stage::new();
    std::fs::create_dir(stage.home.path().join("nimbus")).expect("the home folder can be written to");
    stage.file("nimbus/README.md", b"mine");
    assert_data_eq!(
        stage.run("providers new nimbus").transcript(),
        str![[r#"
$ imgshare providers new nimbus
--- stderr
error: there is something in its place already; nothing was written
  folder:   [HOME]/nimbus
  hint:     choose another name, or another folder with --path DIR
--- exit 1

"#]]
    );
    assert_eq!(stage.read("nimbus/README.md"), "mine");
    assert!(!stage.home.path().join("nimbus/Cargo.toml").exists());
}

#[test]
fn in_a_workspace_of_somebody_else_it_is_a_workspace_of_its_own_or_a_member() {
    let stage = Stage::new();
    let is_a_workspace = |path: &str, name: &str| {
        let words = format!("providers new {name} --path {path}");
        stage_manifest_after(&stage, &words, &format!("{path}/{name}")).contains_key("workspace")
    };
    assert!(!is_a_workspace("alone", "one"));
    stage.file("Cargo.toml", b"[workspace]\nmembers = [\"other\", \"clouds/*\"]\n");
    assert!(is_a_workspace("alone", "two"));
    assert!(!is_a_workspace("clouds", "three"));
}

fn stage_manifest_after(stage: &Stage, words: &str, folder: &str) -> toml::Table {
    let run = stage.run(words);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    manifest(stage, folder)
}

#[test]
fn the_sdk_comes_from_where_people_say() {
    let stage = Stage::new();
    let sdk = |words: &str, folder: &str| {
        let manifest = stage_manifest_after(&stage, words, folder);
        let both =
            [&manifest["dependencies"]["imgshare-sdk"], &manifest["dev-dependencies"]["imgshare-testkit"]];
        both.map(ToString::to_string)
    };
    let git = |url: &str| format!("{{ git = \"{url}\" }}");
    let url = "ssh://git@git.example/fork";
    assert_eq!(
        sdk("providers new one", "one"),
        [git(env!("CARGO_PKG_REPOSITORY")), git(env!("CARGO_PKG_REPOSITORY"))]
    );
    assert_eq!(sdk(&format!("providers new two --sdk {url}"), "two"), [git(url), git(url)]);
    std::fs::create_dir_all(stage.home.path().join("checkout/crates/imgshare-sdk"))
        .expect("folders can be made");
    stage.file("checkout/crates/imgshare-sdk/Cargo.toml", b"");
    let [of_sdk, of_testkit] = sdk("providers new three --sdk checkout", "three");
    assert!(of_sdk.ends_with("/checkout/crates/imgshare-sdk\" }"), "{of_sdk}");
    assert!(of_testkit.ends_with("/checkout/crates/imgshare-testkit\" }"), "{of_testkit}");
}

#[test]
fn an_sdk_that_is_not_there_is_refused() {
    assert_data_eq!(
        Stage::new().run("providers new nimbus --sdk nowhere").transcript(),
        str![[r#"
$ imgshare providers new nimbus --sdk nowhere
--- stderr
error: there is no checkout of imgshare in nowhere
  hint:     name its root, or the address of a git repository, with --sdk
--- exit 1

"#]]
    );
}

#[test]
fn its_code_says_what_it_is_for_as_the_workspace_wants() {
    for file in ["lib.rs", "conformance.rs"] {
        assert!(text(&format!("{TEMPLATE}/{file}")).starts_with("//! "), "{file}");
    }
}
