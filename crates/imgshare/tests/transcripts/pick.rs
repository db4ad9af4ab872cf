//! `imgshare apply --pick`: asks for each image.

use snapbox::{assert_data_eq, str};

use crate::stage::Stage;

const PICK: &str = "apply --pick --concurrency 1";

#[test]
fn only_what_is_picked_is_changed() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.answer(PICK, "n\nperhaps\ny\nn\n").transcript(),
        str![[r#"
$ imgshare apply --pick --concurrency 1
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

done  prod ap-nanjing  golden-20260901  img-aaaa0002  +1 -0

Report: 1 image done and read back, 2 images not picked,
        1 share added, 0 removed, 0 images right before
Receivers: 3 shares granted, not verified (no verify_with)
--- stderr

1 of 3
prod ap-nanjing
  golden-20260801  img-aaaa0001  (rule golden)
    + partner-x                100099998888
Change this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: 
2 of 3
prod ap-nanjing
  golden-20260901  img-aaaa0002  (rule golden)
    + partner-x                100099998888
Change this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: please answer y, n, a or q
Change this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: 
3 of 3
prod ap-nanjing
  golden-20261001  img-aaaa0003  (rule golden)
    + data-team                100012345678
    + partner-x                100099998888
Change this image? [y]es, [n]o, [a]ll the rest, [q]uit asking: --- exit 0

"#]]
    );
    assert_eq!(stage.writes(), 1);
    assert_eq!(stage.shares("img-aaaa0003"), serde_json::json!([]));
}

#[test]
fn all_takes_this_one_and_the_rest() {
    let stage = Stage::new();
    let run = stage.answer(PICK, "n\nall\n");
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert_eq!(stage.writes(), 2);
    assert_eq!(stage.shares("img-aaaa0001"), serde_json::json!(["100012345678", "100055554444"]));
}

#[test]
fn quit_keeps_what_was_picked_before() {
    let stage = Stage::new();
    let run = stage.answer(PICK, "yes\nquit\n");
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert_eq!(stage.writes(), 1);
}

#[test]
fn when_nobody_answers_nothing_is_picked() {
    let stage = Stage::new();
    let run = stage.answer(PICK, "");
    assert!(run.stdout.contains("3 images not picked"), "{}", run.transcript());
    assert_eq!(stage.writes(), 0);
}

#[test]
fn what_is_not_picked_is_in_the_json_lines() {
    let lines = Stage::new().answer(&format!("{PICK} --format json"), "y\nq\n").json_lines();
    let states: Vec<_> =
        lines.iter().filter(|line| line["type"] == "change").map(|line| &line["state"]).collect();
    assert_eq!(states, ["done", "skipped", "skipped"]);
}
