//! A puppet on a stage: a loaded plugin, a scripted cloud and a world that stands still.

use std::sync::Arc;

use imgshare_host::{Ended, Host, Plugin, Provider};
use imgshare_protocol::{Connect, Image, ImageQuery, Page, Result};
use imgshare_testkit::{FakeWorld, Script};
use serde_json::json;

/// Where time is paused, a test that waits for nothing comes to its end at once.
const A_DAY: std::time::Duration = std::time::Duration::from_hours(24);

pub(crate) struct Stage {
    pub(crate) world: Arc<FakeWorld>,
    pub(crate) host: Host,
    pub(crate) plugin: Plugin,
}

impl Stage {
    /// A puppet of its own, with static state of its own, in this cloud.
    pub(crate) fn new(cloud: &Arc<Script>) -> Self {
        Self::in_world(cloud, FakeWorld::default())
    }

    pub(crate) fn in_world(cloud: &Arc<Script>, world: FakeWorld) -> Self {
        Self::with_plugin(imgshare_testkit::load("puppet"), cloud, world)
    }

    pub(crate) fn with_plugin(plugin: Plugin, cloud: &Arc<Script>, world: FakeWorld) -> Self {
        let world = Arc::new(world);
        Self { host: imgshare_testkit::host(cloud, &world), world, plugin }
    }

    pub(crate) fn connect(&self) -> Provider {
        self.connect_with("").expect("the puppet takes this config")
    }

    /// Connects with a setting that tells `connect` what to do.
    pub(crate) fn connect_with(&self, act: &str) -> Result<Provider> {
        let settings = json!({ "act": act });
        let connect = Connect { cloud: "stage".into(), settings, ..Connect::default() };
        self.host.connect(&self.plugin, &connect, false)
    }
}

/// Has the puppet do this, and gives what it said.
pub(crate) async fn act(provider: &Provider, act: &str, argument: &str) -> Result<Vec<String>> {
    said(ended(provider, act, argument).await)
}

pub(crate) async fn ended(provider: &Provider, act: &str, argument: &str) -> Ended<Page<Image>> {
    let ended = tokio::time::timeout(A_DAY, provider.list_images(query(act, argument))).await;
    ended.expect("the operation ends within a day")
}

fn query(act: &str, argument: &str) -> ImageQuery {
    ImageQuery { name: Some(act.to_owned()), region: argument.into(), ..ImageQuery::default() }
}

fn said(ended: Ended<Page<Image>>) -> Result<Vec<String>> {
    ended.result.map(|page| page.items.into_iter().map(|image| image.name).collect())
}
