//! Plugins are found by folder, and live side by side.

use futures_util::future::join;
use imgshare_host::RefusalKind;
use imgshare_protocol::{Connect, ImageQuery};
use imgshare_testkit::{Answer, FakeWorld, PluginFolder, Script};

use crate::stage::{Stage, act, ended};

fn echo(request: &imgshare_host::http::HttpRequest) -> Answer {
    Answer::ok(request.url.rsplit('/').next().unwrap_or_default())
}

#[tokio::test]
async fn two_plugins_of_one_folder_work_at_the_same_time() {
    let folder = PluginFolder::with(&["puppet", "smallest"]);
    let shelf = folder.shelf();
    let cloud = Script::by(|request| match request.url.contains("puppet") {
        true => echo(request),
        false => Answer::ok(r#"[{"id":"img-1","name":"golden"}]"#),
    });
    let load = |name: &str| shelf.load(&name.into()).expect("the plugin is in the folder");
    let puppet = Stage::with_plugin(load("puppet"), &cloud, FakeWorld::default());
    let smallest = puppet.host.connect(&load("smallest"), &Connect::default(), false).expect("acme connects");

    let query = ImageQuery { region: "acme-1".into(), ..ImageQuery::default() };
    let provider = puppet.connect();
    let (chain, images) = join(act(&provider, "chain", "3"), smallest.list_images(query)).await;
    assert_eq!(chain.expect("the puppet lists"), ["0", "1", "2"]);
    assert_eq!(images.result.expect("acme lists").items[0].name, "golden");
}

#[tokio::test]
async fn plugins_with_the_same_code_share_no_state() {
    let cloud = Script::silent();
    let one = Stage::new(&cloud);
    let twin = Stage::with_plugin(imgshare_testkit::load("puppet-twin"), &cloud, FakeWorld::default());
    let (one, twin) = (one.connect(), twin.connect());
    let mut waiting = Box::pin(act(&one, "chain", "1"));
    assert!(futures_util::poll!(&mut waiting).is_pending());
    assert_eq!(act(&one, "alive", "").await.expect("it counts"), ["2"]);
    assert_eq!(act(&twin, "alive", "").await.expect("it counts"), ["1"]);
}

#[tokio::test]
async fn two_clouds_of_one_plugin_have_a_provider_each() {
    let stage = Stage::new(&Script::by(echo));
    let (first, second) = (stage.connect(), stage.connect());
    drop(first);
    assert_eq!(act(&second, "chain", "2").await.expect("the other one is still open"), ["0", "1"]);
    assert_eq!(ended(&second, "chain", "2").await.sends, 2);
}

#[test]
fn a_plugin_that_nobody_names_may_be_broken() {
    let folder = PluginFolder::with(&["smallest"]);
    folder.put("broken", b"no library at all");
    folder.put("empty", b"");
    let plugin = folder.shelf().load(&"smallest".into()).expect("the others do not matter");
    assert_eq!(plugin.description.display_name, "Acme Cloud");
}

#[test]
fn a_plugin_that_is_not_there_is_missed_by_name_folder_and_file() {
    let folder = PluginFolder::with(&["smallest"]);
    let refusal = folder.shelf().load(&"acme".into()).expect_err("there is no acme");
    assert_eq!(refusal.kind, RefusalKind::Missing);
    for part in ["provider acme", &folder.path().display().to_string(), "libacme.so", "--plugins"] {
        assert!(refusal.sentence.contains(part), "{part} is not in: {}", refusal.sentence);
    }
}

#[test]
fn folders_are_searched_in_order_and_one_that_does_not_exist_is_empty() {
    let (first, second) = (PluginFolder::with(&["smallest"]), PluginFolder::with(&["puppet"]));
    let nowhere = first.path().join("nowhere");
    let folders = [nowhere, first.path().to_owned(), second.path().to_owned()];
    let shelf = imgshare_host::Shelf::open(&folders);
    let claims: Vec<_> = shelf.candidates().iter().map(|file| file.claims().to_string()).collect();
    assert_eq!(claims, ["smallest", "puppet"]);
}

#[test]
fn only_files_that_end_as_libraries_do_are_looked_at() {
    let folder = PluginFolder::with(&["smallest"]);
    std::fs::write(folder.path().join("README.md"), "plugins go here").expect("the folder can be written to");
    assert_eq!(folder.shelf().candidates().len(), 1);
}

#[test]
fn a_refused_plugin_is_named_whichever_way_its_file_spells_the_dash() {
    for file in ["two-words", "two_words"] {
        let folder = PluginFolder::empty();
        folder.put(file, b"no library at all");
        let refusal = folder.shelf().load(&"two-words".into()).expect_err("it is no library");
        assert_eq!(refusal.kind, RefusalKind::NotALibrary, "{refusal}");
    }
}
