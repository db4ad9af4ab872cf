//! Where keys are looked for, in which order, and what is said when there are none.

use std::sync::Arc;

use imgshare_sdk::{Connect, ErrorKind, FoundCredentials, Result};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::json;

use crate::cloud::{connect, image, refuse_with, with_credentials};

const CONFIG: &str = "~/.aws/config";
const CREDENTIALS: &str = "~/.aws/credentials";

const KEYS: &str = "aws_access_key_id=AKIAFAKEFILE\naws_secret_access_key=FakeKeyOfTheFile\n";

fn with_environment(world: FakeWorld) -> FakeWorld {
    world
        .with_env("AWS_ACCESS_KEY_ID", "AKIAFAKEENVIRONMENT")
        .with_env("AWS_SECRET_ACCESS_KEY", "FakeKeyOfTheEnvironment")
}

fn with_token(world: FakeWorld) -> FakeWorld {
    world.with_env("AWS_WEB_IDENTITY_TOKEN_FILE", "/t").with_env("AWS_ROLE_ARN", "arn:aws:iam::1:role/pod")
}

fn with_files(world: FakeWorld) -> FakeWorld {
    world
        .with_file(CREDENTIALS, format!("[default]\n{KEYS}[prod]\n{KEYS}"))
        .with_file(CONFIG, "[profile role]\nrole_arn = arn:aws:iam::1:role/a\nsource_profile = prod\n")
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
async fn config_then_environment_then_an_identity_providers_token_then_the_files_then_the_container() {
    let keys = [("access_key_id", "AKIAFAKECONFIG"), ("secret_access_key", "FakeKeyOfTheConfig")];
    let container = || FakeWorld::default().with_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x");
    let files = || with_files(container());
    let token = || with_token(files());
    let all = || with_environment(token());
    assert_eq!(source(all(), &keys).await, "the config's `credentials`");
    assert_eq!(source(all(), &[]).await, "environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
    assert_eq!(
        source(token(), &[]).await,
        "role arn:aws:iam::1:role/pod by environment variables AWS_WEB_IDENTITY_TOKEN_FILE and AWS_ROLE_ARN"
    );
    assert_eq!(source(files(), &[]).await, "~/.aws/credentials, profile `default`");
    assert!(source(container(), &[]).await.contains("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"));
}

#[tokio::test]
async fn a_role_that_a_profile_takes_on_counts_more_than_an_identity_providers_token() {
    let world = with_token(with_files(FakeWorld::default())).with_env("AWS_PROFILE", "role");
    assert_eq!(source(world, &[]).await, "role arn:aws:iam::1:role/a by ~/.aws/config, profile `role`");
}

#[tokio::test]
async fn a_profile_that_the_config_names_is_the_only_place() {
    let world = || with_environment(with_files(FakeWorld::default()));
    assert_eq!(source(world(), &[("profile", "prod")]).await, "~/.aws/credentials, profile `prod`");
    let cloud = Script::capture();
    let error = find(world(), &cloud, &with_credentials(&[("profile", "lost")]), true).await.unwrap_err();
    assert_eq!(
        error.message,
        "there are no credentials in any of these places: ~/.aws/config and ~/.aws/credentials, profile `lost`"
    );
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn variables_name_the_profile_and_the_files() {
    let world = || {
        FakeWorld::default()
            .with_env("AWS_CONFIG_FILE", "/c")
            .with_env("AWS_SHARED_CREDENTIALS_FILE", "/k")
            .with_file("/c", format!("[profile other]\n{KEYS}"))
            .with_file("/k", format!("[prod]\n{KEYS}"))
    };
    assert_eq!(source(world().with_env("AWS_PROFILE", "prod"), &[]).await, "/k, profile `prod`");
    let both = world().with_env("AWS_PROFILE", "prod").with_env("AWS_DEFAULT_PROFILE", "other");
    assert_eq!(source(both, &[]).await, "/c, profile `other`");
}

#[tokio::test]
async fn a_profile_that_a_variable_names_and_nobody_has_is_not_replaced_by_other_keys() {
    let world = with_files(FakeWorld::default())
        .with_env("AWS_PROFILE", "lost")
        .with_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x");
    let cloud = Script::capture();
    let error = find(world, &cloud, &with_credentials(&[]), true).await.unwrap_err();
    assert!(error.message.contains("profile `lost`"), "{error}");
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn a_profile_that_says_nothing_of_keys_leaves_them_to_the_container() {
    let world = FakeWorld::default()
        .with_env("AWS_PROFILE", "here")
        .with_file(CONFIG, "[profile here]\nregion = eu-west-1\n")
        .with_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x");
    assert!(source(world, &[]).await.contains("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"));
}

#[tokio::test]
async fn half_a_pair_in_the_environment_is_not_completed_from_elsewhere() {
    let world = with_files(FakeWorld::default().with_env("AWS_ACCESS_KEY_ID", "AKIAFAKEHALF"));
    let error = find(world, &Script::capture(), &with_credentials(&[]), false).await.unwrap_err();
    assert!(error.message.starts_with("the secret access key is missing"), "{error}");
}

#[tokio::test]
async fn a_machine_without_any_credentials_is_told_every_place_after_one_try() {
    let cloud = Script::by(|_| Answer::unreachable());
    let error = find(FakeWorld::default(), &cloud, &with_credentials(&[]), true).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    for place in [
        "AWS_ACCESS_KEY_ID",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        CONFIG,
        CREDENTIALS,
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "the metadata service at http://169.254.169.254",
    ] {
        assert!(error.message.contains(place), "{place} is not in: {error}");
    }
    assert_eq!(error.hint.as_deref(), Some("set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
    let requests = cloud.requests();
    assert_eq!((requests.len(), requests[0].timeout_ms), (1, Some(2000)));
}

#[tokio::test]
async fn the_metadata_service_is_left_alone_where_it_must_be_and_that_is_said() {
    let cloud = Script::capture();
    let nothing = with_credentials(&[]);
    let said =
        |error: imgshare_sdk::Error| error.message.split("the metadata service").nth(1).unwrap().to_owned();
    let error = find(FakeWorld::default(), &cloud, &nothing, false).await.unwrap_err();
    assert_eq!(said(error), " (not asked: no call may be made now)");
    let config = Connect { settings: json!({"role": "none"}), ..nothing.clone() };
    assert_eq!(
        said(find(FakeWorld::default(), &cloud, &config, true).await.unwrap_err()),
        " (not asked: `role` is `none`)"
    );
    let off = FakeWorld::default().with_env("AWS_EC2_METADATA_DISABLED", "TRUE");
    assert_eq!(
        said(find(off, &cloud, &nothing, true).await.unwrap_err()),
        " (switched off by AWS_EC2_METADATA_DISABLED)"
    );
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn keys_in_a_message_of_the_cloud_are_blotted_out() {
    let cloud = Script::by(|_| {
        refuse_with(403, "AuthFailure", "Key AKIAFAKEENVIRONMENT with FakeKeyOfTheEnvironment is unknown")
    });
    let aws = connect(&cloud, with_environment(FakeWorld::default()), &with_credentials(&[]));
    let error = aws.read_shares(image()).await.result.unwrap_err();
    assert_eq!(error.message, "key [secret] with [secret] is unknown");
}
