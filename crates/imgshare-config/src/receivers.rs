//! `with = [...]`: names, groups and plain ids.

use std::collections::BTreeSet;

use imgshare_protocol::{AccountId, AccountName, Cloud, Mode};

use crate::accounts::Accounts;
use crate::findings::Findings;
use crate::rules::{NamedClouds, Names};
use crate::suggest::near_miss;
use crate::table::{Entry, Table, Word};
use crate::{groups, names};

/// Who receives, before it is said on which cloud.
#[derive(Default)]
pub(crate) struct Receivers {
    named: BTreeSet<AccountName>,
    plain: BTreeSet<AccountId>,
}

/// What is needed to judge one word of `with`.
struct Judge<'j> {
    clouds: &'j NamedClouds<'j>,
    names: &'j Names<'j>,
}

impl Receivers {
    /// Reads who receives.
    pub(crate) fn read(
        rule: &Table<'_>,
        clouds: &NamedClouds<'_>,
        mode: Option<Mode>,
        names: &Names<'_>,
        findings: &mut Findings<'_>,
    ) -> Self {
        let mut receivers = Self::default();
        let Some(entry) = rule.required("with", findings) else { return receivers };
        let words = entry.words(findings).unwrap_or_default();
        let judge = Judge { clouds, names };
        words.iter().for_each(|word| receivers.add(word, &judge, findings));
        refuse_nobody(&entry, &words, mode, names, findings);
        receivers
    }

    /// The ids of all of them on this cloud.
    pub(crate) fn on(&self, cloud: &Cloud, accounts: &Accounts) -> BTreeSet<AccountId> {
        let named = self.named.iter().filter_map(|name| accounts.id(name, cloud));
        named.chain(&self.plain).cloned().collect()
    }

    fn add(&mut self, word: &Word<'_>, judge: &Judge<'_>, findings: &mut Findings<'_>) {
        if let Some(group) = word.text.strip_prefix('@') {
            self.named.extend(judge.group(group, word, findings));
        } else if judge.names.accounts.has(word.text) {
            let name = AccountName::from(word.text);
            judge.require_ids(&name, word, findings);
            self.named.insert(name);
        } else if judge.is_plain_id(word, findings) {
            self.plain.insert(word.text.into());
        }
    }
}

/// An empty list that was written on purpose takes all shares away; one that came about by itself must not.
fn refuse_nobody(
    entry: &Entry<'_>,
    words: &[Word<'_>],
    mode: Option<Mode>,
    names: &Names<'_>,
    findings: &mut Findings<'_>,
) {
    let group = |word: &Word<'_>| names.groups.get(word.text.strip_prefix('@')?);
    let emptied = !words.is_empty() && words.iter().all(|word| group(word).is_some_and(BTreeSet::is_empty));
    if emptied || (entry.is_empty_array() && mode == Some(Mode::Add)) {
        findings
            .report(entry.span.clone(), "`with` names nobody")
            .help("name an account; `mode = \"exact\"` with `with = []` takes all shares away".to_owned());
    }
}

impl Judge<'_> {
    fn group(&self, group: &str, word: &Word<'_>, findings: &mut Findings<'_>) -> BTreeSet<AccountName> {
        let Some(members) = self.names.groups.get(group) else {
            groups::unknown_group(group, word, self.names.groups.names(), findings);
            return BTreeSet::new();
        };
        // A member that is no account has a problem of its own.
        for name in members.iter().filter(|name| self.names.accounts.has(name.as_str())) {
            self.require_ids(name, word, findings);
        }
        members.clone()
    }

    /// Reports, once for each provider, that an account has no id there.
    fn require_ids(&self, name: &AccountName, word: &Word<'_>, findings: &mut Findings<'_>) {
        let clouds = self.clouds.known.iter().map(|known| &known.cloud);
        let lacking = clouds.filter(|cloud| self.names.accounts.id(name, cloud).is_none());
        let providers: BTreeSet<_> = lacking.map(|cloud| cloud.provider.as_str()).collect();
        for provider in providers.into_iter().filter(|provider| !provider.is_empty()) {
            findings
                .report(word.span.clone(), format!("account `{name}` has no id for provider `{provider}`"))
                .help(format!("add `{provider} = \"...\"` to [accounts.{name}]"));
        }
    }

    /// Whether this is an id; if it is not or must not be, that is reported.
    fn is_plain_id(&self, word: &Word<'_>, findings: &mut Findings<'_>) -> bool {
        if names::means_everybody(word.text) {
            findings
                .report(word.span.clone(), names::no_public_sharing(word.text))
                .help(self.meant(word).map(|meant| format!("did you mean `{meant}`?")));
            return false;
        }
        // Where ids are words, a misspelt name looks like one: better ask than share with a stranger.
        if self.meant(word).is_some() || !self.looks_like_id(word) {
            self.unknown_account(word, findings);
            return false;
        }
        self.refuse_several_providers(word, findings);
        self.refuse_beyond_fence(word, findings);
        true
    }

    /// The account or the group that a misspelt word was meant to be.
    fn meant(&self, word: &Word<'_>) -> Option<String> {
        let groups: Vec<_> = self.names.groups.names().map(|name| format!("@{name}")).collect();
        let names = self.names.accounts.names().chain(groups.iter().map(String::as_str));
        near_miss(word.text, names).map(str::to_owned)
    }

    fn looks_like_id(&self, word: &Word<'_>) -> bool {
        let mut providers = self.clouds.known.iter().filter_map(|known| known.provider).peekable();
        providers.peek().is_none() || providers.any(|provider| provider.takes_account(word.text))
    }

    fn unknown_account(&self, word: &Word<'_>, findings: &mut Findings<'_>) {
        let form = || self.clouds.known.iter().find_map(|known| known.provider?.account_form());
        let help = match self.meant(word) {
            Some(meant) if self.looks_like_id(word) => {
                Some(format!("did you mean `{meant}`? if this is an id, give it a name in [accounts]"))
            }
            Some(meant) => Some(format!("did you mean `{meant}`?")),
            None => form(),
        };
        findings
            .report(word.span.clone(), format!("unknown account `{}`", word.text))
            .label("neither a name in [accounts] nor clearly an account id")
            .help(help);
    }

    fn refuse_several_providers(&self, word: &Word<'_>, findings: &mut Findings<'_>) {
        let clouds = self.clouds.known.iter().map(|known| known.cloud.provider.as_str());
        let providers: BTreeSet<_> = clouds.filter(|provider| !provider.is_empty()).collect();
        if providers.len() > 1 {
            findings
                .report(word.span.clone(), format!("plain id `{}` in a rule of several providers", word.text))
                .label("whose id it is cannot be known")
                .help("give the account a name in [accounts], with its id on each provider".to_owned());
        }
    }

    fn refuse_beyond_fence(&self, word: &Word<'_>, findings: &mut Findings<'_>) {
        let known = |cloud| self.names.accounts.on(cloud).any(|(_, id)| id.as_str() == word.text);
        let beyond =
            self.clouds.known.iter().any(|it| !it.cloud.provider.as_str().is_empty() && !known(&it.cloud));
        if self.names.fence.only_known_accounts && beyond {
            findings
                .report(word.span.clone(), format!("`{}` is not the id of a known account", word.text))
                .label("refused by `only_known_accounts` in [fence]")
                .help("add the account to [accounts]".to_owned());
        }
    }
}
