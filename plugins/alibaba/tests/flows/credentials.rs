//! Where keys are looked for, in which order, and what is said when there are none.

use std::sync::Arc;

use imgshare_sdk::{Connect, ErrorKind, FoundCredentials, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::json;

use crate::cloud::{connect, image, refuse, with_credentials};

const CLI_FILE: &str = "~/.aliyun/config.json";
const SDK_FILE: &str = "~/.alibabacloud/credentials.ini";

fn with_environment(world: FakeWorld) -> FakeWorld {
    world
        .with_env("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIFAKEENVIRONMENT")
        .with_env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "FakeKeyOfTheEnvironment")
}

fn with_oidc(world: FakeWorld) -> FakeWorld {
    world
        .with_env("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/pod")
        .with_env("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/ack")
        .with_env("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/var/token")
}

fn with_cli(world: FakeWorld) -> FakeWorld {
    let keys = |name: &str| {
        json!({"name": name, "mode": "AK", "access_key_id": "LTAIFAKECLI",
               "access_key_secret": "FakeKeyOfTheCli"})
    };
    let config = json!({"current": "work", "profiles": [keys("work"), keys("prod")]});
    world.with_file(CLI_FILE, config.to_string())
}

fn with_file(world: FakeWorld, path: &str) -> FakeWorld {
    let section = |name| {
        format!("[{name}]\ntype=access_key\naccess_key_id=LTAIFAKEFILE\naccess_key_secret=FakeKeyOfTheFile\n")
    };
    world.with_file(path, format!("{}{}", section("default"), section("staging")))
}

async fn find(
    world: FakeWorld,
    cloud: &Arc<Script>,
    config: &Connect,
    online: bool,
) -> Result<FoundCredentials> {
    connect(cloud, world, config).find_credentials(online).await.result
}

async fn source(world: FakeWorld, fields: &[(&str, &str)]) -> String {
    find(world, &Script::capture(), &with_credentials(fields), false).await.unwrap().source
}

#[tokio::test]
async fn places_are_tried_in_the_order_of_the_clouds_own_tools() {
    let keys = [("access_key_id", "LTAIFAKECONFIG"), ("access_key_secret", "FakeKeyOfTheConfig")];
    let file = || with_file(FakeWorld::default(), SDK_FILE);
    let cli = || with_cli(file());
    assert_eq!(source(with_environment(cli()), &keys).await, "the config's `credentials`");
    assert_eq!(
        source(with_environment(with_oidc(cli())), &[]).await,
        "environment variables ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET"
    );
    assert_eq!(
        source(with_oidc(cli()), &[]).await,
        "role acs:ram::1:role/pod by environment variables ALIBABA_CLOUD_ROLE_ARN, \
         ALIBABA_CLOUD_OIDC_PROVIDER_ARN and ALIBABA_CLOUD_OIDC_TOKEN_FILE"
    );
    assert_eq!(source(cli(), &[]).await, "~/.aliyun/config.json, profile `work`");
    assert_eq!(source(file(), &[]).await, "~/.alibabacloud/credentials.ini, section `default`");
}

#[tokio::test]
async fn variables_choose_the_profile_the_file_and_whether_the_command_lines_is_read() {
    let world = || with_cli(with_file(with_file(FakeWorld::default(), SDK_FILE), "/etc/keys.ini"));
    let with = |name: &str, value: &str| world().with_env(name, value);
    assert_eq!(
        source(with("ALIBABA_CLOUD_PROFILE", "prod"), &[]).await,
        "~/.aliyun/config.json, profile `prod`"
    );
    assert_eq!(
        source(with("ALIBABA_CLOUD_PROFILE", "staging"), &[]).await,
        "~/.alibabacloud/credentials.ini, section `staging`"
    );
    let without_cli = || with("ALIBABA_CLOUD_CLI_PROFILE_DISABLED", "true");
    assert_eq!(source(without_cli(), &[]).await, "~/.alibabacloud/credentials.ini, section `default`");
    let other_file = without_cli().with_env("ALIBABA_CLOUD_CREDENTIALS_FILE", "/etc/keys.ini");
    assert_eq!(source(other_file, &[]).await, "/etc/keys.ini, section `default`");
}

#[tokio::test]
async fn a_profile_that_the_config_names_is_the_only_place() {
    let world = || with_cli(with_file(with_environment(FakeWorld::default()), SDK_FILE));
    assert_eq!(source(world(), &[("profile", "prod")]).await, "~/.aliyun/config.json, profile `prod`");

    let cloud = Script::capture();
    let nobody = with_credentials(&[("profile", "nobody")]);
    let error = find(world(), &cloud, &nobody, true).await.unwrap_err();
    assert_eq!(
        error.message,
        "there are no credentials in any of these places: ~/.aliyun/config.json, profile `nobody`; \
         ~/.alibabacloud/credentials.ini, section `nobody`"
    );
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn half_a_pair_in_the_environment_is_not_completed_from_elsewhere() {
    let world = with_cli(FakeWorld::default().with_env("ALIBABA_CLOUD_ACCESS_KEY_ID", "LTAIFAKEHALF"));
    let error = find(world, &Script::capture(), &with_credentials(&[]), false).await.unwrap_err();
    assert!(error.message.starts_with("the access key secret is missing"), "{error}");
}

#[tokio::test]
async fn a_machine_without_any_credentials_is_told_every_place_after_one_try() {
    let cloud = Script::by(|_| Answer::unreachable());
    let error = find(FakeWorld::default(), &cloud, &with_credentials(&[]), true).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    for place in [
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_OIDC_TOKEN_FILE",
        CLI_FILE,
        SDK_FILE,
        "http://100.100.100.200 (does not answer",
    ] {
        assert!(error.message.contains(place), "{place} is not in: {error}");
    }
    let hint = "set ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET";
    assert_eq!(error.hint.as_deref(), Some(hint));
    let requests = cloud.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].timeout_ms, Some(2000));
}

#[tokio::test]
async fn without_the_network_or_when_switched_off_the_metadata_service_is_left_alone_and_that_is_said() {
    let cloud = Script::capture();
    let none = with_credentials(&[]);
    let switched_off = FakeWorld::default().with_env("ALIBABA_CLOUD_ECS_METADATA_DISABLED", "true");
    let without_role = Connect { settings: json!({"role": "none"}), ..none.clone() };
    for (world, config, online, reason) in [
        (FakeWorld::default(), &none, false, "(not asked: no call may be made now)"),
        (switched_off, &none, true, "(switched off by ALIBABA_CLOUD_ECS_METADATA_DISABLED)"),
        (FakeWorld::default(), &without_role, true, "(not asked: `role` is `none`)"),
    ] {
        let error = find(world, &cloud, config, online).await.unwrap_err();
        assert!(error.message.ends_with(reason), "{error}");
    }
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn keys_in_a_message_of_the_cloud_are_blotted_out() {
    let cloud = Script::by(|_| {
        let message = "AccessKeyId LTAIFAKEENVIRONMENT with FakeKeyOfTheEnvironment is unknown";
        let body = json!({"Code": "InvalidAccessKeyId.NotFound", "Message": message});
        Answer::status(404, body.to_string())
    });
    let world = with_environment(FakeWorld::default());
    let error = connect(&cloud, world, &with_credentials(&[])).read_shares(image()).await.result.unwrap_err();
    assert_eq!(error.message, "accessKeyId [secret] with [secret] is unknown");
}

#[tokio::test]
async fn looking_for_credentials_asks_nothing_about_images() {
    let cloud = Script::by(|_| refuse(500, "InternalError"));
    let config = with_credentials(&[("access_key_id", "LTAIFAKE"), ("access_key_secret", "FakeKey")]);
    assert!(find(FakeWorld::default(), &cloud, &config, true).await.is_ok());
    assert_eq!(cloud.requests().len(), 0);
}
