//! Receivers of three clouds that are asked with their own logins what they see.

use imgshare_cloudsim::{AccountId, Meddling, ReceiverKey, Scenario};
use serde_json::json;
use snapbox::{assert_data_eq, str};

use crate::parcels::settled;
use crate::stage::{Run, Stage, all_plugins};

/// The clouds: their provider, region and image, who receives it, and the names of their keys in scenario and config.
const CLOUDS: [(&str, [&str; 2], &str, [&str; 2]); 3] = [
    ("alibaba", ["cn-hangzhou", "m-bp1fake0001"], "1500000000000042", ["access_key_id", "access_key_secret"]),
    ("tencent", ["ap-nanjing", "img-aaaa0001"], "100050000042", ["secret_id", "secret_key"]),
    ("ucloud", ["cn-wlcb", "compshareImage-fake00000001"], "55010042", ["public_key", "private_key"]),
];

/// One golden image in each cloud.
fn stage() -> Stage {
    let mut world = json!({"seed": 11});
    for (provider, [region, image], _, [id, key]) in CLOUDS {
        let image = json!({"id": image, "name": "golden-1"});
        let owner = json!({
            "account": "900000009", id: "FAKEKEYID", key: "FakeSecretKey", "regions": {region: {"images": [image]}},
        });
        world[provider] = json!({"owners": [owner]});
    }
    let scenario: Scenario = serde_json::from_value(world).expect("a sound scenario");
    let stage = Stage::of(scenario, all_plugins());
    stage.config(&config(&stage));
    stage
}

/// Owners and receivers; `team` can be asked on each cloud.
fn config(stage: &Stage) -> String {
    let (mut config, mut accounts) = (String::new(), String::from("[accounts.team]\n"));
    for (provider, [region, _], account, [id, key]) in CLOUDS {
        let endpoint = stage.endpoint_of(provider);
        for (name, keys) in
            [(provider.to_owned(), "OWNER".to_owned()), (login(provider), provider.to_uppercase())]
        {
            config += &format!(
                "[clouds.{name}]\nprovider = {provider:?}\nregions = [{region:?}]\nendpoint = {endpoint:?}\n\
                 credentials = {{ {id} = \"env:{keys}_ID\", {key} = \"env:{keys}_KEY\" }}\n"
            );
        }
        accounts += &format!("{provider} = {account:?}\n");
    }
    let clouds = CLOUDS.map(|(provider, ..)| provider);
    accounts += &format!("verify_with = {:?}\n", clouds.map(login));
    config
        + &accounts
        + &format!(
            "[[share]]\nname = \"golden\"\nclouds = {clouds:?}\nimages = {{ name = \"golden-*\" }}\nwith = [\"team\"]\n"
        )
}

fn login(provider: &str) -> String {
    format!("team-on-{provider}")
}

fn run(stage: &Stage, words: &str) -> Run {
    let owner =
        [("OWNER_ID".to_owned(), "FAKEKEYID".to_owned()), ("OWNER_KEY".into(), "FakeSecretKey".into())];
    let receivers = CLOUDS.iter().flat_map(|(provider, _, account, _)| {
        let ReceiverKey { id, secret } = ReceiverKey::of(&AccountId::from(*account));
        let prefix = provider.to_uppercase();
        [(format!("{prefix}_ID"), id), (format!("{prefix}_KEY"), secret)]
    });
    let environment: Vec<_> = owner.into_iter().chain(receivers).collect();
    let pairs: Vec<_> = environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    stage.run_with(words, &pairs)
}

#[test]
fn apply_asks_the_receivers_of_each_cloud_and_says_that_they_see_what_is_shared() {
    let stage = stage();
    assert_data_eq!(
        settled(&run(&stage, "apply --yes --concurrency 1")),
        str![[r#"
$ imgshare apply --yes --concurrency 1
alibaba
  cn-hangzhou
    golden-1  m-bp1fake0001  (rule golden)
      + team                     1500000000000042

tencent
  ap-nanjing
    golden-1  img-aaaa0001  (rule golden)
      + team                     100050000042

ucloud
  cn-wlcb
    golden-1  compshareImage-fake00000001  (rule golden)
      + team                     55010042

Plan: 3 images to change, +3 -0 shares, 0 images right already

done  alibaba cn-hangzhou  golden-1  m-bp1fake0001  +1 -0
done  tencent ap-nanjing  golden-1  img-aaaa0001  +1 -0
done  ucloud cn-wlcb  golden-1  compshareImage-fake00000001  +1 -0

Report: 3 images done and read back, 3 shares added, 0 removed,
        0 images right before
Receivers: 3 shares visible
--- exit 0

"#]]
    );
    assert_data_eq!(
        run(&stage, "drift").transcript(),
        str![[r#"
$ imgshare drift
Drift: none, 3 images right already
Receivers: 3 shares visible
--- exit 0

"#]]
    );
}

#[test]
fn drift_names_images_that_are_shared_and_that_their_receivers_do_not_see() {
    let stage = stage();
    run(&stage, "apply --yes --verify none");
    for (provider, [_, image], ..) in CLOUDS {
        stage.meddle_with(provider, Meddling::HideFromReceivers { image: image.into() });
    }
    assert_data_eq!(
        run(&stage, "drift").transcript(),
        str![[r#"
$ imgshare drift
error: the image is shared, and its receiver does not see it
  provider: alibaba cn-hangzhou (cloud alibaba)
  image:    m-bp1fake0001 (golden-1)
  account:  team (1500000000000042)
  asked:    cloud team-on-alibaba
  hint:     run `imgshare drift` in a few minutes; if it stays so, check that
            cloud team-on-alibaba is the login of that account, and ask the
            cloud's support

error: the image is shared, and its receiver does not see it
  provider: tencent ap-nanjing (cloud tencent)
  image:    img-aaaa0001 (golden-1)
  account:  team (100050000042)
  asked:    cloud team-on-tencent
  hint:     run `imgshare drift` in a few minutes; if it stays so, check that
            cloud team-on-tencent is the login of that account, and ask the
            cloud's support

error: the image is shared, and its receiver does not see it
  provider: ucloud cn-wlcb (cloud ucloud)
  image:    compshareImage-fake00000001 (golden-1)
  account:  team (55010042)
  asked:    cloud team-on-ucloud
  hint:     run `imgshare drift` in a few minutes; if it stays so, check that
            cloud team-on-ucloud is the login of that account, and ask the
            cloud's support

Drift: 3 shares not visible, 3 images right already
Receivers: 3 shares granted and not visible
--- exit 2

"#]]
    );
}

#[test]
fn check_online_logs_in_as_the_receivers_too() {
    let run = run(&stage(), "check --online --cloud tencent");
    assert_eq!(run.code, Some(0), "{}", run.transcript());
    assert!(run.stdout.contains("team-on-tencent ap-nanjing: answers"), "{}", run.transcript());
}
