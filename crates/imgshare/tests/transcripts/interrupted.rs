//! Ctrl-C.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Stdio};

use imgshare_cloudsim::{FaultKind, FaultRule, Meddling};
use snapbox::{assert_data_eq, str};

use crate::gate::Gate;
use crate::stage::{CONFIG, Stage, interrupt, wait_for};

/// One image after the other.
const AT_ONCE: [&str; 6] = ["apply", "--yes", "--concurrency", "1", "--verify", "none"];

/// A stage with a second region, which is not listed within a test's time.
fn silent_shanghai() -> Stage {
    let stage = Stage::new();
    stage.config(&CONFIG.replace("[\"ap-nanjing\"]", "[\"ap-nanjing\", \"ap-shanghai\"]"));
    let kind = FaultKind::Slow { ms: 3_600_000 };
    let region = Some("ap-shanghai".into());
    let fault = FaultRule { action: Some("DescribeImages".into()), region, ..FaultRule::always(kind) };
    stage.meddle(Meddling::ArmFault { fault });
    stage
}

/// The command, with what it prints to be read.
fn begun(stage: &Stage, words: &[&str]) -> Child {
    let mut command = stage.command(words);
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts")
}

#[test]
fn what_is_in_flight_is_finished_the_rest_is_named_and_the_next_run_completes() {
    let stage = Stage::new();
    let gate = Gate::before(&stage.endpoint());
    stage.config_for(CONFIG, &gate.endpoint);
    stage.run("plan --out saved.json");
    let words = ["apply", "saved.json", "--yes", "--concurrency", "1"];
    let mut child = begun(&stage, &words);
    gate.writes.recv().expect("the first write comes");
    interrupt(&child);
    let mut stderr = BufReader::new(child.stderr.take().expect("it is piped"));
    let mut talk = String::new();
    stderr.read_line(&mut talk).expect("it says that it stops");
    gate.open();
    stderr.read_to_string(&mut talk).expect("it prints UTF-8");
    let mut output = child.wait_with_output().expect("it ends");
    output.stderr = talk.into_bytes();
    assert_data_eq!(
        stage.ended(&words.join(" "), &output).transcript(),
        str![[r#"
$ imgshare apply saved.json --yes --concurrency 1
prod
  ap-nanjing
    golden-20260801  img-aaaa0001  (rule golden)
      + partner-x                100099998888
    golden-20260901  img-aaaa0002  (rule golden)
      + partner-x                100099998888
    golden-20261001  img-aaaa0003  (rule golden)
      + data-team                100012345678
      + partner-x                100099998888

Plan: 3 images to change, +4 -0 shares, 0 images right already, 1 foreign
hint: 1 share is none of the rules' and is left alone; `imgshare drift` names it

done  prod ap-nanjing  golden-20260801  img-aaaa0001  +1 -0

not begun  prod ap-nanjing  golden-20260901  img-aaaa0002  +1 -0
not begun  prod ap-nanjing  golden-20261001  img-aaaa0003  +2 -0

Report: 1 image done and read back, 2 images not begun,
        1 share added, 0 removed, 0 images right before
--- stderr
stopping: what is in flight is finished and reported; interrupt again to leave at once
--- exit 130

"#]]
    );
    assert_eq!(stage.writes(), 1);

    assert_eq!(stage.run("apply --yes").code, Some(0));
    assert_eq!(stage.run("plan").code, Some(0));
}

#[test]
fn an_interrupt_is_heard_while_it_asks() {
    let stage = Stage::new();
    let mut command = stage.command(&["apply", "--pick"]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the binary starts");
    let mut stderr = child.stderr.take().expect("it is piped");
    wait_for("asking: ", &mut stderr);
    interrupt(&child);
    let mut last = String::new();
    stderr.read_to_string(&mut last).expect("it prints UTF-8");
    assert_eq!(last.trim(), "interrupted; nothing was changed");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_was_changed_while_it_read_is_reported_and_what_was_not_read_is_counted() {
    let stage = silent_shanghai();
    let child = begun(&stage, &AT_ONCE);
    stage.until(|stage| stage.writes() == 3);
    interrupt(&child);
    let output = child.wait_with_output().expect("it ends");
    assert_data_eq!(
        stage.ended(&AT_ONCE.join(" "), &output).transcript(),
        str![[r#"
$ imgshare apply --yes --concurrency 1 --verify none
prod
  ap-nanjing
    golden-20260801  img-aaaa0001  (rule golden)
      + partner-x                100099998888
    golden-20260901  img-aaaa0002  (rule golden)
      + partner-x                100099998888
    golden-20261001  img-aaaa0003  (rule golden)
      + data-team                100012345678
      + partner-x                100099998888

Plan: 3 images to change, +4 -0 shares, 0 images right already, 1 foreign
hint: 1 share is none of the rules' and is left alone; `imgshare drift` names it

granted, not verified  prod ap-nanjing  golden-20260801  img-aaaa0001  +1 -0
granted, not verified  prod ap-nanjing  golden-20260901  img-aaaa0002  +1 -0
granted, not verified  prod ap-nanjing  golden-20261001  img-aaaa0003  +2 -0

Report: 3 images granted, not verified, 4 shares added, 0 removed,
        0 images right before, 1 region not read
--- stderr
stopping: what is in flight is finished and reported; interrupt again to leave at once
--- exit 130

"#]]
    );
    stage.meddle(Meddling::DisarmFaults);
    assert_eq!(stage.run("apply --yes").code, Some(0));
    assert_eq!(stage.run("plan").code, Some(0));
}

#[test]
fn interrupted_before_any_write_nothing_was_changed() {
    let stage = silent_shanghai();
    let words = [&AT_ONCE[..], &["--region", "ap-shanghai"]].concat();
    let child = begun(&stage, &words);
    stage.until(|stage| stage.calls() == 1);
    interrupt(&child);
    let output = child.wait_with_output().expect("it ends");
    assert_data_eq!(
        stage.ended(&words.join(" "), &output).transcript(),
        str![[r#"
$ imgshare apply --yes --concurrency 1 --verify none --region ap-shanghai
--- stderr
stopping: what is in flight is finished and reported; interrupt again to leave at once
interrupted; nothing was changed
--- exit 130

"#]]
    );
}

#[test]
fn as_json_a_change_is_told_before_the_survey_is_over_and_the_summary_says_what_was_not_read() {
    let stage = silent_shanghai();
    let words = [&AT_ONCE[..], &["--format", "json"]].concat();
    let mut child = begun(&stage, &words);
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    let mut told = String::new();
    for _ in 0..3 {
        stdout.read_line(&mut told).expect("a line comes while it reads");
    }
    interrupt(&child);
    stdout.read_to_string(&mut told).expect("it prints UTF-8");
    assert_eq!(child.wait().expect("it ends").code(), Some(130));
    let lines: Vec<serde_json::Value> =
        told.lines().map(|line| serde_json::from_str(line).expect("a JSON document")).collect();
    let types: Vec<_> = lines.iter().map(|line| line["type"].as_str().expect("a type")).collect();
    assert_eq!(types, ["change", "change", "change", "summary"], "{told}");
    assert_eq!((&lines[0]["image"]["id"], &lines[0]["state"]), (&"img-aaaa0001".into(), &"granted".into()));
    assert_eq!(lines[3]["not_read"], serde_json::json!({"images": 0, "regions": 1, "snapshots": 0}));
    assert_eq!((&lines[3]["exit"], &lines[3]["counts"]["unreadable"]), (&130.into(), &0.into()));
}
