//! stdout, stderr and colours.

use std::process::Stdio;

use crate::stage::Stage;

const ESCAPE: char = '\u{1b}';

#[test]
fn colours_come_when_asked_for_and_change_no_word() {
    let stage = Stage::new();
    let plain = stage.run("plan");
    let coloured = stage.run("plan --color always");
    assert!(!plain.stdout.contains(ESCAPE));
    assert!(coloured.stdout.contains(ESCAPE));
    assert_eq!(anstream::adapter::strip_str(&coloured.stdout).to_string(), plain.stdout);
}

#[test]
fn no_color_wins_over_a_forced_colour_and_never_over_both() {
    let stage = Stage::new();
    let forced = [("CLICOLOR_FORCE", "1")];
    assert!(stage.run_with("plan", &forced).stdout.contains(ESCAPE));
    assert!(!stage.run_with("plan", &[forced[0], ("NO_COLOR", "1")]).stdout.contains(ESCAPE));
    assert!(!stage.run_with("plan --color never", &forced).stdout.contains(ESCAPE));
}

#[test]
fn problems_of_the_config_are_coloured_like_everything_else() {
    let stage = Stage::new();
    stage.config("[clouds.prod\n");
    assert!(!stage.run("plan").stderr.contains(ESCAPE));
    assert!(stage.run("plan --color always").stderr.contains(ESCAPE));
}

#[test]
fn json_stays_json_whatever_the_colours() {
    stage_json(&Stage::new().run("plan --format json --color always").stdout);
}

fn stage_json(text: &str) {
    serde_json::from_str::<serde_json::Value>(text).expect("a JSON document");
}

#[test]
fn talk_goes_to_stderr_and_without_verbosity_there_is_none() {
    let stage = Stage::new();
    assert_eq!(stage.run("plan").stderr, "");
    let talkative = stage.run("plan -vvv");
    assert!(!talkative.stderr.is_empty());
    assert!(!talkative.stderr.contains("FakeOwnerSecret"), "{}", talkative.stderr);
}

#[test]
fn whoever_stops_listening_changes_no_exit_code() {
    let stage = Stage::new();
    let mut command = stage.command(&["apply", "--yes"]);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(stage.run("plan").code, Some(0), "all of it was done");
}
