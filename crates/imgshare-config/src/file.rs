//! The whole file: from text to what shall be.

use std::collections::{BTreeMap, BTreeSet};

use imgshare_protocol::{AccountId, AccountName, CloudName, Description, Desired, ProviderName, Receiver};
use sha2::{Digest, Sha256};
use toml::de::{DeTable, DeValue};

use crate::accounts::Accounts;
use crate::clouds::{self, Clouds};
use crate::findings::Findings;
use crate::groups::Groups;
use crate::problem::Problems;
use crate::providers::Providers;
use crate::rules::{self, Names};
use crate::source::Source;
use crate::table::Table;
use crate::{fence, keys, secrets};

/// A config whose TOML is well formed; what it says is not judged yet.
pub struct ConfigFile<'t> {
    source: Source<'t>,
    root: DeTable<'t>,
}

impl<'t> ConfigFile<'t> {
    /// Takes the text of the file of this name, which appears in every [`Place`](imgshare_protocol::Place).
    ///
    /// # Errors
    ///
    /// When the text is not TOML: all places where it is not.
    pub fn parse(file_name: &str, text: &'t str) -> Result<Self, Problems> {
        let source = Source { file: file_name.to_owned(), text };
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut findings = Findings::new(&source, secrets::in_broken_text(text));
        for error in errors {
            findings.report(error.span().unwrap_or_default(), error.message());
        }
        match findings.into_problems() {
            Some(problems) => Err(problems),
            None => Ok(Self { source, root: root.into_inner() }),
        }
    }

    /// The providers that the file's clouds name: the ones whose plugins [`resolve`](Self::resolve) wants described.
    pub fn providers(&self) -> BTreeSet<ProviderName> {
        let clouds = self.root.get("clouds").and_then(|clouds| clouds.get_ref().as_table());
        let clouds = clouds.into_iter().flat_map(|clouds| clouds.values());
        clouds.filter_map(|cloud| provider(cloud.get_ref())).map(ProviderName::from).collect()
    }

    /// What the file says shall be, judged with the help of what its providers say about themselves: each provider's
    /// description, or why its plugin cannot be used. Then whatever needs the description is left unjudged.
    ///
    /// # Errors
    ///
    /// All that is wrong, at once.
    pub fn resolve(
        &self,
        providers: &BTreeMap<ProviderName, Result<Description, String>>,
    ) -> Result<Desired, Problems> {
        let secrets = secrets::in_table(&self.root, providers);
        let mut findings = Findings::new(&self.source, secrets);
        let desired = self.desired(&Providers::new(providers), &mut findings);
        findings.into_problems().map_or(Ok(desired), Err)
    }

    /// What could be understood; whatever could not is among the findings.
    fn desired(&self, providers: &Providers<'_>, findings: &mut Findings<'_>) -> Desired {
        let top = Table::top(&self.root).only(&keys::TOP, findings);
        let clouds = clouds::read(&top, providers, findings);
        let accounts = Accounts::read(&top, &clouds, providers, findings);
        let groups = Groups::read(&top, &accounts, findings);
        let fence = fence::read(&top, findings);
        let names = Names { clouds: &clouds, accounts: &accounts, groups: &groups, fence: &fence };
        let rules = rules::read(&top, &names, findings);
        let account_names = account_names(&clouds, &accounts);
        let receivers = receivers(&clouds, &accounts);
        let clouds = clouds.into_iter().map(|(name, known)| (name, known.cloud)).collect();
        Desired { clouds, account_names, receivers, fence, rules, digest: digest(self.source.text) }
    }
}

fn provider<'v>(cloud: &'v DeValue<'_>) -> Option<&'v str> {
    cloud.as_table()?.get("provider")?.get_ref().as_str()
}

/// The names of all ids; when two names have one id, the first name in the alphabet.
fn account_names(clouds: &Clouds<'_>, accounts: &Accounts) -> BTreeMap<(CloudName, AccountId), AccountName> {
    let mut names = BTreeMap::new();
    for cloud in clouds.values().map(|known| &known.cloud) {
        for (name, id) in accounts.on(cloud) {
            names.entry((cloud.name.clone(), id.clone())).or_insert_with(|| name.clone());
        }
    }
    names
}

/// The logins of all receivers; when two names have one id, what the first name in the alphabet says.
fn receivers(clouds: &Clouds<'_>, accounts: &Accounts) -> BTreeMap<(CloudName, AccountId), Receiver> {
    let mut receivers: BTreeMap<_, Receiver> = BTreeMap::new();
    for cloud in clouds.values().map(|known| &known.cloud) {
        for (id, Receiver { accept_with, verify_with }) in accounts.receivers(cloud) {
            let known = receivers.entry((cloud.name.clone(), id.clone())).or_default();
            known.accept_with = known.accept_with.take().or(accept_with);
            known.verify_with = known.verify_with.take().or(verify_with);
        }
    }
    receivers
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
