//! Those whom images are shared with: what they see, and what they cannot do.

use imgshare_cloudsim::tencent::TencentScenario;
use imgshare_cloudsim::{AccountId, ImageId, Meddling, ReceiverKey};
use serde_json::{Value, json};

use crate::client::{Login, OWNER};
use crate::world::{IMAGE, REGION, Sim, code, scenario, small};
use crate::{alibaba, ucloud};

const FRIEND: &str = "100012345678";
const FRIEND_LOGIN: Login =
    Login { secret_id: "FAKE-KEY-OF-100012345678", secret_key: "FAKE-SECRET-OF-100012345678", ..OWNER };

/// The images that others share with the friend, as he lists them.
async fn received(sim: &Sim) -> Vec<String> {
    let shared = json!({"Filters": [{"Name": "image-type", "Values": ["SHARED_IMAGE"]}]});
    let answer = sim.send(&FRIEND_LOGIN, "DescribeImages", REGION, &shared).await.response();
    assert_eq!(code(&answer), "");
    ids(&answer["ImageSet"], "ImageId")
}

fn ids(images: &Value, field: &str) -> Vec<String> {
    let images = images.as_array().expect("a list").iter();
    images.map(|image| image[field].as_str().expect("a text").to_owned()).collect()
}

fn meddle(sim: &Sim, meddling: Meddling) {
    sim.running.meddle("tencent", meddling).expect("the image is there");
}

#[tokio::test]
async fn a_receiver_sees_what_is_shared_with_him_and_nothing_else() {
    let sim = Sim::small().await;
    assert_eq!(received(&sim).await, [""; 0]);
    sim.share(IMAGE, &[FRIEND]).await;
    assert_eq!(received(&sim).await, [IMAGE]);
    sim.cancel(IMAGE, &[FRIEND]).await;
    assert_eq!(received(&sim).await, [""; 0]);
}

#[tokio::test]
async fn a_receiver_cannot_look_at_shares_or_change_them() {
    let sim = Sim::small().await;
    sim.share(IMAGE, &[FRIEND]).await;
    let give = json!({"ImageId": IMAGE, "AccountIds": ["100099998888"], "Permission": "SHARE"});
    for (action, params) in
        [("ModifyImageSharePermission", give), ("DescribeImageSharePermission", json!({"ImageId": IMAGE}))]
    {
        let answer = sim.send(&FRIEND_LOGIN, action, REGION, &params).await.response();
        assert_eq!(code(&answer), "UnauthorizedOperation.ImageNotBelongToAccount", "{action}");
    }
    assert_eq!(sim.shares_of(IMAGE), [FRIEND]);
}

#[tokio::test]
async fn every_account_that_exists_has_a_key_and_no_other_has() {
    let sim = Sim::small().await;
    let told = async |login: &Login| {
        code(&sim.send(login, "DescribeImages", REGION, &json!({})).await.response()).to_owned()
    };
    assert_eq!(told(&FRIEND_LOGIN).await, "");
    let wrong = Login { secret_key: "FAKE-SECRET-OF-100099998888", ..FRIEND_LOGIN };
    assert_eq!(told(&wrong).await, "AuthFailure.SignatureFailure");
    let key = |secret_id, secret_key| Login { secret_id, secret_key, ..OWNER };
    for nobody in [
        key("FAKE-KEY-OF-100000000404", "FAKE-SECRET-OF-100000000404"),
        // Collaborators and owners.
        key("FAKE-KEY-OF-200000000001", "FAKE-SECRET-OF-200000000001"),
        key("FAKE-KEY-OF-100000000009", "FAKE-SECRET-OF-100000000009"),
    ] {
        assert_eq!(told(&nobody).await, "AuthFailure.SecretIdNotFound", "{}", nobody.secret_id);
    }
}

#[tokio::test]
async fn the_calls_of_a_receiver_are_counted_and_bear_his_name() {
    let sim = Sim::small().await;
    received(&sim).await;
    assert_eq!(sim.calls("DescribeImages")["done"], 1);
    assert_eq!(sim.running.state()["clouds"]["tencent"]["log"][0]["caller"], FRIEND);
}

#[tokio::test]
async fn what_is_shared_is_seen_after_the_lag_and_so_is_what_is_taken_away() {
    let sim = Sim::start(scenario(TencentScenario { receivers_lag_s: 5, ..small() })).await;
    sim.clock.advance_ms(60_000);
    sim.share(IMAGE, &[FRIEND]).await;
    sim.clock.advance_ms(4_999);
    assert_eq!(received(&sim).await, [""; 0]);
    sim.clock.advance_ms(1);
    assert_eq!(received(&sim).await, [IMAGE]);
    sim.cancel(IMAGE, &[FRIEND]).await;
    sim.clock.advance_ms(4_999);
    assert_eq!(received(&sim).await, [IMAGE]);
    sim.clock.advance_ms(1);
    assert_eq!(received(&sim).await, [""; 0]);
}

#[tokio::test]
async fn a_hidden_image_is_granted_and_not_seen() {
    let sim = Sim::small().await;
    sim.share(IMAGE, &[FRIEND]).await;
    meddle(&sim, Meddling::HideFromReceivers { image: ImageId::from(IMAGE) });
    assert_eq!(received(&sim).await, [""; 0]);
    let granted = sim.call("DescribeImageSharePermission", json!({"ImageId": IMAGE})).await;
    assert_eq!(ids(&granted["SharePermissionSet"], "AccountId"), [FRIEND]);
    meddle(&sim, Meddling::ShowToReceivers { image: ImageId::from(IMAGE) });
    assert_eq!(received(&sim).await, [IMAGE]);
}

#[test]
fn a_lag_beyond_what_is_remembered_is_refused() {
    let scenario = scenario(TencentScenario { receivers_lag_s: 601, ..small() });
    let clock = imgshare_cloudsim::ManualClock::at_unix_seconds(0);
    let refused = imgshare_cloudsim::Clouds::new(scenario, std::sync::Arc::new(clock)).err();
    assert!(refused.is_some_and(|error| error.to_string().contains("receivers_lag_s")));
}

#[tokio::test]
async fn alibaba_lists_what_others_share_with_the_caller() {
    use alibaba::client as ali;
    const FRIEND: ali::Login = ali::Login {
        key_id: "FAKE-KEY-OF-1234567890123456",
        secret: "FAKE-SECRET-OF-1234567890123456",
        ..ali::OWNER
    };
    let sim = ali::Sim::small().await;
    sim.modify(ali::IMAGE, &["1234567890123456"], &[]).await;
    for scheme in [ali::Scheme::Acs3, ali::Scheme::Rpc] {
        let friend = ali::Login { scheme, ..FRIEND };
        let others = [("RegionId", ali::REGION), ("ImageOwnerAlias", "others")];
        let received = sim.send(&friend, "DescribeImages", &others).await;
        let answer: Value = serde_json::from_slice(&received.body).expect("the answer is JSON");
        assert_eq!(ids(&answer["Images"]["Image"], "ImageId"), [ali::IMAGE], "{scheme:?}");
    }
    let take = [("RegionId", ali::REGION), ("ImageId", ali::IMAGE), ("AddAccount.1", "1000000000000007")];
    let refused = sim.send(&FRIEND, "ModifyImageSharePermission", &take).await;
    assert_eq!(refused.status(), 404);
    assert_eq!(sim.shares_of(ali::IMAGE), ["1234567890123456"]);
}

#[tokio::test]
async fn ucloud_lists_what_others_share_with_the_caller() {
    use ucloud::client as u;
    const FRIEND: u::Login = u::Login {
        public_key: "FAKE-KEY-OF-55001122",
        private_key: "FAKE-SECRET-OF-55001122",
        token: None,
        project: None,
    };
    let sim = u::Sim::small().await;
    sim.modify(u::IMAGE, &["55001122"], &[]).await;
    let region = [("Region", u::REGION)];
    let answer = sim.call_as(&FRIEND, "DescribeCompShareSharingImages", &region).await;
    assert_eq!(ids(&answer["ImageSet"], "CompShareImageId"), [u::IMAGE]);
    let own = sim.call_as(&FRIEND, "DescribeCompShareCustomImages", &region).await;
    assert_eq!(own["TotalCount"], 0);
    let take = [("Region", u::REGION), ("CompShareImageId", u::IMAGE), ("AddAccounts.0", "55003344")];
    let refused = sim.call_as(&FRIEND, "ModifyCompShareImageShareAccount", &take).await;
    assert_eq!(refused["RetCode"], 230);
    assert_eq!(sim.shares_of(u::IMAGE), ["55001122"]);
}

#[test]
fn the_key_of_a_receiver_is_visibly_fake() {
    let ReceiverKey { id, secret } = ReceiverKey::of(&AccountId::from(FRIEND));
    assert_eq!((id.as_str(), secret.as_str()), (FRIEND_LOGIN.secret_id, FRIEND_LOGIN.secret_key));
}
