//! Help.

use crate::stage::{Run, Stage};

const COMMANDS: [&str; 9] =
    ["plan", "apply", "drift", "images", "who", "check", "providers", "demo", "simulator"];

/// Commands of `providers`.
const FOR_AUTHORS: [&str; 2] = ["new", "test"];

/// Words that the first line of a command's help begins with: they say what to do.
const IMPERATIVES: [&str; 10] =
    ["Show", "Make", "Say", "List", "Tell", "Check", "Serve", "Walk", "Start", "Write"];

#[test]
fn the_first_line_of_each_help_says_what_the_command_does() {
    let stage = Stage::new();
    for (group, commands) in [("", COMMANDS.as_slice()), ("providers ", &FOR_AUTHORS)] {
        let overview = stage.run(&format!("{group}--help")).stdout;
        for command in commands {
            check(&format!("{group}{command}"), &stage.run(&format!("{group}{command} --help")), &overview);
        }
    }
}

fn check(command: &str, help: &Run, overview: &str) {
    assert_eq!(help.code, Some(0));
    let first = help.stdout.lines().next().expect("there is help");
    let word = first.split(' ').next().expect("a word");
    assert!(IMPERATIVES.contains(&word), "{command}: {first}");
    assert!(!first.ends_with('.') && first.chars().count() <= 78, "{command}: {first}");
    assert!(help.stdout.lines().all(|line| line.chars().count() <= 80), "{command}:\n{}", help.stdout);
    assert!(overview.contains(first), "{command} is not in the overview as: {first}");
}

#[test]
fn the_overview_names_every_command_and_the_exit_codes() {
    let overview = Stage::new().run("--help").stdout;
    for command in COMMANDS {
        assert!(overview.contains(&format!("\n  {command} ")), "{command}");
    }
    assert!(overview.contains("Exit codes: 0") && overview.contains("130 interrupted"));
}

#[test]
fn a_wrong_argument_is_an_error_and_asks_no_cloud() {
    let stage = Stage::new();
    let run = stage.run("plan --frobnicate");
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("unexpected argument '--frobnicate'"), "{}", run.stderr);
    assert_eq!(stage.calls(), 0);
}
