//! `CopyCompShareCustomImage` and `CopyCustomImage`.

use imgshare_cloudsim::CopyRule;
use imgshare_cloudsim::ucloud::UcloudScenario;
use serde_json::Value;

use super::client::{IMAGE, OWNER, REGION, Sim, UHOST_IMAGE, UHOST_REGION, ret_code, small};

async fn copy_uhost(sim: &Sim, image: &str, more: &[(&str, &str)]) -> Value {
    let params = [&[("Region", UHOST_REGION), ("SourceImageId", image)], more].concat();
    sim.call_as(&OWNER, "CopyCustomImage", &params).await
}

#[tokio::test]
async fn a_compshare_copy_is_a_new_image_in_the_same_region() {
    let sim = Sim::small().await;
    let params = [("CompShareImageId", IMAGE), ("TargetImageName", "镜像 copy")];
    let made = sim.call("CopyCompShareCustomImage", &params).await["NewCompShareImageId"].clone();
    let id = made.as_str().expect("an id");
    let copy = async || {
        let listed = sim.call("DescribeCompShareCustomImages", &[("CompShareImageId", id)]).await;
        let image = &listed["ImageSet"][0];
        format!("{} {}", image["Name"], image["Status"]).replace('"', "")
    };
    assert_eq!(copy().await, "镜像 copy Making");
    sim.clock.advance_ms(2000);
    assert_eq!(copy().await, "镜像 copy Available");
}

#[tokio::test]
async fn a_uhost_copy_goes_to_another_project_in_one_region() {
    let sim = Sim::small().await;
    let answer =
        copy_uhost(&sim, UHOST_IMAGE, &[("TargetProjectId", "org-fake02"), ("TargetRegion", "hk")]).await;
    let there = sim.call_as(&OWNER, "DescribeImage", &[("Region", "hk")]).await;
    assert_eq!(there["ImageSet"][0]["ImageId"], answer["TargetImageId"]);
    assert_eq!(there["ImageSet"][0]["State"], "Copying");
    assert!(answer["TaskId"].is_string());
}

#[tokio::test]
async fn a_copy_that_the_cloud_does_not_make_is_refused() {
    let sim = Sim::small().await;
    for (image, project, region, expected) in [
        ("uimage-nosuch", "org-fake02", "hk", 8956),
        (IMAGE, "org-fake02", "hk", 8956),
        (UHOST_IMAGE, "org-fake01", "hk", 8962),
        (UHOST_IMAGE, "org-fake02", "cn-atlantis", 230),
        (UHOST_IMAGE, "", "hk", 210),
    ] {
        let more = [("TargetProjectId", project), ("TargetRegion", region)];
        assert_eq!(ret_code(&copy_uhost(&sim, image, &more).await), expected, "{image} {project} {region}");
    }
    for (image, zone, expected) in [("compshareImage-nosuch", "", 230), (IMAGE, "cn-bj2-01", 293)] {
        let params = [("Region", REGION), ("CompShareImageId", image), ("Zone", zone)];
        let answer = sim.call_as(&OWNER, "CopyCompShareCustomImage", &params).await;
        assert_eq!(ret_code(&answer), expected, "{image} {zone}");
    }
}

#[tokio::test]
async fn a_copy_that_fails_is_unavailable_in_the_end() {
    let copies = vec![CopyRule { fails: true, ..CopyRule::default() }];
    let sim = Sim::start(UcloudScenario { copies, ..small() }).await;
    let copy = [("CompShareImageId", IMAGE)];
    let made = sim.call("CopyCompShareCustomImage", &copy).await["NewCompShareImageId"].clone();
    copy_uhost(&sim, UHOST_IMAGE, &[("TargetProjectId", "org-fake02"), ("TargetRegion", "hk")]).await;
    sim.clock.advance_ms(2000);
    let id = [("CompShareImageId", made.as_str().expect("an id"))];
    let listed = sim.call("DescribeCompShareCustomImages", &id).await;
    assert_eq!(listed["ImageSet"][0]["Status"], "UnAvailable");
    let listed = sim.call_as(&OWNER, "DescribeImage", &[("Region", "hk")]).await;
    assert_eq!(listed["ImageSet"][0]["State"], "Unavailable");
}
