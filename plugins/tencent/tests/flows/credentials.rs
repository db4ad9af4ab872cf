//! Where keys are looked for, in which order, and how often.

use std::sync::Arc;

use imgshare_sdk::{Connect, ErrorKind, FoundCredentials, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::json;

use crate::cloud::{done, header, image, with_credentials};

const SDK_FILE: &str = "~/.tencentcloud/credentials";
const SYSTEM_FILE: &str = "/etc/tencentcloud/credentials";
const CLI_FILE: &str = "~/.tccli/default.credential";

fn with_environment(world: FakeWorld) -> FakeWorld {
    world
        .with_env("TENCENTCLOUD_SECRET_ID", "AKIDFAKEENVIRONMENT")
        .with_env("TENCENTCLOUD_SECRET_KEY", "FakeKeyOfTheEnvironment")
}

fn with_file(world: FakeWorld, path: &str) -> FakeWorld {
    world.with_file(path, "[default]\nsecret_id=AKIDFAKEFILE\nsecret_key=FakeKeyOfTheFile\n")
}

fn with_cli(world: FakeWorld, path: &str) -> FakeWorld {
    world.with_file(path, r#"{"secretId":"AKIDFAKECLI","secretKey":"FakeKeyOfTheCli","token":null}"#)
}

/// Keys of a role that expire so many seconds after the world began.
fn role_keys(seconds: i64) -> Answer {
    let expires = FakeWorld::BEGIN.seconds() + seconds;
    let keys = json!({"Code": "Success", "TmpSecretId": format!("AKIDFAKEROLE{seconds}"), "Token": "FAKETOKENROLE",
                      "TmpSecretKey": "FakeKeyOfTheRole", "ExpiredTime": expires});
    Answer::ok(keys.to_string())
}

async fn find(
    world: FakeWorld,
    cloud: &Arc<Script>,
    config: &Connect,
    online: bool,
) -> Result<FoundCredentials> {
    let plugin = imgshare_testkit::load("tencent");
    let host = imgshare_testkit::host(cloud, &Arc::new(world));
    host.connect(&plugin, config, false).unwrap().find_credentials(online).await.result
}

async fn source(world: FakeWorld, fields: &[(&str, &str)]) -> String {
    find(world, &Script::capture(), &with_credentials(fields), false).await.unwrap().source
}

#[tokio::test]
async fn config_then_environment_then_the_sdks_file_then_the_command_lines() {
    let keys = [("secret_id", "AKIDFAKECONFIG"), ("secret_key", "FakeKeyOfTheConfig")];
    let cli = || with_cli(FakeWorld::default(), CLI_FILE);
    let files = || with_file(with_file(cli(), SDK_FILE), SYSTEM_FILE);
    assert_eq!(source(with_environment(files()), &keys).await, "the config's `credentials`");
    assert_eq!(
        source(with_environment(files()), &[]).await,
        "environment variables TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY"
    );
    assert_eq!(source(files(), &[]).await, "~/.tencentcloud/credentials, section `default`");
    assert_eq!(
        source(with_file(cli(), SYSTEM_FILE), &[]).await,
        "/etc/tencentcloud/credentials, section `default`"
    );
    assert_eq!(source(cli(), &[]).await, CLI_FILE);
}

#[tokio::test]
async fn a_profile_that_the_config_names_is_the_only_place() {
    let prod = [("profile", "prod")];
    let world = || with_file(with_environment(FakeWorld::default()), SDK_FILE);
    assert_eq!(
        source(with_cli(world(), "~/.tccli/prod.credential"), &prod).await,
        "~/.tccli/prod.credential"
    );

    let cloud = Script::capture();
    let error = find(world(), &cloud, &with_credentials(&prod), true).await.unwrap_err();
    assert_eq!(
        error.message,
        "there are no credentials in any of these places: ~/.tencentcloud/credentials, section `prod`; \
         /etc/tencentcloud/credentials, section `prod`; ~/.tccli/prod.credential"
    );
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn half_a_pair_in_the_environment_is_not_completed_from_elsewhere() {
    let world = with_file(FakeWorld::default().with_env("TENCENTCLOUD_SECRET_ID", "AKIDFAKEHALF"), SDK_FILE);
    let error = find(world, &Script::capture(), &with_credentials(&[]), false).await.unwrap_err();
    assert!(error.message.starts_with("the secret key is missing"), "{error}");
}

#[tokio::test]
async fn a_machine_without_any_credentials_is_told_every_place_after_one_try() {
    let cloud = Script::by(|_| Answer::unreachable());
    let error = find(FakeWorld::default(), &cloud, &with_credentials(&[]), true).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    for place in ["TENCENTCLOUD_SECRET_ID", SDK_FILE, SYSTEM_FILE, CLI_FILE, "http://metadata.tencentyun.com"]
    {
        assert!(error.message.contains(place), "{place} is not in: {error}");
    }
    assert_eq!(error.hint.as_deref(), Some("set TENCENTCLOUD_SECRET_ID and TENCENTCLOUD_SECRET_KEY"));
    let requests = cloud.requests();
    assert_eq!(requests.len(), 1);
    assert_eq!(requests[0].timeout_ms, Some(2000));
}

#[tokio::test]
async fn without_the_network_the_metadata_service_is_left_alone_and_that_is_said() {
    let cloud = Script::capture();
    let error = find(FakeWorld::default(), &cloud, &with_credentials(&[]), false).await.unwrap_err();
    assert!(error.message.ends_with("the metadata service (not asked: no call may be made now)"), "{error}");

    let config = Connect { settings: json!({"role": "none"}), ..with_credentials(&[]) };
    let error = find(FakeWorld::default(), &cloud, &config, true).await.unwrap_err();
    assert!(error.message.ends_with("the metadata service (not asked: `role` is `none`)"), "{error}");
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn a_role_is_asked_for_once_and_again_five_minutes_before_its_keys_expire() {
    let world = Arc::new(FakeWorld::default());
    let shares = || done(json!({"SharePermissionSet": []}));
    let cloud = Script::in_order([
        Answer::ok("baker"),
        role_keys(1000),
        shares(),
        shares(),
        Answer::ok("baker"),
        role_keys(9000),
        shares(),
    ]);
    let config =
        Connect { settings: json!({"metadata_endpoint": "http://127.0.0.1:7071"}), ..with_credentials(&[]) };
    let plugin = imgshare_testkit::load("tencent");
    let tencent = imgshare_testkit::host(&cloud, &world).connect(&plugin, &config, false).unwrap();
    for wait_ms in [699_999, 1, 0] {
        tencent.read_shares(image()).await.result.unwrap();
        world.advance_ms(wait_ms);
    }

    let requests = cloud.requests();
    let paths: Vec<_> = requests.iter().map(|request| request.url.as_str()).collect();
    let (name, keys, api) = (
        "http://127.0.0.1:7071/latest/meta-data/cam/security-credentials/",
        "http://127.0.0.1:7071/latest/meta-data/cam/security-credentials/baker",
        "https://cvm.tencentcloudapi.com/",
    );
    assert_eq!(paths, [name, keys, api, api, name, keys, api]);
    let last = requests.last().unwrap();
    assert_eq!(header(&last.headers, "X-TC-Token"), "FAKETOKENROLE");
    assert!(header(&last.headers, "Authorization").contains("Credential=AKIDFAKEROLE9000/"));
}

#[tokio::test]
async fn keys_in_a_message_of_the_cloud_are_blotted_out() {
    let world = Arc::new(with_environment(FakeWorld::default()));
    let cloud = Script::by(|_| {
        let message = "SecretId AKIDFAKEENVIRONMENT with FakeKeyOfTheEnvironment is unknown";
        done(json!({"Error": {"Code": "AuthFailure.SecretIdNotFound", "Message": message}}))
    });
    let plugin = imgshare_testkit::load("tencent");
    let tencent =
        imgshare_testkit::host(&cloud, &world).connect(&plugin, &with_credentials(&[]), false).unwrap();
    let error = tencent.read_shares(image()).await.result.unwrap_err();
    assert_eq!(error.message, "secretId [secret] with [secret] is unknown");
}
