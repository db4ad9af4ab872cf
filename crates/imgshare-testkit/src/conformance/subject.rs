//! The plugin that is checked.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use imgshare_host::http::{HttpRequest, Transport};
use imgshare_host::{Plugin, Provider, Redactor};
use imgshare_protocol::{Connect, Description, Error, ErrorKind, Limits, Operation, Result};
use serde_json::Value;

use super::made_up;
use super::verdict::{Lack, Verdict, broken, unchecked};
use crate::double::Double;
use crate::{Answer, FakeWorld, Script};

/// Calls in a second that nobody waits for.
const CALLS_PER_SECOND: f64 = 100_000.0;

/// A plugin that is checked, and what its author gave for that.
pub(crate) struct Subject {
    pub(super) plugin: Plugin,
    pub(super) settings: Value,
    /// What the author puts into credential fields where no made-up text will do.
    credentials: BTreeMap<String, String>,
    pub(super) double: Option<Arc<dyn Double>>,
    sending: OnceCell<Option<Connect>>,
}

/// How one operation went.
pub(super) struct Trial {
    pub(super) result: Result<Value>,
    pub(super) requests: Vec<HttpRequest>,
}

impl Subject {
    pub(crate) fn new(plugin: Plugin) -> Self {
        let credentials = BTreeMap::new();
        Self { plugin, settings: Value::Null, credentials, double: None, sending: OnceCell::new() }
    }

    pub(super) fn with(self, settings: Value, double: Option<Arc<dyn Double>>) -> Self {
        Self { settings, double, ..self }
    }

    pub(super) fn with_credentials(self, credentials: BTreeMap<String, String>) -> Self {
        Self { credentials, ..self }
    }

    /// What stands in this credential field: the author's text, or a made-up one.
    pub(super) fn credential(&self, field: &str) -> String {
        self.credentials.get(field).cloned().unwrap_or_else(|| made_up::credential(field))
    }

    pub(super) fn description(&self) -> &Description {
        &self.plugin.description
    }

    /// A config that nothing is wrong with: made-up credentials in every field.
    pub(super) fn config(&self) -> Connect {
        let fields = &self.description().credentials;
        self.config_with(fields.iter().map(|field| field.name.as_str()))
    }

    /// The same with made-up credentials in these fields only.
    pub(super) fn config_with<'a>(&self, fields: impl Iterator<Item = &'a str>) -> Connect {
        Connect {
            cloud: "conformance".into(),
            credentials: fields.map(|name| (name.to_owned(), self.credential(name))).collect(),
            settings: self.settings.clone(),
            limits: self.unpaced(self.description().limits.clone()),
            ..Connect::default()
        }
    }

    /// These limits without the provider's pace: what a check talks to counts no calls.
    pub(super) fn unpaced(&self, mut limits: Limits) -> Limits {
        let calls = self.description().quotas.iter().map(|quota| (quota.action.clone(), CALLS_PER_SECOND));
        limits.calls_per_second = calls.collect();
        limits
    }

    /// The fields that a login cannot do without: the secret ones, and those that the author gave.
    pub(super) fn needed_fields(&self) -> impl Iterator<Item = &str> {
        self.secret_fields().chain(self.credentials.keys().map(String::as_str))
    }

    /// The fields of which nothing may be printed: what a cloud's keys are made of.
    pub(super) fn secret_fields(&self) -> impl Iterator<Item = &str> {
        self.description().credentials.iter().filter(|field| field.secret).map(|field| field.name.as_str())
    }

    /// A config with which listing images sends a request: with all credentials, with those that are needed, or with none.
    pub(super) fn sending_config(&self) -> std::result::Result<&Connect, Lack> {
        let found = self.sending.get_or_init(|| {
            let needed = self.config_with(self.needed_fields());
            let candidates = [self.config(), needed, self.config_with([].into_iter())];
            candidates.into_iter().find(|config| {
                let refusing = Script::by(|_| Answer::status(403, ""));
                !self.attempt(config, &refusing, &made_up::listing()).requests.is_empty()
            })
        });
        let advice = "listing images sends nothing with made-up credentials; give the suite settings or credentials with \
                      which it does (conformance::Suite::with_settings, with_credentials)";
        found.as_ref().map_or_else(|| unchecked(advice), Ok)
    }

    pub(super) fn connect(&self, config: &Connect, cloud: &Arc<Script>) -> Result<Provider> {
        crate::host(cloud, &Arc::new(FakeWorld::default())).connect(&self.plugin, config, false)
    }

    /// Runs one operation on a provider of its own, where waiting takes no time.
    pub(super) fn attempt(&self, config: &Connect, cloud: &Arc<Script>, operation: &Operation) -> Trial {
        self.attempt_in(FakeWorld::default(), config, cloud, operation)
    }

    pub(super) fn attempt_in(
        &self,
        world: FakeWorld,
        config: &Connect,
        cloud: &Arc<Script>,
        operation: &Operation,
    ) -> Trial {
        let host = crate::host(cloud, &Arc::new(world));
        let result = host
            .connect(&self.plugin, config, false)
            .and_then(|provider| self.block_on(ask(&provider, operation)));
        Trial { result, requests: cloud.requests() }
    }

    /// What this provider can be asked about images, with and without a cloud behind it.
    pub(super) fn operations(&self) -> Vec<Operation> {
        let description = self.description();
        let all = made_up::operations(&description.account_id.example, &description.limits);
        all.into_iter()
            .filter(|operation| description.can(operation.kind()) && self.offers(operation))
            .collect()
    }

    fn offers(&self, operation: &Operation) -> bool {
        let about_shares = !matches!(operation, Operation::ListImages(_) | Operation::CopyImage(_));
        !about_shares || self.description().sharing_unsupported.is_none()
    }

    /// Runs a future where waiting takes no time.
    pub(crate) fn block_on<F: Future>(&self, future: F) -> F::Output {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
        runtime.expect("a runtime without sockets can be made").block_on(future)
    }

    /// Runs a future that may talk to a cloud on loopback.
    pub(crate) fn block_on_sockets<F: Future>(&self, future: F) -> F::Output {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime can be made").block_on(future)
    }

    /// A provider over this transport.
    pub(crate) fn connect_over(
        &self,
        transport: Arc<dyn Transport>,
        world: &Arc<FakeWorld>,
        config: &Connect,
    ) -> Result<Provider> {
        let host = crate::host(&Script::silent(), world);
        let host = imgshare_host::Host { transport, redactor: Arc::new(Redactor::default()), ..host };
        host.connect(&self.plugin, config, true)
    }
}

/// An operation that waits for an answer that never comes ends after this, by a clock that does not make anybody wait.
const PATIENCE: Duration = Duration::from_secs(3600);

async fn ask(provider: &Provider, operation: &Operation) -> Result<Value> {
    let endless =
        |_| Err(Error::new(ErrorKind::Unavailable, "the operation waits for an answer that never comes"));
    tokio::time::timeout(PATIENCE, answer(provider, operation)).await.unwrap_or_else(endless)
}

/// The operation's result as people get it: without secrets, also where an account failed.
async fn answer(provider: &Provider, operation: &Operation) -> Result<Value> {
    let changed = match operation {
        Operation::ChangeShares(change) => provider.change_shares(change.clone()).await.result?,
        Operation::ChangeSnapshotShares(change) => {
            provider.change_snapshot_shares(change.clone()).await.result?
        }
        _ => return provider.ask(operation).await.result,
    };
    serde_json::to_value(changed).map_err(|error| Error::new(ErrorKind::Malformed, error.to_string()))
}

/// No operation may panic, whatever it is answered.
pub(super) fn no_panic(operation: &Operation, when: &str, result: Result<&Value, &Error>) -> Verdict {
    match result {
        Err(error) if error.kind == ErrorKind::Panicked => {
            broken(format!("{:?} panics when {when} ({error}); return an error instead", operation.kind()))
        }
        _ => Ok(()),
    }
}
