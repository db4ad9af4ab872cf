//! Plans that are saved, and applied later.

use snapbox::{assert_data_eq, str};

use crate::stage::{CONFIG, DATA_TEAM, Stage};

#[test]
fn a_saved_plan_is_applied_as_it_is() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run("plan --out saved.json").transcript(),
        str![[r#"
$ imgshare plan --out saved.json
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
Apply: about 10 calls
hint: 1 share is none of the rules' and is left alone; `imgshare drift` names it
--- stderr
saved; make it so with: imgshare apply saved.json
--- exit 2

"#]]
    );
    let run = stage.run("apply saved.json --yes --concurrency 1");
    assert_data_eq!(
        run.transcript(),
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
done  prod ap-nanjing  golden-20260901  img-aaaa0002  +1 -0
done  prod ap-nanjing  golden-20261001  img-aaaa0003  +2 -0

Report: 3 images done and read back, 4 shares added, 0 removed,
        0 images right before
Receivers: 6 shares granted, not verified (no verify_with)
--- exit 0

"#]]
    );
}

#[test]
fn a_saved_plan_keeps_to_the_part_that_it_was_made_for() {
    let stage = Stage::new();
    stage.config(&CONFIG.replace("[\"ap-nanjing\"]", "[\"ap-nanjing\", \"ap-shanghai\"]"));
    stage.run("plan --region ap-shanghai --out saved.json");
    assert_eq!(stage.run("apply saved.json --yes").code, Some(0));
    assert_eq!(stage.writes(), 1);
    assert_eq!(stage.run("apply saved.json --yes --region ap-nanjing").code, Some(1));
}

#[test]
fn a_plan_is_refused_when_the_clouds_have_changed_since() {
    let stage = Stage::new();
    stage.run("plan --out saved.json");
    stage.remove_share("img-aaaa0002", DATA_TEAM);
    assert_data_eq!(
        stage.run("apply saved.json --yes").transcript(),
        str![[r#"
$ imgshare apply saved.json --yes
--- stderr
error: the clouds have changed since the plan was saved; nothing was changed
  hint:     make the plan anew with `imgshare plan --out FILE` and look at it
--- exit 1

"#]]
    );
    assert_eq!(stage.writes(), 0);
}

#[test]
fn a_plan_is_refused_when_the_config_has_changed_since() {
    let stage = Stage::new();
    stage.run("plan --out saved.json");
    stage.config(&(CONFIG.to_owned() + "# something else\n"));
    assert_data_eq!(
        stage.run("apply saved.json --yes").transcript(),
        str![[r#"
$ imgshare apply saved.json --yes
--- stderr
error: the config has changed since the plan was saved; nothing was changed
  hint:     make the plan anew with `imgshare plan --out FILE` and look at it
--- exit 1

"#]]
    );
}

#[test]
fn a_file_that_is_no_plan_is_refused() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run("apply nothing.json --yes").transcript(),
        str![[r#"
$ imgshare apply nothing.json --yes
--- stderr
error: there is no plan nothing.json
  hint:     make one with `imgshare plan --out FILE`
--- exit 1

"#]]
    );
    stage.file("other.json", b"{\"changes\": 7}");
    assert_data_eq!(
        stage.run("apply other.json --yes").transcript(),
        str![[r#"
$ imgshare apply other.json --yes
--- stderr
error: other.json is no saved plan
  hint:     make one with `imgshare plan --out FILE`
--- exit 1

"#]]
    );
    stage.file("object.json", b"{\"colour\": \"blue\"}");
    assert_data_eq!(
        stage.run("apply object.json --yes").transcript(),
        str![[r#"
$ imgshare apply object.json --yes
--- stderr
error: object.json is no saved plan
  hint:     make one with `imgshare plan --out FILE`
--- exit 1

"#]]
    );
    stage.file("later.json", b"{\"format\": 2}");
    assert_data_eq!(
        stage.run("apply later.json --yes").transcript(),
        str![[r#"
$ imgshare apply later.json --yes
--- stderr
error: later.json is a plan of format 2, and this imgshare knows format 1
  hint:     make one with `imgshare plan --out FILE`
--- exit 1

"#]]
    );
    assert_eq!(stage.calls(), 0);
}
