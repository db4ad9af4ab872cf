//! `accept_with` and `verify_with` of an account: the clouds of this file that are its own logins.

use std::collections::BTreeMap;

use imgshare_protocol::{Cloud, CloudName, OperationKind, ProviderName, Receiver};

use crate::clouds::{self, Clouds, KnownCloud};
use crate::findings::Findings;
use crate::names;
use crate::source::Span;
use crate::table::{Entry, Table, Word};

/// The logins of one account, at most one for each provider and purpose.
#[derive(Default)]
pub(crate) struct Logins {
    accept: BTreeMap<ProviderName, CloudName>,
    verify: BTreeMap<ProviderName, CloudName>,
}

/// What a login is for.
struct Purpose {
    key: &'static str,
    needs: OperationKind,
    /// What a provider without it cannot do.
    lacks: &'static str,
}

const ACCEPT: Purpose =
    Purpose { key: "accept_with", needs: OperationKind::AcceptShare, lacks: "accept shares" };

const VERIFY: Purpose = Purpose {
    key: "verify_with",
    needs: OperationKind::ReadReceived,
    lacks: "be asked what an account has received",
};

impl Logins {
    /// Reads both keys of an account. `has_id` tells whether the account has an id on a cloud of a provider.
    pub(crate) fn read(
        account: &Table<'_>,
        clouds: &Clouds<'_>,
        has_id: impl Fn(&ProviderName) -> bool,
        findings: &mut Findings<'_>,
    ) -> Self {
        let mut read = |purpose| {
            let logins = logins(account, &purpose, clouds, findings);
            refuse_without_id(account, &logins, &has_id, findings);
            logins.into_iter().map(|(provider, login)| (provider, login.cloud)).collect()
        };
        Self { accept: read(ACCEPT), verify: read(VERIFY) }
    }

    /// The logins for shares of this cloud's images. `None`: there are none. Its own login is its owner's, not the
    /// receiver's.
    pub(crate) fn on(&self, cloud: &Cloud) -> Option<Receiver> {
        let of = |logins: &BTreeMap<ProviderName, CloudName>| {
            logins.get(&cloud.provider).filter(|login| **login != cloud.name).cloned()
        };
        let receiver = Receiver { accept_with: of(&self.accept), verify_with: of(&self.verify) };
        (receiver != Receiver::default()).then_some(receiver)
    }
}

/// A login that the file names, and where.
struct Login {
    cloud: CloudName,
    span: Span,
}

fn logins(
    account: &Table<'_>,
    purpose: &Purpose,
    clouds: &Clouds<'_>,
    findings: &mut Findings<'_>,
) -> BTreeMap<ProviderName, Login> {
    let mut logins: BTreeMap<ProviderName, Login> = BTreeMap::new();
    let entry = account.get(purpose.key);
    for word in entry.map(|entry| words(&entry, findings)).unwrap_or_default() {
        let Some(known) = able(&word, purpose, clouds, findings) else { continue };
        let provider = &known.cloud.provider;
        match logins.get(provider) {
            Some(first) => refuse_second(&word, first, provider, findings),
            None => {
                let login = Login { cloud: known.cloud.name.clone(), span: word.span };
                logins.insert(provider.clone(), login);
            }
        }
    }
    logins
}

/// One name, or an array of names.
fn words<'a>(entry: &Entry<'a>, findings: &mut Findings<'_>) -> Vec<Word<'a>> {
    if entry.value.as_array().is_some() {
        return clouds::several(entry, "cloud", "name a cloud, or leave it out", findings);
    }
    if entry.value.as_str().is_none() {
        entry.mistyped("the name of a cloud, or an array of such names", findings);
        return Vec::new();
    }
    entry.word(findings).into_iter().collect()
}

/// The cloud of this name, if its provider can do what the login is for. Without the plugin nobody knows, and the
/// provider has a problem of its own.
fn able<'c>(
    word: &Word<'_>,
    purpose: &Purpose,
    clouds: &'c Clouds<'c>,
    findings: &mut Findings<'_>,
) -> Option<&'c KnownCloud<'c>> {
    let Some(known) = clouds.get(word.text) else {
        names::unknown(("cloud", "clouds"), word, clouds.keys().map(CloudName::as_str), findings);
        return None;
    };
    let about = known.provider?.description;
    if !about.can(purpose.needs) {
        findings
            .report(word.span.clone(), format!("provider `{}` cannot {}", about.name, purpose.lacks))
            .help(format!("take `{}` out of `{}`", word.text, purpose.key));
        return None;
    }
    Some(known)
}

fn refuse_second(word: &Word<'_>, first: &Login, provider: &ProviderName, findings: &mut Findings<'_>) {
    findings
        .report(word.span.clone(), format!("two clouds of provider `{provider}`"))
        .label("which of them is the account's login cannot be known")
        .related(first.span.clone(), "the first one")
        .help("name one for each provider; give an account that has two ids there two names".to_owned());
}

/// Nothing can be shared with an account that has no id, so a login there would never be used.
fn refuse_without_id(
    account: &Table<'_>,
    logins: &BTreeMap<ProviderName, Login>,
    has_id: impl Fn(&ProviderName) -> bool,
    findings: &mut Findings<'_>,
) {
    for (provider, login) in logins.iter().filter(|(provider, _)| !has_id(provider)) {
        findings
            .report(login.span.clone(), format!("the account has no id for provider `{provider}`"))
            .label("so this login would never be used")
            .help(format!("add `{provider} = \"...\"` to {}", account.title));
    }
}
