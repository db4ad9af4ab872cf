//! `imgshare who`

use snapbox::{assert_data_eq, str};

use crate::stage::{CONFIG, STRANGER, Stage};

fn both_regions() -> Stage {
    let stage = Stage::new();
    stage.config(&CONFIG.replace("[\"ap-nanjing\"]", "[\"ap-nanjing\", \"ap-shanghai\"]"));
    stage
}

#[test]
fn an_account_is_asked_for_by_its_name() {
    assert_data_eq!(
        both_regions().run("who data-team").transcript(),
        str![[r#"
$ imgshare who data-team
prod
  ap-nanjing
    img-aaaa0001  2026-08-01  available  golden-20260801  (rule golden)
    img-aaaa0002  2026-09-01  available  golden-20260901  (rule golden)
  ap-shanghai
    img-bbbb0001  2026-08-01  available  golden-20260801  (rule golden)

Who: data-team (100012345678) has 3 images
--- exit 0

"#]]
    );
}

#[test]
fn an_account_is_asked_for_by_its_id() {
    assert_data_eq!(
        Stage::new().run(&format!("who {STRANGER}")).transcript(),
        str![[r#"
$ imgshare who 100055554444
prod
  ap-nanjing
    img-aaaa0001  2026-08-01  available  golden-20260801  (rule golden)

Who: 100055554444 has 1 image
--- exit 0

"#]]
    );
}

#[test]
fn an_account_that_has_nothing_is_no_error() {
    assert_data_eq!(
        Stage::new().run("who 100011112222").transcript(),
        str![[r#"
$ imgshare who 100011112222
Who: 100011112222 has no image
--- exit 0

"#]]
    );
}

#[test]
fn an_image_is_asked_for_by_its_id() {
    assert_data_eq!(
        Stage::new().run("who img-aaaa0001").transcript(),
        str![[r#"
$ imgshare who img-aaaa0001
prod
  ap-nanjing
    img-aaaa0001  2026-08-01  available  golden-20260801  (rule golden)
        with data-team (100012345678), 100055554444

Who: 1 image is called img-aaaa0001
--- exit 0

"#]]
    );
}

#[test]
fn an_image_is_asked_for_by_its_name_in_all_regions() {
    assert_data_eq!(
        both_regions().run("who golden-20260801").transcript(),
        str![[r#"
$ imgshare who golden-20260801
prod
  ap-nanjing
    img-aaaa0001  2026-08-01  available  golden-20260801  (rule golden)
        with data-team (100012345678), 100055554444
  ap-shanghai
    img-bbbb0001  2026-08-01  available  golden-20260801  (rule golden)
        with data-team (100012345678)

Who: 2 images are called golden-20260801
--- exit 0

"#]]
    );
}

#[test]
fn a_misspelt_name_is_an_error_that_says_what_was_meant() {
    assert_data_eq!(
        Stage::new().run("who data-taem").transcript(),
        str![[r#"
$ imgshare who data-taem
--- stderr
error: no account and no image of these clouds is called data-taem
  hint:     did you mean data-team?
--- exit 1

"#]]
    );
    assert_data_eq!(
        Stage::new().run("who nobody-at-all").transcript(),
        str![[r#"
$ imgshare who nobody-at-all
--- stderr
error: no account and no image of these clouds is called nobody-at-all
  hint:     ask for an account of the config, an account id, an image id or an
            exact image name
--- exit 1

"#]]
    );
}

#[test]
fn who_as_json() {
    let document = Stage::new().run("who data-team --format json").json();
    assert_eq!(document["format"], 1);
    assert_eq!((&document["word"], &document["meaning"]), (&"data-team".into(), &"account".into()));
    assert_eq!(document["ids"]["prod"], "100012345678");
    assert_eq!(document["images"].as_array().map(Vec::len), Some(2));
    let document = Stage::new().run("who scratch --format json").json();
    assert_eq!(document["meaning"], "image");
    assert_eq!(document["images"][0]["accounts"], serde_json::json!([]));
}

#[test]
fn what_cannot_be_read_is_said() {
    let stage = Stage::new();
    stage.refuse("DescribeImageSharePermission", "UnauthorizedOperation", "You have no rights.");
    assert_data_eq!(
        stage.run("who img-aaaa0001").transcript(),
        str![[r#"
$ imgshare who img-aaaa0001
prod
  ap-nanjing
    img-aaaa0001  2026-08-01  available  golden-20260801  (rule golden)
        who has it was not read

error: cannot read who has the image: permission denied: you have no rights
  provider: tencent ap-nanjing (cloud prod)
  image:    img-aaaa0001 (golden-20260801)
  cloud:    UnauthorizedOperation, request [REQUEST]
  rules:    golden
  hint:     give the key's owner the rights cvm:DescribeImages,
            cvm:DescribeImageSharePermission and cvm:ModifyImageSharePermission,
            and for copies cvm:SyncImages

Who: 1 image is called img-aaaa0001, as far as could be read
--- exit 1

"#]]
    );
}
