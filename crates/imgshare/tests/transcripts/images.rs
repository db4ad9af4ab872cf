//! `imgshare images`

use imgshare_cloudsim::Meddling;
use snapbox::{assert_data_eq, str};

use crate::stage::{CONFIG, Stage};

#[test]
fn images_lists_what_the_rules_select_and_who_has_it() {
    let stage = Stage::new();
    stage.meddle(Meddling::SetState { image: "img-aaaa0003".into(), state: "CREATING".into() });
    assert_data_eq!(
        stage.run("images").transcript(),
        str![[r#"
$ imgshare images
prod
  ap-nanjing
    img-aaaa0001  2026-08-01  available  golden-20260801  (rule golden)
        with data-team (100012345678), 100055554444
    img-aaaa0002  2026-09-01  available  golden-20260901  (rule golden)
        with data-team (100012345678)
    img-aaaa0003  2026-10-01  pending    golden-20261001  (rule golden)
        who has it was not read

Images: 3
--- exit 0

"#]]
    );
}

#[test]
fn a_cloud_that_is_named_is_listed_whole() {
    assert_data_eq!(
        Stage::new().run("images --cloud prod").transcript(),
        str![[r#"
$ imgshare images --cloud prod
prod
  ap-nanjing
    img-aaaa0001  2026-08-01  available  golden-20260801  (rule golden)
        with data-team (100012345678), 100055554444
    img-aaaa0002  2026-09-01  available  golden-20260901  (rule golden)
        with data-team (100012345678)
    img-aaaa0003  2026-10-01  available  golden-20261001  (rule golden)
        nobody has it
    img-aaaa0004  2026-10-02  available  scratch
        nobody has it

Images: 4
--- exit 0

"#]]
    );
}

#[test]
fn with_a_rule_a_named_cloud_is_listed_as_far_as_the_rule_goes() {
    let run = Stage::new().run("images --cloud prod --only golden");
    assert!(!run.stdout.contains("scratch"), "{}", run.transcript());
}

#[test]
fn what_could_be_read_is_shown_beside_what_could_not() {
    let stage = Stage::new();
    stage.config(&CONFIG.replace("[\"ap-nanjing\"]", "[\"ap-nanjing\", \"ap-mars\"]"));
    let run = stage.run("images");
    assert_data_eq!(
        run.transcript(),
        str![[r#"
$ imgshare images
prod
  ap-nanjing
    img-aaaa0001  2026-08-01  available  golden-20260801  (rule golden)
        with data-team (100012345678), 100055554444
    img-aaaa0002  2026-09-01  available  golden-20260901  (rule golden)
        with data-team (100012345678)
    img-aaaa0003  2026-10-01  available  golden-20261001  (rule golden)
        nobody has it

error: cannot list the images: the region `ap-mars` is not supported
  provider: tencent ap-mars (cloud prod)
  cloud:    UnsupportedRegion, request [REQUEST]
  rules:    golden
  hint:     check the region; it is spelled like `ap-guangzhou`

Images: 3
--- exit 1

"#]]
    );
}

#[test]
fn images_as_json() {
    let document = Stage::new().run("images --format json").json();
    assert_eq!(document["format"], 1);
    assert_eq!(document["images"].as_array().map(Vec::len), Some(3));
    let image = &document["images"][0];
    assert_eq!(image["image"]["id"], "img-aaaa0001");
    assert_eq!(image["rules"][0], "golden");
    assert_eq!((&image["state"], &image["cloud_state"]), (&"available".into(), &"NORMAL".into()));
    assert_eq!(image["created"], "2026-08-01T00:00:00Z");
    assert_eq!(image["accounts"][0]["name"], "data-team");
    assert!(image["accounts"][1]["name"].is_null());
    assert_eq!(document["unreadable"].as_array().map(Vec::len), Some(0));
}

#[test]
fn an_image_cannot_tell_the_terminal_what_to_do() {
    let stage = Stage::with(|tencent| {
        let images = &mut tencent.owners[0].regions.get_mut("ap-nanjing").expect("it is there").images;
        images[0].name = "golden-\u{1b}[2J".into();
    });
    for words in ["images", "plan", "drift", "apply --yes"] {
        let run = stage.run(&format!("{words} --color always"));
        assert!(run.stdout.contains("golden-\u{fffd}[2J"), "{words}: {:?}", run.stdout);
        assert!(!run.stdout.contains("\u{1b}[2J"), "{words}: {:?}", run.stdout);
    }
}
