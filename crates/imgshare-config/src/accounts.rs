//! `[accounts.X]`: names of receivers, with their ids on each provider or cloud.

use std::collections::BTreeMap;

use imgshare_protocol::{AccountId, AccountName, Cloud, ProviderName, Receiver};

use crate::clouds::Clouds;
use crate::findings::Findings;
use crate::logins::Logins;
use crate::providers::{Provider, Providers};
use crate::suggest::near_miss;
use crate::table::{Entry, Table, Word};
use crate::{keys, names};

/// All accounts by their names.
pub(crate) struct Accounts(BTreeMap<AccountName, Account>);

/// One receiver.
#[derive(Default)]
struct Account {
    /// Its ids, by the provider's or the cloud's name.
    ids: Ids,
    /// Its own logins.
    logins: Logins,
}

type Ids = BTreeMap<String, AccountId>;

impl Accounts {
    /// Reads all accounts.
    pub(crate) fn read(
        top: &Table<'_>,
        clouds: &Clouds<'_>,
        providers: &Providers<'_>,
        findings: &mut Findings<'_>,
    ) -> Self {
        let table = top.get("accounts").and_then(|entry| entry.table("[accounts]", findings));
        let entries = table.into_iter().flat_map(|table| table.entries());
        let accounts = entries.map(|entry| {
            names::check(entry.key, "an account", &entry.key_span, findings);
            (entry.key.into(), account(&entry, clouds, providers, findings))
        });
        Self(accounts.collect())
    }

    /// Whether there is an account of this name.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// All names.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.keys().map(AccountName::as_str)
    }

    /// The account's id on this cloud: the one that is given for the cloud, else the one for its provider.
    pub(crate) fn id(&self, name: &AccountName, cloud: &Cloud) -> Option<&AccountId> {
        id_on(&self.0.get(name)?.ids, cloud)
    }

    /// All accounts that have an id on this cloud.
    pub(crate) fn on(&self, cloud: &Cloud) -> impl Iterator<Item = (&AccountName, &AccountId)> {
        self.0.iter().filter_map(|(name, account)| Some((name, id_on(&account.ids, cloud)?)))
    }

    /// The logins of the accounts that receive this cloud's images, by their ids there.
    pub(crate) fn receivers(&self, cloud: &Cloud) -> impl Iterator<Item = (&AccountId, Receiver)> {
        let accounts = self.0.values();
        accounts.filter_map(|account| Some((id_on(&account.ids, cloud)?, account.logins.on(cloud)?)))
    }
}

fn id_on<'a>(ids: &'a Ids, cloud: &Cloud) -> Option<&'a AccountId> {
    ids.get(cloud.name.as_str()).or_else(|| ids.get(cloud.provider.as_str()))
}

fn account(
    entry: &Entry<'_>,
    clouds: &Clouds<'_>,
    providers: &Providers<'_>,
    findings: &mut Findings<'_>,
) -> Account {
    let table = entry.table(format!("[accounts.{}]", entry.key), findings);
    let Some(table) = table else { return Account::default() };
    let ids = ids(&table, clouds, providers, findings);
    let has_id = |provider: &ProviderName| {
        let mut clouds = clouds.values().map(|known| &known.cloud);
        clouds.any(|cloud| cloud.provider == *provider && id_on(&ids, cloud).is_some())
    };
    let logins = Logins::read(&table, clouds, has_id, findings);
    Account { ids, logins }
}

fn ids(
    account: &Table<'_>,
    clouds: &Clouds<'_>,
    providers: &Providers<'_>,
    findings: &mut Findings<'_>,
) -> Ids {
    let entries = account.entries().filter(|entry| !keys::ACCOUNT.keys.contains(&entry.key));
    let ids = entries.filter_map(|entry| {
        refuse_near_miss(&entry, clouds, providers, findings);
        let word = entry.word(findings)?;
        check_id(&word, provider(entry.key, clouds, providers), findings);
        Some((entry.key.to_owned(), AccountId::from(word.text)))
    });
    ids.collect()
}

/// The provider whose id stands under this key; `None` when this file has nothing to do with it.
fn provider<'p>(key: &str, clouds: &'p Clouds<'_>, providers: &'p Providers<'_>) -> Option<&'p Provider<'p>> {
    match clouds.get(key) {
        Some(known) => known.provider,
        None => providers.get(key),
    }
}

/// Ids for providers that this file does not use are welcome; a misspelt name would hide among them.
fn refuse_near_miss(
    entry: &Entry<'_>,
    clouds: &Clouds<'_>,
    providers: &Providers<'_>,
    findings: &mut Findings<'_>,
) {
    let known = clouds.values().flat_map(|known| [known.cloud.name.as_str(), known.cloud.provider.as_str()]);
    if providers.knows(entry.key) || known.clone().any(|name| name == entry.key) {
        return;
    }
    let known = known.chain(keys::ACCOUNT.keys.iter().copied());
    if let Some(near) = near_miss(entry.key, known) {
        findings
            .report(entry.key_span.clone(), format!("`{}` is no provider or cloud of this file", entry.key))
            .help(format!("did you mean `{near}`?"));
    }
}

/// Reports an id that cannot be one of this provider.
fn check_id(word: &Word<'_>, provider: Option<&Provider<'_>>, findings: &mut Findings<'_>) {
    if names::means_everybody(word.text) {
        findings.report(word.span.clone(), names::no_public_sharing(word.text));
    } else if let Some(provider) = provider
        && !provider.takes_account(word.text)
    {
        let name = &provider.description.name;
        findings
            .report(word.span.clone(), format!("`{}` is not an account id of `{name}`", word.text))
            .help(provider.account_form());
    }
}
