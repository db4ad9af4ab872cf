//! Temporary keys: of the server's role, of roles that are taken on, of programs; and when they are replaced.

use std::sync::Arc;

use imgshare_sdk::{Connect, ErrorKind};
use imgshare_testkit::{Answer, FakeWorld, HttpRequest, Script};
use serde_json::{Value, json};

use crate::cloud::{action, connect, header, image, no_shares, parameters, plugin, refuse, with_credentials};

/// Keys that expire so many seconds after the world began.
fn temporary(name: &str, seconds: i64) -> Value {
    let expires = imgshare_sdk::time::iso_seconds(FakeWorld::BEGIN.plus_seconds(seconds));
    json!({"AccessKeyId": format!("STSFAKE{name}"), "AccessKeySecret": format!("FakeKeyOf{name}"),
           "SecurityToken": format!("FAKETOKEN{name}"), "Expiration": expires})
}

fn of_the_server(name: &str, seconds: i64) -> Answer {
    let mut keys = temporary(name, seconds);
    keys["Code"] = "Success".into();
    Answer::ok(keys.to_string())
}

fn of_the_token_service(name: &str, seconds: i64) -> Answer {
    Answer::ok(json!({"RequestId": "r", "Credentials": temporary(name, seconds)}).to_string())
}

fn paths(requests: &[HttpRequest]) -> Vec<String> {
    let path = |request: &HttpRequest| {
        let (path, _) = request.url.split_once('?').unwrap_or((&request.url, ""));
        format!("{} {path}", request.method)
    };
    requests.iter().map(path).collect()
}

/// Whose keys signed this request.
fn signer(request: &HttpRequest) -> &str {
    let authorization = header(request, "Authorization");
    authorization.split("Credential=").nth(1).and_then(|rest| rest.split(',').next()).unwrap_or("nobody")
}

fn with_profiles(profiles: &Value) -> FakeWorld {
    let config = json!({"current": "a", "profiles": profiles});
    FakeWorld::default().with_file("~/.aliyun/config.json", config.to_string())
}

async fn requests(world: FakeWorld, answers: Vec<Answer>) -> Vec<HttpRequest> {
    let cloud = Script::in_order(answers);
    connect(&cloud, world, &with_credentials(&[])).read_shares(image()).await.result.unwrap();
    cloud.requests()
}

const TOKEN: &str = "PUT http://100.100.100.200/latest/api/token";
const NAME: &str = "GET http://100.100.100.200/latest/meta-data/ram/security-credentials/";
const KEYS: &str = "GET http://100.100.100.200/latest/meta-data/ram/security-credentials/baker";
const API: &str = "POST https://ecs.cn-beijing.aliyuncs.com/";

#[tokio::test]
async fn a_servers_role_is_asked_for_once_and_again_five_minutes_before_its_keys_expire() {
    let world = Arc::new(FakeWorld::default());
    let metadata = |name: &str, seconds| {
        [Answer::ok("FAKEMETATOKEN"), Answer::ok("baker"), of_the_server(name, seconds)]
    };
    let mut answers = metadata("FIRST", 1000).to_vec();
    answers.extend([no_shares(), no_shares()]);
    answers.extend(metadata("SECOND", 9000));
    answers.push(no_shares());
    let cloud = Script::in_order(answers);
    let host = imgshare_testkit::host(&cloud, &world);
    let alibaba = host.connect(plugin(), &with_credentials(&[]), false).unwrap();
    for wait_ms in [699_999, 1, 0] {
        alibaba.read_shares(image()).await.result.unwrap();
        world.advance_ms(wait_ms);
    }

    let requests = cloud.requests();
    assert_eq!(paths(&requests), [TOKEN, NAME, KEYS, API, API, TOKEN, NAME, KEYS, API]);
    assert_eq!(header(&requests[2], "X-aliyun-ecs-metadata-token"), "FAKEMETATOKEN");
    let last = requests.last().unwrap();
    assert_eq!((signer(last), header(last, "x-acs-security-token")), ("STSFAKESECOND", "FAKETOKENSECOND"));
    assert_eq!(header(last, "x-acs-accesskey-id"), "STSFAKESECOND");
}

#[tokio::test]
async fn a_service_of_the_first_version_is_asked_without_a_token_unless_that_is_forbidden() {
    let first_version =
        || vec![refuse(404, "x"), Answer::ok("baker"), of_the_server("V1", 1000), no_shares()];
    let asked = requests(FakeWorld::default(), first_version()).await;
    assert_eq!(paths(&asked), [TOKEN, NAME, KEYS, API]);
    assert_eq!(header(&asked[1], "X-aliyun-ecs-metadata-token"), "");

    let world = FakeWorld::default().with_env("ALIBABA_CLOUD_IMDSV1_DISABLED", "true");
    let cloud = Script::in_order(first_version());
    let error = connect(&cloud, world, &with_credentials(&[])).read_shares(image()).await.result.unwrap_err();
    assert!(error.message.contains("gives no token"), "{error}");
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn the_role_that_a_variable_names_need_not_be_asked_for() {
    let world = FakeWorld::default().with_env("ALIBABA_CLOUD_ECS_METADATA", "baker");
    let answers = vec![Answer::ok("FAKEMETATOKEN"), of_the_server("NAMED", 1000), no_shares()];
    assert_eq!(paths(&requests(world, answers).await), [TOKEN, KEYS, API]);
}

#[tokio::test]
async fn roles_are_taken_on_one_after_the_other_each_with_the_keys_of_the_one_before() {
    let world = with_profiles(&json!([
        {"name": "a", "mode": "ChainableRamRoleArn", "source_profile": "b", "ram_role_arn": "acs:ram::2:role/x",
         "external_id": "e"},
        {"name": "b", "mode": "RamRoleArn", "access_key_id": "LTAIFAKE", "access_key_secret": "FakeKey",
         "ram_role_arn": "acs:ram::1:role/y", "ram_session_name": "me", "expired_seconds": 900,
         "sts_region": "cn-beijing"}
    ]));
    let answers = vec![of_the_token_service("Y", 900), of_the_token_service("X", 3600), no_shares()];
    let asked = requests(world, answers).await;
    let sts = ["POST https://sts.cn-beijing.aliyuncs.com/", "POST https://sts.aliyuncs.com/"];
    assert_eq!(paths(&asked), [sts[0], sts[1], API]);
    assert_eq!(asked.iter().map(signer).collect::<Vec<_>>(), ["LTAIFAKE", "STSFAKEY", "STSFAKEX"]);
    assert_eq!((action(&asked[0]), header(&asked[0], "x-acs-version")), ("AssumeRole", "2015-04-01"));
    let expected =
        [("DurationSeconds", "900"), ("RoleArn", "acs%3Aram%3A%3A1%3Arole%2Fy"), ("RoleSessionName", "me")];
    assert_eq!(parameters(&asked[0]), expected.map(|(name, value)| (name.into(), value.into())).into());
    assert_eq!(parameters(&asked[1])["ExternalId"], "e");
    assert_eq!(parameters(&asked[1])["RoleSessionName"], "imgshare");
    assert_eq!(header(&asked[1], "x-acs-security-token"), "FAKETOKENY");
}

#[tokio::test]
async fn an_identity_providers_token_is_exchanged_in_a_form_without_a_signature() {
    let world = FakeWorld::default()
        .with_env("ALIBABA_CLOUD_ROLE_ARN", "acs:ram::1:role/pod")
        .with_env("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "acs:ram::1:oidc-provider/ack")
        .with_env("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/var/token")
        .with_env("ALIBABA_CLOUD_STS_REGION", "cn-beijing")
        .with_env("ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED", "true")
        .with_file("/var/token", "FAKE.OIDC.TOKEN\n");
    let asked = requests(world, vec![of_the_token_service("POD", 3600), no_shares()]).await;
    assert_eq!(paths(&asked), ["POST https://sts-vpc.cn-beijing.aliyuncs.com/", API]);
    let expected = [
        ("Action", "AssumeRoleWithOIDC"),
        ("Format", "JSON"),
        ("Timestamp", "2023-11-14T22%3A13%3A20Z"),
        ("Version", "2015-04-01"),
    ];
    assert_eq!(parameters(&asked[0]), expected.map(|(name, value)| (name.into(), value.into())).into());
    assert_eq!(header(&asked[0], "content-type"), "application/x-www-form-urlencoded");
    assert_eq!(
        String::from_utf8_lossy(&asked[0].body),
        "DurationSeconds=3600&OIDCProviderArn=acs%3Aram%3A%3A1%3Aoidc-provider%2Fack&OIDCToken=FAKE.OIDC.TOKEN&\
         RoleArn=acs%3Aram%3A%3A1%3Arole%2Fpod&RoleSessionName=imgshare"
    );
    assert_eq!(signer(&asked[1]), "STSFAKEPOD");
}

#[tokio::test]
async fn an_identity_providers_token_that_is_not_there_is_an_error_and_no_call() {
    let world = FakeWorld::default()
        .with_env("ALIBABA_CLOUD_ROLE_ARN", "r")
        .with_env("ALIBABA_CLOUD_OIDC_PROVIDER_ARN", "p")
        .with_env("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/var/token");
    let cloud = Script::capture();
    let error = connect(&cloud, world, &with_credentials(&[])).read_shares(image()).await.result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    assert!(error.message.ends_with("/var/token is not there"), "{error}");
    assert_eq!(cloud.requests().len(), 0);
}

#[tokio::test]
async fn a_program_prints_keys() {
    let profiles = json!([{"name": "a", "mode": "External", "process_command": "keys --for 'the team'"}]);
    let printed = json!({"mode": "StsToken", "access_key_id": "STSFAKEPROGRAM", "access_key_secret": "FakeKey",
                         "sts_token": "FAKETOKENPROGRAM", "expiration": "2023-11-14T23:13:20Z"});
    let world = with_profiles(&profiles).with_command(&["keys", "--for", "the team"], printed.to_string());
    let asked = requests(world, vec![no_shares()]).await;
    assert_eq!((paths(&asked), signer(&asked[0])), (vec![API.to_owned()], "STSFAKEPROGRAM"));
}

#[tokio::test]
async fn a_role_that_is_refused_is_a_matter_of_credentials_and_shows_no_key() {
    let profiles = json!([{"name": "a", "mode": "RamRoleArn", "access_key_id": "LTAIFAKE",
                           "access_key_secret": "FakeKey", "ram_role_arn": "acs:ram::1:role/y"}]);
    let cloud = Script::in_order([refuse(403, "NoPermission")]);
    let alibaba = connect(&cloud, with_profiles(&profiles), &with_credentials(&[]));
    let error = alibaba.read_shares(image()).await.result.unwrap_err();
    assert_eq!((error.kind, error.code.as_deref()), (ErrorKind::CredentialInvalid, Some("NoPermission")));
    assert_eq!(
        error.message,
        "the token service gives no keys for role acs:ram::1:role/y by ~/.aliyun/config.json, profile `a`: no"
    );
    assert!(!format!("{error:?}").contains("FakeKey"));
}

#[tokio::test(start_paused = true)]
async fn a_busy_token_service_is_asked_again() {
    let profiles = json!([{"name": "a", "mode": "RamRoleArn", "access_key_id": "LTAIFAKE",
                           "access_key_secret": "FakeKey", "ram_role_arn": "acs:ram::1:role/y"}]);
    let world = with_profiles(&profiles).with_virtual_time();
    let answers = vec![refuse(503, "ServiceUnavailable"), of_the_token_service("Y", 900), no_shares()];
    assert_eq!(requests(world, answers).await.len(), 3);
}

#[tokio::test]
async fn the_settings_choose_the_services_and_the_signature() {
    let settings = json!({"signature": "rpc", "sts_endpoint": "http://127.0.0.1:7071"});
    let config = Connect { settings, ..with_credentials(&[("profile", "a")]) };
    let profiles = json!([{"name": "a", "mode": "RamRoleArn", "access_key_id": "LTAIFAKE",
                           "access_key_secret": "FakeKey", "ram_role_arn": "acs:ram::1:role/y"}]);
    let cloud = Script::in_order([of_the_token_service("Y", 900), no_shares()]);
    connect(&cloud, with_profiles(&profiles), &config).read_shares(image()).await.result.unwrap();
    let asked = cloud.requests();
    assert_eq!(paths(&asked), ["POST http://127.0.0.1:7071/", API]);
    assert_eq!(parameters(&asked[0])["Action"], "AssumeRole");
    assert_eq!(parameters(&asked[1])["SecurityToken"], "FAKETOKENY");
}
