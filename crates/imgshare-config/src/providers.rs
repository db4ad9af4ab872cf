//! What is known about the providers that the file names.

use std::collections::BTreeMap;

use imgshare_protocol::{AccountForm, Description, ProviderName};
use regex::Regex;

use crate::findings::Findings;
use crate::selection::last_line;
use crate::suggest;
use crate::table::Word;

/// A provider whose plugin described itself.
pub(crate) struct Provider<'d> {
    pub(crate) description: &'d Description,
    account_id: Result<Regex, regex::Error>,
    snapshot_account: Result<Regex, regex::Error>,
}

/// The providers, or why they cannot be used.
pub(crate) struct Providers<'d>(BTreeMap<&'d str, Result<Provider<'d>, &'d str>>);

impl<'d> Providers<'d> {
    pub(crate) fn new(described: &'d BTreeMap<ProviderName, Result<Description, String>>) -> Self {
        let providers = described.iter().map(|(name, described)| {
            (name.as_str(), described.as_ref().map(Provider::new).map_err(String::as_str))
        });
        Self(providers.collect())
    }

    /// The provider of this name, if it can be used.
    pub(crate) fn get(&self, name: &str) -> Option<&Provider<'d>> {
        self.0.get(name)?.as_ref().ok()
    }

    /// Whether anything is known about a provider of this name, be it that it cannot be used.
    pub(crate) fn knows(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The provider that the file names here; a problem if it cannot be used.
    pub(crate) fn named(&self, word: &Word<'_>, findings: &mut Findings<'_>) -> Option<&Provider<'d>> {
        let name = word.text;
        match self.0.get(name) {
            Some(Ok(provider)) => {
                provider.check(word, findings);
                return Some(provider);
            }
            Some(Err(why)) => findings
                .report(word.span.clone(), format!("provider `{name}` cannot be used"))
                .label((*why).to_owned()),
            None => findings
                .report(word.span.clone(), format!("there is no provider `{name}`"))
                .help(suggest::hint(name, "providers", self.0.keys().copied())),
        };
        None
    }
}

impl<'d> Provider<'d> {
    fn new(description: &'d Description) -> Self {
        Self {
            description,
            account_id: whole(&description.account_id.pattern),
            snapshot_account: whole(&description.snapshots.account_pattern),
        }
    }

    /// Reports a description that is wrong in itself.
    fn check(&self, named: &Word<'_>, findings: &mut Findings<'_>) {
        if let Err(error) = self.account_id.as_ref().and(self.snapshot_account.as_ref()) {
            findings
                .report(
                    named.span.clone(),
                    format!("provider `{}` describes its account ids wrongly", named.text),
                )
                .label(last_line(error))
                .help("report it to the plugin's author".to_owned());
        }
    }

    /// Whether an account id of this provider can look like this.
    pub(crate) fn takes_account(&self, id: &str) -> bool {
        self.account_id.as_ref().map_or(true, |form| form.is_match(id))
    }

    /// Whether this receiver of images can have their snapshots too.
    pub(crate) fn shares_snapshots_with(&self, id: &str) -> bool {
        self.snapshot_account.as_ref().map_or(true, |form| form.is_match(id))
    }

    /// What an account id looks like, in words; `None` when the provider does not say.
    pub(crate) fn account_form(&self) -> Option<String> {
        let AccountForm { about, example, .. } = &self.description.account_id;
        let example = if example.is_empty() { String::new() } else { format!("such as `{example}`") };
        let parts = [about.as_str(), example.as_str()];
        let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        (!parts.is_empty())
            .then(|| format!("an account id of `{}` is {}", self.description.name, parts.join(", ")))
    }
}

/// Matches whole texts. An empty pattern stands for any text.
fn whole(pattern: &str) -> Result<Regex, regex::Error> {
    let whole = if pattern.is_empty() { r"\A(?s:.*)\z".to_owned() } else { format!(r"\A(?:{pattern})\z") };
    Regex::new(&whole)
}
