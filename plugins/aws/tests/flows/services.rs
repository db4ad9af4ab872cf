//! Keys of the services that containers and servers have.

use imgshare_sdk::{Connect, ErrorKind, time};
use imgshare_testkit::{Answer, FakeWorld, HttpRequest, Script};
use serde_json::{Value, json};

use crate::cloud::{connect, header, image, no_shares, signer, with_credentials};

/// Keys that are good for an hour.
fn keys(name: &str) -> Value {
    let expires = time::iso_seconds(FakeWorld::BEGIN.plus_seconds(3600));
    json!({"AccessKeyId": format!("ASIAFAKE{name}"), "SecretAccessKey": format!("FakeKeyOf{name}"),
           "Token": format!("FAKETOKEN{name}"), "Expiration": expires})
}

fn of_the_server() -> Answer {
    let mut keys = keys("SERVER");
    keys["Code"] = "Success".into();
    Answer::ok(keys.to_string())
}

fn of_the_container() -> Answer {
    Answer::ok(keys("CONTAINER").to_string())
}

async fn requests(world: FakeWorld, config: &Connect, answers: Vec<Answer>) -> Vec<HttpRequest> {
    let cloud = Script::in_order(answers);
    connect(&cloud, world.with_virtual_time(), config).read_shares(image()).await.result.unwrap();
    cloud.requests()
}

fn paths(requests: &[HttpRequest]) -> Vec<String> {
    requests.iter().map(|request| format!("{} {}", request.method, request.url)).collect()
}

const API: &str = "POST https://ec2.us-east-1.amazonaws.com/";

#[tokio::test(start_paused = true)]
async fn the_server_is_asked_with_a_token_for_its_roles_name_and_then_for_its_keys() {
    for (variable, origin) in [
        (None, "http://169.254.169.254"),
        (Some(("AWS_EC2_METADATA_SERVICE_ENDPOINT", "http://127.0.0.1:1338/")), "http://127.0.0.1:1338"),
        (Some(("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", "IPv6")), "http://[fd00:ec2::254]"),
    ] {
        let world = variable
            .into_iter()
            .fold(FakeWorld::default(), |world, (name, value)| world.with_env(name, value));
        let answers = vec![Answer::ok("FAKEMETATOKEN"), Answer::ok("baker"), of_the_server(), no_shares()];
        let asked = requests(world, &with_credentials(&[]), answers).await;
        let path = "/latest/meta-data/iam/security-credentials/";
        let expected = [
            format!("PUT {origin}/latest/api/token"),
            format!("GET {origin}{path}"),
            format!("GET {origin}{path}baker"),
            API.to_owned(),
        ];
        assert_eq!(paths(&asked), expected);
        assert_eq!(header(&asked[0], "x-aws-ec2-metadata-token-ttl-seconds"), "60");
        for request in &asked[1..3] {
            assert_eq!(header(request, "x-aws-ec2-metadata-token"), "FAKEMETATOKEN");
        }
        assert_eq!(signer(&asked[3]), "ASIAFAKESERVER");
        assert_eq!(header(&asked[3], "x-amz-security-token"), "FAKETOKENSERVER");
    }
}

#[tokio::test]
async fn a_service_that_gives_no_token_is_not_asked_without() {
    let cloud = Script::in_order([Answer::status(403, ""), Answer::ok("baker"), of_the_server()]);
    let aws = connect(&cloud, FakeWorld::default(), &with_credentials(&[]));
    let error = aws.read_shares(image()).await.result.unwrap_err();
    assert!(error.message.contains("gives no token: HTTP status 403"), "{error}");
    assert_eq!(cloud.requests().len(), 1);
}

#[tokio::test]
async fn a_role_whose_keys_cannot_be_used_is_an_error() {
    let failed =
        json!({"Code": "AssumeRoleUnauthorizedAccess", "Message": "EC2 cannot assume the role baker."});
    let cloud = Script::in_order([Answer::ok("T"), Answer::ok("baker"), Answer::ok(failed.to_string())]);
    let aws = connect(&cloud, FakeWorld::default(), &with_credentials(&[]));
    let error = aws.read_shares(image()).await.result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    assert!(error.message.contains("`AssumeRoleUnauthorizedAccess`"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_container_has_a_service_of_its_own_and_a_token_for_it() {
    let ecs = || FakeWorld::default().with_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x?id=1");
    let eks = || {
        FakeWorld::default()
            .with_env("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://169.254.170.23/v1/credentials")
            .with_env("AWS_CONTAINER_AUTHORIZATION_TOKEN", "FAKETOKENOFTHEVARIABLE")
    };
    let file = || {
        eks()
            .with_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/token")
            .with_file("/var/token", "FAKETOKENOFTHEFILE")
    };
    for (world, url, token) in [
        (ecs(), "http://169.254.170.2/v2/x?id=1", ""),
        (eks(), "http://169.254.170.23/v1/credentials", "FAKETOKENOFTHEVARIABLE"),
        (file(), "http://169.254.170.23/v1/credentials", "FAKETOKENOFTHEFILE"),
    ] {
        let asked = requests(world, &with_credentials(&[]), vec![of_the_container(), no_shares()]).await;
        assert_eq!(paths(&asked), [format!("GET {url}"), API.to_owned()]);
        assert_eq!((header(&asked[0], "authorization"), signer(&asked[1])), (token, "ASIAFAKECONTAINER"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_containers_service_that_is_busy_is_asked_again() {
    let world = FakeWorld::default().with_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x");
    let answers = vec![Answer::status(429, ""), Answer::status(500, ""), of_the_container(), no_shares()];
    assert_eq!(requests(world, &with_credentials(&[]), answers).await.len(), 4);
}

#[tokio::test]
async fn no_stranger_is_asked_for_keys_in_clear() {
    for (variable, value) in [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", "http://keys.example/x"),
        ("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "@keys.example/x"),
    ] {
        let cloud = Script::capture();
        let world = FakeWorld::default().with_env(variable, value);
        let error =
            connect(&cloud, world, &with_credentials(&[])).read_shares(image()).await.result.unwrap_err();
        assert!(error.message.starts_with(variable), "{error}");
        assert_eq!(cloud.requests().len(), 0);
    }
}

#[tokio::test]
async fn a_token_of_two_lines_would_be_two_headers_and_is_refused() {
    let world = FakeWorld::default()
        .with_env("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2/x")
        .with_env("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", "/var/token")
        .with_file("/var/token", "FAKE\r\nTOKEN");
    let cloud = Script::capture();
    let error = connect(&cloud, world, &with_credentials(&[])).read_shares(image()).await.result.unwrap_err();
    assert_eq!((error.kind, cloud.requests().len()), (ErrorKind::CredentialInvalid, 0));
}
