//! Two applies of one config: one after the other on one machine, harmless on two.
#![cfg(unix)]

use std::ffi::OsStr;
use std::process::{Child, Stdio};

use imgshare_cloudsim::tencent::{AlreadyShared, CancelUnshared};
use regex::Regex;
use serde_json::Value;
use snapbox::{assert_data_eq, str};

use crate::gate::Gate;
use crate::stage::{CONFIG, DATA_TEAM, STRANGER, Stage, wait_for};

const APPLY: [&str; 4] = ["apply", "--yes", "--concurrency", "1"];

/// An apply with its first write in the air until it is killed. Others find the same config and no gate.
fn in_the_air(stage: &Stage) -> (Gate, Child) {
    let gate = Gate::before(&stage.endpoint());
    stage.config_for(CONFIG, &gate.endpoint);
    let mut command = stage.command(&APPLY);
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the binary starts");
    gate.writes.recv().expect("the first write comes");
    stage.config(CONFIG);
    (gate, child)
}

/// As `kill -9` does it.
fn kill(child: &mut Child) {
    child.kill().expect("it runs");
    assert_eq!(child.wait().expect("it ends").code(), None);
}

#[test]
fn a_second_apply_is_told_who_is_at_it_and_asks_no_cloud() {
    let stage = Stage::new();
    let (_gate, mut first) = in_the_air(&stage);
    let mut second = stage.run("apply --yes");
    let process = first.id().to_string();
    let times = Regex::new("[0-9-]+T[0-9:.]+Z").expect("a pattern");
    let since = times.find(&second.stderr).map_or("none", |time| time.as_str()).to_owned();
    second.hide(&process, "[PROCESS]");
    second.hide(&since, "[TIME]");
    assert_data_eq!(
        second.transcript(),
        str![[r#"
$ imgshare apply --yes
--- stderr
error: another apply of this config is running; nothing was changed
  holder:   process [PROCESS] of tester@testhost
  since:    [TIME]
  command:  imgshare apply --yes --concurrency 1
  hint:     run again when that one has ended
--- exit 1

"#]]
    );
    assert!(stage.calls() <= 5, "more than the first one's listing, three reads and a write");
    kill(&mut first);
}

#[test]
fn the_lock_dies_with_its_process_whatever_is_left_in_the_file() {
    let stage = Stage::new();
    let (_gate, mut first) = in_the_air(&stage);
    kill(&mut first);
    let next = stage.run("apply --yes");
    assert_eq!(next.code, Some(0), "{}", next.transcript());
    assert_eq!(stage.run("plan").code, Some(0));
}

#[test]
fn whoever_only_reads_neither_waits_for_the_lock_nor_takes_it() {
    let stage = Stage::new();
    for (words, code) in [("plan --out saved.json", 2), ("drift", 2), ("images", 0), ("check --online", 0)] {
        let run = stage.run(words);
        assert_eq!(run.code, Some(code), "{}", run.transcript());
        assert!(!stage.files().contains(OsStr::new(".local")), "{words} leaves something behind");
    }
    let (_gate, mut first) = in_the_air(&stage);
    for (words, code) in [("plan", 2), ("drift", 2), ("images", 0), ("check --online", 0)] {
        let run = stage.run(words);
        assert_eq!(run.code, Some(code), "{}", run.transcript());
    }
    kill(&mut first);
}

#[test]
fn the_config_is_the_same_by_another_name_and_with_a_saved_plan() {
    let stage = Stage::new();
    stage.run("plan --out saved.json");
    let (_gate, mut first) = in_the_air(&stage);
    std::os::unix::fs::symlink("imgshare.toml", stage.home.path().join("link.toml")).expect("a link");
    for words in ["apply --yes -c link.toml", "apply --yes saved.json"] {
        let run = stage.run(words);
        assert!(run.stderr.contains("another apply of this config"), "{}", run.transcript());
    }
    kill(&mut first);
}

#[test]
fn another_config_is_no_business_of_the_lock() {
    let stage = Stage::new();
    stage.config(CONFIG);
    std::fs::copy(stage.home.path().join("imgshare.toml"), stage.home.path().join("other.toml"))
        .expect("the folder can be written to");
    let (_gate, mut first) = in_the_air(&stage);
    let run = stage.run("apply --yes -c other.toml");
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    kill(&mut first);
}

#[test]
fn without_a_folder_for_the_lock_nothing_is_asked_of_a_cloud() {
    let stage = Stage::new();
    let run = stage.run_with("apply --yes --audit audit.jsonl", &[("HOME", "/dev/null")]);
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare apply --yes --audit audit.jsonl
--- stderr
error: cannot lock the config in the folder
       /dev/null/.local/state/imgshare/locks: Not a directory (os error 20)
  hint:     name a folder that can be written to with --state DIR, or in
            IMGSHARE_STATE
--- exit 1

"#]]
    );
    assert_eq!(stage.calls(), 0);
    let named = stage.run_with("apply --yes", &[("HOME", "/dev/null"), ("IMGSHARE_STATE", "state")]);
    assert_eq!(named.code, Some(0), "{}", named.transcript());
    assert!(stage.read("state/audit.jsonl").contains("accepted"));
}

/// Two applies that have made the same plan and write at the same time, each with a state folder of its own.
fn on_two_machines(stage: &Stage) -> [String; 2] {
    let start = |state: &str| {
        let mut command = stage.command(&["apply", "--pick", "--state", state]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        wait_for("asking: ", child.stderr.as_mut().expect("it is piped"));
        child
    };
    let both = ["one", "two"].map(start);
    let answered = both.map(|mut child| {
        let mut stdin = child.stdin.take().expect("it is piped");
        std::io::Write::write_all(&mut stdin, b"all\n").expect("it listens");
        child
    });
    answered.map(|child| {
        let output = child.wait_with_output().expect("it ends");
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        String::from_utf8(output.stdout).expect("it prints UTF-8")
    })
}

#[test]
fn two_applies_on_two_machines_are_harmless_whatever_the_cloud_says_of_what_is_done_already() {
    for strict in [false, true] {
        let stage = Stage::with(|tencent| {
            if strict {
                tencent.behaviour.already_shared = AlreadyShared::Refused;
                tencent.behaviour.cancel_unshared = CancelUnshared::Refused;
            }
        });
        stage.config(&CONFIG.replace("with =", "mode = \"exact\"\nwith ="));
        let reports = on_two_machines(&stage);
        assert!(reports.iter().all(|report| report.contains("3 images done and read back")), "{reports:?}");
        for image in ["img-aaaa0001", "img-aaaa0002", "img-aaaa0003"] {
            assert_eq!(stage.shares(image), serde_json::json!([DATA_TEAM, "100099998888"]));
        }
        for machine in ["one", "two"] {
            let record = stage.read(&format!("{machine}/audit.jsonl"));
            let lines = record.lines().map(serde_json::from_str::<Value>);
            assert_eq!(lines.filter(Result::is_ok).count(), record.lines().count(), "{record}");
            assert!(record.contains(STRANGER), "the removal is in it: {record}");
        }
        assert_eq!(stage.run("plan").code, Some(0));
    }
}
