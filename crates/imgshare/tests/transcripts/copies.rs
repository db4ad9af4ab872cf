//! Copies into other regions: planned, made, shared, or said why not.

use imgshare_cloudsim::{ImageScenario, Meddling};
use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::copying::{
    ASKING, CONFIG, SHANGHAI, WRITING, calls, configure, copies, lasting, one_copy_each, stage,
};
use crate::stage::{Run, Stage};

/// One more image in Shanghai.
fn add_image(stage: &Stage, id: &str, name: &str) {
    add_image_to(stage, "ap-shanghai", id, name);
}

fn add_image_to(stage: &Stage, region: &str, id: &str, name: &str) {
    let image = ImageScenario { id: Some(id.into()), name: name.into(), ..ImageScenario::default() };
    stage.meddle(Meddling::AddImage { owner: "900000009".into(), region: region.into(), image });
}

#[test]
fn a_plan_shows_the_copies_that_are_missing_and_who_gets_them() {
    let stage = stage(&json!([]));
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
Copies into other regions
ali
  cn-beijing
    golden  from cn-hangzhou m-bp1aaaa0001  to be copied  (rule golden-ali)
      + data-team                1234567890123456
  cn-shanghai
    golden  from cn-hangzhou m-bp1aaaa0001  to be copied  (rule golden-ali)
      + data-team                1234567890123456

prod
  ap-guangzhou
    golden  from ap-nanjing img-aaaa0001  to be copied  (rule golden)
      + data-team                100012345678
  ap-shanghai
    golden  from ap-nanjing img-aaaa0001  to be copied  (rule golden)
      + data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them

Blocked
  gpu  (rule golden-gpu)
    ! the cloud's call for copies, CopyCompShareCustomImage, names no target
      region; make the image in each region, and leave `copy_from` out of the
      rule
      accounts: data-team (55001122)
      config:   imgshare.toml:40
      hint:     copy the images by other means, or take copy_from out of the
                rule

Plan: 4 copies to make, +4 -0 shares, 0 images right already, 1 blocked
Apply: about 26 calls; copying comes on top
--- exit 2

"#]]
    );
    assert_eq!(calls(&stage, &WRITING), 0);
}

#[test]
fn many_copies_that_get_the_same_accounts_share_their_lines() {
    let stage = stage(&json!([]));
    for number in 1..=4 {
        add_image_to(&stage, "ap-nanjing", &format!("img-cccc000{number}"), &format!("golden-{number}"));
    }
    configure(&stage, &CONFIG.replace("name = \"golden\" }", "name = \"golden-*\" }"));
    assert_data_eq!(
        stage.run(&format!("plan {SHANGHAI}")).transcript(),
        str![[r#"
$ imgshare plan --only golden --region ap-shanghai
Copies into other regions
prod
  ap-shanghai
    4 copies, each of them to be copied  (rule golden)
      golden-1  from ap-nanjing img-cccc0001
      golden-2  from ap-nanjing img-cccc0002
      golden-3  from ap-nanjing img-cccc0003
      golden-4  from ap-nanjing img-cccc0004
      + data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them

Plan: 4 copies to make, +4 -0 shares, 0 images right already
Apply: about 18 calls; copying comes on top
--- exit 2

"#]]
    );
}

#[test]
fn missing_copies_are_drift() {
    assert_data_eq!(
        stage(&json!([])).run("drift --only golden").transcript(),
        str![[r#"
$ imgshare drift --only golden
Copies into other regions
prod
  ap-guangzhou
    golden  from ap-nanjing img-aaaa0001  missing  (rule golden)
      missing   data-team                100012345678
  ap-shanghai
    golden  from ap-nanjing img-aaaa0001  missing  (rule golden)
      missing   data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them

Drift: 2 copies missing, 2 shares missing, 0 too many, 0 images right already
--- exit 2

"#]]
    );
}

#[test]
fn apply_copies_awaits_and_shares_and_tells_each_step() {
    let stage = stage(&json!([]));
    let mut run = stage.run(&format!("apply --yes {SHANGHAI}"));
    hide_new_image(&stage, &mut run);
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare apply --yes --only golden --region ap-shanghai
Copies into other regions
prod
  ap-shanghai
    golden  from ap-nanjing img-aaaa0001  to be copied  (rule golden)
      + data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them

Plan: 1 copy to make, +1 -0 shares, 0 images right already

copying  prod ap-shanghai  golden  from ap-nanjing img-aaaa0001
usable  prod ap-shanghai  golden  img-[NEW]
done  prod ap-shanghai  golden  img-[NEW]  +1 -0

Report: 1 copy ready and shared, 1 share added, 0 removed, 0 images right before
Receivers: 1 share granted, not verified (no verify_with)
--- exit 0

"#]]
    );
}

#[test]
fn two_clouds_get_one_copy_a_region_and_a_second_apply_writes_nothing() {
    let stage = stage(&json!([]));
    let run = stage.run("apply --yes --cloud prod --cloud ali");
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    for cloud in ["tencent", "alibaba"] {
        assert_eq!(copies(&stage, cloud), one_copy_each(cloud));
    }
    let writes = calls(&stage, &WRITING);
    assert_data_eq!(
        stage.run("apply --yes --cloud prod --cloud ali").transcript(),
        str![[r#"
$ imgshare apply --yes --cloud prod --cloud ali
Plan: nothing to change, 4 images right already

Report: nothing to do, 4 images right before
Receivers: 4 shares granted, not verified (no verify_with)
--- exit 0

"#]]
    );
    assert_eq!(calls(&stage, &WRITING), writes);
}

#[test]
fn as_json_each_step_of_a_copy_is_a_line() {
    let lines = stage(&json!([])).run(&format!("apply --yes {SHANGHAI} --format json")).json_lines();
    let steps = lines.iter().map(|line| {
        let words = ["type", "step", "state"].map(|field| line[field].as_str().unwrap_or("-"));
        words.join(" ")
    });
    let expected =
        ["copy asked planned", "copy usable planned", "change - done", "copy ended done", "summary - -"];
    assert_eq!(steps.collect::<Vec<_>>(), expected);
    let ended = &lines[3];
    assert_eq!(
        (&ended["image"], &ended["share"]["image"]["id"]),
        (&lines[1]["image"], &lines[2]["image"]["id"])
    );
    assert_eq!((&ended["attempts"], &ended["share"]["state"]), (&1.into(), &"done".into()));
    assert_eq!(
        (&lines[4]["counts"]["copies"]["done"], &lines[4]["counts"]["additions"]),
        (&1.into(), &1.into())
    );
}

#[test]
fn a_plan_as_json_has_copies_and_an_estimate() {
    let plan = stage(&json!([])).run("plan --only golden-ali --format json").json();
    assert_eq!(plan["copies"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        (&plan["copies"][0]["recognised_by"], &plan["copies"][0]["begun"]),
        (&"tag".into(), &json!(null))
    );
    assert_eq!(plan["summary"]["copies"], 2);
    assert!(plan["estimate"]["calls"].as_u64() > Some(0), "{plan}");
}

#[test]
fn a_copy_that_fails_is_named_and_blocked_and_not_made_again() {
    let stage = stage(&json!([{"fails": true}]));
    let command = format!("apply --yes {SHANGHAI}");
    let mut run = stage.run(&command);
    hide_new_image(&stage, &mut run);
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare apply --yes --only golden --region ap-shanghai
Copies into other regions
prod
  ap-shanghai
    golden  from ap-nanjing img-aaaa0001  to be copied  (rule golden)
      + data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them

Plan: 1 copy to make, +1 -0 shares, 0 images right already

copying  prod ap-shanghai  golden  from ap-nanjing img-aaaa0001

error: cannot copy the image: the copy img-[NEW] failed (CREATEFAILED)
  provider: tencent ap-shanghai (cloud prod)
  source:   img-aaaa0001 (golden) in ap-nanjing
  copy:     img-[NEW]
  config:   imgshare.toml:24
  hint:     delete the copy, then run again

Report: 1 copy failed, 0 images right before
--- exit 3

"#]]
    );
    let mut run = stage.run(&command);
    hide_new_image(&stage, &mut run);
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare apply --yes --only golden --region ap-shanghai
Blocked
  prod ap-shanghai  golden  img-aaaa0001  (rule golden)
    ! making its copy img-[NEW] failed (CREATEFAILED)
      accounts: data-team (100012345678)
      config:   imgshare.toml:24
      hint:     delete img-[NEW] in ap-shanghai, then run again

Plan: nothing to change, 0 images right already, 1 blocked

Report: nothing to do, 0 images right before, 1 blocked (see the plan above)
--- exit 1

"#]]
    );
    assert_eq!(calls(&stage, &ASKING), 1);
}

#[test]
fn a_cloud_that_refuses_a_copy_is_quoted() {
    let stage = stage(&json!([]));
    stage.refuse("SyncImages", "UnauthorizedOperation", "You have no rights.");
    assert_data_eq!(
        stage.run(&format!("apply --yes {SHANGHAI}")).transcript(),
        str![[r#"
$ imgshare apply --yes --only golden --region ap-shanghai
Copies into other regions
prod
  ap-shanghai
    golden  from ap-nanjing img-aaaa0001  to be copied  (rule golden)
      + data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them

Plan: 1 copy to make, +1 -0 shares, 0 images right already

copying  prod ap-shanghai  golden  from ap-nanjing img-aaaa0001

error: cannot copy the image: permission denied: you have no rights
  provider: tencent ap-shanghai (cloud prod)
  source:   img-aaaa0001 (golden) in ap-nanjing
  cloud:    UnauthorizedOperation, request [REQUEST]
  config:   imgshare.toml:24
  hint:     give the key's owner the rights cvm:DescribeImages,
            cvm:DescribeImageSharePermission and cvm:ModifyImageSharePermission,
            and for copies cvm:SyncImages

Report: 1 copy failed, 0 images right before
--- exit 1

"#]]
    );
}

#[test]
fn names_that_could_mean_two_images_are_blocked() {
    let stage = stage(&json!([]));
    add_image(&stage, "img-bbbb0001", "golden");
    add_image(&stage, "img-bbbb0002", "golden");
    assert_data_eq!(
        stage.run(&format!("apply --yes {SHANGHAI}")).transcript(),
        str![[r#"
$ imgshare apply --yes --only golden --region ap-shanghai
Blocked
  prod ap-shanghai  golden  img-aaaa0001  (rule golden)
    ! several images in ap-shanghai are named golden, and only the name tells
      its copy
      accounts: data-team (100012345678)
      config:   imgshare.toml:24
      hint:     rename or delete those that are not its copy

Plan: nothing to change, 0 images right already, 1 blocked

Report: nothing to do, 0 images right before, 1 blocked (see the plan above)
--- exit 1

"#]]
    );
    assert_eq!(calls(&stage, &WRITING), 0);
}

#[test]
fn a_region_that_is_full_gets_no_copy() {
    let stage = stage(&json!([]));
    let keys = "credentials = { secret_id";
    configure(&stage, &CONFIG.replace(keys, &format!("limits = {{ images_per_region = 1 }}\n{keys}")));
    add_image(&stage, "img-bbbb0001", "scratch");
    assert_data_eq!(
        stage.run(&format!("plan {SHANGHAI}")).transcript(),
        str![[r#"
$ imgshare plan --only golden --region ap-shanghai
Blocked
  prod ap-shanghai  golden  img-aaaa0001  (rule golden)
    ! the region would have 2 images with its copy, the cloud allows 1
      accounts: data-team (100012345678)
      config:   imgshare.toml:25
      hint:     delete images there, or raise the limit at the cloud and in
                [clouds.prod.limits] images_per_region

Plan: nothing to change, 0 images right already, 1 blocked
--- exit 2

"#]]
    );
}

#[test]
fn the_images_of_a_rule_are_what_it_copies_and_the_copies() {
    let stage = stage(&json!([]));
    stage.run(&format!("apply --yes {SHANGHAI}"));
    let images = stage.run("images --only golden --format json").json();
    let day = images["images"][1]["created"].as_str().and_then(|created| created.get(..10));
    let mut run = stage.run("images --only golden");
    hide_new_image(&stage, &mut run);
    run.hide(day.expect("the copy has a time"), "[TODAY]");
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare images --only golden
prod
  ap-nanjing
    img-aaaa0001  2026-10-01  available  golden  (copied by rule golden)
        no rule shares it here; who has it was not read
  ap-shanghai
    img-[NEW]  [TODAY]  available  golden  (rule golden)
        with data-team (100012345678)

Images: 2
--- exit 0

"#]]
    );
}

#[test]
fn each_copy_can_be_picked() {
    let stage = stage(&json!([]));
    let run = stage.answer("apply --pick --cloud prod", "n\ny\n");
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert_eq!(copies(&stage, "tencent"), one_copy_each("tencent")[1..]);
    assert_data_eq!(
        run.stderr,
        str![[r#"

1 of 2
prod ap-guangzhou
  golden  from ap-nanjing img-aaaa0001  to be copied  (rule golden)
    + data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them
Make and share this copy? [y]es, [n]o, [a]ll the rest, [q]uit asking: 
2 of 2
prod ap-shanghai
  golden  from ap-nanjing img-aaaa0001  to be copied  (rule golden)
    + data-team                100012345678
note: copies of cloud prod are recognised by their name only; do not rename them
Make and share this copy? [y]es, [n]o, [a]ll the rest, [q]uit asking: 
"#]]
    );
}

#[test]
fn a_saved_plan_with_copies_is_made_so_unless_one_was_begun_since() {
    let stage = stage(&lasting());
    stage.run(&format!("plan --out saved.json {SHANGHAI}"));
    let made = stage.run("apply saved.json --yes --copy-timeout 0s");
    assert_eq!((made.code, calls(&stage, &ASKING)), (Some(3), 1), "{}", made.transcript());
    let refused = stage.run("apply saved.json --yes --copy-timeout 0s");
    assert!(refused.stderr.contains("the clouds have changed since"), "{}", refused.transcript());
    assert_eq!(calls(&stage, &ASKING), 1);
}

/// The ids of new images are the simulator's choice.
fn hide_new_image(stage: &Stage, run: &mut Run) {
    let state = stage.state();
    let images = &state["clouds"]["tencent"]["owners"]["900000009"]["regions"]["ap-shanghai"]["images"];
    for id in images.as_object().into_iter().flat_map(|images| images.keys()) {
        run.hide(id, "img-[NEW]");
    }
}
