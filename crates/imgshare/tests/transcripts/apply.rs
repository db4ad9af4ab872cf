//! `imgshare apply`

use snapbox::{assert_data_eq, str};

use crate::stage::Stage;

/// One image after the other, so that they are told in one order.
const IN_ORDER: &str = "apply --yes --concurrency 1";

#[test]
fn apply_shows_the_plan_makes_it_so_and_reports() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run(IN_ORDER).transcript(),
        str![[r#"
$ imgshare apply --yes --concurrency 1
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
done  prod ap-nanjing  golden-20260901  img-aaaa0002  +1 -0
done  prod ap-nanjing  golden-20261001  img-aaaa0003  +2 -0

Report: 3 images done and read back, 4 shares added, 0 removed,
        0 images right before
Receivers: 6 shares granted, not verified (no verify_with)
--- exit 0

"#]]
    );
    assert_eq!(stage.shares("img-aaaa0003"), serde_json::json!(["100012345678", "100099998888"]));
}

#[test]
fn the_second_apply_writes_nothing() {
    let stage = Stage::new();
    stage.run(IN_ORDER);
    let writes = stage.writes();
    assert!(writes > 0);
    assert_data_eq!(
        stage.run(IN_ORDER).transcript(),
        str![[r#"
$ imgshare apply --yes --concurrency 1
Plan: nothing to change, 3 images right already, 1 foreign
hint: 1 share is none of the rules' and is left alone; `imgshare drift` names it

Report: nothing to do, 3 images right before
Receivers: 6 shares granted, not verified (no verify_with)
--- exit 0

"#]]
    );
    assert_eq!(stage.writes(), writes);
}

#[test]
fn apply_as_json_tells_each_change_as_it_ends_and_a_summary_last() {
    let lines = Stage::new().run("apply --yes --concurrency 1 --format json").json_lines();
    let types: Vec<_> =
        lines.iter().map(|line| line["type"].as_str().expect("each line has a type")).collect();
    assert_eq!(types, ["change", "change", "change", "summary"]);
    let change = &lines[2];
    assert_eq!(change["state"], "done");
    assert_eq!(change["image"]["id"], "img-aaaa0003");
    assert_eq!(change["add"].as_array().map(Vec::len), Some(2));
    assert_eq!(change["request_ids"].as_array().map(Vec::len), Some(1));
    assert_eq!(change["attempts"], 1);
    assert!(change["error"].is_null());
    let summary = &lines[3];
    assert_eq!((&summary["format"], &summary["exit"]), (&1.into(), &0.into()));
    assert_eq!(summary["counts"]["done"], 3);
    assert_eq!(summary["counts"]["additions"], 4);
}

#[test]
fn without_a_terminal_nothing_happens_unless_yes_is_said() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run("apply").transcript(),
        str![[r#"
$ imgshare apply
--- stderr
error: nobody can be asked, because this is no terminal; nothing was changed
  hint:     look at `imgshare plan`, then run `imgshare apply --yes`
--- exit 1

"#]]
    );
    assert_eq!(stage.calls(), 0);
}

#[test]
fn what_is_not_read_back_is_called_granted_not_verified() {
    assert_data_eq!(
        Stage::new().run("apply --yes --concurrency 1 --verify none").transcript(),
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
        0 images right before
--- exit 0

"#]]
    );
}

#[test]
fn each_write_is_in_the_audit_record_before_and_after() {
    let stage = Stage::new();
    stage.run("apply --yes --audit audit.jsonl");
    let record = stage.read("audit.jsonl");
    let lines: Vec<serde_json::Value> =
        record.lines().map(|line| serde_json::from_str(line).expect("a JSON document")).collect();
    let events: Vec<_> = lines.iter().map(|line| line["event"].as_str().expect("an event")).collect();
    assert_eq!(events.iter().filter(|event| **event == "sending").count() as u64, stage.writes());
    assert_eq!(events.iter().filter(|event| **event == "answered").count() as u64, stage.writes());
    assert!(lines.iter().all(|line| line["who"] == "tester@testhost" && line["run"] == lines[0]["run"]));
    assert!(!record.contains("FakeOwnerSecret") && !record.contains("AKIDFAKEOWNER"), "{record}");
}

#[test]
fn a_record_that_cannot_be_written_keeps_everything_from_being_sent() {
    let stage = Stage::new();
    let run = stage.run("apply --yes --audit imgshare.toml/audit.jsonl");
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare apply --yes --audit imgshare.toml/audit.jsonl
--- stderr
error: cannot write the audit record imgshare.toml/audit.jsonl: File exists (os
       error 17)
  hint:     name another file with --audit FILE
--- exit 1

"#]]
    );
    assert_eq!(stage.writes(), 0);
}

#[cfg(target_os = "linux")]
#[test]
fn when_the_record_is_full_nothing_more_is_sent_and_nobody_has_interrupted() {
    let stage = Stage::new();
    // A device on which every write fails for want of room.
    let run = stage.run("apply --yes --concurrency 1 --audit /dev/full");
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare apply --yes --concurrency 1 --audit /dev/full
prod
  ap-nanjing
    golden-20260801  img-aaaa0001  (rule golden)
      + partner-x                100099998888

Plan: 1 image to change, +1 -0 shares, 0 images right already, 1 foreign
hint: 1 share is none of the rules' and is left alone; `imgshare drift` names it

failed  prod ap-nanjing  golden-20260801  img-aaaa0001  +1 -0, 1 failed

error: cannot share the image: not sent, because the audit record cannot be
       written: No space left on device (os error 28)
  provider: tencent ap-nanjing (cloud prod)
  image:    img-aaaa0001 (golden-20260801)
  account:  partner-x (100099998888)
  config:   imgshare.toml:16
  hint:     make room for the audit record, or name another file with --audit

Report: 1 image failed, 0 images right before, 2 images not read
--- exit 1

"#]]
    );
    assert_eq!(stage.writes(), 0);
}

#[test]
fn a_variable_that_is_set_to_nothing_is_as_good_as_none() {
    let stage = Stage::new();
    let run = stage.run_with(IN_ORDER, &[("IMGSHARE_STATE", ""), ("IMGSHARE_CA_FILE", "")]);
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert!(stage.read(".local/state/imgshare/audit.jsonl").contains("accepted"));
    let run = stage.run_with("providers", &[("IMGSHARE_PLUGINS", "")]);
    assert!(run.transcript().contains("[HOME]/.local/share/imgshare/providers"), "{}", run.transcript());
}
