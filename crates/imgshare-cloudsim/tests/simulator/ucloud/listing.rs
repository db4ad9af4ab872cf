//! What there is: images of both services, zones, and what each account sees.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_cloudsim::ucloud::{Behaviour, UcloudScenario, ZoneParameter};
use imgshare_cloudsim::{AccountId, ImageScenario, ImageSeries, RegionId, RegionScenario};
use serde_json::{Value, json};

use super::client::{
    IMAGE, OTHER_OWNER, OTHER_OWNER_ACCOUNT, OWNER, REGION, Sim, UHOST_IMAGE, UHOST_REGION, ZONE, image,
    owner, region, ret_code, small,
};

const CUSTOM: &str = "DescribeCompShareCustomImages";

fn texts<'a>(answer: &'a Value, field: &str) -> Vec<&'a str> {
    let images = answer["ImageSet"].as_array().unwrap_or_else(|| panic!("no images in {answer}"));
    images.iter().map(|image| image[field].as_str().expect("a text")).collect()
}

#[tokio::test]
async fn pages_cover_every_image_once_and_the_total_counts_all() {
    let many = || RegionScenario { images: Vec::new(), series: vec![ImageSeries::new(230, "golden-{n}")] };
    let owners = vec![owner(many(), many())];
    let sim = Sim::start(UcloudScenario { owners, ..UcloudScenario::default() }).await;
    for (action, region, id) in
        [(CUSTOM, REGION, "CompShareImageId"), ("DescribeImage", UHOST_REGION, "ImageId")]
    {
        let mut seen = BTreeSet::new();
        for (offset, expected) in [("0", 100), ("100", 100), ("200", 30), ("230", 0), ("1000", 0)] {
            let params = [("Region", region), ("Offset", offset), ("Limit", "100")];
            let page = sim.call_as(&OWNER, action, &params).await;
            assert_eq!((&page["TotalCount"], texts(&page, id).len()), (&json!(230), expected), "{offset}");
            seen.extend(texts(&page, id).into_iter().map(str::to_owned));
        }
        assert_eq!(seen.len(), 230);
        let first = sim.call_as(&OWNER, action, &[("Region", region)]).await;
        assert_eq!(texts(&first, id).len(), 20, "twenty by default");
        for bad in [("Limit", "101"), ("Limit", "0"), ("Offset", "-1")] {
            let refused = sim.call_as(&OWNER, action, &[("Region", region), bad]).await;
            assert_eq!(ret_code(&refused), 230, "{bad:?}");
        }
    }
}

#[tokio::test]
async fn every_state_is_listed_and_an_id_picks_one() {
    let sim = Sim::small().await;
    let all = sim.call(CUSTOM, &[]).await;
    assert_eq!(texts(&all, "Status"), ["Available", "Available", "Making"]);
    let one = sim.call(CUSTOM, &[("CompShareImageId", IMAGE)]).await;
    assert_eq!((texts(&one, "Name"), &one["TotalCount"]), (vec!["golden-ubuntu"], &json!(1)));
    assert_eq!(sim.call(CUSTOM, &[("CompShareImageId", "compshareImage-other")]).await["TotalCount"], 0);
}

fn two_zones(zone: ZoneParameter) -> UcloudScenario {
    let second = ImageScenario { zone: Some("cn-wlcb-02".to_owned()), ..image("compshareImage-2", "second") };
    let owner = owner(region(vec![image(IMAGE, "first"), second]), RegionScenario::default());
    UcloudScenario {
        owners: vec![owner],
        zones: BTreeMap::from([(RegionId::from(REGION), vec![ZONE.to_owned(), "cn-wlcb-02".to_owned()])]),
        behaviour: Behaviour { zone, ..Behaviour::default() },
        ..UcloudScenario::default()
    }
}

#[tokio::test]
async fn the_zone_is_optional_or_required_or_ignored() {
    let second = [("Zone", "cn-wlcb-02")];
    for (zone, without, with) in [
        (ZoneParameter::Optional, Some("second first"), "second"),
        (ZoneParameter::Required, None, "second"),
        (ZoneParameter::Ignored, Some("second first"), "second first"),
    ] {
        let sim = Sim::start(two_zones(zone)).await;
        let answer = sim.call(CUSTOM, &[]).await;
        match without {
            Some(names) => assert_eq!(texts(&answer, "Name").join(" "), names),
            None => assert_eq!(ret_code(&answer), 210),
        }
        assert_eq!(texts(&sim.call(CUSTOM, &second).await, "Name").join(" "), with, "{zone:?}");
        assert_eq!(ret_code(&sim.call(CUSTOM, &[("Zone", "cn-bj2-01")]).await), 293);
    }
}

#[tokio::test]
async fn the_zones_of_a_region_are_listed() {
    let sim = Sim::start(two_zones(ZoneParameter::Optional)).await;
    let zones = async |region| {
        let answer = sim.call_as(&OWNER, "DescribeCompShareSupportZone", &[("Region", region)]).await;
        let zones = answer["ZoneInfo"].as_array().expect("zones").clone();
        zones.iter().map(|zone| zone["Zone"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(zones(REGION).await, [ZONE, "cn-wlcb-02"]);
    assert_eq!(zones("hk").await, ["hk-01"]);
}

#[tokio::test]
async fn shared_images_are_listed_for_whom_they_are_shared_with() {
    let mut world = small();
    let images = &mut world.owners[0].regions.values_mut().next().expect("a region").images;
    images[0].shares = vec![AccountId::from(OTHER_OWNER_ACCOUNT)];
    let sim = Sim::start(world).await;
    let params = [("Region", REGION)];
    let sharing = sim.call_as(&OTHER_OWNER, "DescribeCompShareSharingImages", &params).await;
    assert_eq!(texts(&sharing, "CompShareImageId"), [IMAGE]);
    assert_eq!(sharing["ImageSet"][0]["Owner"]["AccountId"], 50_000_009);
    let own = sim.call_as(&OTHER_OWNER, CUSTOM, &params).await;
    assert_eq!(texts(&own, "CompShareImageId"), ["compshareImage-other"]);
}

#[tokio::test]
async fn the_services_do_not_see_each_others_images() {
    let both = owner(region(vec![image(IMAGE, "gpu")]), RegionScenario::default());
    let mut both = UcloudScenario { owners: vec![both], ..UcloudScenario::default() };
    let uhost =
        region(vec![image(UHOST_IMAGE, "web"), ImageScenario { public: true, ..image("uimage-base", "b") }]);
    both.owners[0].uhost_regions.insert(RegionId::from(REGION), uhost);
    let sim = Sim::start(both).await;
    assert_eq!(texts(&sim.call(CUSTOM, &[]).await, "CompShareImageId"), [IMAGE]);
    assert_eq!(texts(&sim.call("DescribeImage", &[]).await, "ImageId"), ["uimage-base", UHOST_IMAGE]);
    for (params, expected) in [
        (&[("ImageType", "Custom")][..], vec![UHOST_IMAGE]),
        (&[("ImageType", "Base")], vec!["uimage-base"]),
        (&[("ImageId", UHOST_IMAGE)], vec![UHOST_IMAGE]),
        (&[("ImageIds.0", UHOST_IMAGE), ("ImageIds.1", "uimage-nosuch")], vec![UHOST_IMAGE]),
        (&[("Tag", "Default"), ("Zone", ZONE)], vec!["uimage-base", UHOST_IMAGE]),
        (&[("Tag", "web")], vec![]),
    ] {
        assert_eq!(texts(&sim.call("DescribeImage", params).await, "ImageId"), expected, "{params:?}");
    }
}

#[tokio::test]
async fn times_and_sizes_are_numbers_or_texts() {
    let made = ImageScenario {
        created: Some("2026-09-15T08:30:00Z".to_owned()),
        tags: BTreeMap::from([("gpu".to_owned(), String::new()), ("team".to_owned(), "a".to_owned())]),
        ..image(IMAGE, "golden")
    };
    for (loose_types, time, size) in
        [(false, json!(1_789_461_000), json!(20480)), (true, json!("1789461000"), json!("20480"))]
    {
        let owners = vec![owner(region(vec![made.clone()]), RegionScenario::default())];
        let behaviour = Behaviour { loose_types, ..Behaviour::default() };
        let sim = Sim::start(UcloudScenario { owners, behaviour, ..UcloudScenario::default() }).await;
        let image = sim.call(CUSTOM, &[]).await["ImageSet"][0].clone();
        assert_eq!((&image["CreateTime"], &image["Size"]), (&time, &size));
        assert_eq!(image["Tags"], json!(["gpu", "team=a"]));
    }
}
