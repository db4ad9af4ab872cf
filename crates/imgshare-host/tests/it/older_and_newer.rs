//! An older plugin works in a newer host, and a newer plugin in an older host: what one of them does not know of is left
//! aside or answered `Unsupported`, and never ends more than the one operation.

use imgshare_abi::Handle;
use imgshare_protocol::{
    Description, End, ErrorKind, ImageRef, Level, Made, Operation, OperationKind, QuotaScope, Resume, Step,
    Want,
};
use imgshare_testkit::{Answer, FakeWorld, Script};
use serde_json::Value;

use crate::listening::listen;
use crate::raw::Raw;
use crate::stage::{Stage, act, ended};

/// A recorded message.
macro_rules! message {
    ($name:literal) => {
        include_str!(concat!("messages/", $name, ".json"))
    };
}

fn kind_of_failure(step: &Value) -> &str {
    step["end"]["error"]["kind"].as_str().unwrap_or_else(|| panic!("not failed: {step}"))
}

mod a_newer_plugin {
    use super::*;

    #[test]
    fn may_describe_itself_with_words_that_nobody_knows_yet() {
        let text = message!("description-from-the-future");
        let description: Description = serde_json::from_str(text).expect("what is unknown is left aside");
        assert!(description.can(OperationKind::ReadShares));
        assert_eq!(description.operations[1], OperationKind::Unknown);
        assert_eq!(description.limits.images_per_page, Some(100));
        assert_eq!(description.quotas[0].per, QuotaScope::Unknown);
        assert!(description.selection.family);
    }

    #[test]
    fn may_want_and_log_what_nobody_knows_yet() {
        let step: Step =
            serde_json::from_str(message!("step-from-the-future")).expect("the rest is understood");
        assert_eq!(step.asks[0].want, Want::Unknown);
        let Want::Send(head) = &step.asks[1].want else { panic!("{step:?}") };
        assert_eq!((head.method.as_str(), head.headers.len()), ("QUERY", 1));
        assert_eq!(step.records[0].level, Level::Trace);
    }

    #[test]
    fn may_fail_in_a_way_that_nobody_knows_yet() {
        let step: Step =
            serde_json::from_str(message!("step-with-an-unknown-error")).expect("it is understood");
        let Some(End::Failed { error }) = step.end else { panic!("{step:?}") };
        assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Unexpected, "try tomorrow"));
    }

    #[test]
    fn may_end_in_a_way_that_nobody_knows_yet() {
        let text = r#"{"end": {"ended": "postponed", "until": {"day": "monday"}}, "mood": "calm"}"#;
        let step: Step = serde_json::from_str(text).expect("it is understood that it ended");
        assert_eq!(step.end, Some(End::Unknown));
        let made: Made =
            serde_json::from_str(r#"{"made": "half", "text": ["a"]}"#).expect("it is understood");
        assert_eq!(made, Made::Unknown);
    }

    #[tokio::test]
    async fn is_told_that_its_want_is_unsupported_and_can_go_on_without() {
        let log = listen();
        let stage = frozen(&Script::silent());
        let provider = stage.connect_with("newer").expect("it connects");
        let said = act(&provider, "", "").await.expect("it goes on");
        assert_eq!(said, ["told that this host does not dance"]);
        assert_eq!(log.only("from the future").field("plugin"), Some("frozen"));
    }
}

fn frozen(cloud: &std::sync::Arc<Script>) -> Stage {
    Stage::with_plugin(imgshare_testkit::load("frozen"), cloud, FakeWorld::default())
}

/// The frozen plugin uses nothing of ours but the frozen boundary, and speaks as version 1 did on its first day.
mod an_older_plugin {
    use super::*;

    #[test]
    fn may_leave_out_of_its_description_what_it_never_heard_of() {
        let text = message!("description-from-the-past");
        let description: Description = serde_json::from_str(text).expect("all else has a default");
        assert_eq!(description.operations, [OperationKind::ListImages]);
        assert_eq!(description.limits.accounts_per_change, None);
        assert!(description.hosts.is_empty() && description.settings.is_null());
    }

    #[tokio::test]
    async fn lists_sends_and_logs() {
        let log = listen();
        let cloud = Script::in_order([Answer::ok("golden")]);
        let provider = frozen(&cloud).connect();
        assert_eq!(provider.description().display_name, "Frozen Cloud");
        let ended = ended(&provider, "", "r-1").await;
        assert_eq!(ended.result.expect("it lists").items[0].name, "golden");
        assert_eq!(ended.sends, 1);
        let request = &cloud.requests()[0];
        assert_eq!(request.url, "https://frozen.example/image");
        assert_eq!(request.headers, [("x-frozen".to_owned(), "yes".to_owned())]);
        assert_eq!(log.only("asking").field("what"), Some("image"));
    }

    #[tokio::test]
    async fn says_that_it_does_not_know_an_operation_and_goes_on() {
        let cloud = Script::in_order([Answer::ok("golden")]);
        let provider = frozen(&cloud).connect();
        for operation in [Operation::Unknown, Operation::ReadShares(image())] {
            let error = provider.ask(&operation).await.result.expect_err("it is not in version 1");
            assert_eq!(error.kind, ErrorKind::Unsupported);
        }
        assert_eq!(act(&provider, "", "").await.expect("it goes on"), ["golden"]);
    }

    fn image() -> ImageRef {
        ImageRef { region: "r-1".into(), id: "img-1".into() }
    }
}

/// Today's SDK, spoken to as tomorrow's host might.
mod a_newer_host {
    use super::*;

    #[test]
    fn may_say_more_than_the_plugin_knows() {
        let resume: Resume =
            serde_json::from_str(message!("resume-from-the-future")).expect("it is understood");
        assert_eq!((resume.now.seconds(), resume.level), (1_700_000_000, Level::Trace));
        let plugin = Raw::load("puppet");
        let exchange = plugin.exchange(message!("listing-from-the-future"));
        let step = plugin.resume(exchange, message!("resume-from-the-future"), b"");
        assert_eq!(step["asks"][0]["url"], "https://puppet.example/chain/0");
    }

    #[test]
    fn may_connect_with_more_than_the_plugin_knows() {
        let (handle, receipt) =
            Raw::load("puppet").connect(r#"{"cloud":"c","mood":"new","limits":{"moons":2}}"#);
        assert!(handle != Handle::NONE && receipt["error"].is_null(), "{receipt}");
    }

    #[test]
    fn is_told_that_its_operation_is_unsupported() {
        let plugin = Raw::load("puppet");
        let exchange = plugin.exchange(message!("operation-from-the-future"));
        let step = plugin.resume(exchange, "{}", b"");
        assert_eq!(kind_of_failure(&step), "unsupported");
        assert_eq!(step["end"]["error"]["hint"], "update the plugin");
    }

    #[test]
    fn is_told_that_its_answer_is_unsupported() {
        let plugin = Raw::load("puppet");
        let exchange = plugin.exchange(message!("listing-from-the-future"));
        plugin.resume(exchange, "{}", b"");
        let step = plugin.resume(exchange, message!("answer-from-the-future"), b"");
        assert_eq!(kind_of_failure(&step), "unsupported");
    }

    #[test]
    fn is_told_that_its_way_of_making_things_once_is_unsupported() {
        let plugin = Raw::load("puppet");
        let exchange = plugin.exchange(r#"{"operation":"list_images","region":"","name":"token"}"#);
        plugin.resume(exchange, "{}", b"");
        let step = plugin.resume(exchange, r#"{"answers":[{"id":1,"reply":"once","once":"borrow"}]}"#, b"");
        assert_eq!(kind_of_failure(&step), "unsupported");
    }
}

/// A host with a defect gets an error for it, in each of the five functions.
mod a_broken_host {
    use super::*;

    #[test]
    fn is_told_that_its_messages_are_not_understood() {
        let plugin = Raw::load("puppet");
        for nonsense in ["", "not json", "[]", "{\"operation\":", "{\"operation\":\"read_shares\"}"] {
            let (provider, _) = plugin.connect("{}");
            let (handle, receipt) = plugin.start(provider, nonsense);
            assert_eq!(handle, Handle::NONE, "{nonsense}");
            assert_eq!(receipt["error"]["kind"], "malformed", "{receipt}");
        }
        let (handle, receipt) = plugin.connect("not json");
        assert_eq!((handle, &receipt["error"]["kind"]), (Handle::NONE, &Value::from("malformed")));
        let exchange = plugin.exchange(message!("listing-from-the-future"));
        assert_eq!(kind_of_failure(&plugin.resume(exchange, "not json", b"")), "malformed");
    }

    #[test]
    fn is_told_that_a_handle_is_not_open() {
        let plugin = Raw::load("puppet");
        let exchange = plugin.exchange(message!("listing-from-the-future"));
        for wrong in [Handle::NONE, Handle(u64::MAX)] {
            assert_eq!(kind_of_failure(&plugin.resume(wrong, "{}", b"")), "malformed");
            assert_eq!(plugin.start(wrong, "{}").1["error"]["kind"], "malformed");
            assert_eq!(plugin.drop(wrong)["error"]["kind"], "malformed");
        }
        assert_eq!(
            plugin.start(exchange, "{}").1["error"]["kind"],
            "malformed",
            "an exchange is no provider"
        );
        assert!(plugin.drop(exchange)["error"].is_null());
        assert_eq!(plugin.drop(exchange)["error"]["kind"], "malformed", "it is dropped only once");
    }

    #[test]
    fn is_told_that_an_answer_refers_to_bytes_that_are_not_there() {
        let plugin = Raw::load("puppet");
        let exchange = plugin.exchange(message!("listing-from-the-future"));
        plugin.resume(exchange, "{}", b"");
        let answer = r#"{"answers":[{"id":1,"reply":"response","status":200,"body":{"at":1,"len":9}}]}"#;
        assert_eq!(kind_of_failure(&plugin.resume(exchange, answer, b"short")), "malformed");
    }

    #[test]
    fn is_told_that_an_exchange_has_ended_already() {
        let plugin = Raw::load("puppet");
        let exchange = plugin.exchange(r#"{"operation":"list_images","region":"","name":"alive"}"#);
        assert!(plugin.resume(exchange, "{}", b"")["end"]["result"].is_object());
        assert_eq!(kind_of_failure(&plugin.resume(exchange, "{}", b"")), "malformed");
    }

    #[test]
    fn may_answer_what_was_never_asked() {
        let plugin = Raw::load("puppet");
        let exchange = plugin.exchange(message!("listing-from-the-future"));
        let step = plugin.resume(exchange, r#"{"answers":[{"id":99,"reply":"slept"}]}"#, b"");
        assert_eq!(step["asks"][0]["want"], "send");
    }

    #[test]
    fn may_describe_again() {
        let plugin = Raw::load("puppet");
        assert_eq!(plugin.describe(), plugin.describe());
        assert_eq!(plugin.describe()["result"]["name"], "puppet");
    }
}
