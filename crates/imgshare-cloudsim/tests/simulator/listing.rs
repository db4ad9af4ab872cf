//! `DescribeImages`: pages, filters, and what each account sees.

use std::collections::BTreeMap;

use imgshare_cloudsim::tencent::TencentScenario;
use imgshare_cloudsim::{AccountId, ImageScenario, ImageSeries, RegionId, RegionScenario};
use serde_json::{Value, json};

use crate::client::Login;
use crate::world::{IMAGE, OTHER_OWNER, REGION, Sim, code, image, owner, scenario, small};

async fn sim_of(region: RegionScenario) -> Sim {
    let owner = owner(BTreeMap::from([(RegionId::from(REGION), region)]));
    Sim::start(scenario(TencentScenario { owners: vec![owner], ..TencentScenario::default() })).await
}

fn ids(response: &Value) -> Vec<String> {
    let images = response["ImageSet"].as_array().unwrap_or_else(|| panic!("no images in {response}"));
    images.iter().map(|image| image["ImageId"].as_str().expect("an id").to_owned()).collect()
}

fn names(response: &Value) -> Vec<&str> {
    let images = response["ImageSet"].as_array().unwrap_or_else(|| panic!("no images in {response}"));
    let mut names: Vec<_> = images.iter().map(|image| image["ImageName"].as_str().expect("a name")).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn pages_cover_every_image_once_and_the_total_counts_all() {
    let sim =
        sim_of(RegionScenario { images: vec![], series: vec![ImageSeries::new(230, "golden-{n}")] }).await;
    let mut seen = std::collections::BTreeSet::new();
    for (offset, expected) in [(0, 100), (100, 100), (200, 30), (230, 0), (1000, 0)] {
        let page = sim.call("DescribeImages", json!({"Offset": offset, "Limit": 100})).await;
        assert_eq!(page["TotalCount"], 230);
        assert_eq!(ids(&page).len(), expected, "offset {offset}");
        seen.extend(ids(&page));
    }
    assert_eq!(seen.len(), 230);
}

#[tokio::test]
async fn a_page_has_twenty_images_by_default_and_a_hundred_at_most() {
    let sim =
        sim_of(RegionScenario { images: vec![], series: vec![ImageSeries::new(30, "golden-{n}")] }).await;
    assert_eq!(ids(&sim.call("DescribeImages", json!({})).await).len(), 20);
    for params in [json!({"Limit": 101}), json!({"Limit": 0}), json!({"Offset": -1})] {
        let refused = sim.call("DescribeImages", params).await;
        assert_eq!(code(&refused), "InvalidParameterValue.InvalidParameterValueLimit");
    }
}

fn tagged(id: &str, name: &str, tag: (&str, &str)) -> ImageScenario {
    let tags = BTreeMap::from([(tag.0.to_owned(), tag.1.to_owned())]);
    ImageScenario { tags, ..image(id, name) }
}

#[tokio::test]
async fn filters_are_anded_and_their_values_ored() {
    let images = vec![
        tagged("img-00000001", "golden-ubuntu", ("team", "gpu")),
        tagged("img-00000002", "golden-debian", ("team", "web")),
        tagged("img-00000003", "old-golden", ("stage", "gpu")),
        ImageScenario { platform: Some("Windows".to_owned()), ..image("img-00000004", "win") },
    ];
    let sim = sim_of(RegionScenario { images, series: vec![] }).await;
    for (filters, expected) in [
        (json!([{"Name": "image-name", "Values": ["golden"]}]), "golden-debian golden-ubuntu old-golden"),
        (json!([{"Name": "image-name", "Values": ["ubuntu", "win"]}]), "golden-ubuntu win"),
        (json!([{"Name": "image-id", "Values": ["img-00000002"]}]), "golden-debian"),
        (json!([{"Name": "image-type", "Values": ["PUBLIC_IMAGE"]}]), ""),
        (json!([{"Name": "platform", "Values": ["Wind"]}]), "win"),
        (json!([{"Name": "tag-key", "Values": ["team"]}]), "golden-debian golden-ubuntu"),
        (json!([{"Name": "tag-value", "Values": ["gpu"]}]), "golden-ubuntu old-golden"),
        (json!([{"Name": "tag:team", "Values": ["gpu"]}]), "golden-ubuntu"),
        (
            json!([{"Name": "image-name", "Values": ["golden"]}, {"Name": "tag:team", "Values": ["web", "x"]}]),
            "golden-debian",
        ),
    ] {
        let response = sim.call("DescribeImages", json!({"Filters": filters})).await;
        assert_eq!(names(&response).join(" "), expected, "{filters}");
        assert_eq!(response["TotalCount"], names(&response).len(), "{filters}");
    }
}

#[tokio::test]
async fn a_query_that_the_cloud_cannot_answer_is_refused() {
    let sim = Sim::small().await;
    let filter = |count| vec![json!({"Name": "image-name", "Values": ["x"]}); count];
    for (params, expected) in [
        (json!({"Filters": [{"Name": "family", "Values": ["x"]}]}), "InvalidFilter"),
        (json!({"Filters": filter(11)}), "InvalidFilterValue.LimitExceeded"),
        (
            json!({"Filters": [{"Name": "image-name", "Values": ["1", "2", "3", "4", "5", "6"]}]}),
            "InvalidFilterValue.LimitExceeded",
        ),
        (
            json!({"ImageIds": [IMAGE], "Filters": filter(1)}),
            "InvalidParameter.InvalidParameterCoexistImageIdsFilters",
        ),
        (json!({"ImageIds": ["img-nosuch00"]}), "InvalidImageId.NotFound"),
        (json!({"ImageIds": ["ami-0123"]}), "InvalidImageId.Malformed"),
        (json!({"ImageIds": IMAGE}), "InvalidParameter"),
        (json!({"ImageNames": ["x"]}), "UnknownParameter"),
        (json!([]), "InvalidParameter"),
    ] {
        assert_eq!(code(&sim.call("DescribeImages", params.clone()).await), expected, "{params}");
    }
    assert_eq!(code(&sim.call("DescribeImages", json!({"Filters": filter(10)})).await), "");
}

#[tokio::test]
async fn an_account_sees_its_own_the_public_and_the_shared_images() {
    let mut world = small();
    let images = &mut world.owners[0].regions.get_mut(REGION).expect("the region").images;
    images[0].shares = vec![AccountId::from("100000000008")];
    let sim = Sim::start(scenario(world)).await;
    let login = Login { token: Some("FakeOtherToken"), ..OTHER_OWNER };
    let response = sim.send(&login, "DescribeImages", REGION, &json!({})).await.response();
    let kinds: Vec<_> = response["ImageSet"]
        .as_array()
        .expect("images")
        .iter()
        .map(|image| format!("{} {}", image["ImageId"], image["ImageType"]).replace('"', ""))
        .collect();
    assert_eq!(
        kinds,
        ["img-6pb6lrmy SHARED_IMAGE", "img-other000 PRIVATE_IMAGE", "img-public00 PUBLIC_IMAGE"]
    );
}

#[tokio::test]
async fn a_record_shows_state_time_family_and_tags() {
    let made = ImageScenario {
        state: Some("IMPORTFAILED".to_owned()),
        created: Some("2026-09-15T08:30:00Z".to_owned()),
        family: Some("golden".to_owned()),
        ..tagged("img-00000001", "golden-ubuntu", ("team", "gpu"))
    };
    let sim = sim_of(RegionScenario { images: vec![made], series: vec![] }).await;
    let response = sim.call("DescribeImages", json!({"ImageIds": ["img-00000001"]})).await;
    let image = &response["ImageSet"][0];
    assert_eq!(image["ImageState"], "IMPORTFAILED");
    assert_eq!(image["CreatedTime"], "2026-09-15T08:30:00+00:00");
    assert_eq!(image["ImageFamily"], "golden");
    assert_eq!(image["Tags"], json!([{"Key": "team", "Value": "gpu"}]));
}

#[tokio::test]
async fn records_may_hold_nothing_but_the_essentials() {
    let mut world = small();
    world.behaviour.sparse_records = true;
    let sim = Sim::start(scenario(world)).await;
    let response = sim.call("DescribeImages", json!({"ImageIds": [IMAGE]})).await;
    let image = &response["ImageSet"][0];
    assert_eq!((&image["ImageName"], &image["ImageState"]), (&json!("golden-ubuntu"), &json!("NORMAL")));
    assert_eq!((&image["Tags"], &image["Platform"]), (&Value::Null, &Value::Null));
}
