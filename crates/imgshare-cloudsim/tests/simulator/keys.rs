//! Temporary keys that expire, and clocks that go wrong.

use imgshare_cloudsim::Meddling;
use imgshare_cloudsim::alibaba::AlibabaScenario;
use imgshare_cloudsim::tencent::TencentScenario;
use imgshare_cloudsim::ucloud::UcloudScenario;
use serde_json::{Value, json};

use crate::client::{Login, NOW, OWNER};
use crate::world::{OTHER_OWNER, OTHER_OWNER_ACCOUNT, REGION, Sim, code, scenario, small};
use crate::{alibaba, ucloud};

const TEMPORARY: Login = Login { token: Some("FakeOtherToken"), ..OTHER_OWNER };

/// What a call is told; "" when nothing is wrong.
async fn told(sim: &Sim, login: &Login) -> String {
    let response = sim.send(login, "DescribeImages", REGION, &json!({})).await.response();
    format!("{} {}", code(&response), response["Error"]["Message"].as_str().unwrap_or_default())
        .trim()
        .to_owned()
}

fn meddle(sim: &Sim, meddling: Meddling) {
    sim.running.meddle("tencent", meddling).expect("the owner exists");
}

#[tokio::test]
async fn a_temporary_key_expires_at_its_time_and_a_permanent_one_does_not() {
    let sim = Sim::start(scenario(TencentScenario { token_lifetime_s: Some(60), ..small() })).await;
    sim.clock.advance_ms(59_999);
    assert_eq!(told(&sim, &TEMPORARY).await, "");
    sim.clock.advance_ms(1);
    assert_eq!(told(&sim, &TEMPORARY).await, "AuthFailure.TokenFailure The token has expired.");
    assert_eq!(told(&sim, &OWNER).await, "");
}

#[tokio::test]
async fn a_key_can_be_made_to_expire_and_be_renewed() {
    let sim = Sim::small().await;
    let owner = || OTHER_OWNER_ACCOUNT.into();
    meddle(&sim, Meddling::ExpireToken { owner: owner() });
    assert_eq!(told(&sim, &TEMPORARY).await, "AuthFailure.TokenFailure The token has expired.");

    let renew = Meddling::RenewToken { owner: owner(), token: "FakeNewToken".into(), lives_s: Some(10) };
    meddle(&sim, renew);
    let renewed = Login { token: Some("FakeNewToken"), ..TEMPORARY };
    assert_eq!(told(&sim, &renewed).await, "");
    assert_eq!(told(&sim, &TEMPORARY).await, "AuthFailure.TokenFailure The token is wrong.");
    sim.clock.advance_ms(10_000);
    assert_eq!(told(&sim, &renewed).await, "AuthFailure.TokenFailure The token has expired.");
}

#[tokio::test]
async fn the_other_clouds_have_codes_of_their_own_for_it() {
    use alibaba::client as ali;
    let lifetime = Some(60);
    let sim = ali::Sim::start(AlibabaScenario { token_lifetime_s: lifetime, ..ali::small() }).await;
    sim.clock.advance_ms(60_000);
    for scheme in [ali::Scheme::Acs3, ali::Scheme::Rpc] {
        let login = ali::Login { scheme, ..ali::OTHER_OWNER };
        let received = sim.send(&login, "DescribeImages", &[("RegionId", ali::REGION)]).await;
        let answer: Value = serde_json::from_slice(&received.body).expect("JSON");
        assert_eq!(answer["Code"], "InvalidSecurityToken.Expired", "{scheme:?}");
    }

    use ucloud::client as uc;
    let sim = uc::Sim::start(UcloudScenario { token_lifetime_s: lifetime, ..uc::small() }).await;
    sim.clock.advance_ms(60_000);
    let params = [("Region", uc::REGION)];
    let answer = sim.call_as(&uc::OTHER_OWNER, "DescribeCompShareSharingImages", &params).await;
    assert_eq!(uc::ret_code(&answer), 174);
}

#[tokio::test]
async fn a_cloud_whose_clock_differs_too_much_refuses_signatures() {
    for (skew, expected) in
        [(300, ""), (301, "AuthFailure.SignatureExpire"), (-301, "AuthFailure.SignatureExpire")]
    {
        let sim = Sim::start(scenario(TencentScenario { clock_skew_s: skew, ..small() })).await;
        assert!(told(&sim, &OWNER).await.starts_with(expected), "{skew}");
        let right = Login { timestamp: NOW + skew, ..OWNER };
        assert_eq!(told(&sim, &right).await, "", "{skew}: by the cloud's own clock");
    }
    use alibaba::client as ali;
    for (skew, expected) in [(-900, ""), (901, "InvalidTimeStamp.Expired")] {
        let sim = ali::Sim::start(AlibabaScenario { clock_skew_s: skew, ..ali::small() }).await;
        let (_, answer) = sim.call("DescribeImages", &[]).await;
        assert_eq!(ali::code(&answer), expected, "{skew}");
    }
}
