//! The plugin that is checked.

use std::future::Future;
use std::sync::Arc;

use imgshare_host::{Plugin, Provider};
use imgshare_protocol::{Connect, Description, Result};

use crate::{FakeWorld, Script};

/// A plugin that is checked.
pub(super) struct Subject {
    pub(super) plugin: Plugin,
}

impl Subject {
    pub(super) fn new(plugin: Plugin) -> Self {
        Self { plugin }
    }

    pub(super) fn description(&self) -> &Description {
        &self.plugin.description
    }

    /// A config that nothing is wrong with: made-up credentials in every field.
    pub(super) fn config(&self) -> Connect {
        let fields = &self.description().credentials;
        Connect {
            cloud: "conformance".into(),
            credentials: fields.iter().map(|field| (field.name.clone(), made_up(&field.name))).collect(),
            limits: self.description().limits.clone(),
            ..Connect::default()
        }
    }

    pub(super) fn connect(&self, config: &Connect, cloud: &Arc<Script>) -> Result<Provider> {
        crate::host(cloud, &Arc::new(FakeWorld::default())).connect(&self.plugin, config, false)
    }

    /// Runs a future where waiting takes no time.
    pub(super) fn block_on<F: Future>(&self, future: F) -> F::Output {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime without sockets can be made").block_on(future)
    }
}

fn made_up(field: &str) -> String {
    format!("FAKE-{field}-FOR-CONFORMANCE")
}
