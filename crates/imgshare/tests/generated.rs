//! What the binary writes for editors, shells and man.

use std::process::{Command, Output};

use imgshare_testkit::PluginFolder;
use serde_json::Value;

fn imgshare(words: &[&str], plugins: &PluginFolder) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_imgshare"));
    command.args(words).env_clear().env("IMGSHARE_PLUGINS", plugins.path());
    command.output().expect("the binary can be started")
}

fn printed(words: &[&str]) -> String {
    let output = imgshare(words, &PluginFolder::empty());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).expect("text")
}

#[test]
fn the_schema_knows_the_installed_providers_their_credentials_and_settings() {
    let output = imgshare(&["schema"], &PluginFolder::with(&["tencent"]));
    let schema: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let cloud = &schema["properties"]["clouds"]["additionalProperties"];
    assert_eq!(cloud["properties"]["provider"]["enum"], serde_json::json!(["tencent"]));
    let own = &cloud["allOf"][0]["then"]["properties"];
    assert!(own["credentials"]["properties"]["secret_key"]["pattern"].is_string(), "{own}");
    assert!(own["settings"]["properties"]["site"].is_object(), "{own}");
}

#[test]
fn without_plugins_the_schema_takes_any_provider() {
    let schema: Value = serde_json::from_str(&printed(&["schema"])).expect("JSON");
    let provider = &schema["properties"]["clouds"]["additionalProperties"]["properties"]["provider"];
    assert_eq!(provider["type"], "string");
}

#[test]
fn every_shell_gets_completions_that_know_the_commands() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = printed(&["completions", shell]);
        for command in ["plan", "apply", "drift", "--max-removals"] {
            let word = command.trim_start_matches('-');
            assert!(script.contains(word), "{shell} does not know {command}");
        }
    }
}

#[test]
fn there_is_a_man_page_for_each_command() {
    assert!(printed(&["man"]).contains(".SH NAME"));
    let folder = PluginFolder::empty();
    let into = folder.path().to_str().expect("a path that is text");
    let output = imgshare(&["man", "--out", into], &folder);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    for page in ["imgshare.1", "imgshare-plan.1", "imgshare-apply.1", "imgshare-who.1"] {
        assert!(folder.path().join(page).is_file(), "{page}");
    }
}
