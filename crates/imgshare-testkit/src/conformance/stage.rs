//! A provider in front of a cloud with a memory.

use std::sync::Arc;
use std::time::Duration;

use imgshare_host::Provider;
use imgshare_host::http::Transport;
use imgshare_protocol::{AccountId, Connect, Error, ImageRef, Limits, OperationKind, Region};

use super::made_up;
use super::subject::Subject;
use super::verdict::{Lack, Verdict, broken, unchecked};
use crate::FakeWorld;
use crate::double::{Cloud, Double, Receiver, Seed, Simulated, Tiny};

/// Accounts that checks may share with.
const ACCOUNTS: usize = 300;

/// How long a check may take; they take a second or two.
const PATIENCE: Duration = Duration::from_secs(120);

/// A region without images.
pub(super) const EMPTY_REGION: &str = "conformance-2";

/// A provider, and the cloud that it talks to.
pub(super) struct Stage<'a> {
    pub(super) subject: &'a Subject,
    pub(super) cloud: Box<dyn Cloud>,
    pub(super) provider: Provider,
    config: Connect,
    /// One for all providers: a cloud does not take the same nonce twice.
    world: Arc<FakeWorld>,
    pub(super) seed: Seed,
    pub(super) accounts: Vec<AccountId>,
}

/// What a check wants to find on its stage.
pub(super) struct Props {
    /// Images in the region.
    pub(super) images: u32,
    /// The limits in the config, where they are not the provider's own.
    pub(super) limits: Option<Limits>,
}

impl Props {
    pub(super) fn images(images: u32) -> Self {
        Self { images, limits: None }
    }
}

impl Subject {
    /// Plays in front of a cloud of this check's own; unchecked where there is none that speaks the wire form.
    pub(super) fn staged(&self, props: &Props, play: impl AsyncFnOnce(&Stage<'_>) -> Verdict) -> Verdict {
        self.block_on_sockets(async {
            let played = async {
                let stage = self.stage(props).await?;
                play(&stage).await
            };
            tokio::time::timeout(PATIENCE, played).await.unwrap_or_else(|_| {
                let seconds = PATIENCE.as_secs();
                broken(format!(
                    "it has not ended after {seconds} s; ask for nothing that was answered already"
                ))
            })
        })
    }

    /// The same for what is about shares.
    pub(super) fn staged_with_shares(
        &self,
        images: u32,
        play: impl AsyncFnOnce(&Stage<'_>) -> Verdict,
    ) -> Verdict {
        if let Some(why) = &self.description().sharing_unsupported {
            return unchecked(format!("the provider says that images cannot be shared: {why}"));
        }
        self.staged(&Props::images(images), play)
    }

    async fn stage(&self, props: &Props) -> Result<Stage<'_>, Lack> {
        let (seed, accounts) = self.seed(props.images)?;
        let cloud = self.double().begin(&seed).await;
        let cloud = cloud.map_err(|why| Lack::Unchecked(format!("there is no cloud to try it on: {why}")))?;
        let limits = props.limits.clone().unwrap_or_else(|| seed.limits.clone());
        let config = Connect { limits: self.unpaced(limits), ..self.config_for(&seed, cloud.endpoint()) };
        let world = Arc::new(FakeWorld::default());
        let provider = self.connect_over(cloud.transport(), &world, &config);
        let provider = provider.map_err(|error| cannot_connect(&error))?;
        let stage = Stage { subject: self, cloud, provider, config, world, seed, accounts };
        stage.check_that_it_is_understood().await?;
        Ok(stage)
    }

    pub(crate) fn config_for(&self, seed: &Seed, endpoint: Option<String>) -> Connect {
        Connect { endpoint, credentials: seed.credentials.clone(), ..self.config() }
    }

    /// A region with so many images and one without any, and accounts to share them with.
    pub(crate) fn seed(&self, images: u32) -> Result<(Seed, Vec<AccountId>), Lack> {
        let form = &self.description().account_id;
        let Some(mut accounts) = made_up::accounts(form, 1..ACCOUNTS + 4) else {
            return unchecked(format!(
                "no accounts can be made up: account_id.example {:?} with its last characters made into a number does \
                 not match account_id.pattern; give a longer example",
                form.example
            ));
        };
        let (owner, bad_account) = (accounts.remove(0), accounts.remove(0));
        let receiver = accounts.remove(ACCOUNTS);
        let description = self.description();
        let seed = Seed {
            provider: description.name.clone(),
            credentials: self.config_with(self.needed_fields()).credentials,
            owner,
            bad_account,
            receiver,
            regions: [(made_up::REGION.into(), images), (EMPTY_REGION.into(), 0)].into(),
            limits: description.limits.clone(),
            needs_acceptance: description.needs_acceptance,
            now: FakeWorld::BEGIN,
        };
        Ok((seed, accounts))
    }

    /// The author's, the simulated one of its name, or the tiny one.
    pub(crate) fn double(&self) -> Arc<dyn Double> {
        match &self.double {
            Some(double) => double.clone(),
            None if Simulated::exists(&self.description().name) => Arc::new(Simulated),
            None => Arc::new(Tiny),
        }
    }
}

impl Stage<'_> {
    pub(super) fn region(&self) -> Region {
        made_up::REGION.into()
    }

    /// The images that the cloud has.
    pub(super) fn images(&self) -> Vec<ImageRef> {
        let images = self.cloud.images(&self.region()).into_iter();
        images.map(|id| ImageRef { region: self.region(), id }).collect()
    }

    /// Another provider in front of the same cloud, which it reaches through `wrap`.
    pub(super) fn provider_through(
        &self,
        wrap: impl FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport>,
    ) -> Result<Provider, Lack> {
        let connected = self.subject.connect_over(wrap(self.cloud.transport()), &self.world, &self.config);
        connected.map_err(|error| cannot_connect(&error))
    }

    /// An account that images can be shared with.
    pub(super) fn receiver(&self) -> Result<Receiver, Lack> {
        self.cloud.receiver().ok_or_else(|| {
            Lack::Unchecked(
                "the cloud has no login of a receiver; let its double give one (Cloud::receiver)".into(),
            )
        })
    }

    /// A provider with the login of this receiver, in front of the same cloud, which it reaches through `wrap`.
    pub(super) fn provider_of(
        &self,
        receiver: &Receiver,
        wrap: impl FnOnce(Arc<dyn Transport>) -> Arc<dyn Transport>,
    ) -> Result<Provider, Lack> {
        let Receiver { credentials, settings, .. } = receiver.clone();
        let settings = if settings.is_null() { self.config.settings.clone() } else { settings };
        let config = Connect { credentials, settings, ..self.config.clone() };
        let connected = self.subject.connect_over(wrap(self.cloud.transport()), &self.world, &config);
        connected.map_err(|error| cannot_connect(&error))
    }

    async fn check_that_it_is_understood(&self) -> Verdict {
        let asked = made_up::listing_of(&EMPTY_REGION.into());
        let result = self.provider.ask(&asked).await.result;
        match result {
            _ if self.cloud.understands() => Ok(()),
            Err(error) if !self.subject.description().can(OperationKind::ListImages) => {
                broken(format!("listing images is not offered ({error})"))
            }
            _ => unchecked(
                "there is no cloud to try it on; give the suite one that speaks your wire form \
                 (conformance::Suite::with_double)",
            ),
        }
    }
}

fn cannot_connect(error: &Error) -> Lack {
    Lack::Broken(format!("connect refuses made-up credentials ({error}), so nothing can be asked"))
}
