//! Some of it fails: everything else is done, and each failure is named.

use imgshare_cloudsim::{FaultRule, Meddling};
use snapbox::{assert_data_eq, str};

use crate::stage::{CONFIG, Stage};

#[test]
fn an_unknown_account_a_locked_image_and_a_dead_region_stop_nothing_else() {
    let stage = Stage::new();
    let config = CONFIG
        .replace("[\"ap-nanjing\"]", "[\"ap-nanjing\", \"ap-shanghai\"]")
        .replace("\"partner-x\"]", "\"partner-x\", \"100000009999\"]");
    stage.config(&config);
    stage.meddle(Meddling::SetState { image: "img-aaaa0002".into(), state: "CREATING".into() });
    stage.meddle(Meddling::ArmFault { fault: FaultRule::dead_region("ap-shanghai") });
    assert_data_eq!(
        stage.run("apply --yes --concurrency 1").transcript(),
        str![[r#"
$ imgshare apply --yes --concurrency 1
prod
  ap-nanjing
    golden-20260801  img-aaaa0001  (rule golden)
      + 100000009999
      + partner-x                100099998888
    golden-20261001  img-aaaa0003  (rule golden)
      + 100000009999
      + data-team                100012345678
      + partner-x                100099998888

error: cannot list the images: cloud is not available: the host answered with
       HTTP status 503
  provider: tencent ap-shanghai (cloud prod)
  rules:    golden
  hint:     run again later

Blocked
  prod ap-nanjing  golden-20260901  img-aaaa0002  (rule golden)
    ! image is not available yet (CREATING)
      accounts: 100000009999, data-team (100012345678), partner-x (100099998888)
      config:   imgshare.toml:16
      hint:     run again when the image is available

Plan: 2 images to change, +5 -0 shares, 0 images right already, 1 blocked,
      1 unreadable, 1 foreign
hint: 1 share is none of the rules' and is left alone; `imgshare drift` names it

partly  prod ap-nanjing  golden-20260801  img-aaaa0001  +2 -0, 1 failed
partly  prod ap-nanjing  golden-20261001  img-aaaa0003  +3 -0, 1 failed

error: cannot share the image: account is invalid: the account does not exist
  provider: tencent ap-nanjing (cloud prod)
  image:    img-aaaa0001 (golden-20260801)
  image:    img-aaaa0003 (golden-20261001)
  account:  100000009999
  cloud:    InvalidAccountId.NotFound, request
            [REQUEST] and 1 more
  config:   imgshare.toml:16
  hint:     use the main account id; sub-account and collaborator ids are
            refused by this cloud

Report: 2 images partly done, 3 shares added, 0 removed, 0 images right before,
        1 blocked and 1 unreadable (see the plan above)
Receivers: 4 shares granted, not verified (no verify_with)
--- exit 3

"#]]
    );
    assert_eq!(stage.shares("img-aaaa0003"), serde_json::json!(["100012345678", "100099998888"]));
}

#[test]
fn an_image_that_is_locked_while_it_is_shared_is_named() {
    let stage = Stage::new();
    stage.refuse("ModifyImageSharePermission", "FailedOperation.InvalidImageState", "The image is locked.");
    assert_data_eq!(
        stage.run("apply --yes --concurrency 1").transcript(),
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

failed  prod ap-nanjing  golden-20260801  img-aaaa0001  +1 -0, 1 failed
failed  prod ap-nanjing  golden-20260901  img-aaaa0002  +1 -0, 1 failed
failed  prod ap-nanjing  golden-20261001  img-aaaa0003  +2 -0, 2 failed

error: cannot share the image: the image is locked
  provider: tencent ap-nanjing (cloud prod)
  image:    img-aaaa0001 (golden-20260801)
  image:    img-aaaa0002 (golden-20260901)
  account:  partner-x (100099998888)
  cloud:    FailedOperation.InvalidImageState, request
            [REQUEST] and 1 more
  config:   imgshare.toml:16
  hint:     run again when the image is in state NORMAL

error: cannot share the image: the image is locked
  provider: tencent ap-nanjing (cloud prod)
  image:    img-aaaa0003 (golden-20261001)
  account:  data-team (100012345678)
  account:  partner-x (100099998888)
  cloud:    FailedOperation.InvalidImageState, request
            [REQUEST]
  config:   imgshare.toml:16
  hint:     run again when the image is in state NORMAL

Report: 3 images failed, 0 images right before
Receivers: 2 shares granted, not verified (no verify_with)
--- exit 1

"#]]
    );
}

#[test]
fn failures_are_in_the_json_lines() {
    let stage = Stage::new();
    stage.config(&CONFIG.replace("\"partner-x\"]", "\"100000009999\"]"));
    let run = stage.run("apply --yes --concurrency 1 --format json");
    let lines = run.json_lines();
    assert_eq!(run.code, Some(3));
    let partly =
        lines.iter().find(|line| line["state"] == "partly").expect("one account of the third is good");
    let failed = &partly["failed"][0];
    assert_eq!(failed["accounts"][0]["id"], "100000009999");
    assert_eq!(failed["error"]["kind"], "account_invalid");
    assert_eq!(failed["error"]["code"], "InvalidAccountId.NotFound");
    assert_eq!(lines.last().expect("a summary")["exit"], 3);
}
