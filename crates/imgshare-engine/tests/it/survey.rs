//! What a survey reads, and what it makes of what cannot be read.

use imgshare_plan::SharesRead;
use imgshare_protocol::{ErrorKind, Selection};

use crate::cloud::Cloud;
use crate::stage::Stage;

#[tokio::test(start_paused = true)]
async fn a_region_that_cannot_be_listed_is_a_value_and_the_others_are_read() {
    let cloud = Cloud { dead: ["dead".into()].into(), ..Cloud::with_images("alive", &["a", "b"]) };
    let stage = Stage::new(cloud.and_images("dead", &["c"]), &["alive", "dead"], &["111111"]);
    let actual = stage.survey().await;
    let region = |name: &str| &actual.regions[&("prod".into(), name.into())];
    assert_eq!(region("alive").as_ref().unwrap().len(), 2);
    let error = region("dead").as_ref().unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable);
    assert!(error.context.contains(&("region".into(), "dead".into())), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn shares_are_read_of_selected_images_only() {
    let mut stage = Stage::new(Cloud::with_images("r", &["a", "b", "c"]), &["r"], &["111111"]);
    stage.desired.rules[0].images = Selection { name: Some("b".into()), ..Selection::default() };
    let actual = stage.survey().await;
    let images = actual.regions[&("prod".into(), "r".into())].as_ref().unwrap();
    let read: Vec<_> = images.iter().filter(|image| matches!(image.shares, SharesRead::Read(_))).collect();
    assert_eq!(read.len(), 1);
    assert_eq!(stage.reads_of_shares(), 1);
}

#[tokio::test(start_paused = true)]
async fn no_more_requests_are_on_their_way_than_allowed_and_no_fewer() {
    let images: Vec<_> = (0..40).map(|number| format!("image-{number:02}")).collect();
    let images: Vec<_> = images.iter().map(String::as_str).collect();
    let cloud = Cloud { latency_ms: 10, ..Cloud::with_images("r", &images) };
    let stage = Stage::new(cloud, &["r"], &["111111"]).in_flight_max(4);
    let survey = stage.survey();
    tokio::pin!(survey);
    let mut most = 0;
    // Every step of virtual time ends some requests and begins others.
    while tokio::time::timeout(std::time::Duration::from_millis(1), &mut survey).await.is_err() {
        most = most.max(stage.script.in_flight());
    }
    assert_eq!(most, 4);
}
