//! `DescribeImages`: pages, conditions, and what each account sees.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_cloudsim::alibaba::{AlibabaScenario, Behaviour, SelfShared};
use imgshare_cloudsim::{AccountId, ImageScenario, ImageSeries, RegionId};
use serde_json::{Value, json};

use super::client::{OTHER_OWNER, OTHER_OWNER_ACCOUNT, REGION, Sim, code, image, owner, small};

async fn sim_of(images: Vec<ImageScenario>, series: u32) -> Sim {
    let mut owner = owner(images);
    let region = owner.regions.get_mut(&RegionId::from(REGION)).expect("the region");
    region.series = vec![ImageSeries::new(series, "golden-{n}")];
    Sim::start(AlibabaScenario { owners: vec![owner], ..AlibabaScenario::default() }).await
}

fn images(answer: &Value) -> &[Value] {
    answer["Images"]["Image"].as_array().unwrap_or_else(|| panic!("no images in {answer}"))
}

fn texts<'a>(answer: &'a Value, field: &str) -> Vec<&'a str> {
    let mut texts: Vec<_> =
        images(answer).iter().map(|image| image[field].as_str().expect("a text")).collect();
    texts.sort_unstable();
    texts
}

#[tokio::test]
async fn pages_cover_every_image_once_and_the_total_counts_all() {
    let sim = sim_of(Vec::new(), 230).await;
    let mut seen = BTreeSet::new();
    for (number, expected) in [("1", 100), ("2", 100), ("3", 30), ("4", 0), ("1000", 0)] {
        let (_, page) = sim.call("DescribeImages", &[("PageNumber", number), ("PageSize", "100")]).await;
        assert_eq!((&page["TotalCount"], images(&page).len()), (&json!(230), expected), "page {number}");
        seen.extend(texts(&page, "ImageId").into_iter().map(str::to_owned));
    }
    assert_eq!(seen.len(), 230);
}

#[tokio::test]
async fn a_page_has_ten_images_by_default_and_a_hundred_at_most() {
    let sim = sim_of(Vec::new(), 30).await;
    assert_eq!(images(&sim.call("DescribeImages", &[]).await.1).len(), 10);
    for bad in [("PageSize", "101"), ("PageSize", "0"), ("PageNumber", "0"), ("PageNumber", "-1")] {
        let (status, answer) = sim.call("DescribeImages", &[bad]).await;
        assert_eq!((status, code(&answer)), (400, "InvalidParameter"), "{bad:?}");
    }
}

#[tokio::test]
async fn only_available_images_are_listed_unless_a_state_is_asked_for() {
    let sim = Sim::small().await;
    for (status, expected) in [
        (None, vec!["Available"]),
        (Some("Creating"), vec!["Creating"]),
        (Some("Creating,Deprecated"), vec!["Creating", "Deprecated"]),
        (Some("ALL"), vec!["Available", "Creating", "Deprecated"]),
    ] {
        let mut params = vec![("ImageOwnerAlias", "self"), ("PageSize", "100")];
        params.extend(status.map(|status| ("Status", status)));
        let (_, answer) = sim.call("DescribeImages", &params).await;
        let states: BTreeSet<_> = texts(&answer, "Status").into_iter().collect();
        assert_eq!(Vec::from_iter(states), expected);
    }
}

fn tagged(id: &str, name: &str, tag: (&str, &str), created: &str) -> ImageScenario {
    let tags = BTreeMap::from([(tag.0.to_owned(), tag.1.to_owned())]);
    ImageScenario { tags, created: Some(created.to_owned()), ..image(id, name) }
}

#[tokio::test]
async fn conditions_are_anded() {
    let family = Some("golden".to_owned());
    let sim = sim_of(
        vec![
            tagged("m-1", "golden-ubuntu", ("team", "gpu"), "2026-01-01T10:00:00Z"),
            tagged("m-2", "golden-debian", ("team", "web"), "2026-02-01T10:00:30Z"),
            ImageScenario { family, ..tagged("m-3", "old", ("stage", "gpu"), "2026-03-01T10:00:00Z") },
        ],
        0,
    )
    .await;
    let between = |key, value| [("Filter.1.Key", key), ("Filter.1.Value", value)];
    for (params, expected) in [
        (&[][..], "golden-debian golden-ubuntu old"),
        (&[("ImageName", "golden")], "golden-debian golden-ubuntu"),
        (&[("ImageId", "m-2")], "golden-debian"),
        (&[("ImageId", "m-2,m-3,m-4")], "golden-debian old"),
        (&[("ImageFamily", "golden")], "old"),
        (&[("ImageFamily", "gold")], ""),
        (&[("Tag.1.Key", "team")], "golden-debian golden-ubuntu"),
        (&[("Tag.1.Key", "team"), ("Tag.1.Value", "gpu")], "golden-ubuntu"),
        (&[("Tag.1.Key", "team"), ("Tag.2.Key", "stage")], ""),
        (&[("ImageName", "golden"), ("Tag.20.Key", "team"), ("Tag.20.Value", "web")], "golden-debian"),
        (&between("CreationStartTime", "2026-02-01T10:00Z"), "golden-debian old"),
        (&between("CreationStartTime", "2026-02-01T10:01Z"), "old"),
        (&between("CreationEndTime", "2026-02-01T10:00Z"), "golden-ubuntu"),
    ] {
        let (_, answer) = sim.call("DescribeImages", params).await;
        assert_eq!(texts(&answer, "ImageName").join(" "), expected, "{params:?}");
        assert_eq!(answer["TotalCount"], images(&answer).len(), "{params:?}");
    }
}

#[tokio::test]
async fn a_query_that_the_cloud_cannot_answer_is_refused() {
    let sim = Sim::small().await;
    for (params, expected) in [
        (&[("Filter.1.Key", "Name"), ("Filter.1.Value", "x")][..], "InvalidParameter"),
        (
            &[("Filter.1.Key", "CreationEndTime"), ("Filter.1.Value", "2026-02-01T10:00:00Z")],
            "InvalidParameter",
        ),
        (&[("ImageOwnerAlias", "me")], "InvalidParameter"),
        (&[("Tag.21.Key", "team")], "UnsupportedParameter"),
        (&[("Name", "golden")], "UnsupportedParameter"),
        (&[("DryRun", "true")], "DryRunOperation"),
        (&[("DryRun", "perhaps")], "InvalidParameter"),
    ] {
        let (status, answer) = sim.call("DescribeImages", params).await;
        assert_eq!((status, code(&answer)), (400, expected), "{params:?}");
    }
}

#[tokio::test]
async fn an_account_sees_its_own_the_public_and_the_shared_images() {
    let mut world = small();
    let region = world.owners[0].regions.get_mut(&RegionId::from(REGION)).expect("the region");
    region.images[0].shares = vec![AccountId::from(OTHER_OWNER_ACCOUNT)];
    let sim = Sim::start(world).await;
    for (alias, expected) in [
        (None, vec!["others", "self", "system"]),
        (Some("self"), vec!["self"]),
        (Some("others"), vec!["others"]),
        (Some("system"), vec!["system"]),
        (Some("marketplace"), vec![]),
    ] {
        let mut params = vec![("RegionId", REGION)];
        params.extend(alias.map(|alias| ("ImageOwnerAlias", alias)));
        let received = sim.send(&OTHER_OWNER, "DescribeImages", &params).await;
        let answer = serde_json::from_slice(&received.body).expect("JSON");
        assert_eq!(texts(&answer, "ImageOwnerAlias"), expected);
    }
}

#[tokio::test]
async fn the_listing_tells_as_text_whether_an_image_is_shared() {
    let shares = vec![AccountId::from(OTHER_OWNER_ACCOUNT)];
    let images = vec![
        image("m-1", "alone"),
        ImageScenario { shares, ..image("m-2", "shared") },
        ImageScenario { share_groups: vec!["all".to_owned()], ..image("m-3", "grouped") },
    ];
    for (self_shared, expected) in
        [(SelfShared::Told, ["False", "True", "True"]), (SelfShared::Empty, ["", "", ""])]
    {
        let behaviour = Behaviour { self_shared, ..Behaviour::default() };
        let owners = vec![owner(images.clone())];
        let sim = Sim::start(AlibabaScenario { owners, behaviour, ..AlibabaScenario::default() }).await;
        let (_, answer) = sim.call("DescribeImages", &[]).await;
        assert_eq!(texts(&answer, "IsSelfShared"), expected);
    }
}

#[tokio::test]
async fn a_record_shows_state_time_family_and_tags() {
    let made = ImageScenario {
        family: Some("golden".to_owned()),
        ..tagged("m-1", "golden-ubuntu", ("team", "gpu"), "2026-09-15T08:30:00Z")
    };
    let sim = sim_of(vec![made], 0).await;
    let (_, answer) = sim.call("DescribeImages", &[]).await;
    let image = &images(&answer)[0];
    assert_eq!(
        (&image["CreationTime"], &image["ImageFamily"]),
        (&json!("2026-09-15T08:30:00Z"), &json!("golden"))
    );
    assert_eq!(image["Tags"], json!({"Tag": [{"TagKey": "team", "TagValue": "gpu"}]}));
    assert_eq!(image["ImageOwnerId"], 1_000_000_000_000_001_u64);
}
