//! `imgshare drift`

use snapbox::{assert_data_eq, str};

use crate::stage::{DATA_TEAM, STRANGER, Stage};

#[test]
fn a_share_that_was_removed_behind_its_back_is_named() {
    let stage = Stage::new();
    stage.run("apply --yes");
    stage.remove_share("img-aaaa0002", DATA_TEAM);
    assert_data_eq!(
        stage.run("drift").transcript(),
        str![[r#"
$ imgshare drift
prod
  ap-nanjing
    golden-20260901  img-aaaa0002  (rule golden)
      missing   data-team                100012345678

Shared with others, which is no rule's business and left alone
prod
  ap-nanjing
    golden-20260801  img-aaaa0001
      foreign   100055554444

Drift: 1 image differs, 1 share missing, 0 too many, 2 images right already,
       1 foreign
--- exit 2

"#]]
    );
}

#[test]
fn drift_names_foreign_shares_and_they_are_no_difference() {
    let stage = Stage::new();
    stage.run("apply --yes");
    assert_data_eq!(
        stage.run("drift").transcript(),
        str![[r#"
$ imgshare drift
Shared with others, which is no rule's business and left alone
prod
  ap-nanjing
    golden-20260801  img-aaaa0001
      foreign   100055554444

Drift: none, 3 images right already, 1 foreign
--- exit 0

"#]]
    );
}

#[test]
fn without_any_drift_there_is_little_to_say() {
    let stage = Stage::new();
    stage.run("apply --yes");
    stage.remove_share("img-aaaa0001", STRANGER);
    assert_data_eq!(
        stage.run("drift").transcript(),
        str![[r#"
$ imgshare drift
Drift: none, 3 images right already
--- exit 0

"#]]
    );
}

#[test]
fn drift_as_json_is_the_plan_document() {
    let stage = Stage::new();
    let mut drift = stage.run("drift --format json").json();
    let mut plan = stage.run("plan --format json").json();
    // Only drift asks receivers.
    assert_eq!(drift["summary"]["received"]["not_verified"], 2);
    for document in [&mut drift, &mut plan] {
        document["summary"]["received"].take();
    }
    assert_eq!(drift, plan);
    assert_eq!(drift["foreign"][0]["accounts"][0]["id"], STRANGER);
}

#[test]
fn what_cannot_be_read_is_an_error_and_not_a_difference() {
    let stage = Stage::new();
    stage.refuse("DescribeImageSharePermission", "UnauthorizedOperation", "You have no rights.");
    assert_data_eq!(
        stage.run("drift").transcript(),
        str![[r#"
$ imgshare drift
error: cannot read who has the image: permission denied: you have no rights
  provider: tencent ap-nanjing (cloud prod)
  image:    img-aaaa0001 (golden-20260801)
  image:    img-aaaa0002 (golden-20260901)
  image:    img-aaaa0003 (golden-20261001)
  cloud:    UnauthorizedOperation, request [REQUEST]
            and 2 more
  rules:    golden
  hint:     give the key's owner the rights cvm:DescribeImages,
            cvm:DescribeImageSharePermission and cvm:ModifyImageSharePermission,
            and for copies cvm:SyncImages

Drift: none where it could be read, 0 images right already, 3 unreadable
--- exit 1

"#]]
    );
}
