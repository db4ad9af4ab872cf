//! Listing, over pages and zones, with and without what the cloud's documentation disagrees on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use imgshare_sdk::{Connect, Image, ImageQuery, ImageState, Page, PageToken, Result};
use imgshare_testkit::{Answer, Provider, Script};
use serde_json::json;

use crate::cloud::{actions, calls, connect, done, image, parameters, refuse, with_keys, with_settings};

const ZONES: &str = "DescribeCompShareSupportZone";
const LIST: &str = "DescribeCompShareCustomImages";

fn query() -> ImageQuery {
    ImageQuery { region: "cn-wlcb".into(), ..ImageQuery::default() }
}

/// All pages, as the host fetches them; ids with the tokens' order kept.
async fn all_pages(provider: &Provider, query: ImageQuery) -> Result<Vec<Image>> {
    let mut open: Vec<Option<PageToken>> = vec![None];
    let mut images = Vec::new();
    while let Some(page) = open.pop() {
        let Page { items, next } = provider.list_images(ImageQuery { page, ..query.clone() }).await.result?;
        images.extend(items);
        open.extend(next.into_iter().rev().map(Some));
    }
    Ok(images)
}

async fn list(cloud: &Arc<Script>, config: &Connect) -> Result<Vec<Image>> {
    all_pages(&connect(cloud, config), query()).await
}

fn ids(images: &[Image]) -> BTreeSet<&str> {
    images.iter().map(|image| image.id.as_str()).collect()
}

/// A cloud with so many images in each of these zones; a listing without a zone shows all of them.
fn zoned(zones: &'static [(&'static str, usize)]) -> Arc<Script> {
    Script::by(move |request| answer(zones, &parameters(&request.body)))
}

fn answer(zones: &[(&str, usize)], call: &BTreeMap<String, String>) -> Answer {
    if call["Action"] == ZONES {
        let zone = |(zone, _): &(&str, usize)| json!({"Region": "cn-wlcb", "Zone": zone, "ZoneId": 1});
        return done(json!({ "ZoneInfo": zones.iter().map(zone).collect::<Vec<_>>() }));
    }
    let listed = zones.iter().filter(|(zone, _)| call.get("Zone").is_none_or(|wanted| wanted == zone));
    let ids: Vec<_> =
        listed.flat_map(|(zone, count)| (0..*count).map(move |at| format!("{zone}-{at:03}"))).collect();
    images(call, &ids)
}

/// The page of these images that the call asks for.
fn images(call: &BTreeMap<String, String>, ids: &[String]) -> Answer {
    let number = |name: &str| call[name].parse::<usize>().unwrap();
    let (offset, limit) = (number("Offset"), number("Limit"));
    assert!(limit <= 100, "more than a page: {call:?}");
    let record = |id: &String| json!({"CompShareImageId": id, "Name": id, "Status": "Available", "CreateTime": "1700000000"});
    let set: Vec<_> = ids.iter().skip(offset).take(limit).map(record).collect();
    done(json!({ "ImageSet": set, "TotalCount": ids.len() }))
}

#[tokio::test(start_paused = true)]
async fn a_call_goes_to_the_products_host_with_the_owners_project() {
    let fields = [("public_key", "fakepublic"), ("private_key", "fakeprivate"), ("project_id", "org-fake01")];
    for (product, url) in [("compshare", "https://api.compshare.cn/"), ("uhost", "https://api.ucloud.cn/")] {
        let cloud = zoned(&[("cn-wlcb-01", 0)]);
        let settings = json!({ "product": product, "zone": "none" });
        list(&cloud, &Connect { settings, ..crate::cloud::with_credentials(&fields) }).await.unwrap();
        let request = cloud.requests().remove(0);
        assert_eq!((request.method.as_str(), request.url.as_str()), ("POST", url));
        let content_type = ("Content-Type".to_owned(), "application/x-www-form-urlencoded".to_owned());
        assert!(request.headers.contains(&content_type));
        let call = parameters(&request.body);
        for (name, value) in [("Region", "cn-wlcb"), ("ProjectId", "org-fake01"), ("Limit", "100")] {
            assert_eq!(call.get(name).map(String::as_str), Some(value), "{name}");
        }
        assert_eq!(call["Signature"].len(), 40);
    }
}

#[tokio::test(start_paused = true)]
async fn two_hundred_and_fifty_images_take_three_pages_and_one_question_for_zones() {
    let cloud = zoned(&[("cn-wlcb-01", 250)]);
    let images = list(&cloud, &with_keys()).await.unwrap();
    assert_eq!((images.len(), ids(&images).len()), (250, 250));
    assert_eq!(actions(&cloud), [ZONES, LIST, LIST, LIST]);
}

#[tokio::test(start_paused = true)]
async fn each_zone_of_a_region_is_listed() {
    let cloud = zoned(&[("cn-wlcb-01", 101), ("cn-wlcb-02", 3), ("cn-wlcb-03", 0)]);
    let images = list(&cloud, &with_keys()).await.unwrap();
    assert_eq!((images.len(), ids(&images).len()), (104, 104));
    assert_eq!(actions(&cloud).len(), 1 + 2 + 1 + 1);
}

#[tokio::test(start_paused = true)]
async fn zones_are_asked_for_once_for_all_listings_of_a_region() {
    let cloud = zoned(&[("cn-wlcb-01", 1)]);
    let provider = connect(&cloud, &with_keys());
    for _ in 0..3 {
        all_pages(&provider, query()).await.unwrap();
    }
    assert_eq!(actions(&cloud), [ZONES, LIST, LIST, LIST]);
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_does_not_name_its_zones_is_listed_without_one() {
    for refusal in
        [refuse(161, "Action not found"), refuse(299, "IAM denied"), done(json!({"ZoneInfo": null}))]
    {
        let cloud = Script::by(move |request| match parameters(&request.body) {
            call if call["Action"] == ZONES => refusal.clone(),
            call => answer(&[("cn-wlcb-01", 2)], &call),
        });
        assert_eq!(list(&cloud, &with_keys()).await.unwrap().len(), 2);
        assert!(calls(&cloud).iter().all(|call| !call.contains_key("Zone")));
    }
}

#[tokio::test(start_paused = true)]
async fn when_zones_cannot_be_asked_for_now_the_region_is_not_taken_for_listed() {
    let cloud = Script::by(|_| refuse(130, "busy"));
    assert!(list(&cloud, &with_keys()).await.is_err());
    assert!(actions(&cloud).iter().all(|action| action == ZONES));
}

#[tokio::test(start_paused = true)]
async fn a_zone_of_the_settings_is_the_only_one_and_none_names_none() {
    let zones = &[("cn-wlcb-01", 2), ("cn-wlcb-02", 3)];
    for (zone, count) in [("cn-wlcb-02", 3), ("none", 5)] {
        let cloud = zoned(zones);
        assert_eq!(list(&cloud, &with_settings(json!({ "zone": zone }))).await.unwrap().len(), count);
        assert_eq!(actions(&cloud), [LIST], "{zone}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_id_is_asked_for_by_itself_and_among_all_where_that_is_refused() {
    let cloud = Script::by(|request| match parameters(&request.body) {
        call if call.contains_key("CompShareImageId") => refuse(8999, "no such image"),
        call => answer(&[("cn-wlcb-01", 2)], &call),
    });
    let provider = connect(&cloud, &with_settings(json!({"zone": "none"})));
    let one = ImageQuery { ids: vec!["cn-wlcb-01-001".into()], ..query() };
    assert_eq!(ids(&all_pages(&provider, one).await.unwrap()), ["cn-wlcb-01-001"].into());
    assert_eq!(cloud.requests().len(), 2);
}

#[tokio::test(start_paused = true)]
async fn uhost_images_are_listed_with_the_reason_why_they_cannot_be_shared() {
    let cloud = Script::by(|_| {
        done(json!({"TotalCount": "1", "ImageSet": [
            {"ImageId": "uimage-1", "ImageName": "golden", "ImageType": "Custom", "State": "Copying"}]}))
    });
    let config = with_settings(json!({"product": "uhost"}));
    let images = list(&cloud, &config).await.unwrap();
    assert_eq!((images[0].id.as_str(), images[0].state), ("uimage-1", ImageState::Pending));
    assert!(images[0].unshareable.as_ref().unwrap().contains("CopyCustomImage"));
    assert_eq!(actions(&cloud), ["DescribeImage"]);

    let error = connect(&cloud, &config).read_shares(image()).await.result.unwrap_err();
    assert!(error.message.contains("CopyCustomImage"), "{error}");
    assert_eq!(cloud.requests().len(), 1);
}
