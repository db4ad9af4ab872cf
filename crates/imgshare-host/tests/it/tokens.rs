//! What several operations need once is made once: `cx.once`.

use std::sync::Arc;

use futures_util::future::join_all;
use imgshare_protocol::ErrorKind;
use imgshare_testkit::{Answer, FakeWorld, Script};

use crate::stage::{Stage, act};

fn logins(cloud: &Script) -> usize {
    cloud.requests().iter().filter(|request| request.url.ends_with("/login")).count()
}

/// A cloud whose every login gives another token, after a while.
fn cloud() -> Arc<Script> {
    let tokens = std::sync::atomic::AtomicUsize::new(1);
    Script::by(move |_| {
        let token = tokens.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        Answer::ok(format!("token {token}")).after_ms(10)
    })
}

#[tokio::test(start_paused = true)]
async fn one_operation_makes_it_and_all_others_wait_for_it() {
    let cloud = cloud();
    let provider = Stage::new(&cloud).connect();
    let all = join_all((0..20).map(|_| act(&provider, "token", ""))).await;
    assert!(all.into_iter().all(|said| said == Ok(vec!["token 1".into()])));
    assert_eq!(logins(&cloud), 1);
}

#[tokio::test(start_paused = true)]
async fn it_is_made_anew_when_it_is_no_longer_fresh() {
    let cloud = cloud();
    let stage = Stage::new(&cloud);
    let provider = stage.connect();
    assert_eq!(act(&provider, "token", "").await, Ok(vec!["token 1".into()]));
    stage.world.advance_ms(99_999);
    assert_eq!(act(&provider, "token", "").await, Ok(vec!["token 1".into()]));
    stage.world.advance_ms(1);
    assert_eq!(act(&provider, "token", "").await, Ok(vec!["token 2".into()]));
}

#[tokio::test(start_paused = true)]
async fn one_that_the_cloud_refuses_is_made_anew_once_however_many_had_it() {
    let cloud = cloud();
    let provider = Stage::new(&cloud).connect();
    assert_eq!(act(&provider, "token", "").await, Ok(vec!["token 1".into()]));
    let all = join_all((0..20).map(|_| act(&provider, "token in place of", "token 1"))).await;
    assert!(all.into_iter().all(|said| said == Ok(vec!["token 2".into()])));
    assert_eq!(act(&provider, "token", "").await, Ok(vec!["token 2".into()]), "later ones get the new one");
    assert_eq!(act(&provider, "token in place of", "token 1").await, Ok(vec!["token 2".into()]));
    assert_eq!(logins(&cloud), 2);
}

#[tokio::test(start_paused = true)]
async fn all_that_wait_share_its_failure_and_the_next_one_tries_again() {
    let cloud = Script::in_order([Answer::status(401, "").after_ms(10), Answer::ok("token")]);
    let provider = Stage::new(&cloud).connect();
    let all = join_all((0..5).map(|_| act(&provider, "token", ""))).await;
    assert!(
        all.iter().all(|said| said.as_ref().is_err_and(|error| error.kind == ErrorKind::CredentialInvalid))
    );
    assert_eq!(logins(&cloud), 1);
    assert_eq!(act(&provider, "token", "").await, Ok(vec!["token".into()]));
}

#[tokio::test(start_paused = true)]
async fn when_its_maker_is_dropped_the_next_in_line_makes_it() {
    let cloud = Script::in_order([Answer::never(), Answer::ok("token")]);
    let provider = Stage::new(&cloud).connect();
    let mut maker = Box::pin(act(&provider, "token", ""));
    let mut next = Box::pin(act(&provider, "token", ""));
    assert!(futures_util::poll!(&mut maker).is_pending());
    assert!(futures_util::poll!(&mut next).is_pending());
    assert_eq!(logins(&cloud), 1, "the next one waits");
    drop(maker);
    assert_eq!(next.await, Ok(vec!["token".into()]));
}

#[tokio::test(start_paused = true)]
async fn when_its_maker_thinks_better_of_it_the_next_in_line_makes_it() {
    let cloud = Script::by(|request| match request.url.rsplit('/').next() {
        Some("else") => Answer::never(),
        _ => Answer::ok("token").after_ms(5_000),
    });
    let provider = Stage::in_world(&cloud, FakeWorld::default()).connect();
    let mut maker = Box::pin(act(&provider, "give up the token", ""));
    assert!(futures_util::poll!(&mut maker).is_pending());
    // The maker gives up after a second, and then is busy with something else for ever.
    let next = act(&provider, "token", "");
    let next = tokio::select! {
        _ = &mut maker => panic!("it waits for ever"),
        said = next => said,
    };
    assert_eq!(next, Ok(vec!["token".into()]));
    assert_eq!(logins(&cloud), 2);
}

#[tokio::test(start_paused = true)]
async fn each_cloud_has_its_own() {
    let cloud = cloud();
    let stage = Stage::new(&cloud);
    assert_eq!(act(&stage.connect(), "token", "").await, Ok(vec!["token 1".into()]));
    assert_eq!(act(&stage.connect(), "token", "").await, Ok(vec!["token 2".into()]));
}
