//! An operation that is dropped is over: nothing of it runs on, in host or plugin, and nothing more is sent.

use futures_util::FutureExt as _;
use imgshare_testkit::{Answer, FakeWorld, Script};

use crate::stage::{Stage, act};

/// Drops a chain of five requests while it waits for each of them in turn.
#[tokio::test(start_paused = true)]
async fn at_every_step() {
    for answered in 0..5 {
        let cloud = Script::by(move |request| {
            let at: usize = request.url.rsplit('/').next().expect("a path").parse().expect("a number");
            if at < answered { Answer::ok("") } else { Answer::never() }
        });
        let provider = Stage::new(&cloud).connect();
        let mut chain = Box::pin(act(&provider, "chain", "5"));
        assert!(chain.as_mut().now_or_never().is_none(), "it waits");
        assert_eq!((cloud.requests().len(), cloud.in_flight()), (answered + 1, 1));
        drop(chain);
        assert_eq!((cloud.in_flight(), cloud.abandoned()), (0, 1), "after {answered} answers");
        assert_eq!(act(&provider, "alive", "").await.expect("it counts"), ["1"], "the exchange is gone");
        assert_eq!(cloud.requests().len(), answered + 1, "nothing more is sent");
    }
}

#[tokio::test(start_paused = true)]
async fn while_many_requests_are_on_their_way() {
    let cloud = Script::silent();
    let provider = Stage::new(&cloud).connect();
    assert!(act(&provider, "fan", "20").now_or_never().is_none(), "it waits");
    assert_eq!((cloud.requests().len(), cloud.in_flight(), cloud.abandoned()), (20, 0, 20));
}

#[tokio::test(start_paused = true)]
async fn while_it_waits_to_try_again() {
    let cloud = Script::by(|_| Answer::status(503, ""));
    let provider = Stage::new(&cloud).connect();
    assert!(act(&provider, "call", "").now_or_never().is_none(), "it waits");
    tokio::time::sleep(std::time::Duration::from_secs(3600)).await;
    assert_eq!(cloud.requests().len(), 1);
    assert_eq!(act(&provider, "alive", "").await.expect("it counts"), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn before_it_has_begun() {
    let cloud = Script::silent();
    let provider = Stage::new(&cloud).connect();
    drop(act(&provider, "chain", "5"));
    assert!(cloud.requests().is_empty());
}

#[tokio::test(start_paused = true)]
async fn by_a_deadline_and_the_same_provider_goes_on() {
    let cloud = Script::by(|_| Answer::ok("late").after_ms(5_000));
    let stage = Stage::in_world(&cloud, FakeWorld::default().with_virtual_time());
    let provider = stage.connect();
    let second = std::time::Duration::from_secs(1);
    let cut = tokio::time::timeout(second, act(&provider, "chain", "1")).await;
    assert!(cut.is_err() && cloud.abandoned() == 1);
    assert_eq!(act(&provider, "chain", "1").await.expect("the next one is answered"), ["late"]);
}
