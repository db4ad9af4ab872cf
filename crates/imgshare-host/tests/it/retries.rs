//! The provider says what a failure means; the host says whether and when the call is sent again.

use std::sync::Arc;

use imgshare_host::http::HttpRequest;
use imgshare_protocol::{Error, ErrorKind};
use imgshare_testkit::{Answer, FakeWorld, Script};

use crate::stage::{Stage, act};

/// What the puppet's `call` came to, and how many milliseconds it waited.
async fn call(name: &str, answers: impl IntoIterator<Item = Answer>) -> (Result<String, Error>, u128, usize) {
    let cloud = Script::in_order(answers);
    let provider = stage(&cloud).connect();
    let began = tokio::time::Instant::now();
    let said = act(&provider, name, "").await.map(|said| said.concat());
    (said, began.elapsed().as_millis(), cloud.requests().len())
}

fn stage(cloud: &Arc<Script>) -> Stage {
    Stage::in_world(cloud, FakeWorld::default().with_virtual_time())
}

fn busy() -> Answer {
    Answer::status(429, "")
}

fn down() -> Answer {
    Answer::status(503, "")
}

fn signature(request: &HttpRequest) -> &str {
    let header = request.headers.iter().find(|(name, _)| name == "x-signature");
    header.map(|(_, value)| value.as_str()).expect("each call is signed")
}

#[tokio::test(start_paused = true)]
async fn a_busy_cloud_is_asked_again_after_a_wait_that_doubles() {
    let (said, waited_ms, sends) = call("call", [busy(), busy(), busy(), Answer::ok("done")]).await;
    assert_eq!((said, sends), (Ok("done".into()), 4));
    // 400, 800 and 1600 ms, each times 0.75: the jitter of this world is in the middle.
    assert_eq!(waited_ms, 300 + 600 + 1200);
}

#[tokio::test(start_paused = true)]
async fn the_clouds_own_wait_is_obeyed() {
    let answers = [busy().header("retry-after", "7"), Answer::ok("done")];
    let (said, waited_ms, _) = call("call", answers).await;
    assert_eq!(said, Ok("done".into()));
    assert!((7_000..9_000).contains(&waited_ms), "{waited_ms}");
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_is_too_long_is_the_users_to_wait() {
    let answers = [busy().header("retry-after", "3600"), Answer::ok("done")];
    let (said, waited_ms, sends) = call("call", answers).await;
    let error = said.expect_err("nobody waits for an hour");
    assert_eq!((error.kind, error.retry_after_ms), (ErrorKind::RateLimited, Some(3_600_000)));
    assert_eq!((waited_ms, sends), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn each_try_is_signed_anew_with_a_later_time_and_another_nonce() {
    let cloud = Script::in_order([busy(), busy(), Answer::ok("done")]);
    act(&stage(&cloud).connect(), "call", "").await.expect("the third is answered");
    let requests = cloud.requests();
    let signed: Vec<_> =
        requests.iter().map(|request| signature(request).split_once(' ').expect("time, nonce")).collect();
    let times: Vec<_> = signed.iter().map(|(time, _)| *time).collect();
    assert_eq!(times, ["1700000000000", "1700000000300", "1700000000900"]);
    assert!(signed[0].1 != signed[1].1 && signed[1].1 != signed[2].1, "{signed:?}");
}

#[tokio::test(start_paused = true)]
async fn tries_end_sooner_for_a_cloud_that_is_down_than_for_a_busy_one() {
    let (said, _, sends) = call("call", std::iter::repeat_n(down(), 20)).await;
    assert_eq!((said.map_err(|error| error.kind), sends), (Err(ErrorKind::Unavailable), 4));
    let (said, _, sends) = call("call", std::iter::repeat_n(busy(), 20)).await;
    assert_eq!((said.map_err(|error| error.kind), sends), (Err(ErrorKind::RateLimited), 10));
}

#[tokio::test(start_paused = true)]
async fn what_waiting_cannot_mend_is_sent_once() {
    for status in [400, 401, 403, 404, 409] {
        let (said, waited_ms, sends) = call("call", [Answer::status(status, "")]).await;
        assert!(said.is_err());
        assert_eq!((waited_ms, sends), (0, 1), "status {status}");
    }
}

/// Each line: how the first send failed, whether the request is idempotent, and how often it is sent.
#[tokio::test(start_paused = true)]
async fn what_may_have_been_done_is_sent_again_only_if_twice_is_as_good_as_once() {
    let (idempotent, not) = ("call", "call once only");
    for (case, first, request, sends) in [
        ("no connection", Answer::unreachable(), not, 2),
        ("no connection", Answer::unreachable(), idempotent, 2),
        ("no answer", Answer::lost(), not, 1),
        ("no answer", Answer::lost(), idempotent, 2),
        ("answered that it is down", down(), not, 1),
        ("answered that it is down", down(), idempotent, 2),
        ("refused as one too many", busy(), not, 2),
        ("refused as one too many", busy(), idempotent, 2),
    ] {
        let (_, _, sent) = call(request, [first, Answer::ok("done")]).await;
        assert_eq!(sent, sends, "{request}: {case}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_cloud_that_stays_down_uses_up_its_budget_and_then_fails_at_once() {
    let cloud = Script::by(|_| down());
    let mut stage = stage(&cloud);
    stage.host.retry.budget = 20;
    let provider = stage.connect();
    let mut sends = Vec::new();
    for _ in 0..4 {
        let before = cloud.requests().len();
        act(&provider, "call", "").await.expect_err("the cloud is down");
        sends.push(cloud.requests().len() - before);
    }
    // A retry costs 5: three for the first call, one for the second, none after that.
    assert_eq!(sends, [4, 2, 1, 1]);
}

#[tokio::test(start_paused = true)]
async fn the_budget_is_one_clouds_own() {
    let cloud = Script::by(|_| down());
    let mut stage = stage(&cloud);
    stage.host.retry.budget = 15;
    let (first, second) = (stage.connect(), stage.connect());
    act(&first, "call", "").await.expect_err("the cloud is down");
    let before = cloud.requests().len();
    act(&second, "call", "").await.expect_err("the cloud is down");
    assert_eq!(cloud.requests().len() - before, 4);
}

#[tokio::test(start_paused = true)]
async fn a_plugin_can_sleep_and_its_clock_goes_on() {
    let provider = stage(&Script::silent()).connect();
    assert_eq!(act(&provider, "sleep", "1500").await.expect("it sleeps"), ["1500"]);
}

#[tokio::test(start_paused = true)]
async fn a_plugin_cannot_sleep_for_ever() {
    let provider = stage(&Script::silent()).connect();
    let error = act(&provider, "sleep", "86400000").await.expect_err("a day is too long");
    assert_eq!(error.kind, ErrorKind::Unsupported);
    assert!(error.message.contains("longer than 600 s"), "{error}");
}
