//! Within one operation, several requests are on their way at the same time.

use std::sync::Arc;
use std::time::Duration;

use imgshare_host::http::HttpRequest;
use imgshare_protocol::ErrorKind;
use imgshare_testkit::{Answer, FakeWorld, Script};

use crate::stage::{Stage, act, ended};

fn last_of(request: &HttpRequest) -> &str {
    request.url.rsplit('/').next().unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn two_requests_are_sent_before_either_is_answered() {
    let cloud = Script::by(|request| Answer::ok(last_of(request)).after_ms(10));
    let stage = Stage::in_world(&cloud, FakeWorld::default());
    let provider = stage.connect();
    let mut both = Box::pin(act(&provider, "both", ""));
    assert!(futures_util::poll!(&mut both).is_pending());
    assert_eq!(cloud.in_flight(), 2);
    assert_eq!(both.await.expect("both are answered"), ["left", "right"]);
}

#[tokio::test(start_paused = true)]
async fn fifty_answers_out_of_order_each_reach_their_own_request() {
    let cloud = Script::by(|request| {
        let at: u64 = last_of(request).parse().expect("a number");
        // 50 is no multiple of 7, so all come at different times, and none in its turn.
        Answer::ok(format!("answer {at}")).after_ms(1 + at * 7 % 50)
    });
    let said = act(&Stage::new(&cloud).connect(), "fan", "50").await.expect("all are answered");
    assert_eq!(said, (0..50).map(|at| format!("answer {at}")).collect::<Vec<_>>());
}

#[tokio::test(start_paused = true)]
async fn answers_that_come_together_cost_one_step() {
    let cloud = Script::by(|request| Answer::ok(last_of(request)));
    let said = act(&Stage::new(&cloud).connect(), "fan", "50").await.expect("all are answered");
    assert_eq!(said.len(), 50);
}

#[tokio::test(start_paused = true)]
async fn one_that_fails_lets_go_of_the_others() {
    let cloud = Script::by(|request| match last_of(request) {
        "3" => Answer::status(403, "").after_ms(5),
        _ => Answer::never(),
    });
    let error = act(&Stage::new(&cloud).connect(), "fan", "10").await.expect_err("one is refused");
    assert_eq!(error.kind, ErrorKind::PermissionDenied);
    assert_eq!((cloud.in_flight(), cloud.abandoned()), (0, 9));
}

#[tokio::test(start_paused = true)]
async fn a_request_that_loses_a_race_is_let_go_while_the_operation_goes_on() {
    let cloud = Script::by(|request| match last_of(request) {
        "slow" => Answer::never(),
        name => Answer::ok(name).after_ms(10),
    });
    let provider = Stage::new(&cloud).connect();
    let mut race = Box::pin(act(&provider, "race", ""));
    assert!(futures_util::poll!(&mut race).is_pending());
    assert_eq!(cloud.in_flight(), 2);
    // The race is won after 10 ms; after 15 the operation waits for its next answer, and for nothing else.
    let meanwhile = Duration::from_millis(15);
    assert!(tokio::time::timeout(meanwhile, &mut race).await.is_err());
    assert_eq!((cloud.in_flight(), cloud.abandoned()), (1, 1));
    assert_eq!(race.await.expect("the fast one wins"), ["fast", "after"]);
    assert_eq!((cloud.in_flight(), cloud.abandoned()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn requests_on_their_way_in_one_region_are_bounded() {
    let cloud = Script::by(|_| Answer::ok("").after_ms(10));
    let mut stage = Stage::new(&cloud);
    stage.host.requests_in_flight_max = 3;
    let provider = stage.connect();
    let mut fan = Box::pin(ended(&provider, "fan", "10"));
    assert!(futures_util::poll!(&mut fan).is_pending());
    assert_eq!(cloud.in_flight(), 3);
    assert_eq!(fan.await.sends, 10);
}

#[tokio::test(start_paused = true)]
async fn many_operations_of_one_provider_run_at_the_same_time() {
    let cloud = Script::by(|request| Answer::ok(last_of(request)).after_ms(10));
    let provider = Stage::new(&cloud).connect();
    let began = tokio::time::Instant::now();
    let all = futures_util::future::join_all((0..100).map(|_| act(&provider, "chain", "3"))).await;
    assert!(all.iter().all(|said| said.as_deref() == Ok(&["0", "1", "2"].map(String::from))));
    assert_eq!(began.elapsed().as_millis(), 50, "300 requests, 64 at a time");
}

#[tokio::test(start_paused = true)]
async fn operations_of_one_provider_run_on_several_threads() {
    let cloud = Script::by(|request| Answer::ok(last_of(request)));
    let provider = Arc::new(Stage::new(&cloud).connect());
    let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(run_one(provider.clone()))).collect();
    for thread in threads {
        assert_eq!(thread.join().expect("no thread panics"), ["0", "1", "2"]);
    }
}

fn run_one(provider: Arc<imgshare_host::Provider>) -> impl FnOnce() -> Vec<String> + Send {
    move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build();
        let runtime = runtime.expect("a runtime can be made");
        runtime.block_on(act(&provider, "chain", "3")).expect("it is answered")
    }
}

#[tokio::test]
async fn a_plugin_that_waits_for_something_of_its_own_is_told_so_instead_of_hanging() {
    let error = act(&Stage::new(&Script::silent()).connect(), "wait for nothing", "").await;
    let error = error.expect_err("nothing will ever wake it");
    assert_eq!(error.kind, ErrorKind::Malformed);
    assert!(error.message.contains("waits, but for nothing that the host could answer"), "{error}");
}
