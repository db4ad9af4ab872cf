//! Roles of profiles and of identity providers, and programs that print keys.

use imgshare_sdk::{ErrorKind, time};
use imgshare_testkit::{Answer, FakeWorld, HttpRequest, Script};
use serde_json::json;

use crate::cloud::{connect, done, form, header, image, no_shares, refuse_with, signer, with_credentials};

const CONFIG: &str = "~/.aws/config";
const API: &str = "https://ec2.us-east-1.amazonaws.com/";

const KEYS: &str = "aws_access_key_id = AKIAFAKEFILE\naws_secret_access_key = FakeKeyOfTheFile\n";

/// Keys that the token service gives for a role, good for so many seconds.
fn of_a_role(action: &str, name: &str, seconds: i64) -> Answer {
    let expires = time::iso_seconds(FakeWorld::BEGIN.plus_seconds(seconds));
    done(
        action,
        &format!(
            "<{action}Result><Credentials><AccessKeyId>ASIAFAKE{name}</AccessKeyId>\
             <SecretAccessKey>FakeKeyOf{name}</SecretAccessKey><SessionToken>FAKETOKEN{name}</SessionToken>\
             <Expiration>{expires}</Expiration></Credentials></{action}Result>"
        ),
    )
}

async fn requests(world: FakeWorld, answers: Vec<Answer>) -> Vec<HttpRequest> {
    let cloud = Script::in_order(answers);
    connect(&cloud, world, &with_credentials(&[])).read_shares(image()).await.result.unwrap();
    cloud.requests()
}

fn urls(requests: &[HttpRequest]) -> Vec<&str> {
    requests.iter().map(|request| request.url.as_str()).collect()
}

#[tokio::test]
async fn roles_are_taken_on_one_after_the_other_each_with_the_keys_of_the_one_before() {
    let world = FakeWorld::default().with_file(
        CONFIG,
        format!(
            "[default]\nrole_arn = arn:aws:iam::2:role/x\nsource_profile = b\nexternal_id = e\nregion = eu-west-1\n\
             [profile b]\nrole_arn = arn:aws:iam::1:role/y\nsource_profile = c\nrole_session_name = me\n\
             duration_seconds = 900\n[profile c]\n{KEYS}"
        ),
    );
    let answers = vec![of_a_role("AssumeRole", "Y", 900), of_a_role("AssumeRole", "X", 3600), no_shares()];
    let asked = requests(world, answers).await;
    let sts = "https://sts.eu-west-1.amazonaws.com/";
    assert_eq!(urls(&asked), [sts, sts, API]);
    assert_eq!(asked.iter().map(signer).collect::<Vec<_>>(), ["AKIAFAKEFILE", "ASIAFAKEY", "ASIAFAKEX"]);
    assert_eq!(
        String::from_utf8_lossy(&asked[0].body),
        "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fy&RoleSessionName=me&\
         DurationSeconds=900"
    );
    let second = form(&asked[1]);
    assert_eq!((second.get("ExternalId"), second.get("RoleSessionName")), (Some("e"), Some("imgshare")));
    assert_eq!(header(&asked[1], "x-amz-security-token"), "FAKETOKENY");
    assert!(header(&asked[0], "authorization").contains("/eu-west-1/sts/aws4_request"));
}

#[tokio::test]
async fn a_role_is_asked_for_in_its_own_part_of_the_cloud() {
    for (arn, region, expected) in [
        ("arn:aws:iam::1:role/x", None, "sts.us-east-1.amazonaws.com"),
        ("arn:aws:iam::1:role/x", Some("ap-south-1"), "sts.ap-south-1.amazonaws.com"),
        ("arn:aws-cn:iam::1:role/x", Some("ap-south-1"), "sts.cn-northwest-1.amazonaws.com.cn"),
        ("arn:aws-us-gov:iam::1:role/x", None, "sts.us-gov-west-1.amazonaws.com"),
    ] {
        let profile = format!("[default]\nrole_arn = {arn}\nsource_profile = default\n{KEYS}");
        let world = FakeWorld::default().with_file(CONFIG, profile);
        let world = region.into_iter().fold(world, |world, region| world.with_env("AWS_REGION", region));
        let asked = requests(world, vec![of_a_role("AssumeRole", "X", 3600), no_shares()]).await;
        assert_eq!(asked[0].url, format!("https://{expected}/"));
    }
}

#[tokio::test]
async fn a_roles_keys_are_replaced_five_minutes_before_they_expire() {
    let role = "[default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = default\n";
    let world = std::sync::Arc::new(FakeWorld::default().with_file(CONFIG, format!("{role}{KEYS}")));
    let cloud = Script::in_order([
        of_a_role("AssumeRole", "FIRST", 1000),
        no_shares(),
        no_shares(),
        of_a_role("AssumeRole", "SECOND", 9000),
        no_shares(),
    ]);
    let host = imgshare_testkit::host(&cloud, &world);
    let aws = host.connect(crate::cloud::plugin(), &with_credentials(&[]), false).unwrap();
    for wait_ms in [699_999, 1, 0] {
        aws.read_shares(image()).await.result.unwrap();
        world.advance_ms(wait_ms);
    }
    let signers: Vec<_> = cloud.requests().iter().map(|request| signer(request).to_owned()).collect();
    assert_eq!(signers, ["AKIAFAKEFILE", "ASIAFAKEFIRST", "ASIAFAKEFIRST", "AKIAFAKEFILE", "ASIAFAKESECOND"]);
}

#[tokio::test]
async fn an_identity_providers_token_is_exchanged_without_a_signature() {
    let world = FakeWorld::default()
        .with_env("AWS_ROLE_ARN", "arn:aws:iam::1:role/pod")
        .with_env("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/token")
        .with_env("AWS_ROLE_SESSION_NAME", "pod-1")
        .with_env("AWS_REGION", "us-west-2")
        .with_file("/var/token", "FAKE.OIDC.TOKEN\n");
    let answers = vec![of_a_role("AssumeRoleWithWebIdentity", "POD", 3600), no_shares()];
    let asked = requests(world, answers).await;
    assert_eq!(urls(&asked), ["https://sts.us-west-2.amazonaws.com/", API]);
    assert_eq!((header(&asked[0], "authorization"), signer(&asked[1])), ("", "ASIAFAKEPOD"));
    assert_eq!(
        String::from_utf8_lossy(&asked[0].body),
        "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fpod&\
         RoleSessionName=pod-1&WebIdentityToken=FAKE.OIDC.TOKEN"
    );
}

#[tokio::test]
async fn a_token_or_a_role_that_is_missing_is_an_error_and_no_call() {
    let file = || FakeWorld::default().with_env("AWS_WEB_IDENTITY_TOKEN_FILE", "/var/token");
    for (world, words) in [
        (file(), "AWS_ROLE_ARN is not"),
        (file().with_env("AWS_ROLE_ARN", "r"), "/var/token is not there"),
        (file().with_env("AWS_ROLE_ARN", "r").with_file("/var/token", " \n"), "/var/token is empty"),
    ] {
        let cloud = Script::capture();
        let error =
            connect(&cloud, world, &with_credentials(&[])).read_shares(image()).await.result.unwrap_err();
        assert_eq!(error.kind, ErrorKind::CredentialInvalid);
        assert!(error.message.contains(words), "{error}");
        assert_eq!(cloud.requests().len(), 0);
    }
}

#[tokio::test]
async fn a_role_that_is_refused_says_which_and_what_to_do() {
    let role = "[default]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = default\n";
    let world = FakeWorld::default().with_file(CONFIG, format!("{role}{KEYS}"));
    let cloud = Script::in_order([refuse_with(403, "AccessDenied", "User is not authorized.")]);
    let error = connect(&cloud, world, &with_credentials(&[])).read_shares(image()).await.result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::CredentialInvalid);
    assert!(error.message.contains("role arn:aws:iam::1:role/x by ~/.aws/config"), "{error}");
    assert!(error.hint.is_some_and(|hint| hint.contains("sts:AssumeRole")));
}

#[tokio::test]
async fn a_program_prints_keys() {
    let printed = json!({"Version": 1, "AccessKeyId": "ASIAFAKEPROGRAM", "SecretAccessKey": "FakeKey",
                         "SessionToken": "FAKETOKENPROGRAM", "Expiration": "2023-11-14T23:13:20Z"});
    let world = FakeWorld::default()
        .with_file(CONFIG, "[default]\ncredential_process = keys --for 'the team'\n")
        .with_command(&["keys", "--for", "the team"], printed.to_string());
    let asked = requests(world, vec![no_shares()]).await;
    assert_eq!((urls(&asked), signer(&asked[0])), (vec![API], "ASIAFAKEPROGRAM"));
    assert_eq!(header(&asked[0], "x-amz-security-token"), "FAKETOKENPROGRAM");
}

#[tokio::test]
async fn a_single_sign_on_is_left_to_the_vendors_tool() {
    let sso = "[default]\nsso_session = s\nsso_account_id = 123456789012\nsso_role_name = r\n";
    let cloud = Script::capture();
    let world = FakeWorld::default().with_file(CONFIG, sso);
    let error =
        connect(&cloud, world, &with_credentials(&[])).find_credentials(false).await.result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.hint.is_some_and(|hint| hint.contains("export-credentials --profile default")));
}

#[tokio::test]
async fn a_role_may_begin_with_the_keys_of_the_environment() {
    let role = "[profile x]\nrole_arn = arn:aws:iam::1:role/x\ncredential_source = Environment\n";
    let world = FakeWorld::default()
        .with_env("AWS_ACCESS_KEY_ID", "AKIAFAKEENVIRONMENT")
        .with_env("AWS_SECRET_ACCESS_KEY", "FakeKeyOfTheEnvironment")
        .with_file(CONFIG, role);
    let cloud = Script::in_order([of_a_role("AssumeRole", "X", 3600), no_shares()]);
    let aws = connect(&cloud, world, &with_credentials(&[("profile", "x")]));
    aws.read_shares(image()).await.result.unwrap();
    let signers: Vec<_> = cloud.requests().iter().map(|request| signer(request).to_owned()).collect();
    assert_eq!(signers, ["AKIAFAKEENVIRONMENT", "ASIAFAKEX"]);
}
