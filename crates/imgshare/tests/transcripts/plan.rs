//! `imgshare plan`

use snapbox::{assert_data_eq, str};

use crate::stage::{Stage, image};

#[test]
fn a_plan_reads_like_a_diff_and_writes_nothing() {
    let stage = Stage::new();
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
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
--- exit 2

"#]]
    );
    assert_eq!(stage.writes(), 0);
}

#[test]
fn where_nothing_differs_the_exit_code_is_0() {
    let stage = Stage::new();
    stage.run("apply --yes");
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
Plan: nothing to change, 3 images right already, 1 foreign
hint: 1 share is none of the rules' and is left alone; `imgshare drift` names it
--- exit 0

"#]]
    );
}

#[test]
fn a_plan_as_json_names_rule_cloud_image_and_accounts() {
    let run = Stage::new().run("plan --format json");
    let plan = run.json();
    assert_eq!(run.code, Some(2));
    assert_eq!(plan["format"], 1);
    let change = &plan["changes"][2];
    assert_eq!(change["rules"][0], "golden");
    assert_eq!((&change["cloud"], &change["provider"]), (&"prod".into(), &"tencent".into()));
    assert_eq!(change["region"], "ap-nanjing");
    assert_eq!(change["image"]["id"], "img-aaaa0003");
    assert_eq!(change["image"]["name"], "golden-20261001");
    assert_eq!(change["add"][0]["id"], "100012345678");
    assert_eq!(change["add"][0]["name"], "data-team");
    assert_eq!(change["remove"].as_array().map(Vec::len), Some(0));
    assert_eq!(change["state"], "planned");
    assert_eq!(plan["summary"]["additions"], 4);
    assert_eq!(plan["foreign"][0]["accounts"][0]["id"], "100055554444");
}

#[test]
fn exact_removes_whom_no_rule_names() {
    let stage = Stage::new();
    let exact = crate::stage::CONFIG.to_owned() + "mode = \"exact\"\n";
    stage.config(&exact);
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
prod
  ap-nanjing
    golden-20260801  img-aaaa0001  (rule golden)
      + partner-x                100099998888
      - 100055554444
    golden-20260901  img-aaaa0002  (rule golden)
      + partner-x                100099998888
    golden-20261001  img-aaaa0003  (rule golden)
      + data-team                100012345678
      + partner-x                100099998888

Plan: 3 images to change, +4 -1 shares, 0 images right already
Apply: about 11 calls
--- exit 2

"#]]
    );
}

#[test]
fn many_images_that_change_in_the_same_way_share_their_accounts_lines() {
    let stage = Stage::with(|tencent| {
        let images = &mut tencent.owners[0].regions.get_mut("ap-nanjing").expect("it is there").images;
        images.extend(
            (5..9).map(|n| image(&format!("img-aaaa000{n}"), &format!("golden-x{n}"), "2026-10-05", &[])),
        );
    });
    assert_data_eq!(
        stage.run("plan").transcript(),
        str![[r#"
$ imgshare plan
prod
  ap-nanjing
    golden-20260801  img-aaaa0001  (rule golden)
      + partner-x                100099998888
    golden-20260901  img-aaaa0002  (rule golden)
      + partner-x                100099998888
    5 images, each of them  (rule golden)
      golden-20261001  img-aaaa0003
      golden-x5  img-aaaa0005
      golden-x6  img-aaaa0006
      golden-x7  img-aaaa0007
      golden-x8  img-aaaa0008
      + data-team                100012345678
      + partner-x                100099998888

Plan: 7 images to change, +12 -0 shares, 0 images right already, 1 foreign
Apply: about 22 calls, at least 1 s under the clouds' quotas
hint: 1 share is none of the rules' and is left alone; `imgshare drift` names it
--- exit 2

"#]]
    );
}

#[test]
fn a_long_name_is_never_cut() {
    let long = "golden-".to_owned() + &"very-long-".repeat(9);
    let stage = Stage::with(|tencent| {
        let images = &mut tencent.owners[0].regions.get_mut("ap-nanjing").expect("it is there").images;
        images.truncate(1);
        images[0].name.clone_from(&long);
    });
    let run = stage.run("plan");
    assert!(run.stdout.contains(&long) && run.stdout.contains("img-aaaa0001"), "{}", run.stdout);
}
