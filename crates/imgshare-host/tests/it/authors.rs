//! An author writes an ordinary async trait and one export line: the code that `docs/writing-a-provider.md` shows is
//! compiled, loaded and used here as it stands.

use std::path::{Path, PathBuf};

use imgshare_host::Provider;
use imgshare_protocol::{Change, Connect, ErrorKind, ImageQuery, ImageRef};
use imgshare_testkit::{Answer, FakeWorld, Script};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The fenced blocks of this language in the document, in order.
fn blocks(document: &str, language: &str) -> Vec<String> {
    let opening = format!("```{language}\n");
    let after = document.split(&opening).skip(1);
    after.map(|rest| rest.split("```").next().unwrap_or_default().to_owned()).collect()
}

const SMALLEST: &str = "crates/imgshare-host/tests/fixtures/smallest/src/lib.rs";

#[test]
fn the_document_shows_the_whole_provider_as_it_is_compiled() {
    let blocks = blocks(&text("docs/writing-a-provider.md"), "rust");
    assert_eq!(blocks.first(), Some(&text(SMALLEST)), "change {SMALLEST} and the first Rust block together");
}

#[test]
fn the_smallest_provider_fits_on_a_screen_and_names_nothing_of_the_boundary() {
    let code = text(SMALLEST);
    assert!(code.lines().count() <= 60, "{} lines", code.lines().count());
    for word in ["abi_stable", "imgshare_abi", "extern", "unsafe", "Pin", "Box<"] {
        assert!(!code.contains(word), "{word}");
    }
}

#[test]
fn the_document_shows_a_manifest_that_makes_a_plugin() {
    let document = text("docs/writing-a-provider.md");
    let manifest: toml::Table = blocks(&document, "toml")[0].parse().expect("the first TOML block is TOML");
    assert_eq!(manifest["lib"]["crate-type"].as_array().and_then(|kinds| kinds[0].as_str()), Some("cdylib"));
    let dependencies = manifest["dependencies"].as_table().expect("dependencies");
    assert_eq!(dependencies.keys().collect::<Vec<_>>(), ["imgshare-sdk"]);
}

fn acme(cloud: &std::sync::Arc<Script>) -> Provider {
    let host = imgshare_testkit::host(cloud, &std::sync::Arc::new(FakeWorld::default()));
    host.connect(&imgshare_testkit::load("smallest"), &Connect::default(), false).expect("it connects")
}

fn image() -> ImageRef {
    ImageRef { region: "r-1".into(), id: "img-1".into() }
}

#[tokio::test(start_paused = true)]
async fn the_smallest_provider_lists_reads_and_changes() {
    let cloud = Script::in_order([
        Answer::ok(r#"[{"id":"img-1","name":"golden","state":"available"}]"#),
        Answer::ok(r#"["123456"]"#),
        Answer::ok(""),
    ]);
    let acme = acme(&cloud);
    let query = ImageQuery { region: "r-1".into(), ..ImageQuery::default() };
    assert_eq!(acme.list_images(query).await.result.expect("it lists").items[0].name, "golden");
    assert!(acme.read_shares(image()).await.result.expect("it reads").accounts.contains("123456"));
    let change = Change {
        image: image(),
        add: vec!["1".into(), "2".into()],
        remove: vec!["3".into()],
        ..Change::default()
    };
    assert!(acme.change_shares(change).await.result.expect("it changes").failed.is_empty());
    let requests = cloud.requests();
    let sent: Vec<_> =
        requests.iter().map(|request| (request.method.as_str(), request.url.as_str())).collect();
    let (images, accounts) =
        ("https://api.acme.example/r-1/images", "https://api.acme.example/r-1/images/img-1/accounts");
    assert_eq!(sent, [("GET", images), ("GET", accounts), ("PUT", accounts)]);
    assert_eq!(requests[2].body, b"add=1&add=2&remove=3");
}

#[tokio::test(start_paused = true)]
async fn the_smallest_provider_is_tried_again_by_the_host_when_its_cloud_is_busy() {
    let cloud = Script::in_order([Answer::status(429, ""), Answer::ok("[]")]);
    let ended = acme(&cloud).read_shares(image()).await;
    assert_eq!((ended.result.map(|shares| shares.accounts.len()), ended.sends), (Ok(0), 2));
}

#[tokio::test(start_paused = true)]
async fn the_smallest_provider_says_what_a_refusal_means() {
    let error = acme(&Script::in_order([Answer::status(403, "")])).read_shares(image()).await.result;
    assert_eq!(error.expect_err("it is refused").kind, ErrorKind::PermissionDenied);
}

#[test]
fn the_providers_here_keep_the_promises_of_a_provider() {
    for package in ["smallest", "puppet"] {
        imgshare_testkit::conformance::run(&imgshare_testkit::library(package));
    }
}

#[tokio::test]
async fn an_image_without_an_id_is_no_image() {
    let cloud = Script::in_order([Answer::ok(r#"[{"name": "golden"}]"#)]);
    let listed = acme(&cloud).list_images(ImageQuery::default()).await;
    assert_eq!(listed.result.expect_err("there is nothing to share").kind, ErrorKind::Malformed);
}
