//! Calls go as fast as the cloud allows and no faster, whatever the network does; and a call that waits costs nobody
//! else anything.

mod cloud;
mod figures;
mod queues;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use imgshare_host::{Calls, Provider};
use imgshare_protocol::{Connect, CopyRequest, ImageRef, Limits, Result};
use imgshare_testkit::{FakeWorld, Script};
use tokio::time::Instant;

use self::cloud::Cloud;
use crate::stage::{Stage, act};

/// A stage in this cloud, with so many requests in flight in each region.
fn stage(cloud: &Arc<Cloud>, in_flight: usize) -> Stage {
    let mut stage = Stage::in_world(&Script::silent(), FakeWorld::default().with_virtual_time());
    stage.host.transport = cloud.clone();
    stage.host.requests_in_flight_max = in_flight;
    stage
}

fn provider(cloud: &Arc<Cloud>) -> Provider {
    stage(cloud, 16).connect()
}

/// The puppet as the owner with this key, with these limits in the config.
fn owner(stage: &Stage, key: &str, limits: &[(&str, f64)]) -> Provider {
    let calls_per_second = limits.iter().map(|(action, rate)| ((*action).to_owned(), *rate)).collect();
    let connect = Connect {
        credentials: [("key".to_owned(), key.to_owned())].into(),
        limits: Limits { calls_per_second, ..Limits::default() },
        ..Connect::default()
    };
    stage.host.connect(&stage.plugin, &connect, false).expect("the puppet takes this config")
}

/// How long so many reading operations with one call each take, all begun at once.
async fn calls(provider: &Provider, region: &str, action: &str, count: usize) -> Duration {
    let action = format!("action {action}");
    all((0..count).map(|_| act(provider, &action, region))).await
}

/// The same with operations that write.
async fn writes(provider: &Provider, region: &str, action: &str, count: usize) -> Duration {
    let source = ImageRef { region: region.into(), id: "img-1".into() };
    let name = Some(format!("action {action}"));
    let copy = CopyRequest { source, regions: Vec::new(), name, token: None };
    all((0..count).map(|_| async { provider.copy_image(copy.clone()).await.result })).await
}

async fn all<T>(operations: impl Iterator<Item = impl Future<Output = Result<T>>>) -> Duration {
    let began = Instant::now();
    for result in join_all(operations).await {
        result.expect("each call is accepted in the end");
    }
    began.elapsed()
}

fn tally(provider: &Provider, region: &str, action: &str) -> Calls {
    provider.calls().get(&(region.into(), action.to_owned())).copied().unwrap_or_default()
}

/// `wall` is at most `factor` times `floor_s`.
#[track_caller]
fn assert_within(wall: Duration, factor: f64, floor_s: f64) {
    let times = wall.as_secs_f64() / floor_s;
    assert!(times <= factor, "{wall:?} is {times:.3} x {floor_s} s, more than {factor}");
}
