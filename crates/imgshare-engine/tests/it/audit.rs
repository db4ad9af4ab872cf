//! The audit record.

use imgshare_plan::ExitStatus;

use crate::cloud::Cloud;
use crate::stage::Stage;

#[tokio::test(start_paused = true)]
async fn every_write_leaves_a_line_before_it_is_sent_and_one_after_it_is_answered() {
    let cloud = Cloud { locked: ["b".into()].into(), ..Cloud::with_images("r", &["a", "b"]) };
    let stage = Stage::new(cloud, &["r"], &["111111", "222222", "333333"]).in_flight_max(1);
    stage.apply().await;
    let lines = stage.audit_lines();
    let events: Vec<_> = lines
        .iter()
        .map(|line| format!("{} {} {} {}", line["event"], line["image"]["id"], line["add"], line["outcome"]))
        .collect();
    assert_eq!(
        events,
        [
            r#""sending" "a" ["111111","222222"] null"#,
            r#""answered" "a" ["111111","222222"] "accepted""#,
            r#""sending" "a" ["333333"] null"#,
            r#""answered" "a" ["333333"] "accepted""#,
            r#""sending" "b" ["111111","222222"] null"#,
            r#""answered" "b" ["111111","222222"] "failed""#,
            r#""sending" "b" ["333333"] null"#,
            r#""answered" "b" ["333333"] "failed""#,
        ]
    );
    for line in &lines {
        assert_eq!(
            (&line["run"], &line["who"], &line["config"]),
            (&"run-1".into(), &"tester".into(), &"digest".into())
        );
        assert_eq!(
            (&line["cloud"], &line["region"], &line["provider"]),
            (&"prod".into(), &"r".into(), &"smallest".into())
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_run_adds_to_the_record_and_one_with_nothing_to_do_adds_nothing() {
    let stage = Stage::new(Cloud::with_images("r", &["a"]), &["r"], &["111111"]);
    stage.apply().await;
    stage.cloud.regions.lock().unwrap().get_mut("r").unwrap().get_mut("a").unwrap().clear();
    stage.apply().await;
    stage.apply().await;
    assert_eq!(stage.audit_lines().len(), 4);
}

#[tokio::test(start_paused = true)]
async fn half_a_line_of_a_run_that_was_killed_does_not_spoil_the_next_runs_first() {
    let stage = Stage::new(Cloud::with_images("r", &["a"]), &["r"], &["111111"]);
    std::fs::write(&stage.audit, "{\"run\":\"killed\"}\n{\"run\":\"kil").unwrap();
    stage.apply().await;
    let record = std::fs::read_to_string(&stage.audit).unwrap();
    let lines: Vec<_> = record.lines().collect();
    assert_eq!(lines[..2], ["{\"run\":\"killed\"}", "{\"run\":\"kil"]);
    let whole = lines.iter().filter(|line| serde_json::from_str::<serde_json::Value>(line).is_ok());
    assert_eq!((whole.count(), lines.len()), (3, 4), "{record}");
}

/// `/dev/full` takes nothing: a disk that is full.
#[cfg(target_os = "linux")]
#[tokio::test(start_paused = true)]
async fn what_cannot_be_recorded_is_not_sent() {
    let mut stage = Stage::new(Cloud::with_images("r", &["a", "b"]), &["r"], &["111111"]);
    stage.audit = "/dev/full".into();
    let report = stage.apply().await;
    assert_eq!((report.exit(), stage.writes()), (ExitStatus::Error, 0));
    let errors: Vec<_> = report.changes.iter().filter_map(|done| done.error.as_ref()).collect();
    assert!(errors.iter().any(|error| error.message.contains("audit record")), "{errors:?}");
}

#[cfg(unix)]
#[tokio::test(start_paused = true)]
async fn the_record_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let stage = Stage::new(Cloud::with_images("r", &["a"]), &["r"], &["111111"]);
    stage.apply().await;
    let mode = std::fs::metadata(stage.folder().join("audit.jsonl")).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}
