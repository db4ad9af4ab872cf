//! Reads that show how things were a while ago.

use imgshare_cloudsim::{AccountId, FaultKind, FaultRule, ImageId, ImageScenario, Meddling, Trigger};
use serde_json::{Value, json};

use crate::client::OWNER;
use crate::world::{IMAGE, OTHER_REGION, OWNER_ACCOUNT, REGION, Sim, code};

const FRIEND: &str = "100012345678";

/// Reads lag behind by five seconds.
async fn lagging() -> Sim {
    Sim::with_fault(FaultRule::always(FaultKind::Stale { ms: 5_000 })).await
}

async fn read_shares(sim: &Sim) -> Vec<String> {
    let answer = sim.call("DescribeImageSharePermission", json!({"ImageId": IMAGE})).await;
    let shares = answer["SharePermissionSet"].as_array().expect("a list");
    shares.iter().map(|share| share["AccountId"].as_str().expect("a text").to_owned()).collect()
}

#[tokio::test]
async fn shares_are_shown_as_they_were_until_the_lag_is_over() {
    let sim = lagging().await;
    sim.clock.advance_ms(60_000);
    assert_eq!(code(&sim.share(IMAGE, &[FRIEND]).await), "");
    assert_eq!(sim.shares_of(IMAGE), [FRIEND], "the write is done at once");
    sim.clock.advance_ms(4_999);
    assert!(read_shares(&sim).await.is_empty());
    sim.clock.advance_ms(1);
    assert_eq!(read_shares(&sim).await, [FRIEND]);

    sim.cancel(IMAGE, &[FRIEND]).await;
    sim.clock.advance_ms(4_999);
    assert_eq!(read_shares(&sim).await, [FRIEND]);
    sim.clock.advance_ms(1);
    assert!(read_shares(&sim).await.is_empty());
}

#[tokio::test]
async fn what_others_change_is_seen_late_too() {
    let sim = lagging().await;
    sim.running.add_share("tencent", &ImageId::from(IMAGE), &AccountId::from(FRIEND)).expect("it is there");
    assert!(read_shares(&sim).await.is_empty());
    sim.clock.advance_ms(5_000);
    assert_eq!(read_shares(&sim).await, [FRIEND]);
}

async fn listed(sim: &Sim, region: &str) -> Value {
    sim.send(&OWNER, "DescribeImages", region, &json!({})).await.response()
}

#[tokio::test]
async fn new_images_and_copies_are_listed_late() {
    let sim = lagging().await;
    let before = listed(&sim, REGION).await["TotalCount"].as_u64().expect("a number");
    let image = ImageScenario { name: "new".to_owned(), ..ImageScenario::default() };
    let add = Meddling::AddImage { owner: OWNER_ACCOUNT.into(), region: REGION.into(), image };
    sim.running.meddle("tencent", add).expect("the owner exists");
    sim.call("SyncImages", json!({"ImageIds": [IMAGE], "DestinationRegions": [OTHER_REGION]})).await;
    sim.clock.advance_ms(4_999);
    assert_eq!(listed(&sim, REGION).await["TotalCount"], before);
    assert_eq!(listed(&sim, OTHER_REGION).await["TotalCount"], 0);
    sim.clock.advance_ms(1);
    assert_eq!(listed(&sim, REGION).await["TotalCount"], before + 1);
    let copy = &listed(&sim, OTHER_REGION).await["ImageSet"][0];
    assert_eq!(copy["ImageState"], "SYNCING", "its progress is five seconds old as well");
}

#[tokio::test]
async fn some_reads_lag_and_some_do_not_as_the_seed_has_it() {
    let lags = async || {
        let when = Trigger::Chance(0.5);
        let sim =
            Sim::with_fault(FaultRule { when, ..FaultRule::always(FaultKind::Stale { ms: 5_000 }) }).await;
        sim.share(IMAGE, &[FRIEND]).await;
        let mut lags = Vec::new();
        for _ in 0..20 {
            lags.push(read_shares(&sim).await.is_empty());
        }
        lags
    };
    let first = lags().await;
    assert!(first.contains(&true) && first.contains(&false), "{first:?}");
    assert_eq!(first, lags().await);
}
