//! No secret shows in a record, an error or a debug print.

use imgshare_host::{Redactor, System};
use imgshare_protocol::{
    AccountFailure, Change, Cloud, Connect, CredentialSource, ErrorKind, ImageRef, Limits, Place,
};
use imgshare_testkit::{Answer, FakeWorld, Script};

use crate::listening::listen;
use crate::stage::{Stage, act};

const KEY: &str = "FAKE-KEY-OF-THE-PUPPET";
const ENV_KEY: &str = "FAKE-KEY-IN-THE-ENVIRONMENT";

fn image() -> ImageRef {
    ImageRef { region: "r-1".into(), id: "img-1".into() }
}

#[tokio::test]
async fn of_those_that_the_plugin_named() {
    let log = listen();
    let ended = Stage::new(&Script::silent()).connect().read_shares(image()).await;
    let error = ended.result.expect_err("it is refused");
    assert_eq!(error.message, "refused with [secret]");
    assert!(!format!("{error:?}").contains(KEY), "{error:?}");
    let record = log.only("told with [secret]");
    assert_eq!(record.field("key"), Some("[secret]"));
    assert!(!format!("{:?}", log.records()).contains(KEY));
}

#[tokio::test(start_paused = true)]
async fn of_those_that_are_in_a_request_or_in_a_failure_that_is_tried_again() {
    let log = listen();
    let cloud = Script::by(|_| Answer::ok(""));
    let error = act(&Stage::new(&cloud).connect(), "call with a secret", "").await.expect_err("it is busy");
    assert_eq!(error.message, "busy with [secret]");
    assert!(cloud.requests()[0].url.ends_with(KEY), "the cloud gets it");
    let records = log.records();
    assert!(records.iter().any(|record| record.message() == "trying again"), "{records:#?}");
    assert!(!format!("{records:?}").contains(KEY), "{records:#?}");
}

#[tokio::test]
async fn of_those_that_came_by_the_environment_also_in_what_was_done_in_part() {
    let world = FakeWorld::default().with_env("PUPPET_KEY", ENV_KEY);
    let provider = Stage::in_world(&Script::silent(), world).connect();
    let change = Change { image: image(), add: vec!["a".into()], remove: vec![], ..Change::default() };
    let changed = provider.change_shares(change).await.result.expect("it is done in part");
    let [AccountFailure { error, .. }] = changed.failed.as_slice() else { panic!("{changed:?}") };
    assert_eq!(error.message, "refused with [secret]");
    assert!(!format!("{changed:?}").contains(ENV_KEY), "{changed:?}");
}

#[tokio::test]
async fn of_variables_that_are_no_credentials_everything_may_be_told() {
    let world = FakeWorld::default().with_env("HARMLESS", "not a secret");
    let provider = Stage::in_world(&Script::silent(), world).connect();
    assert_eq!(act(&provider, "env", "HARMLESS").await, Ok(vec!["not a secret".into()]));
    assert_eq!(act(&provider, "env", "NOT_SET").await, Ok(vec![]));
}

#[tokio::test]
async fn of_credentials_that_the_config_names() {
    let world = FakeWorld::default().with_env("MY_KEY", ENV_KEY).with_file("~/key", format!("{KEY}\n"));
    let stage = Stage::in_world(&Script::silent(), world);
    let cloud =
        cloud([("a", CredentialSource::Env("MY_KEY".into())), ("b", CredentialSource::File("~/key".into()))]);
    let values = imgshare_host::resolve_credentials(&cloud, &*stage.world, &stage.host.redactor).await;
    let credentials = values.expect("both are there");
    assert_eq!((credentials["a"].as_str(), credentials["b"].as_str()), (ENV_KEY, KEY));
    assert_eq!(stage.host.redactor.redact(&format!("{KEY} and {ENV_KEY}")), "[secret] and [secret]");
    let connect = Connect { credentials, ..Connect::default() };
    assert!(!format!("{connect:?}").contains("FAKE"), "{connect:?}");
}

#[tokio::test]
async fn all_credentials_that_cannot_be_fetched_are_named_with_what_to_do() {
    let cloud = cloud([
        ("a", CredentialSource::Env("IMGSHARE_TEST_NOT_SET".into())),
        ("b", CredentialSource::File("/no/such/file".into())),
        ("c", CredentialSource::Command(vec!["/no/such/program".into(), "FAKE-ARGUMENT".into()])),
        ("d", CredentialSource::Command(vec!["false".into()])),
    ]);
    let problems = imgshare_host::resolve_credentials(&cloud, &System, &Redactor::default()).await;
    let problems = problems.expect_err("none is there");
    let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
    assert_eq!(fields, ["a", "b", "c", "d"]);
    for problem in &problems {
        assert_eq!(problem.error.kind, ErrorKind::CredentialInvalid);
        assert!(problem.error.hint.is_some(), "{problem:?}");
        assert!(!format!("{problem:?}").contains("FAKE"), "{problem:?}");
    }
}

fn cloud<const N: usize>(credentials: [(&str, CredentialSource); N]) -> Cloud {
    Cloud {
        name: "c".into(),
        provider: "puppet".into(),
        regions: vec![],
        endpoint: None,
        allow_plain_http: false,
        credentials: credentials.into_iter().map(|(field, source)| (field.to_owned(), source)).collect(),
        limits: Limits::default(),
        settings: serde_json::Value::Null,
        place: Place::default(),
    }
}
